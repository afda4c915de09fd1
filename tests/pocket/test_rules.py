"""The first opinion: by the written rules, calm, and never a reassurance."""

import re
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.advice.model import Answers, FirstAdvice, Said
from chalicelib.advice.rules import REASONS, VERSION, WEIGHTS, first_opinion
from chalicelib.advice.templates import TEMPLATES
from chalicelib.images.marks import Grown, Size
from chalicelib.images.own_course import OwnCourse
from chalicelib.patients.scale_objects import ScaleObject

SOON, NEXT, UNKNOWN = (
    FirstAdvice.SEE_DOCTOR_SOON,
    FirstAdvice.SHOW_AT_NEXT_VISIT,
    FirstAdvice.CANNOT_TELL,
)
NOTHING = Answers(itching=Said.NO, bleeding=Said.NO, growth=Said.NO, colour=Said.NO)
UNSEEN = OwnCourse(images=[], last=None, since_first=None, since_last=None)


def measured(diameter: float, *, grew: bool | None = None) -> OwnCourse:
    change = Grown(2.0, 1.0, grew)
    return OwnCourse([], Size(0.1, diameter, 0.5, ScaleObject.RUB_1), change, change)


SINGLE = {
    "growth": SOON,
    "colour": SOON,
    "bleeding": SOON,
    "unlike_others": SOON,
    "itching": NEXT,
    "pain": NEXT,
    "new": NEXT,
}


@pytest.mark.parametrize(("sign", "advice"), SINGLE.items())
def test_each_sign_alone_gives_what_the_table_says(sign: str, advice: FirstAdvice) -> None:
    opinion = first_opinion(replace(NOTHING, **{sign: Said.YES}), UNSEEN)
    assert opinion.advice is advice
    assert opinion.rules == VERSION


@pytest.mark.parametrize(
    ("answers", "course", "advice"),
    [
        (NOTHING, UNSEEN, NEXT),
        (replace(NOTHING, itching=Said.YES, pain=Said.YES), UNSEEN, NEXT),
        (replace(NOTHING, itching=Said.YES, new=Said.YES), UNSEEN, SOON),
        (NOTHING, measured(7.0), NEXT),
        (NOTHING, measured(6.9), NEXT),
        (replace(NOTHING, itching=Said.YES), measured(7.0), SOON),
        (replace(NOTHING, itching=Said.YES), measured(6.9), NEXT),
        (NOTHING, measured(4.0, grew=True), SOON),
        (NOTHING, measured(4.0, grew=None), NEXT),
        (replace(NOTHING, growth=Said.UNKNOWN), UNSEEN, UNKNOWN),
        (replace(NOTHING, growth=Said.UNKNOWN, itching=Said.YES), UNSEEN, NEXT),
        (replace(NOTHING, itching=Said.UNKNOWN), UNSEEN, NEXT),
    ],
)
def test_signs_together(answers: Answers, course: OwnCourse, advice: FirstAdvice) -> None:
    assert first_opinion(answers, course).advice is advice


def test_what_was_measured_is_told_apart_from_what_was_noticed() -> None:
    both = first_opinion(replace(NOTHING, growth=Said.YES), measured(4.0, grew=True))
    assert both.reasons == ("growth", "growth_measured")
    alone = first_opinion(NOTHING, measured(4.0, grew=True))
    assert alone.reasons == ("growth_measured",)


said = st.sampled_from(Said)
answers = st.builds(
    Answers,
    itching=said,
    bleeding=said,
    growth=said,
    colour=said,
    pain=said,
    new=said,
    unlike_others=said,
)
courses = st.just(UNSEEN) | st.builds(
    measured, st.floats(1, 30), grew=st.sampled_from([True, False, None])
)


@given(answers, courses, st.sampled_from(sorted(SINGLE)))
def test_one_more_sign_never_makes_the_advice_less_pressing(
    given_answers: Answers, course: OwnCourse, sign: str
) -> None:
    before = first_opinion(given_answers, course).advice
    after = first_opinion(replace(given_answers, **{sign: Said.YES}), course).advice
    if before is SOON:
        assert after is SOON
    assert after is not UNKNOWN


@given(answers, courses)
def test_every_opinion_has_reasons_and_says_not_to_wait_when_it_does_not_press(
    given_answers: Answers, course: OwnCourse
) -> None:
    opinion = first_opinion(given_answers, course)
    assert opinion.reasons
    assert len(set(opinion.reasons)) == len(opinion.reasons)
    assert set(opinion.reasons) <= set(REASONS)
    assert ("do_not_wait" in opinion.reasons) == (opinion.advice is not SOON)


FRIGHTENING = r"рак|меланом|опухол|смерт|cancer|melanoma|tumou?r|malignan|death"
SOOTHING = r"не волнуйтесь|всё в порядке|ничего страшного|don't worry|all is well|nothing to fear"


def test_no_word_frightens_and_none_promises_that_all_is_well() -> None:
    words = [*REASONS.values(), *(text for one in TEMPLATES for text in (one.title, one.text))]
    words += [advice.label for advice in FirstAdvice]
    for text, forbidden in product(words, (FRIGHTENING, SOOTHING)):
        for language in (text.ru, text.en):
            assert not re.search(rf"\b({forbidden})", language.lower()), language


def test_every_sign_has_its_weight_and_its_words() -> None:
    assert WEIGHTS.keys() <= REASONS.keys()
    assert len({template.key for template in TEMPLATES}) == len(TEMPLATES)
