"""Many runs, one after another: worlds of a hundred images, each forgotten before the next."""

import resource
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from tests.simulation.evidence import Failure
from tests.simulation.faults import Fault
from tests.simulation.plan import Step, plan
from tests.simulation.shrinking import MAX_TRIALS, shortest
from tests.simulation.simulation import Run, run

WORLD: Final = 100
"""Images that are planned for one world. moto searches its tables item by item, so small worlds are faster."""

LOST: Final = frozenset(
    {"acknowledged_is_kept", "every_upload_ends", "nothing_is_forgotten", "no_case_starves"}
)
DOUBLED: Final = frozenset({"one_key_one_thing", "one_life", "two_readers"})


@dataclass
class Tally:
    """What a campaign has seen so far."""

    images: int = 0
    deliveries: int = 0
    invocations: int = 0
    calls: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    faults: Counter[Fault] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    """By check."""
    failing: list[tuple[int, Failure]] = field(default_factory=list)
    """Each with the seed of its world."""
    began: float = field(default_factory=time.perf_counter)

    def add(self, seed: int, one: Run) -> None:
        self.images += one.images
        self.deliveries += one.deliveries
        self.invocations += one.invocations
        self.calls += one.calls
        self.counts += one.counts
        self.faults += one.faults
        self.failures += Counter(failure.check for failure in one.failures)
        self.failing += [(seed, failure) for failure in one.failures]

    @property
    def seconds(self) -> float:
        return time.perf_counter() - self.began

    def table(self) -> dict[str, float]:
        """The figures of the campaign, by name."""
        died = self.faults[Fault.DIES_BEFORE] + self.faults[Fault.DIES_AFTER]
        unheard = self.faults[Fault.REPLY_LOST] + self.faults[Fault.REPLY_LOST_ONCE]
        copies = self.counts["copy_event"] + self.counts["copy_message"]
        return {
            "images": self.images,
            "deliveries": self.deliveries,
            "invocations": self.invocations,
            "AWS calls": self.calls,
            "crashes": died,
            "lost replies": unheard,
            "throttled calls": self.faults[Fault.THROTTLED],
            "calls answered 500": self.faults[Fault.FAILED],
            "workers held up": self.faults[Fault.PAUSED],
            "events and messages dropped": self.counts["lose_event"] + self.counts["lose_message"],
            "events and messages copied": copies,
            "lost": sum(self.failures[check] for check in LOST),
            "doubled": sum(self.failures[check] for check in DOUBLED),
            "failed checks": sum(self.failures.values()),
            "seconds": round(self.seconds, 1),
            "deliveries a second": round(self.deliveries / self.seconds, 1),
            "peak memory, MB": round(peak_megabytes()),
        }


def peak_megabytes() -> float:
    """The most memory that this process has had (Linux counts in kilobytes)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def campaign(images: int, seed: int, told: Callable[[Tally], None] = lambda tally: None) -> Tally:
    """Run worlds until at least so many images have lived in them. World k has the seed `seed + k`."""
    tally = Tally()
    for number in seeds(seed):
        if tally.images >= images:
            return tally
        tally.add(number, run(number, plan(number, WORLD)))
        told(tally)
    raise AssertionError("there is always a next seed")


def seeds(first: int) -> Iterator[int]:
    while True:
        yield first
        first += 1


def shortened(
    seed: int, check: str, *, images: int = WORLD, trials: int = MAX_TRIALS
) -> list[Step]:
    """The shortest history found of that world in which `check` still fails."""

    def fails(steps: Sequence[Step]) -> bool:
        return any(failure.check == check for failure in run(seed, steps).failures)

    return shortest(plan(seed, images), fails, trials=trials)
