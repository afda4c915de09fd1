"""The report of a test: labels and answers come together, and what was computed is kept.

`figures` and `pdf` need numpy, matplotlib and a typesetter; the event function hands them in.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from chalicelib.datasets.manifest import Unit
from chalicelib.datasets.selection.balance import device_of
from chalicelib.evaluation import hidden
from chalicelib.evaluation.answering import answers_of
from chalicelib.evaluation.finishing import conclude
from chalicelib.evaluation.hidden import HiddenRelease, still_there
from chalicelib.evaluation.model import (
    Algorithm,
    Evaluation,
    Outcome,
    Report,
    RunState,
    report_key,
)
from chalicelib.evaluation.store import EvaluationStore, LostStep
from chalicelib.evaluation.tested import TestedUnit
from chalicelib.evaluation.vendor_store import AlgorithmStore
from chalicelib.platform import logging
from chalicelib.platform.clock import timestamp
from chalicelib.platform.errors import DomainError
from chalicelib.platform.language import LANGUAGES, Language
from chalicelib.platform.metrics import count
from chalicelib.platform.runtime import Platform

Figures = Callable[..., Mapping[str, Any]]
"""`report.compute`."""
Pdf = Callable[[Mapping[str, Any], Language], bytes]
Admit = Callable[[Platform, Mapping[str, Any]], object]
"""Told of every report: a model of the platform's own that passed its calibration test may answer."""


@dataclass(frozen=True)
class Labels:
    """The labels that count: of the release tested on, or of a newer one with the same meaning."""

    release: HiddenRelease
    tested: Sequence[Unit]
    """The units of the release that was tested on, as far as they were not withdrawn."""
    units: Mapping[str, Unit]
    """The same, with the labels that count, by image."""
    roles: Mapping[str, str]
    relabelled: int


def compute(
    platform: Platform, evaluation_id: str, *, figures: Figures, pdf: Pdf, admit: Admit
) -> None:
    """Compute the report of a test and complete it. Doing it again changes nothing.

    The first report takes the labels of the release that was tested on; a later one, those of the
    newest release with the same MAJOR, as far as it has the images. Images taken back meanwhile are
    left out.
    """
    store = EvaluationStore(platform.catalogue)
    evaluation = store.get(evaluation_id)
    if evaluation is None or evaluation.state is not RunState.COMPUTING:
        logging.info("no report is wanted", evaluation_id=evaluation_id)
        return
    algorithm = AlgorithmStore(platform.catalogue).get(evaluation.algorithm_id)
    if algorithm is None:
        raise LookupError(f"the algorithm of {evaluation_id} is not there")
    labels = _labels(platform, evaluation)
    tested = _tested(platform, evaluation, labels)
    now, number = platform.clock.now(), len(evaluation.reports) + 1
    if not tested:
        _end_without(platform, evaluation)
        return
    found = figures(
        units=tested,
        claimed=algorithm.claimed,
        test=evaluation.test.value,
        plan=labels.release.plan,
        seed=evaluation_id,
        computed_at=timestamp(now),
        **_heading(evaluation, labels, algorithm),
    )
    report = {
        **found,
        "evaluation_id": evaluation_id,
        "labels": {"version": labels.release.version, "relabelled": labels.relabelled},
        "withdrawn": evaluation.units - len(tested),
    }
    _keep(platform, evaluation, number, report, pdf)
    passed = bool(report["verdict"]["passed"])
    outcome = Outcome.PASSED if passed else Outcome.FAILED
    conclude(platform, evaluation.vendor_id, evaluation_id, outcome)
    admit(platform, report)
    target = (report.get("auc") or {}).get("target") or {}
    kept = Report(
        number=number,
        release_id=labels.release.release_id,
        version=labels.release.version,
        computed_at=now,
        passed=passed,
        summary={"units": report["units"], "auc": target.get("value")},
    )
    try:
        store.complete(evaluation, kept)
    except LostStep as lost:
        # Another worker had the same message, or a later report has come since.
        if lost.found is not None and lost.found.outcome is not None:
            conclude(platform, evaluation.vendor_id, evaluation_id, lost.found.outcome)
    else:
        count("TestsCompleted")


def _labels(platform: Platform, evaluation: Evaluation) -> Labels:
    code, version = evaluation.code, evaluation.version
    first = hidden.released(platform, code, version, evaluation.release_id)
    if first is None:
        raise LookupError(f"the release of {evaluation.evaluation_id} is not there")
    units = _units(platform, evaluation.release_id)
    tested = tuple(units.values())
    newer = hidden.relabelled(platform, code, version) if evaluation.reports else None
    release = hidden.released(platform, code, *newer) if newer else None
    if release is None:
        return Labels(first, tested, units, first.roles, 0)
    later = {i: unit for i, unit in _units(platform, release.release_id).items() if i in units}
    changed = sum(
        (unit.class_key, unit.diagnosis) != (units[i].class_key, units[i].diagnosis)
        for i, unit in later.items()
    )
    return Labels(release, tested, {**units, **later}, {**first.roles, **release.roles}, changed)


def _end_without(platform: Platform, evaluation: Evaluation) -> None:
    """Consent to every image was taken back: there is nothing to report on, or nothing new."""
    if not evaluation.reports:
        conclude(platform, evaluation.vendor_id, evaluation.evaluation_id, Outcome.EXPIRED)
    with suppress(LostStep):
        EvaluationStore(platform.catalogue).end_without(evaluation)


def _units(platform: Platform, release_id: str) -> dict[str, Unit]:
    try:
        return {unit.image_id: unit for unit in hidden.units(platform, release_id)}
    except DomainError:  # it was taken down as a whole
        return {}


def _tested(platform: Platform, evaluation: Evaluation, labels: Labels) -> Sequence[TestedUnit]:
    """What the report is computed from, in the run's order."""
    there = still_there(platform, sorted(labels.units))
    answers = answers_of(platform, evaluation)
    tested = []
    for one in hidden.order_of(platform, evaluation.evaluation_id, labels.tested):
        unit = labels.units[one.unit.image_id]
        if unit.image_id not in there:
            continue
        answered = answers.get(one.unit_id)
        tested.append(
            TestedUnit(
                unit_id=one.unit.unit_id,
                class_key=unit.class_key,
                diagnosis=unit.diagnosis,
                role=labels.roles[unit.class_key],
                probabilities=answered.probabilities if answered else None,
                refused=answered.refused if answered else False,
                seconds=answered.seconds if answered else None,
                quasi=unit.quasi,
                device=device_of(unit.capture),
                readings=unit.readings,
            )
        )
    return tested


def _heading(evaluation: Evaluation, labels: Labels, algorithm: Algorithm) -> dict[str, Any]:
    return {
        "dataset": {
            "code": evaluation.code,
            "version": evaluation.version,
            "name": labels.release.plan["name"],
        },
        "algorithm": {
            "name": algorithm.name,
            "version": algorithm.version,
            "vendor": algorithm.vendor,
            "model_sha256": algorithm.model_sha256,
        },
    }


def _keep(
    platform: Platform, evaluation: Evaluation, number: int, report: Mapping[str, Any], pdf: Pdf
) -> None:
    def put(ending: str, data: bytes, content_type: str, file_name: str | None = None) -> None:
        key = report_key(evaluation.evaluation_id, number, ending)
        platform.releases.put(key, data, content_type=content_type, file_name=file_name)

    text = json.dumps(report, ensure_ascii=False, allow_nan=False, sort_keys=True)
    put("json", text.encode(), "application/json")
    for language in LANGUAGES:
        name = f"{evaluation.test.value}-{evaluation.code}-{number}.{language}.pdf"
        put(f"{language}.pdf", pdf(report, language), "application/pdf", name)
