"""The one function that training and serving share."""

import numpy as np
import pytest
from PIL import Image

from chalicelib.classification.inference.preprocess import to_model_input


def test_the_picture_becomes_the_size_of_the_model() -> None:
    pixels = to_model_input(Image.new("RGB", (600, 450), (10, 20, 30)), width=160, height=120)
    assert pixels.shape == (120, 160, 3)
    assert pixels.dtype == np.uint8
    assert (pixels == [10, 20, 30]).all()


def test_nothing_of_the_picture_is_cropped() -> None:
    image = Image.new("RGB", (900, 300))
    image.paste((255, 0, 0), (0, 0, 90, 300))
    image.paste((0, 0, 255), (810, 0, 900, 300))
    pixels = to_model_input(image, width=160, height=120)
    assert pixels[60, 4].tolist() == [255, 0, 0]
    assert pixels[60, 155].tolist() == [0, 0, 255]


def test_a_picture_of_the_right_size_is_left_as_it_is() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (120, 160, 3)).astype(np.uint8)
    assert (to_model_input(Image.fromarray(noise), width=160, height=120) == noise).all()


def test_a_huge_picture_is_close_to_a_full_resize() -> None:
    rng = np.random.default_rng(1)
    smooth = Image.fromarray(rng.integers(0, 256, (12, 16, 3)).astype(np.uint8))
    huge = smooth.resize((3200, 2400), Image.Resampling.BICUBIC)
    ours = to_model_input(huge, width=160, height=120).astype(int)
    full = np.asarray(huge.resize((160, 120), Image.Resampling.BICUBIC)).astype(int)
    assert np.abs(ours - full).max() <= 2


def test_a_grey_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="mode L"):
        to_model_input(Image.new("L", (10, 10)), width=160, height=120)
