"""Pictures of what is no lesion under a dermatoscope, and that training and testing share no file."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from training.data import KINDS
from training.pixels import Examples, Size
from training.strangers import Strangers, serves_testing, strangers

SIZE = Size(24, 18)


@pytest.fixture
def lesions() -> Examples:
    """Two photographs: red skin; the second is all lesion, the first only in a corner."""
    images = np.zeros((2, 60, 80, 3), np.uint8)
    images[..., 0] = 200
    outlines = np.zeros((2, 60, 80), np.uint8)
    outlines[0, :12, :12] = 255
    outlines[1] = 255
    return Examples(images, np.zeros(2, int), ("a", "b"), outlines, np.ones(2, np.bool_))


@pytest.fixture
def photographs(tmp_path: Path) -> Path:
    for number in range(12):
        level = 20 * number
        Image.new("RGB", (50, 50), (0, 0, level)).save(tmp_path / f"photograph-{number}.png")
    return tmp_path


def _made(lesions: Examples, photographs: Path | None, *, testing: bool) -> Strangers:
    return strangers(
        photographs=photographs,
        others=None,
        lesions=lesions,
        testing=testing,
        size=SIZE,
        each=20,
        rng=np.random.default_rng(1),
    )


def test_every_kind_is_there_at_the_size_of_the_model(lesions: Examples, photographs: Path) -> None:
    made = _made(lesions, photographs, testing=False)
    assert made.images.shape[1:] == (18, 24, 3)
    assert set(made.kinds) == {KINDS.index(k) for k in ("photograph", "skin", "other")}


def test_skin_is_cut_where_there_is_no_lesion(lesions: Examples) -> None:
    made = _made(lesions, None, testing=False)
    skin = made.images[made.kinds == KINDS.index("skin")]
    assert len(skin) == 1  # nothing can be cut from the photograph that is all lesion
    assert (skin[..., 0] == 200).all()


def test_no_file_serves_both_training_and_testing(lesions: Examples, photographs: Path) -> None:
    def blues(made: Strangers) -> set[int]:
        return set(made.images[made.kinds == KINDS.index("photograph")][:, 0, 0, 2].tolist())

    training, testing = (
        blues(_made(lesions, photographs, testing=testing)) for testing in (False, True)
    )
    assert training
    assert testing
    assert not training & testing
    assert len(training) + len(testing) == 12


def test_about_a_third_of_the_files_is_kept_for_testing() -> None:
    kept = sum(serves_testing(f"{number}.png") for number in range(2000))
    assert 0.31 < kept / 2000 < 0.39
