"""Promises 4 and 6: nothing personal in what is kept and shown; readers are blind."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

from chalicelib.classification.inference import metadata
from chalicelib.platform.lesion_classes import LesionClass
from tests.pictures import SECRET
from tests.simulation.evidence import Evidence


def clean_images_are_clean(seen: Evidence) -> Iterator[str]:
    """Clean picture and thumbnail are there and hold nothing but pixels."""
    for image in seen.tables.images.values():
        if image.intake is None:
            continue
        for key in (image.intake.clean_key, image.intake.thumbnail_key):
            data = seen.tables.stored(key)
            if data is None:
                yield f"{key} is not there"
            elif SECRET.encode() in data or _foreign(data):
                yield f"{key} carries more than pixels"


_known: dict[bytes, bool] = {}


def _foreign(data: bytes) -> bool:
    if data not in _known:
        _known[data] = bool(metadata.foreign_parts(data))
    return _known[data]


def nothing_is_served_from_uploads(seen: Evidence) -> Iterator[str]:
    """No link that anybody was given leads to what somebody uploaded."""
    uploads = seen.stage.platform.settings.bucket_uploads
    links = [link for _, image in seen.history.images_shown for link in image["urls"].values()]
    links += [item["image_url"] for _, items in seen.history.hands for item in items]
    for link in links:
        if link is not None and uploads in f"{urlsplit(link).netloc}{urlsplit(link).path}":
            yield f"a link leads to {urlsplit(link).path}"


_HAND_FIELDS: Final = {
    "assignment_id",
    "round",
    "kind",
    "site",
    "age",
    "sex",
    "image_url",
    "leased_until",
}


_ANSWERED: Final = ({"reading_id", "undo_until"}, {"leased_until"})
"""What a reader's acts are answered with."""
_NO_READINGS: Final = (None, None)


def readers_are_blind(seen: Evidence) -> Iterator[str]:
    """What a reader was shown names no image, patient, lesion, model, opinion or other reader."""
    tables = seen.tables
    assigned = {each.assignment_id: each for each in tables.assignments}
    classes = re.compile("|".join(LesionClass))
    for account_id, items in seen.history.hands:
        for item in items:
            held = assigned[item["assignment_id"]]
            fields = _HAND_FIELDS | ({"readings"} if held.round == "arbitration" else set())
            if set(item) != fields:
                yield f"a reader is shown {sorted(set(item) ^ fields)}"
            if len(item.get("readings", _NO_READINGS)) != 2:
                yield f"{account_id} is to settle {item['assignment_id']} without two readings"
            image = tables.images[held.image_id]
            told = repr(item)
            blind = repr({**item, "readings": None})
            secrets = [image.image_id, image.patient_id, image.lesion_id, image.uploaded_by]
            secrets += ["stand-in", *(other for other in tables.accounts if other != account_id)]
            if any(secret in told for secret in secrets) or classes.search(blind):
                yield f"assignment {item['assignment_id']} tells {account_id} more than the picture"
            if item["leased_until"][14:19] != "00:00":
                yield f"the lease of {item['assignment_id']} tells when it was made"
    for account_id, body in seen.history.told:
        if set(body) not in _ANSWERED:
            yield f"{account_id} is told {sorted(body)}"
    urls = Counter(each.image_key for each in tables.assignments)
    if any(times > 1 for times in urls.values()):
        yield "two assignments share one picture"


def no_hand_is_in_the_order_of_the_cases(seen: Evidence) -> Iterator[str]:
    """The order of a hand tells neither urgency nor age of its cases."""
    assigned = {each.assignment_id: each for each in seen.tables.assignments}
    cases = seen.tables.cases
    long_hands = [items for _, items in seen.history.hands if len(items) >= 12]
    ages = [
        [cases[assigned[item["assignment_id"]].image_id].created_at for item in items]
        for items in long_hands
    ]
    urgencies = [
        [-cases[assigned[item["assignment_id"]].image_id].priority for item in items]
        for items in long_hands
    ]
    orders: list[list[Any]] = [*ages, *urgencies]
    for order in orders:
        if len(set(order)) > 4 and order in (sorted(order), sorted(order, reverse=True)):
            yield f"a hand of {len(order)} is in order"
