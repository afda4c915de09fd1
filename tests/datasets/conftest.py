"""A shelf of images in a world of its own."""

import pytest

from tests.datasets.shelf import Shelf
from tests.world import World


@pytest.fixture
def shelf(world: World) -> Shelf:
    return Shelf(world)
