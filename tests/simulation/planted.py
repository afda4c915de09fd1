"""Faults planted into the platform, one at a time, each with the check that must catch it.

Each is a mistake that somebody might well make. A campaign that lets one of them pass proves nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from unittest.mock import patch

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.classification import service as classification
from chalicelib.events import uploads
from chalicelib.images import service as images
from chalicelib.images.model import Image, State
from chalicelib.images.store import ImageStore
from chalicelib.labelling import routes
from chalicelib.labelling import service as labelling
from chalicelib.labelling.items import read_case
from chalicelib.labelling.model import Case
from chalicelib.labelling.store import AssignmentStore, CaseStore
from chalicelib.patients.store import Contended, PatientStore
from chalicelib.platform import keys
from chalicelib.platform.audit import Audit
from chalicelib.platform.due import ATTRIBUTES as DUE
from chalicelib.platform.http.routes import Call
from chalicelib.platform.objects import ObjectStore
from chalicelib.platform.table import PRESENT, Change, Table
from tests import pictures
from tests.simulation import stage

AWS_FAILED: Final = (ClientError, BotoCoreError)


@dataclass(frozen=True)
class Planted:
    """What is wrong, where it is planted, and the check that must say so."""

    what: str
    target: str
    value: Any
    caught_by: str

    def __str__(self) -> str:
        return self.what.replace(" ", "-")

    def grow(self) -> Any:
        """A context in which the platform has this fault."""
        return patch(self.target, self.value)


def _wrapped(original: Callable[..., Any], wrapper: Callable[..., Any]) -> Callable[..., Any]:
    def wrapped(*args: Any, **more: Any) -> Any:
        return wrapper(original, *args, **more)

    return wrapped


# --- the intake -----------------------------------------------------------------------------------


def _unconditional(original: Any, self: ImageStore, key: Any, change: Change, _: Any) -> Any:
    return original(self, key, change, PRESENT)


def _step_anyhow(original: Any, self: ImageStore, image: Image, to: State, **how: Any) -> Any:
    with patch.object(ImageStore, "_update", _wrapped(ImageStore._update, _unconditional)):
        return original(self, image, to, **how)


def _pin_anyhow(original: Any, self: ImageStore, image_id: str, version: str, **how: Any) -> Any:
    with patch.object(ImageStore, "_update", _wrapped(ImageStore._update, _unconditional)):
        return original(self, image_id, version, **how)


def _latest_version(original: Any, self: ObjectStore, key: str, **_: Any) -> Any:
    return original(self, key)


def _first_record(original: Any, platform: Any, event: Mapping[str, Any]) -> None:
    original(platform, {"Records": event["Records"][:1]})


def _comment_kept(original: Any, data: bytes, **how: Any) -> Any:
    examined = original(data, **how)
    picture = examined.picture
    if picture.content_type != "image/jpeg":
        return examined
    comment = pictures.segment(0xFE, pictures.SECRET.encode())
    return replace(
        examined, picture=replace(picture, data=pictures.with_segments(picture.data, comment))
    )


def _never_due(original: Any, self: ImageStore, image: Image, to: State, **how: Any) -> Any:
    return original(self, image, to, **how | {"due_at": None})


def _nothing_there(original: Any, self: ObjectStore, key: str) -> None:
    return None


def _undue_first(original: Any, platform: Any, model: Any, image: Image, **how: Any) -> Any:
    platform.cases.update(keys.image(image.image_id), Change(remove=DUE))
    return original(platform, model, image, **how)


def _errors_swallowed(original: Any, *args: Any, **how: Any) -> Any:
    try:
        return original(*args, **how)
    except AWS_FAILED:
        return None


# --- acknowledgements -----------------------------------------------------------------------------


def _created_although(original: Any, self: ImageStore, image: Image, **how: Any) -> Any:
    try:
        return original(self, image, **how)
    except AWS_FAILED:
        return image


def _any_body(original: Any, self: ImageStore, image: Image, **how: Any) -> Any:
    return replace(original(self, image, **how), fingerprint=image.fingerprint)


def _visit_although(original: Any, self: PatientStore, visit: Any) -> Any:
    try:
        return original(self, visit)
    except (*AWS_FAILED, Contended):
        return _Noted(visit.sex)


@dataclass(frozen=True)
class _Noted:
    sex: Any


# --- labelling ------------------------------------------------------------------------------------


def _claimed_anyhow(original: Any, self: CaseStore, case: Any, slots: Any, **how: Any) -> Any:
    def anyhow(update: Any, table: Table, key: Any, change: Change, **_: Any) -> Any:
        return update(table, key, change, when=PRESENT)

    with patch.object(Table, "update", _wrapped(Table.update, anyhow)):
        return original(self, case, slots, **how)


def _image_told(original: Any, item: Any) -> Any:
    answer = original(item)
    return answer.model_copy(
        update={"image_url": f"{answer.image_url}&image={item.assignment.image_id}"}
    )


def _in_order_of_cases(original: Any, platform: Any, account_id: str, **how: Any) -> Any:
    items, following = original(platform, account_id, **how)

    def opened(item: Any) -> Any:
        return read_case(platform.labelling.get(keys.case(item.assignment.image_id))).created_at

    return sorted(items, key=opened), following


def _upload_shown(original: Any, platform: Any, **how: Any) -> Any:
    view = original(platform, **how)
    shown = {name: platform.uploads.link(view.image.upload_key, seconds=60) for name in view.links}
    return replace(view, links=shown)


# --- audit ----------------------------------------------------------------------------------------


def _more_than_once(original: Any, self: Audit, act: Any, **how: Any) -> None:
    original(self, act, **how | {"once": False})


def _dated_anew(original: Any, self: Audit, block: Mapping[str, Any]) -> None:
    original(self, block)
    for record_id in block["records"]:
        self._table.update(keys.audit_record(record_id), Change(set={"at": "later"}))


# --- the table ------------------------------------------------------------------------------------


def _plant(
    what: str, owner: Any, name: str, wrapper: Callable[..., Any], caught_by: str
) -> Planted:
    """`wrapper` gets the original and its arguments."""
    place = (
        owner.__module__ + "." + owner.__qualname__ if isinstance(owner, type) else owner.__name__
    )
    return Planted(what, f"{place}.{name}", _wrapped(getattr(owner, name), wrapper), caught_by)


PLANTED: Final = (
    _plant("a step without its condition", ImageStore, "step", _step_anyhow, "one_life"),
    _plant("a version pinned without condition", ImageStore, "pin", _pin_anyhow, "one_life"),
    _plant(
        "the latest version read instead of the pinned one",
        ObjectStore,
        "get",
        _latest_version,
        "the_pinned_version_decides",
    ),
    _plant(
        "only the first record of an event",
        uploads,
        "arrived",
        _first_record,
        "what_is_called_done_is_done",
    ),
    _plant(
        "a failed message called handled",
        labelling,
        "assign_case",
        _errors_swallowed,
        "what_is_called_done_is_done",
    ),
    _plant(
        "a failed upload called taken in",
        classification,
        "take_in",
        _errors_swallowed,
        "what_is_called_done_is_done",
    ),
    _plant(
        "a comment kept in the clean picture",
        stage,
        "examined_once",
        _comment_kept,
        "clean_images_are_clean",
    ),
    _plant(
        "a classified image without a deadline", ImageStore, "step", _never_due, "every_upload_ends"
    ),
    _plant(
        "an image out of the index before it is driven on",
        classification,
        "resume",
        _undue_first,
        "every_upload_ends",
    ),
    _plant(
        "slots abandoned without a look into the bucket",
        ObjectStore,
        "current_version",
        _nothing_there,
        "every_upload_ends",
    ),
    _plant(
        "a slot acknowledged before it is written",
        ImageStore,
        "create",
        _created_although,
        "acknowledged_is_kept",
    ),
    _plant(
        "a survey acknowledged before its patient is written",
        PatientStore,
        "visit",
        _visit_although,
        "acknowledged_is_kept",
    ),
    _plant("a key that takes any body", ImageStore, "create", _any_body, "one_key_one_thing"),
    _plant(
        "the Idempotency-Key ignored",
        Call,
        "creation_id",
        lambda original, self, kind: self.platform.ids.new(),
        "one_key_one_thing",
    ),
    _plant(
        "a slot claimed without condition", CaseStore, "put_slots", _claimed_anyhow, "two_readers"
    ),
    _plant(
        "a claim that nobody mends",
        labelling,
        "mend",
        lambda original, platform, case: None,
        "two_readers",
    ),
    _plant(
        "a lease that ends for the case alone",
        AssignmentStore,
        "expire",
        lambda original, self, account_id, assignment_id: True,
        "two_readers",
    ),
    _plant(
        "the uploader as reader",
        Case,
        "may_be_read_by",
        lambda original, self, account_id: account_id not in self.slots,
        "two_readers",
    ),
    _plant(
        "a case looked for readers once only",
        labelling,
        "drive_on",
        lambda original, platform, case: case,
        "nothing_is_forgotten",
    ),
    _plant(
        "readers thought to have their hands full",
        labelling,
        "_room",
        lambda original, platform, reader: (
            original(platform, reader) if reader.account_id == "reader-e" else 0
        ),
        "no_case_starves",
    ),
    _plant(
        "a link to the upload itself",
        images,
        "view_image",
        _upload_shown,
        "nothing_is_served_from_uploads",
    ),
    _plant("an image named to its reader", routes, "_answer", _image_told, "readers_are_blind"),
    _plant(
        "a hand in the order of its cases",
        labelling,
        "hand",
        _in_order_of_cases,
        "no_hand_is_in_the_order_of_the_cases",
    ),
    _plant("an act recorded twice", Audit, "record", _more_than_once, "every_act_is_recorded"),
    _plant("a record lost quietly", Audit, "record", _errors_swallowed, "every_act_is_recorded"),
    _plant("a record changed after its sealing", Audit, "_mark", _dated_anew, "the_chain_holds"),
)
