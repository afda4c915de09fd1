"""The report of a test: the verdict first, every figure with its interval, in both languages."""

import io
import re
from typing import Any

import pytest
from pypdf import PdfReader

from chalicelib.documents import report
from chalicelib.documents.blocks import Drawing, Fields, Heading, Judgement, Passage, Table
from chalicelib.platform.language import LANGUAGES, Language
from tests.documents import samples


def text_of(pdf: bytes) -> str:
    told = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return re.sub(r"\s+", " ", told.replace("\u200b", ""))


def test_a_calibration_tests_report_says_how_it_went() -> None:
    made = report.pdf(samples.report(), "ru")
    assert made == report.pdf(samples.report(), "ru")
    text = text_of(made)
    for part in ("Тест пройден", "0,912", "0,874–0,943", "DermaNet 3.1", "95-й процентиль 2,10"):
        assert part in text


def test_captions_of_plots_say_what_is_to_be_seen() -> None:
    made = report.document(samples.report(), "en")
    messages = [block.message for block in made.blocks if isinstance(block, Drawing)]
    assert messages == [
        "The AUC of the target is 0.912 (95% CI 0.874–0.943); 0.81 is needed to pass.",
        "244 of 304 units are called right (80%). Most often confused: “melanoma” called “basal cell "
        "carcinoma” (3).",
        "The service's probabilities differ from frequencies by 3.8% on average.",
        "The interval of the subgroup “age, years — 60–79” lies below the AUC of all: 0.82.",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_functional_tests_report_needs_no_curves(language: Language) -> None:
    made = report.document(samples.functional_report(), language)
    assert [block for block in made.blocks if isinstance(block, Drawing)] == []
    text = text_of(report.pdf(samples.functional_report(), language))
    assert ("Not passed" if language == "en" else "Тест не пройден") in text
    assert "640" in text
    assert "DeLong" not in text


def test_the_verdict_comes_first_with_every_reason() -> None:
    made = report.document(samples.functional_report(), "en").blocks[0]
    assert isinstance(made, Judgement)
    assert not made.passed
    assert made.reasons == [(False, samples.HOSTILE)]


def test_answers_by_file_are_told_to_prove_no_time() -> None:
    told = report.document(samples.report(seconds=None), "en").blocks
    assert ("Time per unit", "not measured") in next(
        block.rows for block in told if isinstance(block, Fields)
    )
    assert any("time is not proven" in block.text for block in told if isinstance(block, Passage))


def test_subgroups_with_too_few_units_are_named_with_the_reason() -> None:
    told = report.document(samples.report(), "ru").blocks
    rows = [row for block in told if isinstance(block, Table) for row in block.rows]
    assert ("Расположение: гениталии", "6", "меньше 10 целевых единиц") in rows
    assert ("A", "120", "0,81 (0,73–0,87)", "0,71") in rows
    assert ("AUC: меланома", "0,950", "0,912", "4,0\u00a0%") in rows


def test_a_set_without_an_area_still_has_a_report_with_its_verdict() -> None:
    nothing: dict[str, Any] = {"target": None, "answered": None, "macro": None, "by_class": {}}
    made = report.document(samples.report(auc=nothing, roc={"target": []}), "ru")
    assert [block.text for block in made.blocks if isinstance(block, Heading)] == [
        "Как проведён тест",
        "Согласие с экспертами",
    ]


def test_empty_bins_subgroups_and_one_class_leave_out_their_plots() -> None:
    empty = [{"from": 0.0, "to": 1.0, "mean": None, "observed": None, "units": 0}]
    made = report.document(
        samples.report(
            calibration={"ece": None, "bins": empty}, subgroups=[], subgroups_left_out=[], experts=[], confusion=None,
            thresholds={"claimed": None, "youden": None}, claimed_deviation=None,
        ),
        "ru",
    )  # fmt: skip
    assert len([block for block in made.blocks if isinstance(block, Drawing)]) == 1
