"""Promise 15: every act is in the audit trail, and its chain holds."""

from collections.abc import Iterator
from typing import Final

from chalicelib.images.model import State
from tests.simulation.evidence import Evidence

_ONCE: Final = {
    "survey.created",
    "image.slot_opened",
    "image.classified",
    "image.rejected",
}


def every_act_is_recorded(seen: Evidence) -> Iterator[str]:
    """Each act that was acknowledged has its record: exactly one where it is one act."""
    recorded = seen.tables.acts
    for (actor, act, on), times in seen.history.acknowledged.items():
        found = recorded[actor, act, on]
        if found < (1 if act in _ONCE else times):
            yield f"{actor} did {act} {times} times, recorded are {found}"
    for (actor, act, on), found in recorded.items():
        if act in _ONCE and found > 1:
            yield f"{actor}'s {act} of {on} is recorded {found} times"
    for image in seen.tables.images.values():
        if image.state in {State.ABANDONED, State.AWAITING_UPLOAD, State.RECEIVED}:
            continue
        end = State.REJECTED if image.state is State.REJECTED else State.CLASSIFIED
        if recorded["classify", f"image.{end}", image.image_id] != 1:
            yield f"image {image.image_id} is {end} without one record"


def the_chain_holds(seen: Evidence) -> Iterator[str]:
    """All records are sealed, and the chain of blocks verifies."""
    yield from seen.stage.platform.audit.verify()
    if seen.tables.unsealed:
        yield f"{seen.tables.unsealed} records are not sealed"
