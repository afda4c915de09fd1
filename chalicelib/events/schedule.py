"""The schedule says that it is time to look for what is overdue."""

from functools import partial
from typing import Any

from chalicelib.events.models import classifier
from chalicelib.platform.metrics import metered
from chalicelib.platform.runtime import Platform
from chalicelib.sweep import sweep


@metered("sweep")
def tick(platform: Platform, event: dict[str, Any]) -> None:
    """Drive on what is overdue."""
    trace = str(event.get("id", ""))
    sweep(platform, partial(classifier, platform), trace=trace)
