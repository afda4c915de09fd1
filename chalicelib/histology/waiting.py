"""Lesions whose survey asked for histology, and which have none yet."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.patients.intake import require_clinic
from chalicelib.patients.items import read_lesion
from chalicelib.patients.model import Lesion, RecordedSurvey
from chalicelib.patients.result_store import OVERDUE_AFTER, ResultStore
from chalicelib.people.model import Caller
from chalicelib.platform.announcing import Happening, announce
from chalicelib.platform.metrics import count
from chalicelib.platform.runtime import Platform
from chalicelib.platform.table import Item


@dataclass(frozen=True)
class Waiting:
    """A lesion that waits for histology, and the survey that asked first."""

    lesion: Lesion
    survey: RecordedSurvey
    days: int
    """Whole days since it was asked for."""
    is_overdue: bool


def due(
    platform: Platform, *, caller: Caller, limit: int, cursor: str | None
) -> tuple[list[Waiting], str | None]:
    """A page of the caller's clinic, who asked first coming first, and the cursor of the next page.
    One call to AWS. A page may be shorter than `limit` although others follow.

    Raises `Invalid` for a cursor of another list, `Forbidden` for a caller without a clinic.
    """
    clinic_id = require_clinic(caller)
    scope = f"histology due {clinic_id}"
    start = platform.cursors.open(cursor, scope=scope)
    lesions, last = ResultStore(platform.cases).waiting_of_clinic(
        clinic_id, limit=limit, start=start
    )
    now = platform.clock.now()
    page = [
        _waiting(lesion, survey, now)
        for lesion in lesions
        if (survey := lesion.awaits_histology) is not None
    ]
    return page, platform.cursors.seal(last, scope=scope)


def _waiting(lesion: Lesion, survey: RecordedSurvey, now: datetime) -> Waiting:
    waited = now - survey.created_at
    return Waiting(lesion, survey, max(0, waited.days), waited >= OVERDUE_AFTER)


def notice_overdue(platform: Platform, item: Item) -> None:
    """What the sweep does with a lesion that has waited for histology too long.

    This is the one place where a lesion becomes overdue. It is so once for each asking; a crash here
    makes it twice, never not at all.
    """
    results = ResultStore(platform.cases)
    lesion = read_lesion(item)
    asked = lesion.awaits_histology
    if asked is None:
        results.tidy(lesion.lesion_id)
        return
    count("HistologyOverdue")
    announce(platform, Happening.HISTOLOGY_DUE, lesion.lesion_id, revision=asked.suffix)
    results.called_overdue(item)
