"""Lesions apart from their surveys: opening one, placing it on the body."""

from collections.abc import Mapping
from typing import Any

from chalicelib.patients import service
from chalicelib.patients.choices import Site
from chalicelib.patients.lesion_store import LesionStore, Refused
from chalicelib.patients.model import Lesion, Patient
from chalicelib.patients.spot import Spot
from chalicelib.people.model import Caller
from chalicelib.platform.errors import NotFound, idempotency_conflict
from chalicelib.platform.runtime import Platform


def open_lesion(
    platform: Platform,
    *,
    caller: Caller,
    patient_id: str,
    lesion_id: str,
    site: Site,
    note: str | None,
    spot: Spot | None = None,
) -> Lesion:
    """A new lesion of a known patient, without a survey yet. Two calls to AWS.

    A repetition gets the same lesion. Raises `NotFound`, and `Conflict` when the repetition asks
    for something else.
    """
    known = service.patient(platform, caller, patient_id)
    return add_lesion(
        platform,
        known,
        asked_of=patient_id,
        by=caller.account_id,
        lesion_id=lesion_id,
        site=site,
        note=note,
        spot=spot,
    )


def add_lesion(
    platform: Platform,
    known: Patient,
    *,
    asked_of: str,
    by: str,
    lesion_id: str,
    site: Site,
    note: str | None = None,
    name: str | None = None,
    spot: Spot | None = None,
) -> Lesion:
    """A new lesion of this patient, whoever may add one. One call to AWS.

    `asked_of` is the id by which the request knows him: it stays the same when he is merged. Raises
    `Conflict` when a repetition asks for something else.
    """
    asked = (site, note or "", name or "", repr(spot))
    new = Lesion(
        lesion_id=lesion_id,
        patient_id=known.patient_id,
        clinic_id=known.clinic_id,
        site=site,
        sex=known.sex,
        birth_year=known.birth_year,
        note=note or None,
        name=name or None,
        spot=spot,
        created_at=platform.clock.now(),
        created_by=by,
        codes=known.codes,
        fingerprint=platform.ids.digest("lesion", asked_of, *asked).hex(),
    )
    try:
        return LesionStore(platform.cases).create(new)
    except Refused:
        raise idempotency_conflict() from None


def change_lesion(
    platform: Platform, *, caller: Caller, lesion_id: str, values: Mapping[str, Any]
) -> Lesion:
    """Give a lesion of the caller's clinic another spot or note, as its item has them; None takes it away.

    Two calls to AWS. Raises `NotFound`, `BeingMerged`.
    """
    found = service.own_lesion(platform, caller, lesion_id)
    return rename_lesion(platform, found, values)


def rename_lesion(platform: Platform, lesion: Lesion, values: Mapping[str, Any]) -> Lesion:
    """Give a lesion other values that are not of an examination. One call to AWS.

    Raises `NotFound` when it is gone meanwhile, `BeingMerged`.
    """
    try:
        return LesionStore(platform.cases).rename(
            lesion.lesion_id, patient_id=lesion.patient_id, values=values
        )
    except Refused:
        raise NotFound from None
