"""Splits: by patient, near-duplicates kept together, every class shared out as planned."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.datasets.planning.plan import Split
from chalicelib.datasets.selection.seeded import Joined, gathered, rank

WHOLE: Final = "all"
"""The single split of a plan without any."""


@dataclass(frozen=True)
class Member:
    """One unit, as far as splitting goes."""

    image_id: str
    patient_id: str
    class_key: str


def split(
    members: Sequence[Member],
    linked: Iterable[Collection[str]],
    planned: Sequence[Split],
    seed: str,
) -> dict[str, str]:
    """The split of each image. Nobody stands in two; `linked` patients, whose images are nearly the same,
    stand in one.

    Whole sets of patients are dealt out, the largest first and otherwise by lot, each to the split that
    lacks most of what it brings (K. Sechidis et al., "On the stratification of multi-label data", 2011). So
    each class is shared out as planned to within the size of the last set that was dealt.
    """
    if not planned:
        return {member.image_id: WHOLE for member in members}
    together = _together(members, linked)
    wanted = Counter(member.class_key for member in members)
    lacking = {
        each.name: {key: each.share * number for key, number in wanted.items()} for each in planned
    }
    found: dict[str, str] = {}
    for name in sorted(
        together, key=lambda name: (-len(together[name]), rank(seed, "split", name))
    ):
        own = together[name]
        brings = Counter(member.class_key for member in own)
        # The split planned first wins a tie.
        best = max(lacking, key=lambda part: _lack(lacking[part], brings))
        for key, number in brings.items():
            lacking[best][key] -= number
        found |= {member.image_id: best for member in own}
    return found


def _lack(lacking: Mapping[str, float], brings: Mapping[str, int]) -> float:
    return sum(number * lacking[key] for key, number in brings.items())


def _together(
    members: Sequence[Member], linked: Iterable[Collection[str]]
) -> Mapping[str, list[Member]]:
    """Members by the name of the set of patients that must not be parted."""
    joined = Joined()
    for patients in linked:
        joined.link(sorted(patients))
    return gathered((joined.of(member.patient_id), member) for member in members)


def summary(members: Iterable[Member], parts: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """By split: units, patients, and how many units of each class."""
    units: dict[str, Counter[str]] = defaultdict(Counter)
    patients: dict[str, set[str]] = defaultdict(set)
    for member in members:
        part = parts[member.image_id]
        units[part][member.class_key] += 1
        patients[part].add(member.patient_id)
    return {
        part: {
            "units": units[part].total(),
            "patients": len(patients[part]),
            "classes": dict(sorted(units[part].items())),
        }
        for part in sorted(units)
    }
