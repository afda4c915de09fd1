"""A presigned form stores the bytes it was signed for, at its key, and nothing else."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app

from infra.local.gate import MAX_BODY_BYTES
from tests.infra.gating import (
    BUCKET,
    FORM,
    KEY,
    LIMIT,
    OTHER_BUCKET,
    PICTURE,
    Bench,
    multipart,
    refusal,
    sha256,
)


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
    assert stored["ChecksumSHA256"] == sha256(PICTURE)
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


@pytest.mark.parametrize(
    "extra",
    [
        {f"x-ignore-{number}": "" for number in range(2_000)},
        {"x-ignore-" + "y" * 30_000: ""},
        {'x-ignore-a"\r\nX-More: ' + "y" * 400_000 + '\r\nX-End: "': ""},
    ],
    ids=["many fields", "a long name", "a long header"],
)
def test_names_and_headers_before_the_file_are_limited_as_their_values_are(
    bench: Bench, extra: dict[str, str]
) -> None:
    response = bench.post({**bench.form(), **extra})
    assert refusal(response) == (400, "MaxPostPreDataLengthExceeded")
    assert bench.stored_versions() == 0


def test_many_parts_behind_the_file_are_refused_and_a_few_ignored(bench: Bench) -> None:
    body, kind = multipart(bench.form(), PICTURE)
    part = b'--edge\r\nContent-Disposition: form-data; name="submit"\r\n\r\nx\r\n'
    for number, expected in ((3, 204), (2_000, 400)):
        data = body.removesuffix(b"--edge--\r\n") + part * number + b"--edge--\r\n"
        response = bench.client.post(f"/s3/{BUCKET}", data=data, content_type=kind)
        assert response.status_code == expected


@pytest.mark.parametrize("filling", [b"\r", b"\n", b"\r\n--edg", b" --edge", b"\0"])
def test_a_file_that_looks_like_boundaries_passes_within_the_decoders_memory(
    bench: Bench, filling: bytes
) -> None:
    picture = (filling * LIMIT)[:LIMIT]
    assert bench.post(bench.form(picture), picture).status_code == 204
    assert bench.s3.get_object(Bucket=BUCKET, Key=KEY)["Body"].read() == picture
