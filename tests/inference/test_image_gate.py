"""Good photographs, odd but honest ones, and what a client may declare wrongly."""

import hashlib
import zlib
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageOps

from chalicelib.classification.inference.gate import inspect
from chalicelib.classification.inference.metadata import foreign_parts
from chalicelib.classification.inference.picture import BadImage, Limits
from chalicelib.images.problems import Problem
from tests import pictures
from tests.inference.asking import LIMITS, clean, declaration, opened, problem, psnr, rgb, tables


@pytest.mark.parametrize("subsampling", ["4:4:4", "4:2:2", "4:2:0"])
@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_stays_a_jpeg_with_next_to_identical_pixels(
    subsampling: str, progressive: bool
) -> None:
    data = pictures.jpeg(subsampling=subsampling, progressive=progressive)
    picture = clean(data)
    assert picture.content_type == "image/jpeg"
    assert opened(picture.data).format == "JPEG"
    assert (picture.width, picture.height) == (640, 480) == opened(picture.data).size
    assert psnr(opened(picture.data), opened(data)) > 45
    assert np.array_equal(rgb(picture.image), rgb(opened(data)))


@pytest.mark.parametrize("quality", [40, 75, 98])
def test_a_jpeg_is_coded_with_its_own_tables_only_when_no_pixel_was_changed(quality: int) -> None:
    data = pictures.jpeg(quality=quality)
    tag = pictures.exif(orientation=3)
    turned = pictures.with_segments(data, pictures.segment(0xE1, b"Exif\0\0" + tag))
    finest = tables(pictures.jpeg(quality=95))
    assert tables(clean(data).data) == tables(data) != finest
    assert tables(clean(turned).data) == finest


def test_a_png_stays_a_png_with_identical_pixels() -> None:
    picture = clean(pictures.png())
    assert picture.content_type == "image/png"
    assert opened(picture.data).format == "PNG"
    assert np.array_equal(rgb(opened(picture.data)), rgb(pictures.photograph()))


@pytest.mark.parametrize("data", [pictures.jpeg(), pictures.png()], ids=["jpeg", "png"])
def test_the_same_bytes_give_the_same_clean_copy(data: bytes) -> None:
    first, second = clean(data), clean(data)
    assert (first.data, first.thumbnail, first.pixel_hash) == (
        second.data,
        second.thumbnail,
        second.pixel_hash,
    )


@pytest.mark.parametrize("data", [pictures.jpeg(), pictures.png()], ids=["jpeg", "png"])
def test_cleaning_a_clean_copy_changes_next_to_nothing(data: bytes) -> None:
    once = clean(data)
    twice = clean(once.data)
    assert psnr(once.image, twice.image) > 45
    assert foreign_parts(twice.data) == ()
    if once.content_type == "image/png":
        assert twice.pixel_hash == once.pixel_hash


def test_the_thumbnail_is_a_small_jpeg_of_the_same_picture() -> None:
    picture = clean(pictures.jpeg(pictures.photograph(600, 400)))
    small = opened(picture.thumbnail)
    assert (small.format, small.size) == ("JPEG", (256, 171))
    assert psnr(small, picture.image.resize(small.size, Image.Resampling.LANCZOS)) > 30
    assert foreign_parts(picture.thumbnail) == ()


def test_the_thumbnail_of_a_small_picture_is_not_enlarged() -> None:
    assert opened(clean(pictures.png(pictures.quarters())).thumbnail).size == (96, 80)


def test_the_same_photograph_with_other_metadata_has_the_same_pixel_hash() -> None:
    plain = clean(pictures.jpeg())
    assert clean(pictures.jpeg_that_names()).pixel_hash == plain.pixel_hash
    assert clean(pictures.png_that_names()).pixel_hash == clean(pictures.png()).pixel_hash
    assert clean(pictures.jpeg(pictures.photograph(seed=8))).pixel_hash != plain.pixel_hash


def test_the_pixel_hash_is_over_width_height_and_rgb_bytes() -> None:
    image = pictures.photograph(100, 80)
    head = (100).to_bytes(4, "big") + (80).to_bytes(4, "big")
    expected = hashlib.sha256(head + image.tobytes()).hexdigest()
    assert clean(pictures.png(image)).pixel_hash == expected


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["jpeg", "png"])
def test_a_turned_photograph_stands_as_the_camera_meant(kind: str, orientation: int) -> None:
    tag = pictures.exif(orientation=orientation)
    image = pictures.quarters()
    if kind == "jpeg":
        data = pictures.with_segments(
            pictures.jpeg(image, subsampling=0), pictures.segment(0xE1, b"Exif\0\0" + tag)
        )
    else:
        data = pictures.with_chunks(pictures.png(image), pictures.chunk(b"eXIf", tag))
    expected = ImageOps.exif_transpose(opened(data))
    picture = clean(data)
    assert (picture.width, picture.height) == expected.size
    assert np.array_equal(rgb(picture.image), rgb(expected))
    assert psnr(opened(picture.data), expected) > 40
    assert "exif" not in opened(picture.data).info


@pytest.mark.parametrize(
    "tag",
    [b"", b"II*\0", b"MM\0*\xff\xff\xff\xff", b"II*\0\x08\0\0\0\xff\xff" + bytes(40)],
)
def test_a_broken_orientation_leaves_the_picture_as_it_is(tag: bytes) -> None:
    segment = pictures.segment(0xE1, b"Exif\0\0" + tag)
    assert clean(pictures.with_segments(pictures.jpeg(), segment)).width == 640


def test_grey_of_16_bits_is_scaled_and_not_clipped_to_white() -> None:
    ramp = np.linspace(0, 65535, 128).astype(np.uint16)
    data = pictures.png(Image.fromarray(np.tile(ramp, (96, 1))))
    got = rgb(clean(data).image)
    assert np.array_equal(got[0, :, 0], np.round(ramp / 257).astype(np.int16))
    assert (got == got[..., :1]).all()


def test_grey_of_16_bits_with_a_transparent_level_and_a_profile_passes() -> None:
    ramp = np.linspace(0, 65535, 128).astype(np.uint16)
    data = pictures.with_chunks(
        pictures.png(Image.fromarray(np.tile(ramp, (96, 1)))),
        pictures.chunk(b"iCCP", b"a\0\0" + zlib.compress(pictures.profile(pictures.DISPLAY_P3))),
        pictures.chunk(b"tRNS", b"\x12\x34"),
    )
    assert opened(data).info["transparency"] == 0x1234
    assert rgb(clean(data).image)[0, -1].tolist() == [255, 255, 255]


def test_grey_of_8_bits_and_of_1_bit_become_rgb() -> None:
    grey = pictures.photograph(128, 96).convert("L")
    for image in (grey, grey.convert("1")):
        picture = clean(pictures.png(image))
        assert np.array_equal(rgb(opened(picture.data)), rgb(image))
    assert psnr(opened(clean(pictures.jpeg(grey)).data), opened(pictures.jpeg(grey))) > 40


def test_cmyk_becomes_rgb() -> None:
    data = pictures.jpeg(pictures.photograph().convert("CMYK"))
    picture = clean(data)
    assert opened(picture.data).mode == "RGB"
    assert np.array_equal(rgb(picture.image), rgb(opened(data)))
    assert psnr(picture.image, pictures.photograph()) > 25


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparency_is_laid_on_white(mode: str) -> None:
    image = pictures.quarters().convert("RGBA")
    image.paste((255, 0, 0, 0), (0, 0, 48, 40))
    if mode == "LA":
        data = pictures.png(image.convert("LA"))
    elif mode == "P":
        data = pictures.png(image.quantize())
        assert opened(data).mode == "P"
        assert "transparency" in opened(data).info
    else:
        data = pictures.png(image)
    got = rgb(opened(clean(data).data))
    assert (got[5, 5] == 255).all(), "the transparent quarter must be white, not red"
    assert (got[60, 10] != 255).any(), "the opaque quarter must keep its colour"


def test_half_transparency_is_mixed_with_white() -> None:
    image = Image.new("RGBA", (80, 80), (0, 0, 0, 128))
    assert abs(int(rgb(clean(pictures.png(image)).image)[0, 0, 0]) - 127) <= 1


def test_a_transparent_colour_of_an_rgb_png_is_white() -> None:
    data = pictures.png(pictures.quarters(), transparency=(255, 0, 0))
    assert (rgb(clean(data).image)[5, 5] == 255).all()


def _with_profile(kind: str, profile: bytes) -> bytes:
    image = Image.new("RGB", (96, 96), (200, 60, 60))
    return (
        pictures.jpeg(image, quality=95, icc_profile=profile)
        if kind == "jpeg"
        else pictures.png(image, icc_profile=profile)
    )


@pytest.mark.parametrize("kind", ["jpeg", "png"])
def test_a_wide_gamut_is_converted_to_srgb(kind: str) -> None:
    data = _with_profile(kind, pictures.profile(pictures.DISPLAY_P3))
    picture = clean(data)
    expected = _srgb_of_p3(rgb(opened(data))[40, 40])
    assert expected[0] > 210, "a red of a wider space is a stronger red in sRGB"
    assert np.abs(rgb(picture.image)[40, 40] - expected).max() <= 2
    assert np.abs(rgb(opened(picture.data))[40, 40] - expected).max() <= 3


def _srgb_of_p3(colour: NDArray[np.int16]) -> NDArray[np.float64]:
    """The same colour by the definition of the two spaces (IEC 61966-2-1)."""
    level = colour / 255
    linear = np.where(level <= 0.04045, level / 12.92, ((level + 0.055) / 1.055) ** 2.4)
    xyz = np.array(pictures.DISPLAY_P3).T @ linear
    linear = (np.linalg.inv(np.array(pictures.SRGB).T) @ xyz).clip(0, 1)
    level = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.asarray(255 * level)


@pytest.mark.parametrize("kind", ["jpeg", "png"])
@pytest.mark.parametrize(
    "profile",
    [
        pictures.profile(pictures.SRGB),
        b"not a profile at all",
        pictures.profile(pictures.DISPLAY_P3)[:200],
        bytes(4000),
    ],
    ids=["srgb", "text", "cut", "zeros"],
)
def test_a_profile_that_says_nothing_new_or_is_broken_changes_no_pixel(
    kind: str, profile: bytes
) -> None:
    data = _with_profile(kind, profile)
    assert np.array_equal(rgb(clean(data).image), rgb(opened(data)))


def test_a_profile_for_other_colours_than_the_pixels_is_ignored() -> None:
    grey = pictures.photograph(96, 96).convert("L")
    data = pictures.png(grey, icc_profile=pictures.profile(pictures.DISPLAY_P3))
    assert np.array_equal(rgb(clean(data).image), rgb(grey))


def test_an_empty_file_is_refused_as_empty() -> None:
    assert problem(b"", "image/jpeg") is Problem.EMPTY


def test_a_file_at_the_limit_passes_and_one_byte_more_does_not() -> None:
    data = pictures.jpeg()
    assert problem(data, limits=Limits(max_bytes=len(data))) is None
    assert problem(data, limits=Limits(max_bytes=len(data) - 1)) is Problem.TOO_LARGE


def test_another_size_or_hash_than_declared_is_refused() -> None:
    data = pictures.jpeg()
    truth = declaration(data)
    for lie, code in (
        (replace(truth, bytes=len(data) + 1), Problem.WRONG_SIZE),
        (replace(truth, sha256="0" * 64), Problem.HASH_MISMATCH),
    ):
        with pytest.raises(BadImage) as refusal:
            inspect(data, declared=lie, limits=LIMITS)
        assert refusal.value.code is code


def test_200_corrupt_bytes_are_told_by_the_hash() -> None:
    data = bytearray(pictures.jpeg())
    truth = declaration(bytes(data))
    for at in range(len(data) // 2, len(data) // 2 + 200):
        data[at] = (data[at] + 1) % 255
    with pytest.raises(BadImage) as refusal:
        inspect(bytes(data), declared=truth, limits=LIMITS)
    assert refusal.value.code is Problem.HASH_MISMATCH


def test_a_hash_in_capitals_is_the_same_hash() -> None:
    data = pictures.jpeg()
    truth = declaration(data)
    assert inspect(data, declared=replace(truth, sha256=truth.sha256.upper()), limits=LIMITS)


def test_pictures_outside_the_limits_of_size_are_refused() -> None:
    assert problem(pictures.png(pictures.photograph(63, 200))) is Problem.TOO_SMALL
    assert problem(pictures.png(pictures.photograph(64, 200))) is None
    assert problem(pictures.png(pictures.photograph(64, 520))) is Problem.EXTREME_ASPECT
    small = Limits(max_pixels=640 * 480 - 1)
    assert problem(pictures.jpeg(), limits=small) is Problem.TOO_MANY_PIXELS
    assert problem(pictures.png(), limits=small) is Problem.TOO_MANY_PIXELS
