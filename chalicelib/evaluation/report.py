"""The report of a test: all figures of it and the verdict, as JSON.

    test, dataset, algorithm, computed_at     as given
    units, positives, negatives, defects      counts; `units` are all, defects among them
    refused, unanswered                       good units refused, and those whose time ran out
    auc          target: value, delong [low, high], bootstrap [low, high], positives, negatives;
                 answered: the same over answered units, not resampled; macro; by_class: {class: …}
    thresholds   claimed (0.5 where none was named), youden: threshold, and sensitivity and specificity,
                 each with value, low, high, count, of; null unless there are both kinds
    calibration  ece, brier, bins [{from, to, mean, observed, units}], of the target over answered units
    roc          target: [[1 - specificity, sensitivity], …]
    confusion    labels, titles, counts: rows are the true class, columns what the service said
    seconds      median, p95, worst, units measured, claimed
    claimed_deviation       {metric: {claimed, measured, worse_by}}, of what the set can tell; worse_by is a
                 share of the claim, 0 where it is not worse
    subgroups, subgroups_left_out, experts
    functional   of a functional test: good, answered, defects, defects_refused, and
                 units [{device, defect, processed, refused, seconds}]
    verdict      passed, reasons [{passed, ru, en}]

A figure that a set cannot tell is null. Figures have six decimals. The same input gives the same report.
docs/evaluation-figures.md says how each is computed.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from chalicelib.datasets.planning.plan import Role
from chalicelib.evaluation import areas, as_json, metrics, verdict
from chalicelib.evaluation.answers import DIGITS as DECIMALS
from chalicelib.evaluation.answers import OTHER, Answers, answers
from chalicelib.evaluation.as_json import Json, area, rounded, share
from chalicelib.evaluation.bootstrap import RESAMPLES
from chalicelib.evaluation.experts import experts
from chalicelib.evaluation.model import FUNCTIONAL, Test
from chalicelib.evaluation.subgroups import subgroups
from chalicelib.evaluation.tested import TestedUnit

DEFAULT_THRESHOLD: Final = 0.5
OTHER_TITLE: Final = {"ru": "другое или без ответа", "en": "other or no answer"}


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

    `plan`: as in the manifest. `claimed`: `auc`, `sensitivity`, `specificity`, `threshold`, `seconds` of a
    unit and `by_class` ({diagnosis, or class of the plan: area}), each as far as the vendor claimed it.
    """
    taken = Test(test)
    if not units:
        raise ValueError("a test without units")
    given = answers(units, plan)
    told, left_out = subgroups(given)
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
        "seconds": _seconds(units, claimed.get("seconds")),
        "experts": [as_json.expert(each) for each in experts(given)],
        "subgroups": [as_json.subgroup(each) for each in told],
        "subgroups_left_out": [as_json.left_out(each) for each in left_out],
    }
    compared = _compared(found, given, claimed)
    found["claimed_deviation"] = _deviation(compared)
    found["functional"] = _functional(units) if taken in FUNCTIONAL else None
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
    macro = area(areas.macro_area(given, seed, resamples))
    return {
        "target": area(areas.target_area(given, seed, resamples)),
        "answered": area(areas.answered_area(given)),
        "macro": macro and {name: macro[name] for name in ("value", "delong", "bootstrap")},
        "by_class": {
            key: area(each) for key, each in areas.class_areas(given, seed, resamples).items()
        },
    }


def _thresholds(given: Answers, claimed: float | None) -> Json:
    """Youden's is sought among the answers, and told over all good units as the claimed one is."""
    if given.positive.all() or not given.positive.any():
        return {"claimed": None, "youden": None}
    curve = metrics.roc_curve(given.probability[given.answered], given.positive[given.answered])
    at_claimed = _at(given, DEFAULT_THRESHOLD if claimed is None else claimed)
    return {
        "claimed": at_claimed | {"named": claimed is not None},
        "youden": _at(given, curve.youden()) if curve else None,
    }


def _at(given: Answers, threshold: float) -> Json:
    scores = given.against(given.probability, given.positive)
    sensitivity, specificity = metrics.at_threshold(
        scores, given.positive, round(threshold, DECIMALS)
    )
    return {
        "threshold": rounded(threshold),
        "sensitivity": share(sensitivity),
        "specificity": share(specificity),
    }


def _calibration(given: Answers) -> Json:
    # Probabilities that sum to 1 within the allowed thousandth may exceed it.
    probability = given.probability[given.answered].clip(0, 1)
    positive = given.positive[given.answered]
    bins = metrics.calibration(probability, positive)
    return {
        "ece": rounded(metrics.calibration_error(bins)),
        "brier": rounded(metrics.brier(probability, positive)),
        "bins": [
            {
                "from": rounded(each.low),
                "to": rounded(each.high),
                "mean": rounded(each.mean),
                "observed": rounded(each.observed),
                "units": each.units,
            }
            for each in bins
        ],
    }


def _curve(given: Answers) -> list[list[float | None]]:
    curve = metrics.roc_curve(given.against(given.probability, given.positive), given.positive)
    return [[rounded(x), rounded(y)] for x, y in curve.points()] if curve else []


def _confusion(given: Answers, plan: Mapping[str, Any]) -> Json:
    """`OTHER` stands among the labels only where something fell there."""
    size = len(given.keys) + 1
    labels = np.where(given.labels < 0, size - 1, given.labels)
    counts = metrics.confusion(labels, given.found, size)
    titles = [each["title"] for each in plan["classes"] if each["role"] != Role.DEFECT] + [
        OTHER_TITLE
    ]
    kept = size if counts[-1].any() or counts[:, -1].any() else size - 1
    return {
        "labels": [*given.keys, OTHER][:kept],
        "titles": titles[:kept],
        "counts": counts[:kept, :kept].tolist(),
    }


def _seconds(units: Sequence[TestedUnit], claimed: float | None) -> Json | None:
    measured = np.array([unit.seconds for unit in units if unit.seconds is not None])
    if not len(measured):
        return None
    median, p95 = np.quantile(measured, (0.5, 0.95)).tolist()
    return {
        "median": round(median, 3),
        "p95": round(p95, 3),
        "worst": round(float(measured.max()), 3),
        "units": len(measured),
        "claimed": claimed,
    }


def _compared(
    found: Json, given: Answers, claimed: Mapping[str, Any]
) -> dict[str, tuple[float, Json | None]]:
    """By metric, what was claimed above 0, and what was measured: None where the set cannot tell."""
    at = found["thresholds"]["claimed"] or {}
    measured = {
        "auc": found["auc"]["target"],
        "sensitivity": at.get("sensitivity"),
        "specificity": at.get("specificity"),
    }
    pairs = {name: (claimed.get(name), figure) for name, figure in measured.items()}
    for key, value in (claimed.get("by_class") or {}).items():
        of_class = found["auc"]["by_class"].get(key)
        pairs[f"auc.{key}"] = value, of_class or area(areas.diagnosis_area(given, key))
    return {name: (value, figure) for name, (value, figure) in pairs.items() if value}


def _deviation(compared: Mapping[str, tuple[float, Json | None]]) -> Json:
    return {
        name: {
            "claimed": value,
            "measured": figure["value"],
            "worse_by": rounded(verdict.worse_by(value, figure["value"])),
        }
        for name, (value, figure) in compared.items()
        if figure
    }


def _functional(units: Sequence[TestedUnit]) -> Json:
    good = [unit for unit in units if not unit.is_defect]
    defects = [unit for unit in units if unit.is_defect]
    return {
        "good": len(good),
        "answered": sum(unit.probabilities is not None for unit in good),
        "defects": len(defects),
        "defects_refused": sum(unit.refused for unit in defects),
        "units": [
            {
                "device": unit.device,
                "defect": unit.is_defect,
                "processed": unit.probabilities is not None,
                "refused": unit.refused,
                "seconds": unit.seconds,
            }
            for unit in units
        ],
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
        counts = {name: n for name, n in found["functional"].items() if name != "units"}
        return verdict.functional(**counts, time=time)
    claims = {name: (value, _measured(figure)) for name, (value, figure) in compared.items()}
    return verdict.calibration(_measured(found["auc"]["target"]), claims, time)


def _measured(figure: Json | None) -> verdict.Measured | None:
    if figure is None:
        return None
    low, high = figure["delong"] if "delong" in figure else (figure["low"], figure["high"])
    return verdict.Measured(figure["value"], low, high)
