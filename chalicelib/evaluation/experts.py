"""How often the service and each expert who read the set call a unit alike."""

from collections import defaultdict
from dataclasses import dataclass

from chalicelib.evaluation.answers import OTHER, Answers
from chalicelib.evaluation.metrics import Share
from chalicelib.labelling.agreement import cohen_kappa


@dataclass(frozen=True)
class Expert:
    """One reader by the alias of the release; `kappa` None where chance alone explains everything."""

    reader: str
    agreement: Share
    kappa: float | None


def experts(given: Answers) -> list[Expert]:
    """Agreement in the classes of the plan, those who read most first.

    A diagnosis outside the plan, and `unknown`, are one class more. A unit that the service did not
    answer has no opinion to compare; of several readings of a unit by one reader the last counts.
    """
    said: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    names = (*given.keys, OTHER)
    for unit, answered, found in zip(given.units, given.answered, given.found, strict=True):
        if answered:
            for reading in unit.readings:
                read = given.class_of(reading["diagnosis"])
                said[reading["reader"]][unit.unit_id] = (names[found], read)
    known = [_expert(reader, pairs) for reader, pairs in said.items()]
    return sorted(known, key=lambda expert: (-expert.agreement.of, expert.reader))


def _expert(reader: str, pairs: dict[str, tuple[str, str]]) -> Expert:
    alike = sum(ours == theirs for ours, theirs in pairs.values())
    both = [
        (unit_id, rater, said)
        for unit_id, pair in pairs.items()
        for rater, said in zip(("service", "expert"), pair, strict=True)
    ]
    return Expert(reader, Share(alike, len(pairs)), cohen_kappa(both))
