"""What the sweep does with previews and releases that are overdue: their message is sent once more.

The work itself is for the function of builds, which has the time and the memory for it.
"""

from contextlib import suppress

from chalicelib.datasets.releases.anew import send
from chalicelib.datasets.releases.model import GOES_ON_AFTER
from chalicelib.datasets.releases.store import LostStep, ReleaseStore, read_release
from chalicelib.platform import due, keys
from chalicelib.platform.due import overdue_at
from chalicelib.platform.runtime import Platform
from chalicelib.platform.table import Change, ConditionFailed, Item


def drive_on_release(platform: Platform, item: Item) -> None:
    """Let a worker go on with a release; the next look is later each time."""
    release, now = read_release(item), platform.clock.now()
    with suppress(LostStep):  # the index lags: it has gone on meanwhile
        ReleaseStore(platform.catalogue).postpone(release, now=now)
        send(platform, release.release_id)


def drive_on_preview(platform: Platform, item: Item) -> None:
    """Let a worker compute a preview whose message was lost."""
    code, now = str(item["pk"]).partition("#")[2], platform.clock.now()
    key = keys.preview(code)
    later = Change(set=due.due(key, now + GOES_ON_AFTER))
    with suppress(ConditionFailed):
        platform.catalogue.update(key, later, when=overdue_at(now))
        platform.builds_queue.send({"preview": code})
