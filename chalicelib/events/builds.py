"""The queue of builds says that a dataset is to be previewed, or that a release goes on."""

from functools import partial
from typing import Any

from chalicelib.datasets.releases import building
from chalicelib.datasets.selection.previewing import preview
from chalicelib.events.messages import handled
from chalicelib.platform.metrics import metered
from chalicelib.platform.runtime import Platform


@metered("build_release")
def wanted(platform: Platform, event: dict[str, Any]) -> dict[str, Any]:
    """Handle each message of the queue; names those that must come again."""
    return handled(event, partial(_handle, platform))


def _handle(platform: Platform, message: Any) -> None:
    match message:
        case {"release_id": str(release_id), "shard": str(shard)}:
            building.build(platform, release_id, int(shard))
        case {"release_id": str(release_id)}:
            building.drive_on(platform, release_id)
        case {"preview": str(code)}:
            preview(platform, code)
        case _:
            raise ValueError("a message that names no preview and no release")
