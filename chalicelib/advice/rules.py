"""The first opinion, version 1: the patient's answers and the measured change, weighed by written rules.

docs/pocket.md has the rules as a table with their sources. No picture is judged here: the model was taught on
dermatoscopic images, and is never asked about a photograph of a phone. The rules lean to showing a lesion rather
than not: nothing that a patient can say makes a mole harmless.
"""

from collections.abc import Mapping
from typing import Final

from chalicelib.advice.model import Answers, FirstAdvice, Opinion, Said
from chalicelib.images.marks import Size
from chalicelib.images.own_course import OwnCourse
from chalicelib.platform.language import Text

VERSION: Final = "1"
LARGE_MM: Final = 7.0
"""The diameter that the seven-point checklist counts."""
ENOUGH: Final = 2
"""Points from which a doctor should see it soon."""

MAJOR, MINOR = 2, 1
WEIGHTS: Final[Mapping[str, int]] = {
    "growth": MAJOR,
    "colour": MAJOR,
    "unlike_others": MAJOR,
    "bleeding": MAJOR,
    "large": MINOR,
    "sensation": MINOR,
    "new": MINOR,
}
"""Points of the signs."""

REASONS: Final[Mapping[str, Text]] = {
    "growth": Text(
        "Вы заметили, что родинка растёт или меняет форму. Такие изменения показывают врачу.",
        "You noticed that the mole grows or changes its shape. Such changes are shown to a doctor.",
    ),
    "growth_measured": Text(
        "По вашим снимкам с монетой родинка стала больше, и это больше погрешности измерения.",
        "By your photographs with a coin the mole has become larger, by more than the error of measuring.",
    ),
    "colour": Text(
        "Вы заметили, что изменился цвет. Такие изменения показывают врачу.",
        "You noticed that the colour has changed. Such changes are shown to a doctor.",
    ),
    "bleeding": Text(
        "Родинка кровоточит или на ней появляется корка. Даже если её задели, это стоит показать врачу.",
        "The mole bleeds, or a crust forms on it. Even if it was scratched, a doctor should see that.",
    ),
    "unlike_others": Text(
        "Эта родинка не похожа на другие ваши родинки. Врачи отдельно смотрят на такие.",
        "This mole looks unlike your other moles. Doctors look at such ones separately.",
    ),
    "large": Text(
        "По снимку с монетой родинка 7 мм или больше.",
        "By the photograph with a coin the mole is 7 mm or larger.",
    ),
    "sensation": Text(
        "Родинка чешется или болит. Чаще всего это безобидно, но сказать об этом врачу нужно.",
        "The mole itches or hurts. Mostly that is harmless, but a doctor should be told.",
    ),
    "new": Text(
        "Родинка появилась недавно. Новое образование показывают врачу, чтобы он его запомнил.",
        "The mole is new. A new one is shown to a doctor, so that he knows it.",
    ),
    "nothing_noted": Text(
        "Ничего из того, о чём мы спросили, вы не отметили. По ответам и снимку нельзя узнать, "
        "безопасна ли родинка: это скажет врач.",
        "You noted nothing of what we asked. Answers and a photograph cannot tell whether a mole is "
        "harmless: a doctor can.",
    ),
    "not_known": Text(
        "На часть вопросов ответа пока нет, а без них первое мнение было бы догадкой. Дождитесь ответа врача.",
        "Some questions have no answer yet, and without them a first opinion would be a guess. Wait for "
        "the doctor's answer.",
    ),
    "do_not_wait": Text(
        "Если родинка начнёт расти, изменит цвет или станет кровоточить, не ждите: запишитесь к врачу.",
        "Should the mole begin to grow, change its colour or bleed, do not wait: make an appointment.",
    ),
}
"""What is told of each reason, in everyday words."""


def first_opinion(answers: Answers, course: OwnCourse) -> Opinion:
    """The opinion by the rules. It depends on nothing else, so the same answers give it again."""
    grew = any(
        change is not None and change.grew for change in (course.since_first, course.since_last)
    )
    signs = _told(answers)
    if grew:
        signs.add("growth")
    if _is_large(course.last):
        signs.add("large")
    points = sum(WEIGHTS[sign] for sign in signs)
    reasons = [sign for sign in WEIGHTS if sign in signs]
    if grew:
        told = ["growth"] if answers.growth is Said.YES else []
        reasons = [*told, "growth_measured", *(sign for sign in reasons if sign != "growth")]
    if points >= ENOUGH:
        return Opinion(advice=FirstAdvice.SEE_DOCTOR_SOON, reasons=tuple(reasons), rules=VERSION)
    if not signs and Said.UNKNOWN in (answers.growth, answers.colour, answers.bleeding):
        return _opinion(FirstAdvice.CANNOT_TELL, ["not_known", "do_not_wait"])
    return _opinion(
        FirstAdvice.SHOW_AT_NEXT_VISIT, [*(reasons or ["nothing_noted"]), "do_not_wait"]
    )


def _opinion(advice: FirstAdvice, reasons: list[str]) -> Opinion:
    return Opinion(advice=advice, reasons=tuple(reasons), rules=VERSION)


def _told(answers: Answers) -> set[str]:
    """The signs that the patient noticed himself."""
    signs = {
        name
        for name in ("growth", "colour", "bleeding", "unlike_others", "new")
        if getattr(answers, name) is Said.YES
    }
    if Said.YES in (answers.itching, answers.pain):
        signs.add("sensation")
    return signs


def _is_large(last: Size | None) -> bool:
    return last is not None and last.diameter_mm is not None and last.diameter_mm >= LARGE_MM
