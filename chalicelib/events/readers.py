"""The labelling queue says that an image waits for readers, that a case goes on, that a reader has room, or
that histology says something new of a lesion's images."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from chalicelib.events.messages import handled
from chalicelib.histology import spreading
from chalicelib.labelling import driving, finding
from chalicelib.labelling.reading import Point
from chalicelib.platform import logging
from chalicelib.platform.metrics import metered
from chalicelib.platform.runtime import Platform


@metered("assign_reader")
def wanted(platform: Platform, event: dict[str, Any]) -> dict[str, Any]:
    """Handle each message of the labelling queue; names those that must come again."""
    return handled(event, partial(_handle, platform))


def _handle(platform: Platform, message: Any) -> None:
    match message:
        case {"image_id": str(image_id)}:
            trace = message.get("trace")
            logging.follow(trace if isinstance(trace, str) else "")
            driving.assign_case(platform, image_id, merge)
        case {"case_id": str(image_id)}:
            driving.settle(platform, image_id, merge)
        case {"histology_id": str(histology_id)}:
            spreading.spread(platform, histology_id)
        case {"reader_id": str(account_id)}:
            finding.fill_hand(platform, account_id)
        case _:
            raise ValueError("a message that names no image, case, result or reader")


def merge(outlines: Sequence[Sequence[Point]], *, aspect: float) -> list[list[float]]:
    """Make one outline of several. Its numeric package is loaded when the first ones are merged."""
    from chalicelib.labelling.merging_outlines import merged

    return merged(outlines, aspect=aspect)
