"""What all who are outside have in common: they ask, and remember what they were answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID

from tests.asking import Answered, ask
from tests.simulation.history import History
from tests.simulation.lambdas import Lambdas
from tests.simulation.stage import Stage
from tests.world import WorkerDied


@dataclass
class Outside:
    """Somebody outside. Each public method is one thing he does; None where there was nothing to do."""

    stage: Stage
    history: History
    lambdas: Lambdas

    def answer(self, method: str, path: str, **request: Any) -> Answered | None:
        """The answer, or None where the function died before it gave one."""
        try:
            return ask(method, path, **request)
        except WorkerDied:
            return None

    def did(self, caller: Mapping[str, str], act: str, on: str) -> None:
        self.history.acknowledged[caller["account_id"], act, on] += 1


def outcome(answer: Answered | None) -> str:
    if answer is None:
        return "no answer"
    return f"{answer.status} {answer.body['error']['code'] if answer.status >= 400 else ''}"


def new_key(draw: Random) -> str:
    return str(UUID(int=draw.getrandbits(128)))
