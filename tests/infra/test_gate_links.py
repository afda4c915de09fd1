"""A presigned link shows one object until it expires, and nothing else."""

import hashlib
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from tests.infra.gating import ADDRESS, BUCKET, KEY, PICTURE, Bench, refusal


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


def test_an_image_is_taken_out_of_a_shard_by_one_link_to_the_whole(bench: Bench) -> None:
    shard = bytes(range(256)) * 64
    bench.s3.put_object(Bucket=BUCKET, Key="files/r1/images/3mo7uyr4-00000.zip", Body=shard)
    url = bench.link("files/r1/images/3mo7uyr4-00000.zip")
    for asked, begin, end in (
        ("600-899", 600, 900),
        ("16000-", 16_000, 16_384),
        ("-5", 16_379, 16_384),
    ):
        response = bench.get(url, Range=f"bytes={asked}")
        assert (response.status_code, response.data) == (206, shard[begin:end])
        assert response.headers["Content-Range"] == f"bytes {begin}-{end - 1}/{len(shard)}"
        assert response.headers["Content-Length"] == str(end - begin)
    assert refusal(bench.get(url, Range="bytes=16384-16390")) == (416, "InvalidRange")
    assert bench.get(url).data == shard
