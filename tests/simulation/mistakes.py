"""Mistakes in place of what the platform does: each gets the original and its arguments."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from unittest.mock import patch

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.images.model import Image, State
from chalicelib.images.store import ImageStore
from chalicelib.labelling.items import read_case
from chalicelib.patients.store import Contended, PatientStore
from chalicelib.platform import keys
from chalicelib.platform.audit import Audit
from chalicelib.platform.due import ATTRIBUTES as DUE
from chalicelib.platform.objects import ObjectStore
from chalicelib.platform.table import PRESENT, Change
from tests import pictures

AWS_FAILED: Final = (ClientError, BotoCoreError)


def in_place_of(original: Callable[..., Any], wrapper: Callable[..., Any]) -> Callable[..., Any]:
    def wrapped(*args: Any, **more: Any) -> Any:
        return wrapper(original, *args, **more)

    return wrapped


# --- the intake -----------------------------------------------------------------------------------


def unconditional(original: Any, self: ImageStore, key: Any, change: Change, _: Any) -> Any:
    return original(self, key, change, PRESENT)


def step_anyhow(original: Any, self: ImageStore, image: Image, to: State, **how: Any) -> Any:
    with patch.object(ImageStore, "_update", in_place_of(ImageStore._update, unconditional)):
        return original(self, image, to, **how)


def pin_anyhow(original: Any, self: ImageStore, image_id: str, version: str, **how: Any) -> Any:
    with patch.object(ImageStore, "_update", in_place_of(ImageStore._update, unconditional)):
        return original(self, image_id, version, **how)


def latest_version(original: Any, self: ObjectStore, key: str, **_: Any) -> Any:
    return original(self, key)


def first_record(original: Any, platform: Any, event: Mapping[str, Any]) -> None:
    original(platform, {"Records": event["Records"][:1]})


def comment_kept(original: Any, data: bytes, **how: Any) -> Any:
    examined = original(data, **how)
    picture = examined.picture
    if picture.content_type != "image/jpeg":
        return examined
    comment = pictures.segment(0xFE, pictures.SECRET.encode())
    return replace(
        examined, picture=replace(picture, data=pictures.with_segments(picture.data, comment))
    )


def never_due(original: Any, self: ImageStore, image: Image, to: State, **how: Any) -> Any:
    return original(self, image, to, **how | {"due_at": None})


def nothing_there(original: Any, self: ObjectStore, key: str) -> None:
    return None


def undue_first(original: Any, platform: Any, model: Any, image: Image, **how: Any) -> Any:
    platform.cases.update(keys.image(image.image_id), Change(remove=DUE))
    return original(platform, model, image, **how)


def errors_swallowed(original: Any, *args: Any, **how: Any) -> Any:
    try:
        return original(*args, **how)
    except AWS_FAILED:
        return None


# --- acknowledgements -----------------------------------------------------------------------------


def created_although(original: Any, self: ImageStore, image: Image, **how: Any) -> Any:
    try:
        return original(self, image, **how)
    except AWS_FAILED:
        return image


def any_body(original: Any, self: ImageStore, image: Image, **how: Any) -> Any:
    return replace(original(self, image, **how), fingerprint=image.fingerprint)


def visit_although(original: Any, self: PatientStore, visit: Any) -> Any:
    try:
        return original(self, visit)
    except (*AWS_FAILED, Contended):
        return _Noted(visit.sex)


@dataclass(frozen=True)
class _Noted:
    sex: Any


# --- what is shown --------------------------------------------------------------------------------


def image_told(original: Any, item: Any) -> Any:
    answer = original(item)
    return answer.model_copy(
        update={"image_url": f"{answer.image_url}&image={item.assignment.image_id}"}
    )


def in_order_of_cases(original: Any, platform: Any, account_id: str, **how: Any) -> Any:
    items, following = original(platform, account_id, **how)

    def opened(item: Any) -> Any:
        return read_case(platform.labelling.get(keys.case(item.assignment.image_id))).created_at

    return sorted(items, key=opened), following


def upload_shown(original: Any, platform: Any, **how: Any) -> Any:
    view = original(platform, **how)
    shown = {name: platform.uploads.link(view.image.upload_key, seconds=60) for name in view.links}
    return replace(view, links=shown)


# --- audit ----------------------------------------------------------------------------------------


def more_than_once(original: Any, self: Audit, act: Any, **how: Any) -> None:
    original(self, act, **how | {"once": False})


def dated_anew(original: Any, self: Audit, block: Mapping[str, Any]) -> None:
    original(self, block)
    for record_id in block["records"]:
        self._table.update(keys.audit_record(record_id), Change(set={"at": "later"}))
