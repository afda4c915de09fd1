"""Whatever the bytes, the gate answers with a clean picture or with a `BadImage`."""

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from chalicelib.classification.inference.metadata import foreign_parts
from chalicelib.classification.inference.picture import BadImage
from tests import pictures
from tests.inference.asking import clean, opened

_SMALL = pictures.photograph(80, 72)
VALID = [
    pictures.jpeg(_SMALL),
    pictures.jpeg(_SMALL, progressive=True, subsampling=2),
    pictures.jpeg(_SMALL.convert("L")),
    pictures.jpeg(_SMALL.convert("CMYK")),
    pictures.jpeg_that_names(image=_SMALL),
    pictures.two_pictures(_SMALL),
    pictures.png(_SMALL),
    pictures.png(_SMALL.quantize(16)),
    pictures.png(_SMALL.convert("LA")),
    pictures.png(_SMALL.convert("I;16")),
    pictures.png_that_names(image=_SMALL),
]
BYTES = st.binary(min_size=1, max_size=8)
# Most of a structure lies at the front of a file, so half of all mutations fall there.
PLACES = st.one_of(st.floats(0, 0.1), st.floats(0, 1))
FUZZ = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))


def _survives(data: bytes) -> None:
    try:
        picture = clean(data)
    except BadImage:
        return
    assert foreign_parts(picture.data) == foreign_parts(picture.thumbnail) == ()
    assert opened(picture.data).size == (picture.width, picture.height)


@FUZZ
@given(st.sampled_from(VALID), st.lists(st.tuples(PLACES, BYTES), min_size=1, max_size=6))
def test_overwritten_bytes_never_break_the_gate(
    valid: bytes, changes: list[tuple[float, bytes]]
) -> None:
    data = bytearray(valid)
    for place, new in changes:
        at = int(place * (len(data) - 1))
        data[at : at + len(new)] = new
    _survives(bytes(data))


@FUZZ
@given(st.sampled_from(VALID), PLACES, BYTES, PLACES, st.integers(0, 64))
def test_inserted_removed_and_cut_bytes_never_break_the_gate(
    valid: bytes, place: float, new: bytes, other: float, removed: int
) -> None:
    at = int(place * len(valid))
    data = valid[:at] + new + valid[at:]
    at = int(other * len(data))
    _survives(data[:at] + data[at + removed :])
    _survives(valid[:at])


@FUZZ
@given(st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"]), st.binary(max_size=400))
@example(b"\xff\xd8\xff", b"\xda\x00\x02\xff\xd9")
def test_random_bytes_behind_a_signature_never_break_the_gate(
    signature: bytes, rest: bytes
) -> None:
    _survives(signature + rest)


@FUZZ
@given(
    st.sampled_from([b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"iCCP", b"eXIf", b"acTL", b"gAMA"]),
    st.binary(max_size=100),
)
def test_any_chunk_with_a_right_checksum_never_breaks_the_gate(name: bytes, body: bytes) -> None:
    _survives(pictures.with_chunks(pictures.png(_SMALL), pictures.chunk(name, body)))


@FUZZ
@given(st.integers(0xC0, 0xFE), st.binary(max_size=100))
def test_any_segment_never_breaks_the_gate(marker: int, body: bytes) -> None:
    _survives(pictures.with_segments(pictures.jpeg(_SMALL), pictures.segment(marker, body)))


@FUZZ
@given(st.binary(max_size=200), PLACES, BYTES)
def test_any_profile_and_any_exif_never_break_the_gate(
    tail: bytes, place: float, new: bytes
) -> None:
    profile = bytearray(pictures.profile(pictures.DISPLAY_P3))
    at = int(place * (len(profile) - len(new)))
    profile[at : at + len(new)] = new
    tag = bytearray(pictures.exif(orientation=6, name="Anna"))
    at = int(place * (len(tag) - len(new)))
    tag[at : at + len(new)] = new
    _survives(
        pictures.with_segments(
            pictures.jpeg(_SMALL),
            pictures.segment(0xE1, b"Exif\0\0" + bytes(tag) + tail),
            pictures.segment(0xE2, b"ICC_PROFILE\0\x01\x01" + bytes(profile) + tail),
        )
    )
