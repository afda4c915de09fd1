"""What will be tried, decided before anything runs: a list of steps, each with a chance of its own.

A step left out changes no other step's draws, so that a failing history can be made shorter.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, auto
from random import Random
from typing import Final

from tests.simulation.faults import Fault


class Action(StrEnum):
    ARRIVE = auto()
    ENTER_SURVEY = auto()
    OPEN_SLOT = auto()
    REPEAT_REQUEST = auto()
    CHANGE_REQUEST = auto()
    RENEW_SLOT = auto()
    UPLOAD = auto()
    OVERWRITE = auto()
    LOOK = auto()
    CORRECT_SURVEY = auto()
    READ_HAND = auto()
    READ = auto()
    REPEAT_READING = auto()
    UNDO = auto()
    DECLINE = auto()
    RENEW_LEASE = auto()
    RISE = auto()
    PROVE = auto()
    MAKE_GOLD = auto()
    LOOK_AT_CASE = auto()
    DELIVER_EVENT = auto()
    COPY_EVENT = auto()
    LOSE_EVENT = auto()
    DELIVER_MESSAGES = auto()
    COPY_MESSAGE = auto()
    LOSE_MESSAGE = auto()
    ASK_FOR_CASES = auto()
    SWEEP = auto()
    SEAL = auto()
    WAIT = auto()
    WAIT_LONG = auto()
    SET_CLOCK_BACK = auto()


WEIGHTS: Final[Mapping[Action, float]] = {
    Action.ENTER_SURVEY: 0.5,
    Action.OPEN_SLOT: 1.0,
    Action.REPEAT_REQUEST: 0.5,
    Action.CHANGE_REQUEST: 0.1,
    Action.RENEW_SLOT: 0.15,
    Action.UPLOAD: 1.1,
    Action.OVERWRITE: 0.15,
    Action.LOOK: 0.25,
    Action.CORRECT_SURVEY: 0.05,
    Action.READ_HAND: 0.3,
    Action.READ: 1.2,
    Action.REPEAT_READING: 0.15,
    Action.UNDO: 0.15,
    Action.DECLINE: 0.06,
    Action.RENEW_LEASE: 0.04,
    Action.RISE: 0.02,
    Action.PROVE: 0.06,
    Action.MAKE_GOLD: 0.06,
    Action.LOOK_AT_CASE: 0.06,
    Action.DELIVER_EVENT: 2.3,
    Action.COPY_EVENT: 0.7,
    Action.LOSE_EVENT: 0.12,
    Action.DELIVER_MESSAGES: 1.2,
    Action.COPY_MESSAGE: 0.4,
    Action.LOSE_MESSAGE: 0.1,
    Action.ASK_FOR_CASES: 0.08,
    Action.SWEEP: 0.7,
    Action.SEAL: 0.1,
    Action.WAIT: 1.2,
    Action.WAIT_LONG: 0.02,
    Action.SET_CLOCK_BACK: 0.02,
}
"""How many steps of each kind there are for each image."""

LABELLING: Final[Mapping[Action, float]] = {
    Action.ARRIVE: 1.0,
    Action.READ_HAND: 1.0,
    Action.READ: 4.0,
    Action.REPEAT_READING: 1.0,
    Action.UNDO: 1.5,
    Action.DECLINE: 0.4,
    Action.RENEW_LEASE: 0.4,
    Action.RISE: 0.1,
    Action.PROVE: 0.3,
    Action.MAKE_GOLD: 0.4,
    Action.LOOK_AT_CASE: 0.3,
    Action.DELIVER_MESSAGES: 3.0,
    Action.COPY_MESSAGE: 0.5,
    Action.LOSE_MESSAGE: 0.2,
    Action.ASK_FOR_CASES: 0.6,
    Action.SWEEP: 1.5,
    Action.WAIT: 3.0,
    Action.WAIT_LONG: 0.2,
    Action.SET_CLOCK_BACK: 0.05,
}
"""The same where images come classified, and people read more than anything else."""

_FAULTS: Final[Mapping[Fault, int]] = {
    Fault.DIES_BEFORE: 2,
    Fault.DIES_AFTER: 3,
    Fault.REPLY_LOST: 2,
    Fault.REPLY_LOST_ONCE: 3,
    Fault.THROTTLED: 2,
    Fault.FAILED: 1,
    Fault.PAUSED: 4,
}
_CALLS: Final[Mapping[Action, range]] = {
    Action.DELIVER_MESSAGES: range(40),
    Action.SWEEP: range(8, 56),  # it begins with 16 queries, which change nothing
    **dict.fromkeys((Action.ENTER_SURVEY, Action.OPEN_SLOT), range(8)),
    **dict.fromkeys(
        (Action.READ, Action.REPEAT_READING, Action.UNDO, Action.DECLINE, Action.RENEW_LEASE),
        range(5),
    ),
}
_OTHER_CALLS: Final = range(14)
"""Which calls of an invocation faults meet; few make more."""


@dataclass(frozen=True)
class Step:
    action: Action
    chance: int
    """Seed of everything that is drawn within the step."""

    def __str__(self) -> str:
        return f"{self.action}/{self.chance}"


def plan(seed: int, images: int, weights: Mapping[Action, float] = WEIGHTS) -> list[Step]:
    """The steps of a run with about so many images: the same for the same seed."""
    draw = Random(seed)
    total = round(images * sum(weights.values()))
    actions = draw.choices(list(weights), weights=list(weights.values()), k=total)
    return [
        Step(next(iter(weights)), draw.getrandbits(40)),
        *(Step(action, draw.getrandbits(40)) for action in actions),
    ]


def faults(action: Action, draw: Random) -> Mapping[int, Fault]:
    """What meets one invocation: mostly nothing, often one fault, at times a whole outage."""
    lot = draw.random()
    if lot < 0.62:
        return {}
    if lot > 0.98:
        outage = draw.choice([Fault.THROTTLED, Fault.FAILED, Fault.REPLY_LOST])
        return dict.fromkeys(range(200), outage)
    kinds, weights = list(_FAULTS), list(_FAULTS.values())
    calls = _CALLS.get(action, _OTHER_CALLS)
    return {
        draw.choice(calls): draw.choices(kinds, weights=weights)[0]
        for _ in range(1 if lot < 0.9 else 2)
    }
