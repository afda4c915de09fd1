"""The gate before S3: what a presigned form and a presigned link allow, and nothing else."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.config import Config
from botocore.credentials import Credentials
from moto import mock_aws
from werkzeug.test import Client, EnvironBuilder, TestResponse, run_wsgi_app

from infra.local.gate import MAX_BODY_BYTES, Gate

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
            "x-amz-checksum-sha256": _sha256(picture),
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


@pytest.fixture(scope="module")
def clients() -> Iterator[tuple[Any, Any, Credentials]]:
    """A client of the cloud, one that signs for browsers, and the credentials both use."""
    with mock_aws():
        session = boto3.Session("local", "a-secret", region_name=REGION)
        credentials = session.get_credentials()
        assert credentials is not None
        config = Config(signature_version="s3v4", s3={"addressing_style": "path"})
        signer = session.client("s3", endpoint_url=f"{ADDRESS}/s3", config=config)
        s3: Any = session.client("s3")
        for bucket in (BUCKET, OTHER_BUCKET):
            s3.create_bucket(
                Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION}
            )
            s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        yield s3, signer, credentials


@pytest.fixture
def bench(clients: tuple[Any, Any, Credentials]) -> Iterator[Bench]:
    s3, signer, credentials = clients
    clock = Clock()
    gate = Gate(s3, credentials, region=REGION, etag_key=b"k" * 32, now=clock.now)
    yield Bench(s3, signer, Client(gate), clock)
    for found in s3.list_object_versions(Bucket=BUCKET).get("Versions", []):
        s3.delete_object(Bucket=BUCKET, Key=found["Key"], VersionId=found["VersionId"])


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


def _sha256(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


def _with_policy(fields: dict[str, str], **changes: Any) -> dict[str, str]:
    policy = json.loads(base64.b64decode(fields["policy"]))
    encoded = base64.b64encode(json.dumps({**policy, **changes}).encode()).decode()
    return {**fields, "policy": encoded}


def test_a_form_as_given_stores_exactly_its_bytes(bench: Bench) -> None:
    response = bench.post(bench.form())
    assert response.status_code == 204
    stored = bench.s3.get_object(Bucket=BUCKET, Key=KEY, ChecksumMode="ENABLED")
    assert stored["Body"].read() == PICTURE
    assert stored["ContentType"] == "image/jpeg"
    assert stored["ChecksumSHA256"] == _sha256(PICTURE)
    assert stored["VersionId"] == response.headers["x-amz-version-id"]


def test_a_file_without_a_file_name_is_still_the_file(bench: Bench) -> None:
    body, kind = multipart(bench.form(), PICTURE, name="")
    assert bench.client.post(f"/s3/{BUCKET}", data=body, content_type=kind).status_code == 204
    assert bench.s3.get_object(Bucket=BUCKET, Key=KEY)["Body"].read() == PICTURE


def test_the_status_a_form_asks_for_is_given_when_it_was_signed(bench: Bench) -> None:
    response = bench.post(bench.form(success_action_status="201"))
    assert response.status_code == 201
    assert f"<Key>{KEY}</Key>" in response.text
    plain = bench.form()
    assert refusal(bench.post({**plain, "success_action_status": "201"})) == (403, "AccessDenied")


@pytest.mark.parametrize("size", [1, LIMIT])
def test_one_byte_and_the_limit_are_taken(bench: Bench, size: int) -> None:
    picture = b"x" * size
    assert bench.post(bench.form(picture), picture).status_code == 204


def test_zero_bytes_are_too_small(bench: Bench) -> None:
    assert refusal(bench.post(bench.form(b""), b"")) == (400, "EntityTooSmall")
    assert bench.stored_versions() == 0


def test_the_limit_and_one_byte_are_too_large(bench: Bench) -> None:
    picture = b"x" * (LIMIT + 1)
    assert refusal(bench.post(bench.form(picture), picture)) == (400, "EntityTooLarge")
    assert bench.stored_versions() == 0


def test_a_body_beyond_any_policy_is_refused_unread(bench: Bench) -> None:
    body, kind = multipart(bench.form(), PICTURE)
    builder = EnvironBuilder(f"/s3/{BUCKET}", method="POST", data=body, content_type=kind)
    environ = builder.get_environ()
    builder.close()
    environ["CONTENT_LENGTH"] = str(MAX_BODY_BYTES + 1)
    environ["wsgi.input"] = _Unreadable()
    told, status, _ = run_wsgi_app(bench.client.application, environ)
    assert status.startswith("400 ")
    assert b"<Code>EntityTooLarge</Code>" in b"".join(told)


class _Unreadable:
    def read(self, size: int = -1) -> bytes:
        raise AssertionError("the body was read")


def test_a_body_of_unknown_length_is_refused(bench: Bench) -> None:
    response = bench.client.post(
        f"/s3/{BUCKET}", headers={"Transfer-Encoding": "chunked"}, content_type=FORM
    )
    assert refusal(response) == (411, "MissingContentLength")


def test_an_expired_form_is_refused(bench: Bench) -> None:
    fields = bench.form()
    bench.clock.shift = timedelta(seconds=301)
    response = bench.post(fields)
    assert refusal(response) == (403, "AccessDenied")
    assert "Policy expired" in response.text


def test_a_form_is_good_until_its_last_second(bench: Bench) -> None:
    fields = bench.form()
    bench.clock.shift = timedelta(seconds=295)
    assert bench.post(fields).status_code == 204


def test_an_extra_acl_field_is_refused(bench: Bench) -> None:
    response = bench.post({**bench.form(), "acl": "public-read"})
    assert refusal(response) == (403, "AccessDenied")
    assert "Extra input fields: acl" in response.text
    assert bench.stored_versions() == 0


def test_fields_that_s3_ignores_by_name_need_no_condition(bench: Bench) -> None:
    assert bench.post({**bench.form(), "x-ignore-me": "1"}).status_code == 204


def test_a_file_name_in_the_key_is_not_expanded(bench: Bench) -> None:
    response = bench.post({**bench.form(), "key": "uploads/${filename}"})
    assert refusal(response) == (403, "AccessDenied")
    assert bench.stored_versions() == 0


def test_another_key_is_refused(bench: Bench) -> None:
    assert refusal(bench.post({**bench.form(), "key": "uploads/other"})) == (403, "AccessDenied")


def test_another_content_type_is_refused(bench: Bench) -> None:
    response = bench.post({**bench.form(), "Content-Type": "text/html"})
    assert refusal(response) == (403, "AccessDenied")


def test_a_field_that_the_policy_asks_for_may_not_be_left_out(bench: Bench) -> None:
    fields = bench.form()
    del fields["x-amz-checksum-sha256"]
    assert refusal(bench.post(fields)) == (403, "AccessDenied")


def test_another_bucket_is_refused(bench: Bench) -> None:
    assert refusal(bench.post(bench.form(), bucket=OTHER_BUCKET)) == (403, "AccessDenied")
    assert "Versions" not in bench.s3.list_object_versions(Bucket=OTHER_BUCKET)


def test_a_tampered_policy_is_refused(bench: Bench) -> None:
    later = (bench.clock.now() + timedelta(days=1)).isoformat()
    fields = _with_policy(bench.form(), expiration=later)
    assert refusal(bench.post(fields)) == (403, "SignatureDoesNotMatch")
    assert bench.stored_versions() == 0


def test_a_forged_signature_is_refused(bench: Bench) -> None:
    fields = {**bench.form(), "x-amz-signature": "0" * 64}
    assert refusal(bench.post(fields)) == (403, "SignatureDoesNotMatch")


def test_another_access_key_is_refused(bench: Bench) -> None:
    fields = bench.form()
    scope = fields["x-amz-credential"].replace("local/", "AKIAEXAMPLE/")
    assert refusal(bench.post({**fields, "x-amz-credential": scope})) == (
        403,
        "InvalidAccessKeyId",
    )


@pytest.mark.parametrize("missing", ["policy", "x-amz-signature"])
def test_an_unsigned_form_is_refused(bench: Bench, missing: str) -> None:
    fields = bench.form()
    del fields[missing]
    assert refusal(bench.post(fields)) == (403, "AccessDenied")


def test_a_form_without_a_key_or_a_file_is_refused(bench: Bench) -> None:
    fields = bench.form()
    assert refusal(bench.post(fields, None)) == (400, "InvalidArgument")
    del fields["key"]
    assert refusal(bench.post(fields)) == (400, "InvalidArgument")


def test_a_field_given_twice_is_refused(bench: Bench) -> None:
    body, kind = multipart({**bench.form(), "KEY": KEY}, PICTURE)
    response = bench.client.post(f"/s3/{BUCKET}", data=body, content_type=kind)
    assert refusal(response) == (400, "InvalidArgument")


def test_a_signed_policy_with_an_unknown_condition_is_refused(bench: Bench) -> None:
    made = bench.signer.generate_presigned_post(
        BUCKET, KEY, Conditions=[["ends-with", "$key", "zq"]], ExpiresIn=300
    )
    assert refusal(bench.post(made["fields"])) == (400, "InvalidPolicyDocument")


def test_a_condition_on_the_beginning_of_a_field_is_kept(bench: Bench) -> None:
    made = bench.signer.generate_presigned_post(
        BUCKET, KEY, Conditions=[["starts-with", "$Content-Type", "image/"]], ExpiresIn=300
    )
    taken = bench.post({**made["fields"], "Content-Type": "image/png"})
    refused = bench.post({**made["fields"], "Content-Type": "text/html"})
    assert taken.status_code == 204
    assert refusal(refused) == (403, "AccessDenied")


def test_bytes_that_do_not_have_the_declared_hash_are_refused(bench: Bench) -> None:
    assert refusal(bench.post(bench.form(), PICTURE[:-1] + b"?")) == (400, "BadDigest")
    assert bench.stored_versions() == 0


def test_a_form_replayed_with_other_bytes_changes_nothing(bench: Bench) -> None:
    fields = bench.form()
    assert bench.post(fields).status_code == 204
    assert refusal(bench.post(fields, b"other bytes")) == (400, "BadDigest")
    assert bench.stored_versions() == 1
    assert bench.post(fields).status_code == 204
    assert bench.stored_versions() == 2


def test_a_hash_that_is_none_is_refused(bench: Bench) -> None:
    fields = bench.form(PICTURE, **{"x-amz-checksum-sha256": "c2hvcnQ="})
    assert refusal(bench.post(fields)) == (400, "InvalidRequest")


@pytest.mark.parametrize(
    ("body", "kind", "expected"),
    [
        (b"", FORM, 400),
        (b"--edge\r\nnonsense", FORM, 400),
        (b"{}", "application/json", 412),
        (b"--edge--", "multipart/form-data", 412),
    ],
)
def test_a_malformed_form_is_refused(bench: Bench, body: bytes, kind: str, expected: int) -> None:
    response = bench.client.post(f"/s3/{BUCKET}", data=body, content_type=kind)
    assert refusal(response)[0] == expected


def test_a_body_cut_short_is_refused(bench: Bench) -> None:
    body, kind = multipart(bench.form(), PICTURE)
    response = bench.client.post(f"/s3/{BUCKET}", data=body[:-20], content_type=kind)
    assert refusal(response) == (400, "MalformedPOSTRequest")
    assert bench.stored_versions() == 0


def test_fields_of_more_than_twenty_thousand_bytes_are_refused(bench: Bench) -> None:
    response = bench.post({**bench.form(), "x-ignore-long": "y" * 30_000})
    assert refusal(response) == (400, "MaxPostPreDataLengthExceeded")


def test_a_link_shows_the_object_and_nothing_that_tells_of_its_bytes(bench: Bench) -> None:
    bench.post(bench.form())
    response = bench.get(bench.link())
    assert (response.status_code, response.data) == (200, PICTURE)
    assert response.headers["Content-Type"] == "image/jpeg"
    assert hashlib.md5(PICTURE, usedforsecurity=False).hexdigest() not in str(response.headers)
    assert response.headers["ETag"] != bench.s3.head_object(Bucket=BUCKET, Key=KEY)["ETag"]


def test_the_same_bytes_at_two_keys_have_two_etags(bench: Bench) -> None:
    for key in ("a", "b"):
        bench.s3.put_object(Bucket=BUCKET, Key=key, Body=PICTURE)
    first, second = (bench.get(bench.link(key)).headers["ETag"] for key in ("a", "b"))
    assert first != second
    assert first == bench.get(bench.link("a")).headers["ETag"]


@pytest.mark.parametrize("key", ["родинка №1.jpg", "a+b c%2Fd.jpg", "~tilde/(1)'!*.png"])
def test_a_link_to_any_key_works(bench: Bench, key: str) -> None:
    bench.s3.put_object(Bucket=BUCKET, Key=key, Body=PICTURE)
    assert bench.get(bench.link(key)).data == PICTURE


def test_an_expired_link_is_refused(bench: Bench) -> None:
    bench.post(bench.form())
    url = bench.link()
    bench.clock.shift = timedelta(seconds=601)
    response = bench.get(url)
    assert refusal(response) == (403, "AccessDenied")
    assert "expired" in response.text


@pytest.mark.parametrize(
    ("found", "put"),
    [
        ("X-Amz-Expires=600", "X-Amz-Expires=604800"),
        (KEY, "uploads/another"),
        ("X-Amz-Signature=", "X-Amz-Signature=0"),
        ("?", "?versionId=null&"),
    ],
)
def test_a_tampered_link_is_refused(bench: Bench, found: str, put: str) -> None:
    bench.post(bench.form())
    assert refusal(bench.get(bench.link().replace(found, put))) == (403, "SignatureDoesNotMatch")


def test_a_link_is_good_for_reading_only(bench: Bench) -> None:
    bench.post(bench.form())
    parts = urlsplit(bench.link())
    for method in ("PUT", "DELETE", "POST", "HEAD"):
        response = bench.client.open(f"{parts.path}?{parts.query}", method=method, base_url=ADDRESS)
        assert response.status_code == 403
    assert bench.stored_versions() == 1


def test_an_unsigned_request_is_refused(bench: Bench) -> None:
    bench.post(bench.form())
    assert refusal(bench.client.get(f"/s3/{BUCKET}/{KEY}")) == (403, "AccessDenied")
    assert refusal(bench.client.get(f"/s3/{BUCKET}?list-type=2")) == (403, "AccessDenied")


def test_a_link_to_nothing_says_so_as_s3_does(bench: Bench) -> None:
    assert refusal(bench.get(bench.link("nowhere"))) == (404, "NoSuchKey")


def test_a_part_of_an_object_can_be_asked_for(bench: Bench) -> None:
    bench.post(bench.form())
    response = bench.get(bench.link(), Range="bytes=0-3")
    assert (response.status_code, response.data) == (206, PICTURE[:4])
