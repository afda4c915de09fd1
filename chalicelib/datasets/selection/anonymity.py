"""k-anonymity of a release: whoever knows somebody's age, sex, skin type and where a lesion is finds at
least k patients who are alike.

Global recoding over a lattice (every value of a quasi-identifier is told as exactly), then local suppression:
who is rare even so loses one value after another, after L. Sweeney, "Achieving k-anonymity privacy protection
using generalization and suppression" (2002), and M. Templ, A. Kowarik, B. Meindl, "Statistical disclosure control
for micro-data using the R package sdcMicro" (2015). What is made least is the normalized certainty penalty
(J. Xu et al., "Utility-based anonymization using local recoding", 2006): the share of all values that a told one
may stand for. Sweeney's own precision would rather tell no age at all than a wider band of it.

- A combination counts patients, not units: a patient with ten units is one.
- Age, sex and skin type are the patient's: all his units say the same, the age that of the youngest, and
  nothing where they contradict each other. Values are lost in one order, so who lost more tells a part of what
  his other units tell: two of his units tell no more of him than one.
- "Not recorded" is a value like any other, and a suppressed one looks the same.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

from chalicelib.datasets.selection.candidate import PATIENTS_OWN

Values = tuple[str | None, ...]
"""Of age, sex, site and skin type, in the order of `PATIENTS_OWN`."""
Node = tuple[int, ...]
"""A level for each of them: 0 tells most."""

OLDEST: Final = 85
LEVELS: Final[Mapping[str, tuple[str, ...]]] = {
    "age": ("fives", "tens", "twenties", "not_told"),
    "sex": ("told", "not_told"),
    "site": ("sites", "regions", "not_told"),
    "skin_type": ("types", "pairs", "not_told"),
}
REGIONS: Final = {
    "head_neck": "head_neck",
    "torso": "trunk",
    "genitals": "trunk",
    "arms": "limbs",
    "legs": "limbs",
    "palms_soles": "limbs",
}
PAIRS: Final = {
    **dict.fromkeys(("I", "II"), "I-II"),
    **dict.fromkeys(("III", "IV"), "III-IV"),
    **dict.fromkeys(("V", "VI"), "V-VI"),
}
LOST: Final = ("age", "site", "skin_type", "sex")
"""The order in which who is rare loses values: most often the first of them makes somebody rare."""
NOTHING: Final[Values] = (None,) * len(PATIENTS_OWN)
_LOST: Final = tuple(PATIENTS_OWN.index(name) for name in LOST)
_TALLEST: Final = tuple(len(LEVELS[name]) - 1 for name in PATIENTS_OWN)
_NODES: Final = tuple(product(*(range(tallest + 1) for tallest in _TALLEST)))
_WIDTHS: Final = (5, 10, 20)
_LEFT_OUT: Final = 10.0
"""The penalty of a unit left out; one that says nothing has four. Its picture is lost as well."""
_SPAN: Final = 90
"""Years that ages are spread over: eighteen bands of five."""


@dataclass(frozen=True)
class Individual:
    """What one unit says of its patient, before anything is made less exact. None is not recorded."""

    patient_id: str
    age: int | None
    sex: str | None
    site: str | None
    skin_type: str | None


@dataclass(frozen=True)
class Anonymised:
    """What each unit may say, in the order given; None where it cannot be hidden, and must be left out."""

    values: Sequence[Values | None]
    k: int
    levels: Mapping[str, str]
    suppressed: Mapping[str, int]
    """In how many units a value that others tell is empty for being rare, by quasi-identifier."""
    table: Sequence[Mapping[str, Any]]
    """Each combination, with how many patients and units have it; the rarest first."""

    @property
    def dropped(self) -> int:
        return sum(value is None for value in self.values)

    @property
    def reached(self) -> int:
        """How many patients share the rarest combination; 0 where there are no units."""
        return min((row["patients"] for row in self.table), default=0)


def anonymise(units: Sequence[Individual], k: int) -> Anonymised:
    """Tell as much of each unit as leaves no combination with fewer than `k` patients.

    Of all levels those with the least loss. Whatever the input, the result keeps the promise: where fewer
    than k patients remain who tell nothing, they are left out.
    """
    exact = _exact(units)
    groups: dict[Values, list[int]] = defaultdict(list)
    for number, values in enumerate(exact):
        groups[values].append(number)
    patients = {
        values: frozenset(units[number].patient_id for number in numbers)
        for values, numbers in groups.items()
    }
    sizes = {values: len(numbers) for values, numbers in groups.items()}
    _, node = min((_loss(node, patients, sizes, k), node) for node in _NODES)
    told = _told(node, patients, k)
    found = [told[values] for values in exact]
    kept = [(unit.patient_id, value) for unit, value in zip(units, found, strict=True) if value]
    return Anonymised(
        values=found,
        k=k,
        levels={name: LEVELS[name][level] for name, level in zip(PATIENTS_OWN, node, strict=True)},
        suppressed=_suppressed(told, sizes, node),
        table=_table(kept),
    )


def coarser(values: Values, node: Node) -> Values:
    """Exact values as they are told at the levels of a node."""
    age, sex, site, skin_type = values
    return (
        _band(age, node[0]),
        sex if node[1] == 0 else None,
        (site, REGIONS.get(site or ""), None)[node[2]],
        (skin_type, PAIRS.get(skin_type or ""), None)[node[3]],
    )


def band(age: int, width: int = _WIDTHS[0]) -> str:
    """The band of an age in years: `50-54`; from 85 on (in wider bands from 80 on) `85+`."""
    top = OLDEST - OLDEST % width
    if age >= top:
        return f"{top}+"
    first = age - age % width
    return f"{first}-{first + width - 1}"


_SHARES: Final[Mapping[str, float]] = {
    **{band(age, width): width / _SPAN for width in _WIDTHS for age in range(0, _SPAN, width)},
    **{region: [*REGIONS.values()].count(region) / len(REGIONS) for region in REGIONS.values()},
    **{pair: [*PAIRS.values()].count(pair) / len(PAIRS) for pair in PAIRS.values()},
}
"""What coarse values stand for, of all: years, sites, skin types."""


def _band(age: str | None, level: int) -> str | None:
    """An exact age here is one of fives, which wider bands are made of."""
    if age is None or level == len(_WIDTHS):
        return None
    return band(int(age.rstrip("+").partition("-")[0]), _WIDTHS[level])


def _exact(units: Sequence[Individual]) -> list[Values]:
    """What each unit says at the lowest levels, the same for all units of a patient but the site."""
    told: dict[str, list[Individual]] = defaultdict(list)
    for unit in units:
        told[unit.patient_id].append(unit)
    of_patient = {
        patient_id: (
            min((one.age for one in own if one.age is not None), default=None),
            _agreed(one.sex for one in own),
            _agreed(one.skin_type for one in own),
        )
        for patient_id, own in told.items()
    }
    exact: list[Values] = []
    for unit in units:
        age, sex, skin_type = of_patient[unit.patient_id]
        exact.append((None if age is None else band(age), sex, unit.site, skin_type))
    return exact


def _agreed(values: Iterable[str | None]) -> str | None:
    found = {value for value in values if value is not None}
    return found.pop() if len(found) == 1 else None


def _told(
    node: Node, patients: Mapping[Values, frozenset[str]], k: int
) -> dict[Values, Values | None]:
    """What is told of each exact combination at a node; None where it is left out."""
    told = {values: coarser(values, node) for values in patients}
    shared: dict[Values, set[str]] = defaultdict(set)

    def rare(moved: Collection[Values]) -> list[Values]:
        for values in moved:
            shared[told[values]] |= patients[values]
        return [values for values in moved if len(shared[told[values]]) < k]

    left = rare(told)
    for column in _LOST:
        for values in left:
            told[values] = (*told[values][:column], None, *told[values][column + 1 :])
        left = rare(left)
    return told | dict.fromkeys(left)


def _loss(
    node: Node, patients: Mapping[Values, frozenset[str]], sizes: Mapping[Values, int], k: int
) -> float:
    """Rounded, so that the order of adding settles no tie."""
    told = _told(node, patients, k).items()
    return round(sum(sizes[values] * _penalties(values, value) for values, value in told), 6)


def _penalties(values: Values, told: Values | None) -> float:
    return _LEFT_OUT if told is None else sum(map(_penalty, values, told))


def _penalty(value: str | None, told: str | None) -> float:
    """The share of all values that a told one may stand for; 0 where nothing is lost."""
    if value is None or value == told:
        return 0.0
    return 1.0 if told is None else _SHARES[told]


def _suppressed(
    told: Mapping[Values, Values | None], sizes: Mapping[Values, int], node: Node
) -> dict[str, int]:
    found = dict.fromkeys(PATIENTS_OWN, 0)
    for values, kept in told.items():
        for name, before, after in zip(
            PATIENTS_OWN, coarser(values, node), kept or values, strict=True
        ):
            found[name] += sizes[values] * (before is not None and after is None)
    return found


def _table(kept: Iterable[tuple[str, Values]]) -> list[dict[str, Any]]:
    people: dict[Values, set[str]] = defaultdict(set)
    units: dict[Values, int] = defaultdict(int)
    for patient_id, values in kept:
        people[values].add(patient_id)
        units[values] += 1
    rows = [
        {
            **dict(zip(PATIENTS_OWN, values, strict=True)),
            "patients": len(people[values]),
            "units": units[values],
        }
        for values in people
    ]
    return sorted(rows, key=lambda row: (row["patients"], str(row)))
