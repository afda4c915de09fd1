"""What a check looks at, and what it says."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.simulation.history import History
from tests.simulation.stage import Stage
from tests.simulation.tables import Tables


@dataclass(frozen=True)
class Failure:
    """A check that did not hold."""

    check: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.check}: {self.sentence}"


@dataclass(frozen=True)
class Evidence:
    """What a check looks at."""

    stage: Stage
    history: History
    settled: bool
    tables: Tables


Check = Callable[[Evidence], Iterator[str]]
