"""The public sets stand as in the paper's table 2, and a release is put beside them by diagnosis."""

import pytest

from chalicelib.documents.comparison import NOTES, PUBLIC, ours, rows
from chalicelib.platform.lesion_classes import LesionClass
from tests.documents import samples
from tests.documents.awkward_samples import awkward

BY_NAME = {row.name: row for row in PUBLIC}


def test_ham10000_has_327_actinic_keratoses_with_a_footnote_on_the_papers_324() -> None:
    row = BY_NAME["HAM10000"]
    assert row.counts[LesionClass.ACTINIC_KERATOSIS] == 327
    assert sum(number or 0 for number in row.counts.values()) == row.images == 10_015
    assert "324" in NOTES[row.notes[0] - 1].ru


@pytest.mark.parametrize("name", ["ISIC-16", "ISIC-17", "ISIC-19", "ISIC-20", "PH2", "IAD", "IRMA"])
def test_classes_of_a_public_set_sum_to_its_images(name: str) -> None:
    row = BY_NAME[name]
    assert sum(number or 0 for number in row.counts.values()) == row.images


def test_a_release_counts_by_diagnosis_and_a_joined_class_as_other() -> None:
    counts = samples.counts({"tumour": 30, "mole": 60, "naevus": 5})
    classes = [
        {"key": "tumour", "diagnoses": ["melanoma", "squamous_cell_carcinoma"]},
        {"key": "mole", "diagnoses": ["nevus"]},
        {"key": "naevus", "diagnoses": ["nevus"]},
    ]
    row = ours("ours", counts, classes, None)
    assert row.counts[LesionClass.NEVUS] == 65
    assert row.counts[LesionClass.MELANOMA] is None
    assert row.counts["other"] == 30
    assert row.metadata == ("age", "sex", "site", "skin_type")


def test_what_is_recorded_for_nobody_is_no_metadata() -> None:
    manifest, counts = awkward()
    assert ours("ours", counts, manifest["plan"]["classes"], None).metadata == ("device",)


def test_the_table_ends_with_the_release() -> None:
    table = rows("Rodinka", samples.counts(), samples.plan()["classes"], 7)
    assert [row.name for row in table] == [*BY_NAME, "Rodinka"]
    assert [row.ours for row in table] == [False] * len(BY_NAME) + [True]
    assert (table[-1].counts["melanoma"], table[-1].masks) == (1113, 7)
