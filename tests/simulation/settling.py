"""The peace after a run: no more faults, no events, nobody at work; the schedule alone."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chalicelib.labelling.model import BUSY_LOOK, AssignmentState
from chalicelib.platform.clock import moment
from tests.simulation import dynamodb
from tests.simulation.curators import Curators
from tests.simulation.lambdas import Lambdas
from tests.simulation.plan import Action
from tests.simulation.stage import Stage

ROUNDS: Final = 200
"""Sweeps within which everything must settle."""
SOON: Final = timedelta(minutes=5)
"""A deadline of labelling that is further away than that is a lease, and nothing waits for it."""
_WANTING: Final = frozenset({"waiting", "awaiting_senior"})


@dataclass
class Peace:
    """The schedule must bring everything to its end by itself."""

    stage: Stage
    lambdas: Lambdas
    curators: Curators
    step: Callable[[Action], None]
    rounds: int = 0

    def settle(self) -> bool:
        """Whether the deadlines ran out of work within `ROUNDS`."""
        self.stage.set_clock_right()
        self.lambdas.events.clear()
        self.lambdas.messages.clear()
        self._quiet()
        self.curators.prove_again()
        self.stage.clock.advance(seconds=BUSY_LOOK.total_seconds() + 1)
        return self._quiet()

    def _quiet(self) -> bool:
        """Sweep at each deadline, until nothing is unfinished but what waits for people."""
        while self.rounds < ROUNDS:
            deadline = min(self._deadlines(), default=None)
            if deadline is None:
                return True
            self.rounds += 1
            self.stage.clock.moment = max(self.stage.clock.now(), deadline) + timedelta(seconds=1)
            self.step(Action.SWEEP)
            while self.lambdas.ready:
                self.step(Action.DELIVER_MESSAGES)
        return False

    def _deadlines(self) -> Iterator[datetime]:
        """Of what is unfinished: not of leases, nor of cases that wait for a reader."""
        settings, now = self.stage.platform.settings, self.stage.clock.now()
        for item in dynamodb.rows(settings.table_cases):
            if "due_at" in item:
                yield moment(item["due_at"]["S"])
        for item in dynamodb.rows(settings.table_labelling):
            if "due_at" not in item:
                continue
            at, state = moment(item["due_at"]["S"]), item["state"]["S"]
            waits = state in _WANTING or state == AssignmentState.OPEN
            if at <= now or (not waits and at <= now + SOON):
                yield at
