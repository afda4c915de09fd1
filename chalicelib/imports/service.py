"""What curators do with archives: open an import, add its images, see how far they are."""

import json
from dataclasses import asdict
from typing import Final

from chalicelib.images import slots as images
from chalicelib.images.model import Image, Progress, State, Subject
from chalicelib.images.quota import MOST_OF_A_CURATOR, take_place
from chalicelib.images.slots import Slot
from chalicelib.images.store import ImageStore
from chalicelib.imports.model import DerivedIds, Import, Told, derive
from chalicelib.imports.store import ImportStore, Withdrawn
from chalicelib.people.model import Caller
from chalicelib.platform.clock import timestamp
from chalicelib.platform.errors import (
    NOT_YET,
    Conflict,
    Invalid,
    NotFound,
    idempotency_conflict,
)
from chalicelib.platform.language import Text
from chalicelib.platform.runtime import Platform

IMPORTED_OTHERWISE: Final = Text(
    "Снимок с этим внешним номером уже импортирован с другими данными. "
    "Проверьте номер снимка или оставьте прежние данные.",
    "The image with this external id was imported with other data already. "
    "Check the image's id, or keep the data as they were.",
)
WITHDRAWN: Final = Text(
    "Этот снимок отозван и больше не принимается. Исключите его из архива.",
    "This image was withdrawn and is not taken again. Leave it out of the archive.",
)


def open_import(
    platform: Platform,
    *,
    caller: Caller,
    import_id: str,
    name: str,
    legal_basis: str,
    licence: str,
    attribution: str,
) -> Import:
    """Open an import. One call to AWS.

    A repetition (`import_id` comes from the Idempotency-Key) gets the same import. Raises
    `Conflict` when the repetition says something else.
    """
    said = (name, legal_basis, licence, attribution)
    new = Import(
        import_id=import_id,
        name=name,
        legal_basis=legal_basis,
        licence=licence,
        attribution=attribution,
        created_at=platform.clock.now(),
        created_by=caller.account_id,
        fingerprint=platform.ids.digest("import", *said).hex(),
    )
    there = ImportStore(platform.cases).create(new)
    if there.fingerprint != new.fingerprint:
        raise idempotency_conflict()
    return there


def list_imports(
    platform: Platform, *, limit: int, cursor: str | None
) -> tuple[list[Import], str | None]:
    """A page of the imports, the latest first, and the cursor of the next page.

    Raises `Invalid` for a cursor of another list.
    """
    start = platform.cursors.open(cursor, scope="imports")
    page, last = ImportStore(platform.cases).list(limit=limit, start=start)
    return page, platform.cursors.seal(last, scope="imports")


def view_import(platform: Platform, *, caller: Caller, import_id: str) -> Import:
    """An import within reach. One call to AWS. Raises `NotFound`."""
    found = ImportStore(platform.cases).get(import_id)
    if found is None or not caller.reaches_clinic(found.clinic_id):
        raise NotFound
    return found


def list_images(
    platform: Platform, *, caller: Caller, import_id: str, limit: int, cursor: str | None
) -> tuple[list[Progress], str | None]:
    """A page of how an import's images stand, the oldest first, and the cursor of the next page. Two calls.

    Raises `NotFound`, and `Invalid` for a cursor of another list.
    """
    source = view_import(platform, caller=caller, import_id=import_id)
    scope = f"images {source.clinic_id}"
    start = platform.cursors.open(cursor, scope=scope)
    page, last = ImageStore(platform.cases).states_of_clinic(
        source.clinic_id, limit=limit, start=start
    )
    return page, platform.cursors.seal(last, scope=scope)


def add_image(
    platform: Platform, *, caller: Caller, import_id: str, told: Told, trace: str
) -> Slot:
    """Enter one image of an archive and open its slot. Five calls to AWS.

    Its id comes from the import and the archive's own id, so a repetition gets the same image in
    the state it has by now; one that was abandoned is awaited again, for a sixth call. Raises
    `NotFound` for an import out of reach, `TooMany` while too many images await their files,
    `Invalid` for a date in the future, and `Conflict` when the image was entered with other data,
    or withdrawn.
    """
    _require_past(platform, told)
    source = view_import(platform, caller=caller, import_id=import_id)
    ids = derive(platform.ids, import_id, told.external)
    take_place(platform, caller.account_id, ids.image_id, most=MOST_OF_A_CURATOR)
    now = platform.clock.now()
    try:
        ImportStore(platform.cases).enter_patient_and_lesion(
            import_id, ids, told, by=caller.account_id, at=now
        )
    except Withdrawn:
        raise Conflict("withdrawn", WITHDRAWN) from None
    image = _image(platform, caller, source, ids, told, trace)
    slot = images.put_slot(platform, image)
    if slot.image.state is State.WITHDRAWN:
        raise Conflict("withdrawn", WITHDRAWN)
    if slot.image.fingerprint != image.fingerprint:
        raise Conflict("imported_otherwise", IMPORTED_OTHERWISE)
    if slot.image.state is State.ABANDONED:
        return images.reopen_slot(platform, slot.image)
    return slot


def _require_past(platform: Platform, told: Told) -> None:
    images.require_taken(platform, told.capture)
    examined_on = told.survey.get("examined_on")
    if examined_on is not None and examined_on > platform.today().isoformat():
        raise Invalid({"survey.examined_on": NOT_YET})


def _image(
    platform: Platform, caller: Caller, source: Import, ids: DerivedIds, told: Told, trace: str
) -> Image:
    now = platform.clock.now()
    return Image(
        image_id=ids.image_id,
        lesion_id=ids.lesion_id,
        patient_id=ids.patient_id,
        clinic_id=source.clinic_id,
        uploaded_by=caller.account_id,
        kind=told.kind,
        state=State.AWAITING_UPLOAD,
        created_at=now,
        declared=told.declared,
        subject=Subject(
            site=told.survey.get("site"),
            age=told.survey.get("age"),
            sex=told.survey.get("sex"),
        ),
        capture=told.capture,
        fingerprint=_fingerprint(platform, told),
        history=({"state": State.AWAITING_UPLOAD.value, "at": timestamp(now)},),
        label=told.label.verdict() if told.label else None,
        to_labelling=told.to_labelling,
        trace=trace,
        source={
            "import_id": source.import_id,
            "external_image_id": told.external.image,
            "external_lesion_id": told.external.lesion,
            "external_patient_id": told.external.patient,
            "survey": dict(told.survey),
        },
    )


def _fingerprint(platform: Platform, told: Told) -> str:
    """Keyed, since external ids are in it."""
    said = json.dumps(asdict(told), sort_keys=True)
    return platform.ids.digest("imported-image", said).hex()
