"""The schedule says that it is time to look for near-duplicates among new pictures."""

from functools import cache
from typing import Any

from chalicelib.duplicates.comparing import Memory, compare
from chalicelib.duplicates.matching import Gallery
from chalicelib.platform.metrics import metered
from chalicelib.platform.runtime import Platform


@cache
def memory(platform: Platform) -> Memory:
    """What this container knows of pictures."""
    return Memory(Gallery)


@metered("compare_pictures")
def tick(platform: Platform, event: dict[str, Any]) -> None:
    """Compare what is new with all that is known."""
    compare(platform, memory(platform))
