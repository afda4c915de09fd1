"""The number of the next version, by the paper's rule."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.datasets.manifest import Unit
from chalicelib.datasets.model import Version
from chalicelib.datasets.planning.plan import Plan
from chalicelib.datasets.planning.versions import Difference, Previous, next_version
from tests.datasets.planning import BENIGN, MELANOMA, TRAINING, both, condition, plan


def unit(image_id: str, class_key: str = "melanoma", split: str = "train") -> Unit:
    return Unit(
        unit_id=f"unit-{image_id}",
        image_id=image_id,
        lesion_id="lesion",
        patient_id="patient",
        released_lesion_id="l",
        released_patient_id="p",
        clean_key="clean/a.jpg",
        content_type="image/jpeg",
        width=600,
        height=450,
        pixel_hash="0" * 64,
        image_type="dermoscopic",
        split=split,
        class_key=class_key,
        diagnosis="melanoma" if class_key == "melanoma" else "nevus",
        label={},
        quasi={},
        survey={},
        day=0,
        capture={},
        source="clinic1",
    )


UNITS = [unit("a"), unit("b"), unit("c", "benign")]


def step(plan_after: Plan, units: list[Unit], *, version: str = "2.3.4") -> tuple[str, Difference]:
    before = plan(TRAINING).written()
    told = {one.image_id: (one.class_key, one.diagnosis, one.split) for one in UNITS}
    found, difference = next_version(
        Previous(Version.read(version), before, told), plan_after, units
    )
    return str(found), difference


def test_the_first_release_is_1_0_0() -> None:
    version, difference = next_version(None, plan(TRAINING), UNITS)
    assert str(version) == "1.0.0"
    assert (difference.part, difference.added) == ("first", 3)


@pytest.mark.parametrize(
    "changes",
    [
        {"clinical_task": both("Another task")},
        {"purpose": "additional_training"},
        {"verification": "high"},
        {"unit": "lesion"},
        {"access": "controlled"},
        {"classes": [MELANOMA, {**BENIGN, "requirements": both("Other signs")}]},
        {"classes": [MELANOMA, {**BENIGN, "diagnoses": ["nevus"]}]},
    ],
)
def test_another_task_purpose_or_principle_is_a_major_version(changes: dict[str, Any]) -> None:
    version, difference = step(plan(TRAINING, **changes), UNITS[:2])
    assert version == "3.0.0"
    assert difference.decisive == tuple(changes)


@pytest.mark.parametrize(
    ("units", "counts"),
    [
        ([*UNITS, unit("d")], (1, 0, 0)),
        (UNITS[:2], (0, 1, 0)),
        ([*UNITS[:2], unit("d")], (1, 1, 0)),
        ([*UNITS[:2], replace(UNITS[2], split="test")], (0, 0, 1)),
    ],
)
def test_other_units_are_a_minor_version(units: list[Unit], counts: tuple[int, int, int]) -> None:
    version, told = step(plan(TRAINING, units=250), units)
    assert version == "2.4.0"
    assert (told.added, told.removed, told.moved) == counts


@pytest.mark.parametrize(
    ("changes", "units"),
    [
        ({}, UNITS),
        ({"abstract": both("Without the typing error")}, UNITS),
        ({"classes": [BENIGN, {**MELANOMA, "title": both("Melanoma of the skin")}]}, UNITS),
        ({"exclusion": [condition("image_quality", "is", "unusable")]}, UNITS),
        ({}, [UNITS[0], replace(UNITS[1], class_key="benign", diagnosis="nevus"), UNITS[2]]),
    ],
)
def test_documents_and_slips_in_labels_are_a_patch(
    changes: dict[str, Any], units: list[Unit]
) -> None:
    version, told = step(plan(TRAINING, **changes), units)
    assert version == "2.3.5"
    assert told.fields == tuple(changes)


def test_the_difference_is_said_in_words() -> None:
    changed = plan(TRAINING, name=both("Another name"))
    relabelled = replace(UNITS[0], class_key="benign", diagnosis="nevus")
    _, told = step(changed, [relabelled, UNITS[1], unit("d")])
    assert told.words.en == (
        "The units have changed: units added: 1; units removed: 1; labels changed: 1; "
        "fields of the plan: “Name”."
    )
    assert told.written["words"]["ru"] == (
        "Изменился состав набора: добавлено единиц: 1; удалено единиц: 1; изменено меток: 1; "
        "поля плана: «Название»."
    )


@settings(max_examples=20, deadline=None)
@given(
    st.tuples(*[st.integers(0, 9)] * 3),
    st.sets(st.sampled_from("abcdef")),
    st.sampled_from([{}, {"abstract": both("x")}, {"verification": "high"}, {"units": 300}]),
)
def test_exactly_one_part_steps_by_one_and_those_after_it_become_zero(
    numbers: tuple[int, int, int], images: set[str], changes: dict[str, Any]
) -> None:
    before = Version(*numbers)
    text, told = step(
        plan(TRAINING, **changes), [unit(one) for one in sorted(images)], version=str(before)
    )
    after = Version.read(text)
    assert after > before
    major, minor, patch = numbers
    assert (
        after
        == {
            "major": Version(major + 1, 0, 0),
            "minor": Version(major, minor + 1, 0),
            "patch": Version(major, minor, patch + 1),
        }[told.part]
    )
    assert told.added - told.removed == len(images) - len(UNITS)
