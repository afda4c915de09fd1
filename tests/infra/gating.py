"""A browser before the gate, with forms and links signed as the system signs them."""

import base64
import hashlib
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from werkzeug.test import Client, TestResponse

REGION = "eu-central-1"
BUCKET, OTHER_BUCKET = "uploads", "images"
KEY = "uploads/k4zq"
LIMIT = 200_000
PICTURE = b"\xff\xd8\xff\xe0 a picture \r\n--not-the-boundary\r\n"
FORM = "multipart/form-data; boundary=edge"
ADDRESS = "http://127.0.0.1:8000"


class Clock:
    """The real time, since botocore signs with it, moved by `shift`."""

    shift = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.shift


@dataclass
class Bench:
    s3: Any
    signer: Any
    client: Client
    clock: Clock = field(default_factory=Clock)

    def form(self, picture: bytes = PICTURE, **more: str) -> dict[str, str]:
        """The fields of a form as the system makes them, signed for this picture."""
        fields = {
            "Content-Type": "image/jpeg",
            "x-amz-checksum-sha256": sha256(picture),
            **more,
        }
        conditions: list[Any] = [{name: value} for name, value in fields.items()]
        conditions.append(["content-length-range", 1, LIMIT])
        made = self.signer.generate_presigned_post(
            BUCKET, KEY, Fields=dict(fields), Conditions=conditions, ExpiresIn=300
        )
        assert made["url"] == f"{ADDRESS}/s3/{BUCKET}"
        return dict(made["fields"])

    def post(
        self, fields: dict[str, str], file: bytes | None = PICTURE, bucket: str = BUCKET
    ) -> TestResponse:
        body, kind = multipart(fields, file)
        return self.client.post(f"/s3/{bucket}", data=body, content_type=kind)

    def link(self, key: str = KEY, **more: str) -> str:
        parameters = {"Bucket": BUCKET, "Key": key, **more}
        url = self.signer.generate_presigned_url("get_object", Params=parameters, ExpiresIn=600)
        return str(url)

    def get(self, url: str, **headers: str) -> TestResponse:
        parts = urlsplit(url)
        return self.client.get(f"{parts.path}?{parts.query}", base_url=ADDRESS, headers=headers)

    def stored_versions(self) -> int:
        return len(self.s3.list_object_versions(Bucket=BUCKET).get("Versions", []))


def multipart(
    fields: dict[str, str], file: bytes | None, *, name: str = "p.jpg"
) -> tuple[bytes, str]:
    """The body a browser sends, and its content type."""
    parts = [
        f'--edge\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in fields.items()
    ]
    if file is not None:
        named = f'; filename="{name}"' if name else ""
        head = f'--edge\r\nContent-Disposition: form-data; name="file"{named}\r\n'
        parts.append(head.encode() + b"Content-Type: text/html\r\n\r\n" + file + b"\r\n")
    return b"".join(parts) + b"--edge--\r\n", FORM


def refusal(response: TestResponse) -> tuple[int, str]:
    """Status and S3's error code."""
    assert response.mimetype == "application/xml"
    found = re.search(r"<Code>(\w+)</Code>", response.text)
    assert found is not None
    return response.status_code, found.group(1)


def sha256(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode()
