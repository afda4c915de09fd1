"""Who is chosen, who is not and why; the same plan chooses the same, in whatever order things come."""

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.datasets.looks.model import Look
from chalicelib.datasets.planning.plan import Licence
from chalicelib.datasets.selection.candidate import Candidate, Consent
from chalicelib.datasets.selection.licensing import allows, least
from chalicelib.datasets.selection.selected import Context, Selection
from chalicelib.images.model import State
from tests.datasets.choosing import (
    DEFECT,
    MELANOMA,
    NEVUS,
    candidate,
    chosen,
    label,
    melanoma,
    plan,
    some,
)

TEST = {"access": "hidden", "purpose": "clinical_test"}


def ids(selection: Selection) -> set[str]:
    return {unit.image_id for unit in selection.units}


def dropped(selection: Selection) -> dict[str, int]:
    return {step["step"]: step["dropped"] for step in selection.flow if step["dropped"]}


@pytest.mark.parametrize(
    ("step", "of", "wanted"),
    [
        ("sources", {"clinic_id": "other"}, {"sources": ["clinic1"]}),
        ("kind", {"kind": "macroscopic"}, {}),
        ("labelled", {"label": None, "state": State.CLASSIFIED}, {}),
        ("labelled", {"label": None, "state": State.DISPUTED}, {}),
        ("labelled", {"state": State.IN_LABELLING}, {}),
        ("class", {"label": label("dermatofibroma")}, {}),
        ("class", {"look": Look.TECHNICAL_DEFECT}, {}),
        ("verification", {}, {"verification": "high"}),
        ("consent", {"consent": Consent.RESEARCH}, {}),
        ("consent", {"consent": Consent.WITHDRAWN}, TEST),
        ("consent", {"consent": Consent.NONE}, TEST),
        ("licence", {"licence": "CC BY-NC 4.0"}, {"licence": "CC-BY-4.0"}),
        (
            "inclusion_1",
            {"age": None},
            {"inclusion": [{"field": "age", "operator": "at_least", "value": 18}]},
        ),
        (
            "non_inclusion_1",
            {"survey": {"hair": "black"}},
            {"non_inclusion": [{"field": "hair", "operator": "is", "value": "black"}]},
        ),
        (
            "exclusion_1",
            {"quality": "unusable"},
            {"exclusion": [{"field": "image_quality", "operator": "is", "value": "unusable"}]},
        ),
        ("looks", {"look": None}, {}),
        ("looks", {"look": Look.IDENTIFYING}, {}),
    ],
)
def test_each_step_drops_what_it_is_for(
    step: str, of: dict[str, Any], wanted: dict[str, Any]
) -> None:
    high = label("nevus", "histology", "high")
    crowd = [
        candidate(f"fine{n}", **({"label": high} if step == "verification" else {}))
        for n in range(12)
    ]
    selection = chosen(plan(**wanted), [*crowd, candidate("odd", **of)])
    assert dropped(selection) == {step: 1}
    assert ids(selection) == {one.image_id for one in crowd}
    (told,) = (each for each in selection.flow if each["step"] == step)
    assert (told["left"], told["patients_left"]) == (12, 12)
    assert all((*told["title"].values(), *told["reason"].values()))


def test_research_alone_is_enough_where_nobody_reads() -> None:
    of_research = some(2, consent=Consent.RESEARCH)
    assert len(chosen(plan(**TEST), of_research).units) == 4
    assert chosen(plan(**TEST, licence="CC0-1.0"), some(2, licence="All rights reserved")).units


def test_what_is_not_recorded_is_neither_included_nor_excluded() -> None:
    young = {"field": "age", "operator": "at_most", "value": 18}
    old = {"field": "age", "operator": "at_least", "value": 18}
    untold = some(11, age=None)
    assert len(chosen(plan(exclusion=[young]), untold).units) == 22
    assert chosen(plan(inclusion=[old]), untold).units == []


def test_images_nobody_looked_at_wait_and_are_shown_for_a_look() -> None:
    unlooked = some(12, look=None)
    strict, planned = chosen(plan(), unlooked), chosen(plan(), unlooked, look_later=True)
    assert (strict.units, strict.unlooked, len(planned.units)) == ([], 24, 24)
    assert set(planned.waiting) == {one.image_id for one in unlooked}
    few = chosen(plan(units=4, access="controlled"), unlooked, look_later=True)
    assert (len(few.waiting), few.unlooked) == (0, 24)  # four patients cannot be hidden among five


def test_defects_are_a_class_of_their_own_whatever_they_show() -> None:
    defects = [candidate("d1", look=Look.TECHNICAL_DEFECT, label=None, state=State.CLASSIFIED)]
    with_defects = plan(**TEST, classes=[MELANOMA, NEVUS, DEFECT], verification="medium")
    selection = chosen(with_defects, [*some(2), *defects])
    (unit,) = (each for each in selection.units if each.class_key == "defect")
    assert (unit.diagnosis, unit.label["rule"]) == ("technical_defect", "look")


def test_one_picture_under_two_patients_is_one_unit_and_none_where_labels_differ() -> None:
    twins = [candidate("a", pixel_hash="1" * 64), candidate("b", pixel_hash="1" * 64)]
    assert len(ids(chosen(plan(**TEST), [*some(3), *twins])) & {"a", "b"}) == 1
    quarrel = [candidate("a", pixel_hash="1" * 64), melanoma("b", pixel_hash="1" * 64)]
    selection = chosen(plan(**TEST), [*some(3), *quarrel])
    assert not ids(selection) & {"a", "b"}
    assert dropped(selection) == {"copies": 2}


def test_patients_of_copies_stay_in_one_split_though_a_copy_is_left_out() -> None:
    splits = [{"name": "train", "share": 0.5}, {"name": "test", "share": 0.5}]
    twins = [
        candidate("a", patient_id="p1", pixel_hash="1" * 64),
        candidate("b", patient_id="p2", pixel_hash="1" * 64),
    ]
    more = [candidate(f"{p}{n}", patient_id=p) for p in ("p1", "p2") for n in range(4)]
    context = Context(groups=[frozenset({"a", "b"})])
    selection = chosen(plan(**TEST, splits=splits), [*some(4), *twins, *more], context)
    parts = {unit.split for unit in selection.units if unit.patient_id in {"p1", "p2"}}
    assert len(parts) == 1


def test_nobody_of_another_release_and_no_near_duplicate_of_it_is_chosen() -> None:
    context = Context(
        patients=frozenset({"patient-n0", "merged-away"}),
        images=frozenset({"n1"}),
        pixel_hashes=frozenset({"f" * 64}),
        near={candidate("n2").pixel_hash: frozenset({"f" * 64})},
    )
    crowd = [*some(12), candidate("merged", former_patients=("merged-away",))]
    selection = chosen(plan(), crowd, context)
    assert dropped(selection) == {"leaks": 4}
    assert not ids(selection) & {"n0", "n1", "n2", "merged"}


def test_a_hidden_set_has_no_lesion_and_no_patient_that_a_model_learnt_from() -> None:
    learnt = candidate("unlabelled", patient_id="patient-n0", label=None, pixel_hash="a" * 64)
    of_lesion = candidate("u2", lesion_id="lesion-n1", label=None, pixel_hash="b" * 64)
    context = Context(
        trained_on=frozenset({"a" * 16, "b" * 16, "c" * 16}),
        near={candidate("n2").pixel_hash: frozenset({"c" * 64})},
    )
    selection = chosen(plan(**TEST), [*some(4), learnt, of_lesion], context)
    assert dropped(selection) == {"labelled": 2, "trained_on": 3}
    assert ids(selection) == {"m0", "m1", "m2", "m3", "n3"}


def test_a_successor_has_only_who_was_there_before() -> None:
    before = frozenset(one.image_id for one in some(12))
    selection = chosen(plan(), [*some(12), *some(5, prefix="new")], only=before)
    assert ids(selection) == before
    assert dropped(selection) == {"successor": 10}


def test_units_of_lesions_patients_and_series() -> None:
    of_one = {"lesion_id": "l", "patient_id": "p"}
    several = [candidate(f"s{n}", **of_one) for n in range(3)]
    alone = some(2)
    for unit, number in (("lesion", 5), ("patient", 5), ("image", 7), ("series", 3)):
        selection = chosen(plan(**TEST, unit=unit), [*alone, *several])
        assert (unit, len(selection.units)) == (unit, number)
    mixed = [*several, melanoma("s4", **of_one)]
    assert chosen(plan(**TEST, unit="series"), [*alone, *mixed]).units == []


looks = st.sampled_from([Look.CLEAR, Look.CLEAR, Look.IDENTIFYING, None])
crowds = st.lists(
    st.builds(
        lambda number, patient, diagnosis, site, age, look: candidate(
            f"i{number}",
            patient_id=f"p{patient}",
            lesion_id=f"l{number // 2}",
            label=label(diagnosis),
            site=site,
            age=age,
            look=look,
        ),
        st.integers(0, 60),
        st.integers(0, 30),
        st.sampled_from(["nevus", "melanoma"]),
        st.sampled_from(["torso", "legs", None]),
        st.none() | st.integers(0, 99),
        looks,
    ),
    unique_by=lambda one: one.image_id,
    max_size=60,
)


@given(
    crowds,
    st.sampled_from(["image", "lesion", "patient", "series"]),
    st.integers(1, 40),
    st.randoms(use_true_random=False),
)
@settings(max_examples=20, deadline=None)
def test_the_order_of_candidates_changes_nothing_and_no_patient_is_in_two_splits(
    crowd: list[Candidate], unit: str, units: int, chance: Random
) -> None:
    splits = [{"name": "train", "share": 0.7}, {"name": "test", "share": 0.3}]
    wanted = plan(unit=unit, units=units, access="controlled", splits=splits)
    first = chosen(wanted, crowd)
    mixed = list(crowd)
    chance.shuffle(mixed)
    assert chosen(wanted, mixed) == first
    assert len(first.units) <= units or unit == "series"
    parts: dict[str, set[str]] = {}
    for each in first.units:
        assert each.candidate.look is Look.CLEAR
        parts.setdefault(each.patient_id, set()).add(each.split)
    assert all(len(each) == 1 for each in parts.values())
    left = [step["left"] for step in first.flow]
    assert left == sorted(left, reverse=True)
    assert left[-1] == len(first.units) == left[0] - sum(s["dropped"] for s in first.flow)


@pytest.mark.parametrize(
    ("said", "freest"),
    [
        ("CC0 1.0", Licence.CC0),
        ("Public Domain", Licence.CC0),
        ("CC BY 4.0", Licence.CC_BY),
        ("CC-BY-NC", Licence.CC_BY_NC),
        ("Creative Commons Attribution-NonCommercial 4.0", Licence.CC_BY_NC),
        ("CC BY-NC-ND 4.0", Licence.CC_BY_NC_ND),
        ("CC BY-ND 4.0", None),
        ("CC BY-NC-SA 4.0", None),
        ("Ask the authors", None),
    ],
)
def test_a_release_asks_no_less_of_its_users_than_its_sources_do(
    said: str, freest: Licence | None
) -> None:
    assert least(said) == freest
    order = list(Licence)
    allowed = [licence for licence in order if allows(said, licence)]
    assert allowed == (order[order.index(freest) :] if freest else [])
