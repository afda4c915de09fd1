"""What a plan may say, and the contradictions that it is told of."""

from typing import Any

import pytest

from chalicelib.datasets.planning.codes import free_code, stem
from chalicelib.datasets.planning.contradictions import contradictions
from chalicelib.datasets.planning.plan import Plan
from chalicelib.datasets.planning.plan_fields import TITLES
from chalicelib.datasets.planning.remarks import remarks
from chalicelib.datasets.releases.claims import Claims
from chalicelib.platform.errors import Invalid
from tests.datasets.planning import (
    BENIGN,
    CALIBRATION,
    DEFECT,
    MELANOMA,
    TRAINING,
    a_class,
    condition,
    plan,
    plan_form,
)
from tests.datasets.shelf import Shelf
from tests.patients.asking import Client


def test_sound_plans_have_no_contradiction_and_read_back_as_they_were_written() -> None:
    for one in (
        plan(),
        plan(TRAINING),
        plan(purpose="self_test", classes=[MELANOMA, DEFECT], units=50),
    ):
        assert contradictions(one) == {}
        assert Plan.model_validate_json(one.model_dump_json(), strict=True) == one


def test_every_field_of_the_plan_has_a_title() -> None:
    assert list(TITLES) == list(Plan.model_fields)


SHARED = a_class("malignant", "positive", "melanoma")
SPLITS = [{"name": "train", "share": 0.8}, {"name": "test", "share": 0.3}]
TWO_ALIKE = [{"name": "train", "share": 0.5}, {"name": "train", "share": 0.5}]


@pytest.mark.parametrize(
    ("base", "changes", "where"),
    [
        (CALIBRATION, {"access": "public", "licence": "CC-BY-4.0"}, ["access"]),
        (CALIBRATION, {"access": "controlled"}, ["access"]),
        (TRAINING, {"access": "hidden"}, ["access"]),
        (TRAINING, {"licence": "LicenseRef-Agreement"}, ["licence"]),
        (TRAINING, {"access": "controlled"}, ["licence"]),
        (TRAINING, {"repeated": True}, ["repeated"]),
        (TRAINING, {"purpose": "dynamic"}, ["unit"]),
        (TRAINING, {"modality": "MAC"}, ["modality"]),
        (TRAINING, {"splits": SPLITS}, ["splits"]),
        (TRAINING, {"splits": TWO_ALIKE}, ["splits"]),
        (TRAINING, {"keywords": ["skin", "skin"]}, ["keywords"]),
        (CALIBRATION, {"classes": [MELANOMA, SHARED, BENIGN]}, ["classes.1.diagnoses"]),
        (CALIBRATION, {"classes": [MELANOMA, {**BENIGN, "key": "melanoma"}]}, ["classes.1.key"]),
        (CALIBRATION, {"classes": [MELANOMA]}, ["classes"]),
        (CALIBRATION, {"classes": [MELANOMA, BENIGN, DEFECT]}, ["classes.2.role"]),
        (
            CALIBRATION,
            {"classes": [MELANOMA, {**BENIGN, "diagnoses": []}]},
            ["classes.1.diagnoses"],
        ),
        (CALIBRATION, {"units": 150}, ["classes.1.units", "units"]),
        (CALIBRATION, {"units": 199}, ["units"]),
        (CALIBRATION, {"test": {"expected_auc": 0.8}}, ["test.expected_auc"]),
        (TRAINING, {"purpose": "technical_defects"}, ["classes"]),
        (CALIBRATION, {"inclusion": [condition("age", "is", "old")]}, ["inclusion.0.value"]),
        (
            CALIBRATION,
            {"inclusion": [condition("age", "at_least", 60), condition("age", "at_most", 18)]},
            ["inclusion.1"],
        ),
    ],
)
def test_a_contradiction_is_told_at_its_field_in_both_languages(
    base: dict[str, Any], changes: dict[str, Any], where: list[str]
) -> None:
    found = contradictions(plan(base, **changes))
    assert list(found) == where
    for text in found.values():
        assert text.ru != text.en
        assert "{" not in text.ru + text.en


def test_all_contradictions_are_told_at_once() -> None:
    found = contradictions(plan(access="public", classes=[MELANOMA], splits=SPLITS))
    assert found.keys() == {"access", "licence", "classes", "splits"}


def test_a_mistyped_orcid_is_noticed() -> None:
    author = {"name": "A. Petrova", "task": "clinician", "orcid": "0000-0002-1825-0098"}
    with pytest.raises(Invalid) as refused:
        plan(working_group=[author])
    assert list(refused.value.fields) == ["working_group.0.orcid"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, "DS_CT-I_DSC_SKIN_MELANOMA"),
        ({"repeated": True}, "DS_CT-II_DSC_SKIN_MELANOMA"),
        ({"purpose": "self_test", "target": "NEVUS"}, "DS_FT-I_DSC_SKIN_NEVUS"),
        ({"purpose": "training"}, "DS_ML_DSC_SKIN_MELANOMA"),
        ({"purpose": "dynamic", "modality": "MAC", "organ": "NAIL"}, "DS_DYN_MAC_NAIL_MELANOMA"),
    ],
)
def test_the_code_says_what_a_dataset_is_for(changes: dict[str, Any], code: str) -> None:
    assert stem(plan(**changes)) == code


def test_a_taken_code_gets_the_next_free_number() -> None:
    code = stem(plan())
    assert free_code(plan(), {f"{code}_2"}) == code
    assert free_code(plan(), {code, f"{code}_2"}) == f"{code}_3"


@pytest.mark.parametrize(("power", "said"), [(0.7999, "79 %"), (0.706, "71 %")])
def test_a_power_just_short_of_enough_is_not_said_to_be_enough(power: float, said: str) -> None:
    (low,) = remarks(plan(), {"power": power, "needed": None})
    assert low.en == f"The power of the test is {said}; it should be 80 % at least."


def test_what_is_being_released_is_not_hidden_meanwhile(shelf: Shelf, curator: Client) -> None:
    code = shelf.dataset(plan(TRAINING, purpose="dynamic", unit="series")).code
    Claims(shelf.world.platform.catalogue).claim(code, "r1")
    hidden = plan_form(TRAINING, purpose="dynamic", unit="series", access="hidden")
    change = {"revision": 1, "plan": hidden}
    answer = curator.ask("PATCH", "/v1/datasets/{code}", change, code=code)
    assert (answer.status, set(answer.error["fields"])) == (422, {"plan.access"})
    Claims(shelf.world.platform.catalogue).leave(code, "r1")
    assert curator.ask("PATCH", "/v1/datasets/{code}", change, code=code).status == 200
