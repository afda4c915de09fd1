"""Files made to carry names, scripts, archives, further frames, or broken pictures."""

import io
import re
import zipfile

import numpy as np
import pytest
from PIL import Image

from chalicelib.classification.inference import jpeg, pixels
from chalicelib.classification.inference.gate import UncleanCopy
from chalicelib.classification.inference.metadata import foreign_parts, parts
from chalicelib.images.problems import Problem
from tests import pictures
from tests.inference.asking import clean, opened, problem, psnr, rgb, tables

HTML = b"<html><script>alert(document.cookie)</script></html>"


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("index.html", HTML)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [pictures.jpeg_that_names(), pictures.png_that_names()],
    ids=["jpeg", "png"],
)
def test_a_name_planted_in_every_place_never_reaches_the_clean_copy(data: bytes) -> None:
    assert foreign_parts(data), "the file must carry what is to be removed"
    assert data.count(pictures.SECRET.encode()) > 3
    picture = clean(data)
    for kept in (picture.data, picture.thumbnail):
        assert foreign_parts(kept) == ()
        for word in pictures.SECRET.encode().split():
            assert word not in kept
        assert set(opened(kept).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_every_planted_place_of_a_jpeg_is_there_before_and_gone_after() -> None:
    before = parts(pictures.jpeg_that_names())
    assert {"APP1", "APP2", "APP13", "APP15", "COM", "trailing"} < set(before)
    assert set(parts(clean(pictures.jpeg_that_names()).data)) == {"APP0", "DB", "C0", "C4", "DA"}


def test_every_planted_place_of_a_png_is_there_before_and_gone_after() -> None:
    before = parts(pictures.png_that_names())
    assert {"iCCP", "tEXt", "zTXt", "iTXt", "eXIf", "tIME", "prVt", "trailing"} < set(before)
    assert set(parts(clean(pictures.png_that_names()).data)) == {"IHDR", "IDAT", "IEND"}


def test_the_place_where_a_photograph_was_taken_is_gone() -> None:
    data = pictures.with_segments(
        pictures.jpeg(), pictures.segment(0xE1, b"Exif\0\0" + pictures.exif(name="Anna"))
    )
    assert opened(data).getexif().get_ifd(0x8825)[2][0] == 52
    assert not opened(clean(data).data).getexif()


def test_the_preview_of_the_uncropped_photograph_is_gone() -> None:
    face = pictures.jpeg(pictures.quarters())
    tag = pictures.exif(thumbnail=face)
    data = pictures.with_segments(pictures.jpeg(), pictures.segment(0xE1, b"Exif\0\0" + tag))
    picture = clean(data)
    assert face in data
    for kept in (picture.data, picture.thumbnail):
        assert kept.count(b"\xff\xd8\xff") == 1
        assert psnr(opened(kept), pictures.photograph(*opened(kept).size)) > 20


@pytest.mark.parametrize("tail", [_zip(), HTML, b"\0" * 4096, pictures.jpeg()])
@pytest.mark.parametrize("base", [pictures.jpeg(), pictures.png()], ids=["jpeg", "png"])
def test_what_is_appended_to_a_picture_is_dropped(base: bytes, tail: bytes) -> None:
    plain, picture = clean(base), clean(base + tail)
    assert (picture.data, picture.pixel_hash) == (plain.data, plain.pixel_hash)


def test_an_archive_hidden_in_a_comment_does_not_survive() -> None:
    data = pictures.with_segments(pictures.jpeg(), pictures.segment(0xFE, _zip()))
    assert zipfile.is_zipfile(io.BytesIO(data))
    picture = clean(data)
    assert not zipfile.is_zipfile(io.BytesIO(picture.data))
    assert b"index.html" not in picture.data


def test_a_page_hidden_in_a_picture_does_not_survive() -> None:
    for data in (
        pictures.with_segments(pictures.jpeg(), pictures.segment(0xFE, HTML)),
        pictures.with_chunks(pictures.png(), pictures.chunk(b"tEXt", b"a\0" + HTML)),
    ):
        assert b"<script" in data
        assert b"<script" not in clean(data).data


@pytest.mark.parametrize("between", [b"HIDDEN", b"\xff\xff\xff\xff"])
def test_bytes_between_two_segments_do_not_survive(between: bytes) -> None:
    base = pictures.jpeg()
    data = base[:2] + between + base[2:]
    assert problem(data) in (None, Problem.DAMAGED, Problem.WRONG_TYPE)
    if problem(data) is None:
        assert clean(data).data == clean(base).data


def test_a_table_that_no_component_uses_does_not_survive() -> None:
    secret = (pictures.SECRET * 4).encode()[:64]
    data = pictures.with_segments(pictures.jpeg(), pictures.segment(0xDB, b"\x03" + secret))
    assert clean(data).data == clean(pictures.jpeg()).data


@pytest.mark.parametrize("kind", pictures.other_kinds())
@pytest.mark.parametrize("declared", ["image/jpeg", "image/png"])
def test_another_kind_of_file_is_refused_whatever_it_is_called(kind: str, declared: str) -> None:
    assert problem(pictures.other_kinds()[kind], declared) is Problem.WRONG_TYPE


def test_a_png_declared_as_jpeg_and_the_reverse_are_refused() -> None:
    assert problem(pictures.png(), "image/jpeg") is Problem.WRONG_TYPE
    assert problem(pictures.jpeg(), "image/png") is Problem.WRONG_TYPE
    assert problem(pictures.jpeg(), "image/gif") is Problem.WRONG_TYPE


def test_only_the_signature_of_a_picture_is_refused() -> None:
    assert problem(b"\xff\xd8\xff") is Problem.TRUNCATED
    assert problem(b"\xff\xd8\xff\xd9") is Problem.DAMAGED
    assert problem(b"\x89PNG\r\n\x1a\n", "image/png") is Problem.TRUNCATED


def test_an_animated_png_is_refused() -> None:
    assert problem(pictures.animated_png()) is Problem.SEVERAL_FRAMES


def test_two_photographs_of_one_size_in_a_file_are_refused() -> None:
    data = pictures.two_pictures(pictures.photograph(seed=2))
    assert problem(data) is Problem.SEVERAL_FRAMES


def test_a_gain_map_behind_a_phone_photograph_is_dropped() -> None:
    data = pictures.two_pictures(pictures.photograph(320, 240).convert("L"))
    picture = clean(data)
    assert (picture.width, picture.height) == (640, 480)
    assert picture.data.count(b"\xff\xd8\xff") == 1


@pytest.mark.parametrize("share", [0.05, 0.3, 0.5, 0.9, 0.999])
@pytest.mark.parametrize(
    "base",
    [pictures.jpeg(), pictures.jpeg(progressive=True), pictures.png()],
    ids=["jpeg", "progressive", "png"],
)
def test_a_picture_that_breaks_off_is_refused(base: bytes, share: float) -> None:
    assert problem(base[: int(len(base) * share)]) is Problem.TRUNCATED


@pytest.mark.parametrize("share", [0.3, 0.5, 0.9])
@pytest.mark.parametrize("subsampling", [0, 2])
@pytest.mark.parametrize("restarts", [0, 1])
def test_a_jpeg_cut_in_half_is_refused_even_with_an_end_put_on(
    share: float, subsampling: int, restarts: int
) -> None:
    base = pictures.jpeg(subsampling=subsampling, restart_marker_rows=restarts)
    assert problem(base[: int(len(base) * share)] + b"\xff\xd9") is Problem.TRUNCATED


def test_a_progressive_jpeg_without_its_last_passes_is_refused() -> None:
    base = pictures.jpeg(progressive=True)
    for scan in list(re.finditer(rb"\xff\xda", base))[2:]:
        assert problem(base[: scan.start()] + b"\xff\xd9") is Problem.TRUNCATED


@pytest.mark.parametrize("colour", [(0, 0, 0), (128, 128, 128), (255, 255, 255)])
@pytest.mark.parametrize("restarts", [0, 1])
def test_a_plain_picture_is_not_taken_for_one_that_breaks_off(
    colour: tuple[int, int, int], restarts: int
) -> None:
    image = Image.new("RGB", (203, 101), colour)
    assert problem(pictures.jpeg(image, restart_marker_rows=restarts)) is None
    assert problem(pictures.png(image)) is None


@pytest.mark.parametrize("width", [64, 67, 101])
@pytest.mark.parametrize(("kind", "depth"), [(0, 1), (0, 8), (2, 8), (6, 16)])
def test_an_interlaced_png_passes_only_with_all_its_rows(width: int, kind: int, depth: int) -> None:
    rows = pictures.interlaced_rows(width, 70, bits=depth * {0: 1, 2: 3, 6: 4}[kind])
    whole = pictures.png_of(width, 70, rows, kind=kind, depth=depth, interlaced=True)
    short = pictures.png_of(width, 70, rows[:-1], kind=kind, depth=depth, interlaced=True)
    assert problem(whole) is None
    assert problem(short) is Problem.TRUNCATED


def test_a_png_with_too_few_rows_is_refused() -> None:
    for rows in (0, 1, 50, 99):
        assert problem(pictures.png_of(100, 100, [bytes(300)] * rows)) is Problem.TRUNCATED
    assert problem(pictures.png_of(100, 100, [bytes(300)] * 100)) is None


def test_a_png_with_a_wrong_checksum_is_refused() -> None:
    base = pictures.png()
    for place in (60, len(base) - 16, len(base) - 1):  # within the data, their checksum, the end's
        data = bytearray(base)
        data[place] ^= 0x10
        assert problem(bytes(data)) is Problem.DAMAGED


def test_rows_that_unpack_to_a_little_over_one_piece_are_counted_to_the_last() -> None:
    width, height = 181, 482
    assert 0 < height * (1 + 3 * width) - (1 << 18) < 100
    data = pictures.png_of(width, height, [bytes(3 * width)] * height)
    assert (clean(data).width, clean(data).height) == (width, height)


def _patched(data: bytes, marker: bytes, offset: int, value: bytes) -> bytes:
    at = data.index(marker) + offset
    return data[:at] + value + data[at + len(value) :]


@pytest.mark.parametrize(
    ("offset", "value", "code"),
    [
        (1, b"\xc9", Problem.UNSUPPORTED),  # arithmetic coding
        (1, b"\xc3", Problem.UNSUPPORTED),  # lossless
        (4, b"\x0c", Problem.UNSUPPORTED),  # 12 bits
        (5, b"\0\0", Problem.DAMAGED),  # no height
        (9, b"\x02", Problem.DAMAGED),  # two components announced, three described
        (11, b"\x55", Problem.DAMAGED),  # impossible sampling
        (5, b"\x7f\xff", Problem.EXTREME_ASPECT),
        (5, b"\x0f\x00", Problem.TRUNCATED),  # more rows than there are data for
    ],
)
def test_a_jpeg_with_an_odd_frame_is_refused(offset: int, value: bytes, code: Problem) -> None:
    assert problem(_patched(pictures.jpeg(), b"\xff\xc0", offset, value)) is code


def test_a_jpeg_of_two_frames_is_refused() -> None:
    base = pictures.jpeg()
    at = base.index(b"\xff\xc0")
    again = base[at : at + 2 + int.from_bytes(base[at + 2 : at + 4], "big")]
    assert problem(pictures.with_segments(base, again)) is Problem.DAMAGED


@pytest.mark.parametrize(("kind", "depth"), [(2, 4), (3, 16), (5, 8), (7, 8), (0, 3)])
def test_a_png_with_an_impossible_header_is_refused(kind: int, depth: int) -> None:
    data = pictures.png_of(100, 100, [bytes(300)] * 100, kind=kind, depth=depth)
    assert problem(data) is Problem.DAMAGED


def test_a_file_of_thousands_of_segments_is_refused() -> None:
    crowd = [pictures.segment(0xFE, b"x")] * 3000
    assert problem(pictures.with_segments(pictures.jpeg(), *crowd)) is Problem.DAMAGED
    crowd = [pictures.chunk(b"tEXt", b"a\0b")] * 60_000
    assert problem(pictures.with_chunks(pictures.png(), *crowd)) is Problem.DAMAGED


def test_an_rgb_coded_jpeg_keeps_its_colours() -> None:
    named = pictures.jpeg(pictures.photograph(), keep_rgb=True)
    # Without the letters R, G, B as ids of its components only the Adobe segment tells.
    numbered = named.replace(b"R\x11\0G\x11\0B\x11\0", b"\1\x11\0\2\x11\0\3\x11\0")
    numbered = numbered.replace(b"R\0G\0B\0", b"\1\0\2\0\3\0")
    for data in (named, numbered):
        assert not jpeg.walk(data).ycbcr
        picture = clean(data)
        assert np.array_equal(rgb(picture.image), rgb(opened(named)))
        assert psnr(opened(picture.data), opened(named)) > 35
        assert tables(picture.data) != tables(named)


def test_a_copy_that_would_carry_more_than_its_picture_is_never_let_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def forgetful(image: Image.Image, _: pixels.Coding | None) -> bytes:
        return pictures.jpeg(image, comment=b"Anna")

    monkeypatch.setattr(pixels, "encode_jpeg", forgetful)
    with pytest.raises(UncleanCopy, match="COM"):
        clean(pictures.jpeg())
