"""The queue of evaluations says that the report of a test is wanted."""

from functools import partial
from typing import Any

from chalicelib.classification import calibrations
from chalicelib.documents import report as documents
from chalicelib.evaluation import computing, report
from chalicelib.events.messages import handled
from chalicelib.platform.metrics import metered
from chalicelib.platform.runtime import Platform


@metered("evaluate")
def wanted(platform: Platform, event: dict[str, Any]) -> dict[str, Any]:
    """Handle each message of the queue; names those that must come again."""
    return handled(event, partial(_handle, platform))


def _handle(platform: Platform, message: Any) -> None:
    match message:
        case {"evaluation_id": str(evaluation_id)}:
            computing.compute(
                platform,
                evaluation_id,
                figures=report.compute,
                pdf=documents.pdf,
                admit=calibrations.admit_by,
            )
        case _:
            raise ValueError("a message that names no test")
