"""How long a reading takes on the local stack, with 100 and with 20,000 cases in its tables.

Two stacks take turns, each its own process, spoken to over HTTP. A reader gets his hand and says what
one image of it shows; between two such rounds there is a pause, in which his next case is found.
Beside them stands the same reader's own account, a request of the same stack with two reads and one
write.
"""

import io
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout
from statistics import median
from time import perf_counter, sleep
from typing import Any, Final
from unittest.mock import patch

import httpx

from benchmarks.table import Row
from chalicelib.labelling import driving
from tests.labelling.making import classified_image, hand_of
from tests.labelling.reading import hired
from tests.stack import RunningStack, started
from tests.world import new_world

FEW, MANY = 100, 20_000
FLAT: Final = 1.25
MILLISECONDS: Final = 25.0
"""Of the processor, which other work on the machine does not change."""
BESIDE_ACCOUNT: Final = 3.5
BUDGETS: Final = {"reading": 4, "hand": 2}
ROUNDS: Final = 60
WARMING: Final = 6
PAUSE: Final = 0.4
"""Seconds in which a reader's next case is found for him; he looks at an image for longer."""
READERS: Final = ("expert1", "expert2", "expert3")
HAND: Final = "/api/v1/labelling/assignments"
START_SECONDS: Final = 300.0
SAID: Final = {
    "diagnosis": "nevus",
    "differential": ["melanoma"],
    "confidence": 4,
    "outline": [[0.2, 0.2], [0.8, 0.25], [0.7, 0.8], [0.3, 0.7]],
    "comment": "Regular network",
    "seconds": 21.5,
}


def rows() -> list[Row]:
    """Medians with many cases beside few, of the processor too, and AWS calls."""
    with _stack(FEW) as few, _stack(MANY) as many:
        took = _taking_turns({FEW: few, MANY: many})
    counted = _counted()
    wall = {name: median(each.wall for each in asked) for name, asked in took.items()}
    processor = min(each.processor for each in took["reading", MANY])
    return [
        *(
            Row(f"{name}, {MANY:,} cases / {FEW}", wall[name, MANY], wall[name, FEW], "ms", FLAT)
            for name in BUDGETS
        ),
        Row("reading / own account", wall["reading", MANY], wall["account", MANY], "ms",
            BESIDE_ACCOUNT),
        Row("reading, processor, undisturbed", processor, None, "ms", MILLISECONDS),
        *(
            Row(f"AWS calls, {name}", counted[name], None, "calls", bound)
            for name, bound in BUDGETS.items()
        ),
    ]  # fmt: skip


class Took:
    """One request: milliseconds until its answer, and of the processor in the stack."""

    def __init__(self, wall: float, answer: httpx.Response) -> None:
        answer.raise_for_status()
        self.wall, self.answer = wall, answer
        self.processor = float(answer.headers["Server-Timing"].rpartition("=")[2])


def _taking_turns(stacks: dict[int, RunningStack]) -> dict[tuple[str, int], list[Took]]:
    """What each request took, by its name and the number of cases."""
    took: dict[tuple[str, int], list[Took]] = defaultdict(list)
    for number in range(WARMING + ROUNDS):
        for cases, stack in stacks.items():
            reader = stack.sign_in(READERS[number % len(READERS)])
            round_ = {"hand": _timed(reader, "GET", HAND)}
            assignment = round_["hand"].answer.json()["items"][0]["assignment_id"]
            round_["reading"] = _timed(reader, "POST", f"{HAND}/{assignment}/reading", json=SAID)
            round_["account"] = _timed(reader, "GET", "/api/v1/account")
            if number >= WARMING:
                for name, one in round_.items():
                    took[name, cases].append(one)
            sleep(PAUSE)
    return took


def _timed(reader: httpx.Client, method: str, path: str, **asked: Any) -> Took:
    began = perf_counter()
    answer = reader.request(method, path, **asked)
    return Took(1000 * (perf_counter() - began), answer)


@contextmanager
def _stack(cases: int) -> Iterator[RunningStack]:
    """The local stack with so many cases in its tables."""
    command = [sys.executable, "-m", "benchmarks.labelled_stack", str(cases)]
    stack = started(command, START_SECONDS)
    try:
        yield stack
    finally:
        stack.stop()
        stack.output.reader.join()


def _counted() -> dict[str, int]:
    """AWS calls of a hand and of a reading, authorizer not counted, audit included."""
    served = "chalicelib.platform.http.routes.platform"
    with ExitStack() as block:
        world = block.enter_context(new_world())
        block.enter_context(patch(served, lambda: world.platform))
        block.enter_context(redirect_stdout(io.StringIO()))  # a reading tells its time there
        one, _ = hired(world, "expert1"), hired(world, "expert2")
        driving.assign_case(world.platform, classified_image(world, "image1"))
        (held,) = hand_of(world, one.account_id)
        with world.counted() as calls:
            assert one.hand().status == 200
            counted = {"hand": calls.total()}
        with world.counted() as calls:
            assert one.read(held.assignment_id).status == 201
            counted["reading"] = calls.total()
    return counted
