"""The report of a test: the verdict first, every figure with its interval, in both languages."""

import io
import re
from typing import Any

import pytest
from pypdf import PdfReader

from chalicelib.documents import report
from chalicelib.documents.blocks import Drawing, Fields, Heading, Judgement, Passage, Table
from chalicelib.evaluation.report import compute
from chalicelib.platform.language import LANGUAGES, Language
from tests.documents import report_samples as samples
from tests.documents.awkward_samples import HOSTILE
from tests.evaluation.made_tests import plan, practice, unit


def text_of(pdf: bytes) -> str:
    told = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return re.sub(r"\s+", " ", told.replace("\u200b", ""))


def test_a_calibration_tests_report_says_how_it_went() -> None:
    made = report.pdf(samples.report(), "ru")
    assert made == report.pdf(samples.report(), "ru")
    text = text_of(made)
    for part in (
        "Тест пройден",
        "0,912",
        "0,874–0,943",
        "DermaNet 3.1",
        "95-й процентиль 2,10",
    ):
        assert part in text


def test_captions_of_plots_say_what_is_to_be_seen() -> None:
    made = report.document(samples.report(), "en")
    messages = [block.message for block in made.blocks if isinstance(block, Drawing)]
    assert messages == [
        "The AUC of the target is 0.9120 (95% CI 0.874–0.943); 0.81 is needed to pass.",
        "244 of 304 units are called right (80%). Most often confused: “melanoma” called “basal cell "
        "carcinoma” (3).",
        "The service's probabilities differ from frequencies by 3.8 percentage points on average.",
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
    assert made.reasons == [(False, HOSTILE)]


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
    assert ("AUC: меланома", "0,9500", "0,9120", "4,0\u00a0%") in rows


def test_a_set_without_an_area_still_has_a_report_with_its_verdict() -> None:
    nothing: dict[str, Any] = {"target": None, "answered": None, "macro": None, "by_class": {}}
    made = report.document(samples.report(auc=nothing, roc={"target": []}), "ru")
    assert [block.text for block in made.blocks if isinstance(block, Heading)] == [
        "Как проведён тест",
        "Согласие с экспертами",
    ]


def test_what_was_not_found_leaves_out_its_plot() -> None:
    thresholds = {"claimed": samples.report()["thresholds"]["claimed"], "youden": None}
    made = report.document(
        samples.report(
            calibration={"ece": None, "brier": None, "bins": []}, subgroups=[], subgroups_left_out=[], experts=[],
            thresholds=thresholds, claimed_deviation={},
        ),
        "ru",
    )  # fmt: skip
    assert [block.text for block in made.blocks if isinstance(block, Heading)] == [
        "Как проведён тест",
        "Качество",
        "По классам",
    ]


def test_a_figure_below_its_threshold_never_reads_as_if_it_were_on_it() -> None:
    area = {"value": 0.80998, "delong": [0.7, 0.9], "bootstrap": [0.7, 0.9]}
    deviation = {"auc": {"claimed": 0.9, "measured": 0.81004, "worse_by": 0.0999556}}
    told = report.document(
        samples.report(
            auc={"target": area, "answered": None, "macro": None, "by_class": {}},
            claimed_deviation=deviation,
        ),
        "en",
    ).blocks
    assert "is 0.8099 (" in next(block.message for block in told if isinstance(block, Drawing))
    rows = [row for block in told if isinstance(block, Table) for row in block.rows]
    assert ("AUC", "0.9000", "0.8100", "9.9%") in rows


def test_later_labels_and_units_taken_back_are_told() -> None:
    labels = {"version": "1.1.0", "relabelled": 3}
    told = report.document(samples.report(labels=labels, withdrawn=1), "en").blocks
    facts = next(block.rows for block in told if isinstance(block, Fields))
    assert ("Labels", "of version 1.1.0; 3 of them changed") in facts
    assert any(name == "Taken back" and value.startswith("1\u00a0unit:") for name, value in facts)
    plain = next(
        block.rows
        for block in report.document(samples.report(), "en").blocks
        if isinstance(block, Fields)
    )
    assert not {"Labels", "Taken back"} & {name for name, _ in plain}


def test_the_time_that_was_claimed_stands_beside_the_measured_one() -> None:
    facts = report.document(samples.report(), "en").blocks[1]
    assert isinstance(facts, Fields)
    assert dict(facts.rows)["Time per unit"].endswith(" (5.00\u00a0s at most was claimed)")


@pytest.mark.parametrize("kind", ["whole", "one kind", "nothing answered", "a single unit of each"])
def test_whatever_a_set_tells_there_is_a_report(kind: str) -> None:
    silent: dict[str, Any] = {"probabilities": None, "refused": True}
    units = {
        "whole": practice(60),
        "one kind": [unit(n) for n in range(5)],
        "nothing answered": [unit(1, "melanoma", **silent), unit(2, **silent)],
        "a single unit of each": [unit(1, "melanoma"), unit(2)],
    }[kind]
    found = compute(units=units, plan=plan(), test="KlT-I", claimed={}, seed="s", resamples=50)
    sample = samples.report()
    rest = {name: sample[name] for name in sample.keys() - found.keys()}
    headed = {name: sample[name] for name in ("dataset", "algorithm", "computed_at")}
    made = report.pdf({**found, **rest, **headed}, "ru")
    assert "Тест" in text_of(made)
    assert rest.keys() == {"labels", "withdrawn"}
