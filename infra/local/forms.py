"""The presigned POST of S3: reading the form as it arrives and judging it by its signed policy.

AWS: "Browser-based uploads using POST (Signature Version 4)"; the wording of the refusals is S3's.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import (
    Data,
    Epilogue,
    Field,
    File,
    MultipartDecoder,
    NeedData,
)

MAX_FIELDS_BYTES = 20_000
"""S3's own limit for everything before the file."""

MAX_PARTS = 100
"""Fields and file; our own forms have a dozen."""

CHUNK_BYTES = 64 * 1024
_NEED_NO_CONDITION = frozenset({"x-amz-signature", "file", "policy"})


class RefusedError(Exception):
    """S3 says no: its error code, the status that goes with it, and its sentence."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(code)
        self.status, self.code, self.message = status, code, message


@dataclass(frozen=True)
class Form:
    """A form as sent: fields by lower-case name, and the file with its size and SHA-256."""

    fields: dict[str, str]
    file: IO[bytes]
    size: int
    sha256: bytes


def read_form(stream: IO[bytes], content_type: str, length: int, *, into: IO[bytes]) -> Form:
    """Read `length` bytes of multipart/form-data; the file is written to `into` and rewound.

    Fields after the file are ignored, as S3 does. Raises `RefusedError` for anything malformed.
    """
    kind, options = parse_options_header(content_type)
    if kind != "multipart/form-data" or not options.get("boundary"):
        raise RefusedError(412, "PreconditionFailed", "Bucket POST must be multipart/form-data")
    try:
        # Of a file no more than a chunk waits in the decoder; of anything else, no more than this.
        decoder = MultipartDecoder(
            options["boundary"].encode("latin-1"),
            max_form_memory_size=2 * CHUNK_BYTES,
            max_parts=MAX_PARTS,
        )
        return _decode(decoder, stream, length, into)
    except RequestEntityTooLarge:
        raise _too_much_before_the_file() from None
    except ValueError:
        sentence = "The body of your POST request is not well-formed multipart/form-data."
        raise RefusedError(400, "MalformedPOSTRequest", sentence) from None


def _decode(decoder: MultipartDecoder, stream: IO[bytes], length: int, file: IO[bytes]) -> Form:
    fields: dict[str, str] = {}
    digest, size, name, value, fields_bytes = hashlib.sha256(), 0, "", b"", 0
    in_file = found = False
    while not isinstance(event := decoder.next_event(), Epilogue):
        match event:
            case NeedData():
                chunk = stream.read(min(CHUNK_BYTES, length)) if length else b""
                length -= len(chunk)
                decoder.receive_data(chunk or None)
            case Field() | File():
                # S3 knows the file by its field's name; a file name is not needed and not heeded.
                name, value = event.name.lower(), b""
                in_file = name == "file" and not found
                fields_bytes += sum(len(text) for line in event.headers for text in line)
            case Data() if in_file:
                file.write(event.data)
                digest.update(event.data)
                size += len(event.data)
                found = found or not event.more_data
            case Data() if not found:
                value += event.data
                fields_bytes += len(event.data)
                if fields_bytes > MAX_FIELDS_BYTES:
                    raise _too_much_before_the_file()
                if not event.more_data:
                    if name in fields:
                        sentence = f"POST requires exactly one field named {name}."
                        raise RefusedError(400, "InvalidArgument", sentence)
                    fields[name] = value.decode("utf-8")
    if not found:
        sentence = "POST requires exactly one file upload per request."
        raise RefusedError(400, "InvalidArgument", sentence)
    file.seek(0)
    return Form(fields, file, size, digest.digest())


def _too_much_before_the_file() -> RefusedError:
    sentence = "Your POST request fields preceeding the upload file was too large."
    return RefusedError(400, "MaxPostPreDataLengthExceeded", sentence)


def judge(form: Form, *, bucket: str, now: datetime) -> None:
    """Hold a form against its policy, whose signature has been verified. Raises `RefusedError`."""
    policy = _policy(form.fields.get("policy", ""))
    if now >= policy.expires:
        raise _against_policy("Policy expired.")
    values = {**form.fields, "bucket": bucket}
    named = {"bucket"}
    for condition in policy.conditions:
        match condition:
            case ["content-length-range", int(least), int(most)]:
                _within(form.size, least, most)
            case [("eq" | "starts-with") as how, str(name), str(expected)] if name[:1] == "$":
                field = name[1:].lower()
                named.add(field)
                found = values.get(field)
                fits = found is not None and (
                    found == expected if how == "eq" else found.startswith(expected)
                )
                if not fits:
                    told = json.dumps([how, name, expected], ensure_ascii=False)
                    raise _against_policy(f"Policy Condition failed: {told}")
            case _:
                raise RefusedError(
                    400, "InvalidPolicyDocument", "Invalid Policy: Invalid Condition."
                )
    extra = sorted(
        name
        for name in form.fields
        if name not in named | _NEED_NO_CONDITION and not name.startswith("x-ignore-")
    )
    if extra:
        raise _against_policy(f"Extra input fields: {', '.join(extra)}")
    _declared_hash(form)


@dataclass(frozen=True)
class _Policy:
    expires: datetime
    conditions: list[Any]


def _policy(encoded: str) -> _Policy:
    try:
        document = json.loads(base64.b64decode(encoded, validate=True))
        expires = datetime.fromisoformat(document["expiration"])
        if expires.tzinfo is None:
            raise ValueError(document["expiration"])
        return _Policy(expires, [c for given in document["conditions"] for c in _lists(given)])
    except (binascii.Error, ValueError, KeyError, TypeError, AttributeError):
        sentence = "Invalid Policy: Invalid JSON."
        raise RefusedError(400, "InvalidPolicyDocument", sentence) from None


def _lists(condition: Any) -> list[Any]:
    """`{"a": "b"}` is short for `["eq", "$a", "b"]`."""
    if isinstance(condition, Mapping):
        return [["eq", f"${name}", value] for name, value in condition.items()]
    return [condition]


def _within(size: int, least: int, most: int) -> None:
    if size > most:
        sentence = "Your proposed upload exceeds the maximum allowed size"
        raise RefusedError(400, "EntityTooLarge", sentence)
    if size < least:
        sentence = "Your proposed upload is smaller than the minimum allowed size"
        raise RefusedError(400, "EntityTooSmall", sentence)


def _declared_hash(form: Form) -> None:
    declared = form.fields.get("x-amz-checksum-sha256")
    if declared is None:
        return
    try:
        digest = base64.b64decode(declared, validate=True)
    except binascii.Error:
        digest = b""
    if len(digest) != hashlib.sha256().digest_size:
        sentence = "Value for x-amz-checksum-sha256 header is invalid."
        raise RefusedError(400, "InvalidRequest", sentence)
    if digest != form.sha256:
        sentence = "The SHA256 you specified did not match the calculated checksum."
        raise RefusedError(400, "BadDigest", sentence)


def _against_policy(reason: str) -> RefusedError:
    return RefusedError(403, "AccessDenied", f"Invalid according to Policy: {reason}")
