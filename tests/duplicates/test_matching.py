"""Which pictures are near: the hash of real pixels, and the gallery beside a plain reckoning."""

import io
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageEnhance

from chalicelib.classification.inference.perceptual import perceptual_hash
from chalicelib.duplicates.matching import Gallery, positions
from chalicelib.duplicates.model import HASH_ALONE, HASH_WITH_EMBEDDING
from chalicelib.images.likeness import Likeness, likeness
from tests import pictures
from tests.duplicates.looking import MODEL, changed, embedded, random_hash

NAMES = [f"{number:064x}" for number in range(1, 40)]
PICTURE = pictures.photograph(320, 240)


def recoded(image: Image.Image, quality: int = 60) -> Image.Image:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return Image.open(out).convert("RGB")


CHANGED = {
    "coded anew": recoded(PICTURE),
    "smaller": PICTURE.resize((200, 150)),
    "brighter": ImageEnhance.Brightness(PICTURE).enhance(1.15),
    **{way.name: recoded(PICTURE.transpose(way), 85) for way in Image.Transpose},
}


@pytest.mark.parametrize("change", CHANGED)
def test_a_photograph_is_near_itself_however_it_is_coded_lit_or_turned(change: str) -> None:
    gallery = Gallery()
    gallery.put(NAMES[0], Likeness(perceptual_hash=perceptual_hash(PICTURE)))
    gallery.put(NAMES[1], Likeness(perceptual_hash=random_hash(3)))
    seen = Likeness(perceptual_hash=perceptual_hash(CHANGED[change]))
    assert [near.pixel_hash for near in gallery.near(NAMES[2], seen)] == [NAMES[0]]


def test_another_photograph_is_not_near() -> None:
    gallery = Gallery()
    gallery.put(NAMES[0], Likeness(perceptual_hash=perceptual_hash(PICTURE)))
    other = perceptual_hash(pictures.quarters(320, 240))
    assert gallery.near(NAMES[1], Likeness(perceptual_hash=other)) == []


def test_a_black_picture_has_a_hash_too() -> None:
    assert perceptual_hash(Image.new("RGB", (64, 64))) == "0" * 64


def _plain(lying: list[int], other: str) -> int:
    """The distance, reckoned with Python's own integers."""
    return min((position ^ int(other, 16)).bit_count() for position in lying)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 30))
def test_the_gallery_finds_what_comparing_one_by_one_finds(seed: int, size: int) -> None:
    chance = Random(seed)
    own = chance.randbytes(32).hex()
    kept: dict[str, Likeness] = {}
    gallery = Gallery()
    for name in [chance.choice(NAMES) for _ in range(size)]:
        lying = positions(own)[chance.randrange(8)].tobytes().hex()
        seen = embedded(changed(lying, chance.randrange(0, 120)), chance.choice([0.05, 0.15, 0.3]))
        gallery.put(name, seen)
        kept[name] = seen
    for name in chance.sample(sorted(kept), len(kept) // 3):
        gallery.drop(name)
        del kept[name]
    lying = [int(position.tobytes().hex(), 16) for position in positions(own)]
    found = {near.pixel_hash: near.distance for near in gallery.near("f" * 64, embedded(own, 0))}
    distances = {name: _plain(lying, seen.perceptual_hash) for name, seen in kept.items()}
    alike = {
        name: float(np.frombuffer(seen.embedding or b"", "<f2")[0]) for name, seen in kept.items()
    }
    expected = {
        name: distance
        for name, distance in distances.items()
        if distance <= HASH_ALONE or (distance <= HASH_WITH_EMBEDDING and alike[name] >= 0.98)
    }
    nearest = sorted(expected.items(), key=lambda one: (one[1], one[0]))[:20]
    assert len(gallery) == len(kept)
    assert found == dict(nearest)


def test_the_opposite_of_a_hash_is_as_far_as_can_be() -> None:
    gallery = Gallery()
    gallery.put(NAMES[0], Likeness(perceptual_hash="f" * 64))
    assert gallery.near(NAMES[1], Likeness(perceptual_hash="0" * 64)) == []


def test_embeddings_count_within_one_model_only_and_only_where_its_card_says_from_when_on() -> None:
    far = changed(random_hash(1), HASH_ALONE + 1)
    gallery = Gallery()
    gallery.put(NAMES[0], embedded(far, 0.0))
    here = embedded(random_hash(1), 0.0)
    assert [near.cosine for near in gallery.near(NAMES[1], here)] == [1.0]
    assert gallery.near(NAMES[1], embedded(random_hash(1), 0.0, model="rodinka 3")) == []
    assert gallery.near(NAMES[1], Likeness(perceptual_hash=random_hash(1))) == []
    gallery.put(NAMES[0], embedded(far, 0.0, model="rodinka 3"))
    assert gallery.near(NAMES[1], here) == []


def test_an_embedding_of_another_length_is_not_of_the_model_that_it_names() -> None:
    gallery = Gallery()
    gallery.put(NAMES[0], embedded(random_hash(1), 0.0))
    odd = Likeness(perceptual_hash=random_hash(1), embedding=bytes(6), model=MODEL, cosine=0.98)
    gallery.put(NAMES[1], odd)
    near = gallery.near(NAMES[2], embedded(random_hash(1), 0.0))
    assert {one.pixel_hash: one.cosine for one in near} == {NAMES[0]: 1.0, NAMES[1]: None}


def test_an_opinion_without_an_embedding_or_a_card_without_a_threshold_leaves_the_hash_alone() -> (
    None
):
    model = {"model": {"name": "rodinka", "version": "2"}}
    opinion = model | {"embedding": bytes(16), "near_cosine": 0.98}
    alone = Likeness(perceptual_hash="0" * 64)
    assert likeness("0" * 64, model | {"embedding": bytes(16)}) == alone
    assert likeness("0" * 64, model) == alone
    assert likeness("0" * 64, None) == alone
    assert likeness("0" * 64, opinion).model == MODEL
