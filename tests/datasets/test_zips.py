"""Zips and uploads in parts: the bytes of any zip, in the memory of a few images."""

import io
import tracemalloc
import zipfile
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.datasets.releases import shards
from chalicelib.datasets.releases.zips import ImageZip
from chalicelib.platform.objects import StoredObject
from chalicelib.platform.streamed import PART, StreamedPut
from tests.datasets.manifests import a_unit
from tests.world import World


@settings(max_examples=25, deadline=None)
@given(st.lists(st.binary(max_size=300), max_size=8))
def test_a_zip_is_read_whole_and_in_part(contents: list[bytes]) -> None:
    pieces: list[bytes] = []
    with ImageZip(pieces.append) as archive:
        for number, data in enumerate(contents):
            archive.add(f"images/{number}.jpg", data)
    whole = b"".join(pieces)
    with zipfile.ZipFile(io.BytesIO(whole)) as read:
        assert read.testzip() is None
        assert [read.read(name) for name in read.namelist()] == contents
    for member, data in zip(archive.members, contents, strict=True):
        assert whole[member.offset : member.offset + member.bytes] == data


class Sink:
    """S3, as far as it takes parts; it keeps none."""

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def create_multipart_upload(self, **_: Any) -> dict[str, str]:
        return {"UploadId": "u"}

    def upload_part(self, *, Body: bytes, **_: Any) -> dict[str, str]:  # noqa: N803
        self.sizes.append(len(Body))
        return {"ETag": "e"}

    def complete_multipart_upload(self, **_: Any) -> None:
        return


def test_a_zip_of_256_megabytes_is_built_in_less_than_100() -> None:
    size, number = 3_000_000, 85
    stored = SimpleNamespace(get=lambda key: StoredObject(bytes(size), "v", "image/png"))
    platform: Any = SimpleNamespace(images=stored)
    units = (a_unit(each, width=1000, height=1000) for each in range(number))
    sink: Any = Sink()
    put = StreamedPut(sink, "b", "k", "application/zip")
    tracemalloc.start()
    try:
        with ImageZip(put.write) as archive:
            for unit, data in shards._with_images(platform, units):
                archive.add(shards.member_path(unit), data)
        put.finish()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert put.bytes > 250_000_000
    assert peak < 100_000_000
    assert set(sink.sizes[:-1]) == {PART}
    assert sum(sink.sizes) == put.bytes


def test_an_upload_that_was_abandoned_leaves_nothing(world: World) -> None:
    store = world.platform.releases
    put = store.streamed("files/x/a", content_type="text/plain")
    put.write(bytes(PART + 1))
    put.abandon()
    put.abandon()
    assert store.get("files/x/a") is None
    assert store.end_uploads("files/x/") == 0


def test_objects_are_read_by_lines_and_by_ranges(world: World) -> None:
    store = world.platform.releases
    put = store.streamed("k", content_type="text/plain")
    put.write("один\nдва\r\n".encode())
    put.write(b"last")
    put.finish()
    assert list(store.lines("k")) == ["один".encode(), "два\r".encode(), b"last"]
    assert b"".join(store.chunks("k", first=9, last=14)) == "два".encode()
    with pytest.raises(LookupError):
        list(store.chunks("none"))
