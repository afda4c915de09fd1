"""Which cases are handed out first, and what a hand is made of."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from chalicelib.images.reasons import is_judged
from chalicelib.labelling.model import Case
from chalicelib.platform.lesion_classes import LesionClass

PATIENCE: Final = timedelta(days=14)
"""For how long a case without any danger or doubt may let others pass."""
NO_OPINION: Final = 0.5
"""The priority of a case that no model has judged."""


def priority(classification: Mapping[str, Any] | None) -> float:
    """How soon a case should be read, 0..1: danger or doubt, and most of all both.

    Danger is the model's probability of melanoma; doubt, one minus its largest probability. Taken
    as chances of two independent reasons to hurry: 1 − (1 − danger)(1 − doubt).
    """
    if classification is None or not is_judged(classification):
        return NO_OPINION
    probabilities: Mapping[str, float] = classification["probabilities"]
    danger = probabilities.get(LesionClass.MELANOMA.value, 0.0)
    doubt = 1 - max(probabilities.values())
    return min(1.0, max(0.0, 1 - (1 - danger) * (1 - doubt)))


def read_by(case: Case) -> datetime:
    """When the case should have found its readers; the earliest is handed out first.

    Every case comes to be the most urgent one in the end, so that none starves.
    """
    return case.created_at + PATIENCE * (1 - case.priority)


def half_by_urgency(waiting: Iterable[Case], room: int, draw: Random) -> list[Case]:
    """Choose cases for a hand with `room` places: half the most urgent, half at random.

    Early hand-out must not betray suspicion, so the hand is mixed and in random order.
    """
    ordered = sorted(waiting, key=read_by)
    urgent = ordered[: (room + 1) // 2]
    rest = ordered[len(urgent) :]
    hand = urgent + draw.sample(rest, min(len(rest), room - len(urgent)))
    return draw.sample(hand, len(hand))
