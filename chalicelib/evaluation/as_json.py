"""Figures as a report has them: JSON, numbers with six decimals, null for what a set cannot tell."""

from dataclasses import asdict
from typing import Any, Final

from chalicelib.evaluation.areas import Area
from chalicelib.evaluation.experts import Expert
from chalicelib.evaluation.metrics import Share
from chalicelib.evaluation.subgroups import LeftOut, Subgroup

DIGITS: Final = 6

Json = dict[str, Any]


def rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)


def pair(interval: tuple[float, float] | None) -> list[float | None] | None:
    return interval and [rounded(end) for end in interval]


def share(found: Share) -> Json:
    low, high = found.interval or (None, None)
    return {
        "value": rounded(found.value),
        "low": rounded(low),
        "high": rounded(high),
        "count": found.count,
        "of": found.of,
    }


def area(found: Area | None) -> Json | None:
    if found is None:
        return None
    return {
        "value": rounded(found.value),
        "delong": pair(found.delong),
        "bootstrap": pair(found.bootstrap),
        "positives": found.positives,
        "negatives": found.negatives,
    }


def expert(found: Expert) -> Json:
    agreement = share(found.agreement)
    return {
        "reader": found.reader,
        "readings": found.agreement.of,
        "agreement": agreement["value"],
        "low": agreement["low"],
        "high": agreement["high"],
        "kappa": rounded(found.kappa),
    }


def subgroup(found: Subgroup) -> Json:
    told = asdict(found)
    return (
        told
        | {"auc": rounded(told.pop("area"))}
        | {end: rounded(told[end]) for end in ("low", "high")}
    )


def left_out(found: LeftOut) -> Json:
    return asdict(found) | {"reason": found.reason._asdict()}
