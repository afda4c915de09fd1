"""The presigned form and everything that can be sent with it, through the running stack."""

import base64
import hashlib
import io
import json
import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from PIL import Image

from chalicelib.classification.inference import metadata
from tests import pictures
from tests.flows.cases import finished, new_lesion, send_image, slot_form
from tests.stack import RunningStack

LIMIT = 30 * 1024 * 1024
Slot = dict[str, Any]


@pytest.fixture(scope="module")
def doctor(stack: RunningStack) -> httpx.Client:
    return stack.sign_in("doctor")


@pytest.fixture(scope="module")
def lesion_id(doctor: httpx.Client) -> str:
    return str(new_lesion(doctor)["lesion_id"])


def opened(doctor: httpx.Client, lesion_id: str, data: bytes, **changes: Any) -> Slot:
    form = slot_form(data, "image/jpeg", "macroscopic") | changes
    answer = doctor.post(f"/api/v1/lesions/{lesion_id}/images", json=form)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def state(doctor: httpx.Client, slot: Slot) -> str:
    return str(doctor.get(f"/api/v1/images/{slot['image_id']}").json()["state"])


def code_of(answer: httpx.Response) -> str:
    return answer.text.partition("<Code>")[2].partition("</Code>")[0]


def test_a_slot_has_one_key_one_type_one_hash_and_five_minutes(
    doctor: httpx.Client, lesion_id: str
) -> None:
    data = pictures.jpeg()
    slot = opened(doctor, lesion_id, data)
    assert set(slot) == {"image_id", "state", "upload"}
    assert slot["state"] == "awaiting_upload"
    fields = slot["upload"]["fields"]
    assert fields["Content-Type"] == "image/jpeg"
    assert base64.b64decode(fields["x-amz-checksum-sha256"]) == hashlib.sha256(data).digest()
    policy = json.loads(base64.b64decode(fields["policy"]))
    assert ["content-length-range", 1, LIMIT] in policy["conditions"]
    assert {"key": fields["key"]} in policy["conditions"]
    for told in (policy["expiration"], slot["upload"]["expires_at"]):
        left = datetime.fromisoformat(told) - datetime.now(UTC)
        assert 0 < left.total_seconds() <= 301


Tamper = Callable[[dict[str, str]], Mapping[str, str]]
TAMPERED: dict[str, Tamper] = {
    "acl": lambda fields: fields | {"acl": "public-read"},
    "redirect": lambda fields: fields | {"success_action_redirect": "http://127.0.0.1/"},
    "metadata": lambda fields: fields | {"x-amz-meta-name": "x"},
    "file name": lambda fields: fields | {"key": "uploads/${filename}"},
    "other key": lambda fields: fields | {"key": fields["key"] + "x"},
    "clean key": lambda fields: fields | {"key": fields["key"].replace("uploads/", "clean/")},
    "other type": lambda fields: fields | {"Content-Type": "text/html"},
    "no checksum": lambda fields: {
        name: value for name, value in fields.items() if name != "x-amz-checksum-sha256"
    },
    "no policy": lambda fields: {n: value for n, value in fields.items() if n != "policy"},
    "later expiry": lambda fields: fields | {"policy": later(fields["policy"])},
    "signature": lambda fields: fields | {"x-amz-signature": "0" * 64},
}


def later(policy: str) -> str:
    document = json.loads(base64.b64decode(policy)) | {"expiration": "2999-01-01T00:00:00Z"}
    return base64.b64encode(json.dumps(document).encode()).decode()


@pytest.mark.parametrize("change", TAMPERED)
def test_a_form_with_anything_changed_stores_nothing(
    stack: RunningStack, doctor: httpx.Client, lesion_id: str, change: str
) -> None:
    data = pictures.jpeg()
    slot = opened(doctor, lesion_id, data)
    upload = slot["upload"] | {"fields": TAMPERED[change](slot["upload"]["fields"])}
    answer = stack.upload(upload, data)
    assert answer.status_code == 403, answer.text
    assert state(doctor, slot) == "awaiting_upload"


def test_no_bytes_too_many_bytes_and_other_bytes_are_stopped_by_the_form(
    stack: RunningStack, doctor: httpx.Client, lesion_id: str
) -> None:
    data = pictures.jpeg()
    slot = opened(doctor, lesion_id, data)
    for sent, code in (
        (b"", "EntityTooSmall"),
        (bytes(LIMIT + 1), "EntityTooLarge"),
        (data + b"x", "BadDigest"),
    ):
        answer = stack.upload(slot["upload"], sent)
        assert (answer.status_code, code_of(answer)) == (400, code)
    assert state(doctor, slot) == "awaiting_upload"


def test_a_photograph_of_exactly_the_limit_is_taken(
    stack: RunningStack, doctor: httpx.Client, lesion_id: str
) -> None:
    photograph = pictures.jpeg()
    data = photograph + bytes(LIMIT - len(photograph))
    image_id = send_image(stack, doctor, lesion_id, data, "macroscopic", "image/jpeg")
    image = finished(doctor, image_id, states={"classified", "rejected"})
    assert image["state"] == "classified"
    assert len(httpx.get(image["urls"]["image"]).content) < 2 * len(photograph)


def test_a_form_used_again_changes_nothing_once_the_image_is_in(
    stack: RunningStack, doctor: httpx.Client, lesion_id: str
) -> None:
    data = pictures.jpeg(pictures.photograph(seed=21))
    slot = opened(doctor, lesion_id, data)
    assert stack.upload(slot["upload"], data).status_code == 204
    before = finished(doctor, slot["image_id"], states={"classified"})
    other = stack.upload(slot["upload"], pictures.jpeg(pictures.photograph(seed=22)))
    assert (other.status_code, code_of(other)) == (400, "BadDigest")
    assert stack.upload(slot["upload"], data).status_code == 204
    renewed = doctor.post(f"/api/v1/images/{slot['image_id']}/upload")
    assert (renewed.status_code, renewed.json()["error"]["code"]) == (409, "image_not_awaited")
    # Another upload goes all the way, so the repeated event has been worked off before it.
    marker = send_image(
        stack, doctor, lesion_id, pictures.jpeg(pictures.photograph(seed=23)), "macroscopic",
        "image/jpeg",
    )  # fmt: skip
    finished(doctor, marker, states={"classified"})
    after = doctor.get(f"/api/v1/images/{slot['image_id']}").json()
    unsigned = {name: value for name, value in after.items() if name != "urls"}
    assert unsigned == {name: value for name, value in before.items() if name != "urls"}


def test_nothing_can_be_read_from_the_bucket_of_uploads(
    stack: RunningStack, doctor: httpx.Client, lesion_id: str
) -> None:
    data = pictures.jpeg(pictures.photograph(seed=24))
    slot = opened(doctor, lesion_id, data)
    assert stack.upload(slot["upload"], data).status_code == 204
    image = finished(doctor, slot["image_id"], states={"classified"})
    bucket, key = slot["upload"]["url"], slot["upload"]["fields"]["key"]
    signed = urlsplit(image["urls"]["image"]).query
    for query in ("", "?" + signed):
        for address in (bucket, f"{bucket}/", f"{bucket}/{key}"):
            for method in ("GET", "HEAD", "PUT", "DELETE"):
                assert httpx.request(method, address + query).status_code == 403
    for url in image["urls"].values():
        assert not url.startswith(bucket + "/")


def test_links_live_ten_minutes_at_most_and_are_signed_anew(
    stack: RunningStack, doctor: httpx.Client, lesion_id: str
) -> None:
    data = pictures.jpeg(pictures.photograph(seed=25))
    image_id = send_image(stack, doctor, lesion_id, data, "macroscopic", "image/jpeg")
    image = finished(doctor, image_id, states={"classified"})
    for url in image["urls"].values():
        query = parse_qs(urlsplit(url).query)
        assert 0 < int(query["X-Amz-Expires"][0]) <= 600
        assert httpx.get(url).status_code == 200
        longer = url.replace("X-Amz-Expires=600", "X-Amz-Expires=6000")
        assert longer != url
        assert httpx.get(longer).status_code == 403
        assert httpx.get(url.partition("?")[0]).status_code == 403
        for part, expected in (("bytes=0-9", 206), ("bytes=99999999-", 416), ("nonsense", 200)):
            assert httpx.get(url, headers={"Range": part}).status_code == expected


def jpeg_in_half() -> bytes:
    whole = pictures.jpeg()
    return whole[: len(whole) // 2]


def corrupt_jpeg() -> bytes:
    """Half of its coded pixels replaced by chance, still the right length and hash."""
    whole = bytearray(pictures.jpeg())
    start = len(whole) // 4
    whole[start : start + len(whole) // 2] = random.Random(3).randbytes(len(whole) // 2)
    return bytes(whole)


HOSTILE: dict[str, Callable[[], bytes]] = {
    **{kind: lambda kind=kind: pictures.other_kinds()[kind] for kind in pictures.other_kinds()},  # type: ignore[misc]
    "square bomb": pictures.square_bomb,
    "strip bomb": pictures.strip_bomb,
    "profile bomb": lambda: pictures.text_bomb(b"iCCP"),
    "animated": pictures.animated_png,
    "two photographs": lambda: pictures.two_pictures(pictures.photograph(seed=1)),
    "cut in half": jpeg_in_half,
    "corrupt": corrupt_jpeg,
    "signature only": lambda: b"\xff\xd8\xff",
    "tiny": lambda: pictures.jpeg(pictures.photograph(20, 20)),
}
MAY_PASS_CLEAN = {"profile bomb", "corrupt"}
"""What is a good picture to some readers: rejected, or clean without a byte of what it carried."""


def test_every_hostile_file_ends_rejected_with_a_sentence_in_both_languages(
    stack: RunningStack, doctor: httpx.Client, lesion_id: str
) -> None:
    sent: dict[str, str] = {}
    for number, (name, make) in enumerate(HOSTILE.items()):
        data = make()
        content_type = "image/png" if data[:4] == b"\x89PNG" else "image/jpeg"
        # What may pass goes to no reader: other tests count what readers hold.
        to_model = number % 2 == 0 and name not in MAY_PASS_CLEAN
        kind = "dermoscopic" if to_model else "macroscopic"
        sent[name] = send_image(stack, doctor, lesion_id, data, kind, content_type)
    wrongly_called = opened(doctor, lesion_id, pictures.png())
    assert stack.upload(wrongly_called["upload"], pictures.png()).status_code == 204
    sent["PNG called JPEG"] = wrongly_called["image_id"]
    untrue = opened(doctor, lesion_id, pictures.jpeg(), bytes=7)
    assert stack.upload(untrue["upload"], pictures.jpeg()).status_code == 204
    sent["size not as declared"] = untrue["image_id"]
    russian = stack.sign_in("doctor", language="ru")
    for name, image_id in sent.items():
        image = finished(doctor, image_id, states={"rejected", "in_labelling", "classified"})
        if name in MAY_PASS_CLEAN and image["state"] != "rejected":
            clean = httpx.get(image["urls"]["image"]).content
            assert metadata.foreign_parts(clean) == ()
            continue
        assert image["state"] == "rejected", name
        assert image["urls"] == {"image": None, "thumbnail": None}
        assert image["classification"] is None
        told = russian.get(f"/api/v1/images/{image_id}").json()["problem"]
        assert told["code"] == image["problem"]["code"]
        assert image["problem"]["message"].endswith(".")
        assert any("а" <= letter <= "я" for letter in told["message"])


NAMING: dict[str, tuple[str, Callable[[], bytes]]] = {
    "JPEG that names": ("image/jpeg", pictures.jpeg_that_names),
    "PNG that names": ("image/png", pictures.png_that_names),
    "turned": (
        "image/jpeg",
        lambda: pictures.with_segments(
            pictures.jpeg(pictures.quarters()),
            pictures.segment(
                0xE1, b"Exif\0\0" + pictures.exif(orientation=6, name=pictures.SECRET)
            ),
        ),
    ),
    "JPEG and ZIP": ("image/jpeg", lambda: pictures.jpeg() + pictures.other_kinds()["zip"]),
    "JPEG and HTML": ("image/jpeg", lambda: pictures.jpeg() + pictures.other_kinds()["html"]),
    "CMYK": ("image/jpeg", lambda: pictures.jpeg(pictures.photograph().convert("CMYK"))),
    "16 bits": (
        "image/png",
        lambda: pictures.png_of(96, 96, [b"\x12\x34" * 96] * 96, depth=16, kind=0),
    ),
    "palette": ("image/png", lambda: pictures.png(pictures.photograph().convert("P"))),
    "text bomb": ("image/png", lambda: pictures.text_bomb(b"zTXt")),
}


def test_odd_but_good_pictures_come_out_clean_of_everything_planted(
    stack: RunningStack, doctor: httpx.Client, lesion_id: str
) -> None:
    sent = {
        name: send_image(stack, doctor, lesion_id, make(), "macroscopic", content_type)
        for name, (content_type, make) in NAMING.items()
    }
    for name, image_id in sent.items():
        image = finished(doctor, image_id, states={"rejected", "classified"})
        if name == "text bomb" and image["state"] == "rejected":
            continue
        assert image["state"] == "classified", (name, image["problem"])
        for url in image["urls"].values():
            answer = httpx.get(url)
            clean = answer.content
            assert metadata.foreign_parts(clean) == ()
            assert b"Ivanova" not in clean
            assert b"<script" not in clean
            assert b"PK\x05\x06" not in clean
            assert "Ivanova" not in repr(answer.headers)
            with Image.open(io.BytesIO(clean)) as picture:
                assert picture.format == answer.headers["content-type"][6:].upper()
        if name == "turned":
            assert (image["width"], image["height"]) == (80, 96)
