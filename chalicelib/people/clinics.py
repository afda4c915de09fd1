"""A clinic is renamed, closed or reopened. Closing takes its doctors' rights in the one write that says so:
whoever admits them looks at the clinic."""

from dataclasses import replace

from chalicelib.people import refusals
from chalicelib.people.model import Clinic
from chalicelib.people.store import ATTEMPTS, PeopleStore
from chalicelib.platform.errors import NotFound
from chalicelib.platform.language import Text
from chalicelib.platform.runtime import Platform
from chalicelib.platform.table import ConditionFailed


def change_clinic(
    platform: Platform, clinic_id: str, *, name: Text | None, city: str | None, closed: bool | None
) -> Clinic:
    """Rename, close or reopen a clinic; None leaves what is. Raises `NotFound` and `Conflict`."""
    store = PeopleStore(platform.people)
    for _ in range(ATTEMPTS):
        before = store.clinic(clinic_id)
        if before is None:
            raise NotFound
        after = replace(
            before,
            name=before.name if name is None else name,
            city=before.city if city is None else city,
            closed=before.closed if closed is None else closed,
        )
        try:
            return store.save_clinic(before, after)
        except ConditionFailed:
            continue
    raise refusals.clinic_changed_meanwhile()
