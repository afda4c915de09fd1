"""The schedule says that it is time to compute how well readers agree."""

from typing import Any

from chalicelib.labelling.figures import report
from chalicelib.labelling.measuring import measure
from chalicelib.platform.metrics import metered
from chalicelib.platform.runtime import Platform


@metered("measure_agreement")
def tick(platform: Platform, event: dict[str, Any]) -> None:
    """Compute the figures, if anything has changed and they are due."""
    measure(platform, report)
