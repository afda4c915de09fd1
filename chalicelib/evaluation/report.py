"""The report of a test: all figures of it and the verdict, as JSON.

    test, dataset, algorithm, computed_at     as given
    units, positives, negatives, defects      counts; `units` are all, defects among them
    refused, unanswered                       good units refused, and those whose time ran out
    auc          target: value, delong [low, high], bootstrap [low, high], positives, negatives;
                 answered: the same over answered units, not resampled; macro; by_class: {class: …}
    thresholds   claimed (0.5 where none was named), youden: threshold, and sensitivity and specificity,
                 each with value, low, high, count, of
    calibration  ece, brier, bins [{from, to, mean, observed, units}], of the target over answered units
    roc          target: [[1 - specificity, sensitivity], …]
    confusion    labels, titles, counts: rows are the true class, columns what the service said
    seconds      median, p95, worst, units measured
    claimed_deviation       {metric: {claimed, measured, worse_by}}
    subgroups, subgroups_left_out, experts
    functional   of a functional test: good, answered, defects, defects_refused
    verdict      passed, reasons [{passed, ru, en}]

A figure that a set cannot tell is null. Figures have six decimals. The same input gives the same report.
docs/evaluation-figures.md says how each is computed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

import numpy as np

from chalicelib.evaluation import areas, metrics, verdict
from chalicelib.evaluation.answers import DIGITS as DECIMALS
from chalicelib.evaluation.answers import OTHER, Answers, answers
from chalicelib.evaluation.bootstrap import RESAMPLES
from chalicelib.evaluation.experts import experts
from chalicelib.evaluation.subgroups import subgroups
from chalicelib.evaluation.tested import DEFECT, Kind, TestedUnit

DIGITS: Final = 6
DEFAULT_THRESHOLD: Final = 0.5
OTHER_TITLE: Final = {"ru": "другое или без ответа", "en": "other or no answer"}

Json = dict[str, Any]


def compute(
    *,
    units: Sequence[TestedUnit],
    plan: Mapping[str, Any],
    test: str,
    claimed: Mapping[str, Any],
    seed: str,
    dataset: Mapping[str, Any] | None = None,
    algorithm: Mapping[str, Any] | None = None,
    computed_at: str | None = None,
    resamples: int = RESAMPLES,
) -> Json:
    """The report of one test. Raises `ValueError` for an unknown test or a set without units.

    `plan`: as in the manifest. `claimed`: `auc`, `sensitivity`, `specificity`, `threshold` and `by_class`
    ({class: area}), each as far as the vendor claimed it.
    """
    kind = Kind.of(test)
    if not units:
        raise ValueError("a test without units")
    given = answers(units, plan)
    found: Json = {
        "test": test,
        "dataset": dict(dataset or {}),
        "algorithm": dict(algorithm or {}),
        "computed_at": computed_at,
        **_counts(units, given),
        "auc": _areas(given, seed, resamples),
        "thresholds": _thresholds(given, claimed.get("threshold")),
        "calibration": _calibration(given),
        "roc": {"target": _curve(given)},
        "confusion": _confusion(given, plan),
        "seconds": _seconds(units),
        "experts": [_expert(each) for each in experts(given)],
        **_subgroups(given),
    }
    compared = _compared(found, claimed)
    found["claimed_deviation"] = _deviation(compared)
    found["functional"] = _functional(units) if kind is Kind.FUNCTIONAL else None
    found["verdict"] = _verdict(found, compared, units).as_json()
    return found


def _counts(units: Sequence[TestedUnit], given: Answers) -> Json:
    positives, refused = int(given.positive.sum()), sum(unit.refused for unit in given.units)
    return {
        "units": len(units),
        "positives": positives,
        "negatives": len(given.units) - positives,
        "defects": len(units) - len(given.units),
        "refused": refused,
        "unanswered": int((~given.answered).sum()) - refused,
    }


def _areas(given: Answers, seed: str, resamples: int) -> Json:
    return {
        "target": _area(areas.target_area(given, seed, resamples)),
        "answered": _area(areas.answered_area(given)),
        "macro": _area(areas.macro_area(given, seed, resamples)),
        "by_class": {
            key: _area(area) for key, area in areas.class_areas(given, seed, resamples).items()
        },
    }


def _area(area: areas.Area | None) -> Json | None:
    if area is None:
        return None
    return {
        "value": _rounded(area.value),
        "delong": _pair(area.delong),
        "bootstrap": _pair(area.bootstrap),
        "positives": area.positives,
        "negatives": area.negatives,
    }


def _thresholds(given: Answers, claimed: float | None) -> Json:
    """Youden's is sought among the answers, and told over all good units as the claimed one is."""
    curve = metrics.roc_curve(given.probability[given.answered], given.positive[given.answered])
    return {
        "claimed": _at(given, DEFAULT_THRESHOLD if claimed is None else claimed)
        | {"named": claimed is not None},
        "youden": _at(given, curve.youden()) if curve else None,
    }


def _at(given: Answers, threshold: float) -> Json:
    scores = given.against(given.probability, given.positive)
    found = metrics.at_threshold(scores, given.positive, round(threshold, DECIMALS))
    told: Json = {"threshold": _rounded(threshold)}
    for name, share in zip(("sensitivity", "specificity"), found, strict=True):
        told[name] = _share(share)
    return told


def _calibration(given: Answers) -> Json:
    # Probabilities that sum to 1 within the allowed thousandth may exceed it.
    probability = given.probability[given.answered].clip(0, 1)
    positive = given.positive[given.answered]
    bins = metrics.calibration(probability, positive)
    return {
        "ece": _rounded(metrics.calibration_error(bins)),
        "brier": _rounded(metrics.brier(probability, positive)),
        "bins": [
            {
                "from": _rounded(each.low),
                "to": _rounded(each.high),
                "mean": _rounded(each.mean),
                "observed": _rounded(each.observed),
                "units": each.units,
            }
            for each in bins
        ],
    }


def _curve(given: Answers) -> list[list[float | None]]:
    curve = metrics.roc_curve(given.against(given.probability, given.positive), given.positive)
    return [[_rounded(x), _rounded(y)] for x, y in curve.points()] if curve else []


def _confusion(given: Answers, plan: Mapping[str, Any]) -> Json:
    """`OTHER` stands among the labels only where something fell there."""
    size = len(given.keys) + 1
    labels = np.where(given.labels < 0, size - 1, given.labels)
    counts = metrics.confusion(labels, given.found, size)
    titles = [each["title"] for each in plan["classes"] if each["role"] != DEFECT] + [OTHER_TITLE]
    kept = size if counts[-1].any() or counts[:, -1].any() else size - 1
    return {
        "labels": [*given.keys, OTHER][:kept],
        "titles": titles[:kept],
        "counts": counts[:kept, :kept].tolist(),
    }


def _seconds(units: Sequence[TestedUnit]) -> Json | None:
    measured = np.array([unit.seconds for unit in units if unit.seconds is not None])
    if not len(measured):
        return None
    median, p95 = np.quantile(measured, (0.5, 0.95)).tolist()
    return {
        "median": round(median, 3),
        "p95": round(p95, 3),
        "worst": round(float(measured.max()), 3),
        "units": len(measured),
    }


def _expert(expert: Any) -> Json:
    share = _share(expert.agreement)
    return {
        "reader": expert.reader,
        "readings": expert.agreement.of,
        "agreement": share["value"],
        "low": share["low"],
        "high": share["high"],
        "kappa": _rounded(expert.kappa),
    }


def _subgroups(given: Answers) -> Json:
    told, left_out = subgroups(given)
    return {
        "subgroups": [
            {
                "by": each.by,
                "value": each.value,
                "units": each.units,
                "positives": each.positives,
                "negatives": each.negatives,
                "auc": _rounded(each.area),
                "low": _rounded(each.low),
                "high": _rounded(each.high),
            }
            for each in told
        ],
        "subgroups_left_out": [
            asdict(each) | {"reason": each.reason._asdict()} for each in left_out
        ],
    }


def _compared(found: Json, claimed: Mapping[str, Any]) -> dict[str, tuple[float, Json | None]]:
    """By metric, what was claimed above 0 and what was measured."""
    at = found["thresholds"]["claimed"]
    measured = {
        "auc": found["auc"]["target"],
        "sensitivity": at["sensitivity"],
        "specificity": at["specificity"],
    }
    pairs = {name: (claimed.get(name), figure) for name, figure in measured.items()}
    for key, value in (claimed.get("by_class") or {}).items():
        pairs[f"auc.{key}"] = value, found["auc"]["by_class"].get(key)
    return {
        name: (value, figure if figure and figure["value"] is not None else None)
        for name, (value, figure) in pairs.items()
        if value
    }


def _deviation(compared: Mapping[str, tuple[float, Json | None]]) -> Json:
    return {
        name: {
            "claimed": value,
            "measured": figure and figure["value"],
            "worse_by": figure and _rounded(verdict.worse_by(value, figure["value"])),
        }
        for name, (value, figure) in compared.items()
    }


def _functional(units: Sequence[TestedUnit]) -> Json:
    good = [unit for unit in units if not unit.is_defect]
    defects = [unit for unit in units if unit.is_defect]
    return {
        "good": len(good),
        "answered": sum(unit.probabilities is not None for unit in good),
        "defects": len(defects),
        "defects_refused": sum(unit.refused for unit in defects),
    }


def _verdict(
    found: Json,
    compared: Mapping[str, tuple[float, Json | None]],
    units: Sequence[TestedUnit],
) -> verdict.Verdict:
    # From the units and not from the rounded figures: 599.9996 s are in time.
    measured = [unit.seconds for unit in units if unit.seconds is not None]
    time = verdict.Time(len(units), len(measured), max(measured, default=None))
    if found["functional"]:
        return verdict.functional(**found["functional"], time=time)
    claims = {name: (value, _measured(figure)) for name, (value, figure) in compared.items()}
    return verdict.calibration(_measured(found["auc"]["target"]), claims, time)


def _measured(figure: Json | None) -> verdict.Measured | None:
    if figure is None:
        return None
    low, high = figure["delong"] if "delong" in figure else (figure["low"], figure["high"])
    return verdict.Measured(figure["value"], low, high)


def _share(share: metrics.Share) -> Json:
    low, high = share.interval or (None, None)
    return {
        "value": _rounded(share.value),
        "low": _rounded(low),
        "high": _rounded(high),
        "count": share.count,
        "of": share.of,
    }


def _pair(interval: tuple[float, float] | None) -> list[float | None] | None:
    return interval and [_rounded(end) for end in interval]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)
