"""How far outlines can be trusted is told from how they miss experts' outlines, and one another."""

import numpy as np
import pytest
from numpy.typing import NDArray

from training.measuring import measuring


def _disc(radius: float, *, side: int, blur: float) -> NDArray[np.float32]:
    y, x = (np.mgrid[0:side, 0:side] + 0.5) / side - 0.5
    scores: NDArray[np.float32] = (0.5 + (radius - np.hypot(x, y)) / blur).clip(0, 1).astype("f4")
    return scores


def test_the_factors_cover_what_outlines_miss_and_a_cut_lesion_is_left_out() -> None:
    chance = np.random.default_rng(1)
    maps, experts, embeddings, lesions = [], [], [], []
    for lesion in range(60):
        for _ in range(2):
            missed = chance.normal(0, 0.03)
            maps.append(_disc(0.25 * (1 + missed), side=48, blur=0.1))
            experts.append((255 * _disc(0.25, side=96, blur=0.01)).astype(np.uint8))
            embeddings.append(chance.normal([1, 0, 0], 0.1))
            lesions.append(f"lesion{lesion}")
    maps.append(np.ones((48, 48), dtype=np.float32))
    experts.append(experts[0])
    embeddings.append(np.ones(3))
    lesions.append("cut")
    found = measuring(
        np.array(maps),
        np.array(experts),
        np.array(embeddings, dtype=np.float32),
        tuple(lesions),
        aspect=1.0,
    )
    assert (found["images"], found["repeats"]) == (120, 60)
    assert found["area_error"] == pytest.approx(2 * 0.03 * 0.6745, rel=0.3)
    # An area follows the square of the radius, and so does its error.
    assert found["area"] == pytest.approx(2 * found["diameter"], rel=0.1)
    assert found["area_repeat"] == pytest.approx(found["area"], rel=0.3), "errors were drawn apart"
    assert 0.005 < found["repeat_distance"] < 0.2
