"""`python -m benchmarks.labelled_stack CASES`: the local stack with so many cases in its tables.

One case of each state is made through the stores, with its image and its assignments; the others are
copies of them with ids of their own, put straight into moto. It says when it is ready, and stops, as
`python -m infra.local` does.
"""

import json
import os
import signal
import sys
from copy import copy
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from time import thread_time
from typing import Any, Final

from moto.dynamodb.models.dynamo_type import DynamoType, LimitedSizeDict

from benchmarks.meter import table_in_moto, typed_item
from chalicelib.images.model import State
from chalicelib.images.store import ImageStore
from chalicelib.labelling import driving
from chalicelib.labelling.assignment_store import AssignmentStore
from chalicelib.labelling.finding import fill_hand
from chalicelib.labelling.items import shard_of
from chalicelib.labelling.model import WAITING_LOOK, CaseState
from chalicelib.labelling.reading import UNDO, Reading
from chalicelib.labelling.store import CaseStore
from chalicelib.people.readers import readers
from chalicelib.platform import keys
from chalicelib.platform.clock import moment
from chalicelib.platform.due import due
from chalicelib.platform.lesion_classes import LesionClass
from chalicelib.platform.runtime import Platform, platform
from chalicelib.platform.table import Key, Table
from infra.local.__main__ import STOP
from infra.local.front import Front
from infra.local.ordered_moto import forget_order
from infra.local.stack import LocalStack
from infra.throttling import Rate
from tests.labelling.making import classified_image
from tests.world import FakeClock, World

STATES: Final = {
    CaseState.READING: 0.05,
    CaseState.AGREED: 0.64,
    CaseState.ARBITRATED: 0.17,
    CaseState.DISPUTED: 0.04,
}
"""Shares of all cases. Of the closed ones a quarter went to a senior and one in twenty stays disputed,
as in the second paper. The others wait for readers."""
LEAST_WAITING: Final = 50
"""So many wait however few cases there are, or readers would soon have nothing in hand."""
CLOSED_FOR: Final = timedelta(days=30)
SAID: Final = {
    CaseState.AGREED: ("nevus", "nevus"),
    CaseState.ARBITRATED: ("nevus", "melanoma", "melanoma"),
    CaseState.DISPUTED: ("nevus", "melanoma", "benign_keratosis"),
}
"""What the readers of a case say, one after another."""
PICTURES: Final = ("clean/", "thumbnails/")
REQUESTS_A_SECOND: Final = 1_000


def main() -> int:
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP)
    stack = LocalStack(0, print, requests=Rate(REQUESTS_A_SECOND, REQUESTS_A_SECOND))
    try:
        _tell_time()
        stack.start(fill=lambda: fill(platform(), int(sys.argv[1])))
        print(f"Rodinka is ready: {stack.url}/", flush=True)
        signal.sigwait(STOP)
    finally:
        stack.close()
    return 0


def _tell_time() -> None:
    """Let each answer tell what the processor spent on it, as `Server-Timing` (W3C) has it."""
    answer: Any = Front.__call__

    def timed(front: Front, environ: Any, start_response: Any) -> Any:
        began = thread_time()

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            took = 1000 * (thread_time() - began)
            return start_response(
                status, [*headers, ("Server-Timing", f"cpu;dur={took:.3f}")], *more
            )

        return answer(front, environ, start)

    patched: Any = Front
    patched.__call__ = timed


def fill(platform: Platform, cases: int) -> None:
    """Put so many cases into the tables of this process's stack, and fill the readers' hands."""
    left = cases
    for state, share in STATES.items():
        number = min(round(share * cases), max(0, left - LEAST_WAITING))
        _multiply(_pattern(platform, state), number)
        left -= number
    _multiply(_pattern(platform, CaseState.WAITING), left)
    for reader in readers(platform):
        fill_hand(platform, reader.account_id)


@dataclass(frozen=True)
class Pattern:
    """One case, and the items that stand for it."""

    ids: tuple[str, ...]
    """Every id that is its own: of image, lesion, patient, assignments, perhaps readers."""
    items: tuple[tuple[Any, Any], ...]
    """moto's table, and the item in it."""


def _pattern(platform: Platform, state: CaseState) -> Pattern:
    """A case that has come into this state, through the stores, by a clock of its own."""
    clock = FakeClock(platform.clock.now() - (CLOSED_FOR if state in SAID else timedelta()))
    then = replace(platform, clock=clock, draw=Random(1))
    image_id = f"pattern-{state}"
    classified_image(World(then, clock, {}), image_id)
    if state is CaseState.WAITING:
        _left_waiting(then, image_id)
    else:
        driving.assign_case(then, image_id)
    for said in SAID.get(state, ()):
        _read(then, image_id, LesionClass(said))
        clock.advance(seconds=UNDO.total_seconds() + 1)
        driving.settle(then, image_id)
    case = CaseStore(platform.labelling).get(image_id)
    assert case is not None
    assert case.state is state, case
    others = [slot.assignment_id for slot in case.slots.values()]
    # What lies in hands lies in those of other readers: each has room for a few.
    others += case.slots if state is CaseState.READING else ()
    held = [keys.assignment(account, slot.assignment_id) for account, slot in case.slots.items()]
    return Pattern(
        ids=(image_id, "lesion1", "patient1", *others),
        items=(
            _taken_out(platform.cases, keys.image(image_id)),
            *(_taken_out(platform.labelling, key) for key in (keys.case(image_id), *held)),
        ),
    )


def _left_waiting(platform: Platform, image_id: str) -> None:
    """Open a case that finds no reader."""
    images, now = ImageStore(platform.cases), platform.clock.now()
    case = replace(driving.case_of(platform, image_id), state=CaseState.WAITING)
    CaseStore(platform.labelling).open(case, due_at=now + WAITING_LOOK)
    image = images.get(image_id)
    assert image is not None
    images.step(image, State.IN_LABELLING, now=now)


def _read(platform: Platform, image_id: str, diagnosis: LesionClass) -> None:
    """Let the next reader of a case read it, as its request would, without telling the queue."""
    cases, assignments = CaseStore(platform.labelling), AssignmentStore(platform.labelling)
    case = cases.get(image_id)
    assert case is not None
    account, slot = next((a, s) for a, s in case.slots.items() if s.reading is None)
    told = Reading(reading_id=platform.ids.new(), diagnosis=diagnosis, at=platform.clock.now())
    held = assignments.submit(account, slot.assignment_id, told)
    assert held.reading is not None
    cases.note_reading(held, held.reading)


def _taken_out(table: Table, key: Key) -> tuple[Any, Any]:
    """An item; it is not there any more then, so that nothing happens to it."""
    stored = table_in_moto(table.name)
    return stored, stored.delete_item(*(DynamoType({"S": part}) for part in key))


def _multiply(pattern: Pattern, number: int) -> None:
    """Put so many cases like the pattern into the tables."""
    for copied in range(number):
        for table, item in pattern.items:
            twin = _twin(item, pattern.ids, f"-{copied:06}")
            table.items[twin.hash_key][twin.range_key] = twin
    for table, _ in pattern.items:
        forget_order(table)


def _twin(item: Any, ids: tuple[str, ...], suffix: str) -> Any:
    """The item with another end to these ids, in the parts of the indexes that belong to its key.

    Single values without such an id are the same objects; maps and lists may change in place.
    """
    text = json.dumps(typed_item(item))
    for own in ids:
        text = text.replace(own, own + suffix)
    for folder in PICTURES:  # there is one picture of all of them
        text = text.replace(f"{folder}{ids[0]}{suffix}", folder + ids[0])
    attributes: dict[str, Any] = _placed(json.loads(text))
    before = typed_item(item)
    changed = {
        name: DynamoType(value)
        for name, value in attributes.items()
        if value != before[name] or value.keys() & {"M", "L"}
    }
    twin = copy(item)
    twin.attrs = LimitedSizeDict(item.attrs | changed)
    twin.hash_key, twin.range_key = twin.attrs["pk"], twin.attrs["sk"]
    return twin


def _placed(item: dict[str, Any]) -> dict[str, Any]:
    for name in ("standing_shard", "wait_shard"):
        if name in item:
            listed, _, _ = item[name]["S"].partition("#")
            item[name] = {"S": f"{listed}#{shard_of(item['image_id']['S'])}"}
    if "due_at" in item:
        key = item["pk"]["S"], item["sk"]["S"]
        item["due_shard"] = {"S": due(key, moment(item["due_at"]["S"]))["due_shard"]}
    return item


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # everything is closed; taking apart what moto holds would take long
