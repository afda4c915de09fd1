"""What happened, told to whoever asked to be told of it: one message in the queue of webhooks.

A part that announces knows nothing of who listens. The message names the event and what it is about
by ids alone; `webhooks` finds the receivers, and each of them asks the API for the rest.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Self

from chalicelib.platform import logging
from chalicelib.platform.clock import timestamp
from chalicelib.platform.runtime import Platform


class Happening(StrEnum):
    """What others may be told of; the value is the event's type in its webhook."""

    LABEL_COMPLETED = "label.completed"
    """An image has its verdict: a label, or a dispute that stays one."""
    ARBITRATION_NEEDED = "arbitration.needed"
    """Two readings disagree, and a senior expert is looked for."""
    HISTOLOGY_DUE = "histology.due"
    """A lesion's survey asked for histology, and none has come."""
    QUESTION_OVERDUE = "question.overdue"
    """A patient's question has no answer although its time is over; told each day for a while."""
    NO_READER_LEFT = "readers.none_left"
    """Nobody is left who may read an image."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing that happened. `subject_id` is an image, a lesion for `histology.due`, a question for
    `question.overdue`."""

    happening: str
    subject_id: str
    event_id: str
    at: str
    """When it was announced, as `timestamp` writes it."""
    trace: str = ""

    @classmethod
    def read(cls, message: Mapping[str, str]) -> Self:
        """The inverse of `message`. Raises `ValueError` for what is no event of ours."""
        told = {name: message.get(name, "") for name in cls.__dataclass_fields__}
        texts = all(isinstance(value, str) for value in told.values())
        if not texts or not all(told[name] for name in told if name != "trace"):
            raise ValueError("a message that names no event")
        return cls(**told)

    def message(self) -> dict[str, str]:
        """As it goes into the queue."""
        return {name: value for name, value in asdict(self).items() if value}


def announce(
    platform: Platform, happening: Happening, subject_id: str, *, revision: str = ""
) -> None:
    """Tell whoever asked for it that this happened. One call to AWS, also when nobody did.

    The event's id follows from what happened, to what and in which `revision`, so a step that is
    repeated announces the same event, and receivers know it for the same.
    """
    event_id = platform.ids.derived("webhook", happening.value, subject_id, revision)
    tell(platform, event_of(platform, happening.value, subject_id, event_id))


def event_of(platform: Platform, happening: str, subject_id: str, event_id: str) -> Event:
    """An event of now, under the trace of the work that brought it about."""
    return Event(
        happening=happening,
        subject_id=subject_id,
        event_id=event_id,
        at=timestamp(platform.clock.now()),
        trace=logging.current_trace(),
    )


def tell(platform: Platform, event: Event, **to: str) -> None:
    """Put an event into the queue; `to` says more of whom it is for."""
    platform.webhooks_queue.send({**event.message(), **to})
