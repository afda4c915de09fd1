"""The schedule says that it is time to compute how well readers agree, and what needs a human."""

from typing import Any

from chalicelib.labelling.figures import report
from chalicelib.labelling.measuring import measure
from chalicelib.oversight.counting import count_up
from chalicelib.platform.metrics import metered
from chalicelib.platform.runtime import Platform


@metered("measure_agreement")
def tick(platform: Platform, event: dict[str, Any]) -> None:
    """Count up the overview and compute the figures, where they are due; each also if the other fails.

    The overview first: it takes seconds, and must be there also when there are too many cases for figures.
    """
    try:
        count_up(platform)
    finally:
        measure(platform, report)
