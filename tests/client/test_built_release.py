"""What the platform builds is what its own clients read: the tables, the shards, the README of a hidden set."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from chalicelib.documents import readme
from client.datasets import Release
from client.datasets.verifying import verify
from tests.client import releases
from tests.datasets.manifests import CODE, a_unit
from tests.datasets.releasing import PHOTO, Workshop
from tests.documents import samples
from tests.world import World
from training.data import Part
from training.pixels import load
from training.released import HIDDEN, read_release

SPLITS = ("train", "train", "validation", "test")
UNITS = [replace(a_unit(number), split=SPLITS[number % 4]) for number in range(8)]


def test_a_release_of_the_platform_is_verified_opened_and_trained_on(
    world: World, in_app: None, tmp_path: Path
) -> None:
    shop = Workshop(world, list(UNITS)).open()
    releases.put(tmp_path, shop.files(shop.publish().release_id))
    checked = verify(tmp_path)
    assert (checked.is_right, checked.images, checked.left_out) == (True, len(UNITS), 0)
    release = Release(tmp_path)
    assert (release.code, release.version) == (CODE, "1.0.0")
    assert release.classes == ("benign", "melanoma")
    assert release.splits == ("test", "train", "validation")
    for unit in UNITS:
        assert release.image_bytes(unit.unit_id) == PHOTO + unit.image_id.encode()
    photographs = read_release(tmp_path).parts[Part.TRAINING]
    assert [p.image_id for p in photographs] == [UNITS[n].unit_id for n in (0, 1, 4, 5)]
    assert [p.label for p in photographs] == [UNITS[n].diagnosis for n in (0, 1, 4, 5)]
    examples = load(photographs, width=48, height=36)
    picture = Image.open(io.BytesIO(PHOTO)).convert("RGB")
    assert np.array_equal(examples.images[0], np.asarray(picture))
    assert examples.outlined.tolist() == [False, True, False, True]


@pytest.mark.parametrize("access", ["public", "controlled", "hidden"])
def test_only_the_readme_of_a_hidden_set_keeps_it_from_training(access: str) -> None:
    manifest = samples.manifest()
    told = {**manifest, "plan": {**manifest["plan"], "access": access}}
    text = readme.markdown(told, samples.counts(), samples.files(), "en")
    assert bool(HIDDEN.search(text)) == (access == "hidden")
