"""How many and which: unit of data, class targets, balance within classes, no device too often."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import Final

from chalicelib.datasets.planning.plan import Plan, UnitOfData
from chalicelib.datasets.selection.anonymity import band
from chalicelib.datasets.selection.candidate import Candidate
from chalicelib.datasets.selection.seeded import gathered, rank

CHUNKS: Final = 50
"""So many rounds at least fill a class; the last units are chosen one by one."""


@dataclass(frozen=True)
class Placed:
    """A candidate in its class."""

    candidate: Candidate
    class_key: str
    diagnosis: str

    @property
    def image_id(self) -> str:
        return self.candidate.image_id

    @property
    def patient_id(self) -> str:
        return self.candidate.patient_id


Unit = tuple[Placed, ...]
"""What is chosen or left as a whole: one image, or the series of a lesion."""


def units_of_data(placed: Sequence[Placed], unit: UnitOfData, seed: str) -> list[Unit]:
    """The images as the plan counts them: each, one by lot of each lesion or patient, or whole series.

    A series whose images are of different classes is none.
    """
    if unit is UnitOfData.IMAGE:
        return [(each,) for each in placed]
    if unit is UnitOfData.SERIES:
        series = gathered((each.candidate.lesion_id, each) for each in placed)
        return [
            tuple(sorted(own, key=lambda each: each.image_id))
            for own in series.values()
            if len(own) > 1 and len({each.class_key for each in own}) == 1
        ]
    of_lesion = unit is UnitOfData.LESION
    several = gathered(
        (each.candidate.lesion_id if of_lesion else each.patient_id, each) for each in placed
    )
    return [
        (min(own, key=lambda each: rank(seed, "unit", each.image_id)),) for own in several.values()
    ]


def places(plan: Plan, available: Mapping[str, int]) -> dict[str, int]:
    """How many units of each class are taken: no more than there are or were planned, no more than the
    plan's units together, and evenly where classes compete for these."""
    caps = {
        each.key: min(each.units or plan.units, available.get(each.key, 0)) for each in plan.classes
    }
    taken = dict.fromkeys(caps, 0)
    left = min(plan.units, sum(caps.values()))
    while left:
        hungry = [key for key in caps if taken[key] < caps[key]]
        share = max(left // len(hungry), 1)
        for key in hungry[:left]:
            more = min(share, caps[key] - taken[key])
            taken[key] += more
            left -= more
    return taken


def choose(plan: Plan, units: Sequence[Unit]) -> list[Unit]:
    """The units that fill the plan's classes, as evenly as can be over sex, age band, site, skin type and
    device within each, by lot where they are alike."""
    by_class = gathered((unit[0].class_key, unit) for unit in units)
    wanted = places(plan, {key: len(own) for key, own in by_class.items()})
    most = plan.most_of_one_device
    room = _Room(_share(most, sum(wanted.values())) if most else None)
    chosen: list[Unit] = []
    # The rarest first, since it has the least choice of devices.
    for key in sorted(by_class, key=lambda key: (len(by_class[key]), key)):
        chosen += _balanced(by_class[key], wanted.get(key, 0), plan.seed, room)
    return _trimmed(chosen, most, plan.seed) if most else chosen


@dataclass
class _Room:
    """How many more units of a device there may be."""

    most: int | None

    def __post_init__(self) -> None:
        self._taken: Counter[str] = Counter()

    def left(self, device: str | None) -> int:
        if self.most is None or device is None:
            return 1 << 30
        return self.most - self._taken[device]

    def take(self, device: str | None) -> None:
        if device is not None:
            self._taken[device] += 1


def stratum(unit: Unit) -> tuple[str | None, ...]:
    """What units are balanced over: sex, age band, site, skin type, device."""
    one = unit[0].candidate
    age = None if one.age is None else band(one.age)
    return one.sex, age, one.site, one.skin_type, one.device


def _balanced(units: Sequence[Unit], wanted: int, seed: str, room: _Room) -> list[Unit]:
    """So many of the units, each time of the kind whose values were chosen least.

    Kinds are looked at in rounds: a round takes one unit each of the kinds that are behind, a
    fiftieth of what is still to be chosen, so that the time does not grow with the product of both.
    """
    kinds: dict[tuple[str | None, ...], list[Unit]] = defaultdict(list)
    for unit in sorted(units, key=_lot(seed), reverse=True):
        kinds[stratum(unit)].append(unit)
    cells = _Cells(kinds)
    order = sorted(kinds, key=lambda kind: rank(seed, "kind", *map(str, kind)))
    chosen: list[Unit] = []
    while len(chosen) < wanted and order:
        order.sort(key=cells.count)  # stable: kinds that are alike stay as the lot put them
        for kind in order[: max((wanted - len(chosen)) // CHUNKS, 1)]:
            device = kind[-1]
            if room.left(device) <= 0:
                kinds[kind].clear()
                continue
            chosen.append(kinds[kind].pop())
            cells.add(kind)
            room.take(device)
        order = [kind for kind in order if kinds[kind]]
    return chosen


class _Cells:
    """How often each value of each attribute was chosen."""

    def __init__(self, kinds: Iterable[tuple[str | None, ...]]) -> None:
        numbers: dict[tuple[int, str | None], int] = {}
        self._of = {
            kind: [numbers.setdefault(cell, len(numbers)) for cell in enumerate(kind)]
            for kind in kinds
        }
        self._counts = [0] * len(numbers)

    def count(self, kind: tuple[str | None, ...]) -> int:
        counts = self._counts
        return sum([counts[cell] for cell in self._of[kind]])

    def add(self, kind: tuple[str | None, ...]) -> None:
        for cell in self._of[kind]:
            self._counts[cell] += 1


def _trimmed(units: list[Unit], most: float, seed: str) -> list[Unit]:
    """Without what is too much of one device: its share is of what is left in the end. The classes lose in
    turn, so that a rare one is not lost whole."""
    counts = Counter(unit[0].candidate.device for unit in units)
    untold = counts.pop(None, 0)
    total = len(units)
    while True:
        cap = _share(most, total)
        fewer = untold + sum(min(number, cap) for number in counts.values())
        if fewer == total:
            break
        total = fewer
    room = _Room(cap)
    left = []
    by_class = gathered((unit[0].class_key, unit) for unit in sorted(units, key=_lot(seed)))
    for unit in filter(None, chain.from_iterable(zip_longest(*by_class.values()))):
        device = unit[0].candidate.device
        if room.left(device) > 0:
            room.take(device)
            left.append(unit)
    return left


def _share(most: float, total: int) -> int:
    """So many of a total, with a grain of floating-point dust: a third of three is one."""
    return int(most * total + 1e-9)


def _lot(seed: str) -> Callable[[Unit], bytes]:
    return lambda unit: rank(seed, "choose", unit[0].image_id)
