"""Real dermatoscopic and phone photographs pass the gate and lose nothing but their metadata."""

from pathlib import Path

import numpy as np
import pytest

from chalicelib.classification.inference.metadata import foreign_parts
from tests.inference.asking import clean, opened, psnr, rgb

DATA = Path(__file__).parents[3] / "shared" / "data"
DERMOSCOPIC = sorted((DATA / "ham10000-fullsize" / "dataset").rglob("*.jpg"))[:20]
PHONE = sorted((DATA / "clinical-photos" / "images").glob("*.png"))

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real data are not on this machine")


def test_there_are_real_photographs_to_look_at() -> None:
    assert len(DERMOSCOPIC) == 20
    assert len(PHONE) == 28


@pytest.mark.parametrize("path", DERMOSCOPIC, ids=lambda path: path.stem)
def test_a_dermatoscopic_photograph_keeps_its_pixels(path: Path) -> None:
    data = path.read_bytes()
    picture = clean(data)
    assert foreign_parts(picture.data) == foreign_parts(picture.thumbnail) == ()
    assert (picture.width, picture.height) == (600, 450)
    assert psnr(opened(picture.data), opened(data)) > 45
    assert np.array_equal(rgb(picture.image), rgb(opened(data)))


@pytest.mark.parametrize("path", PHONE, ids=lambda path: path.stem)
def test_a_phone_photograph_keeps_its_pixels_exactly(path: Path) -> None:
    data = path.read_bytes()
    picture = clean(data)
    assert foreign_parts(picture.data) == foreign_parts(picture.thumbnail) == ()
    assert np.array_equal(rgb(opened(picture.data)), rgb(opened(data)))
