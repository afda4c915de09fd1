"""The hostile classes get their verdicts; mutations of them, a fixed number here, keep the promise."""

import struct
import zlib
from random import Random

import pytest

from tests import pictures
from tests.fuzz import corpus, promise
from tests.fuzz.corpus import CLASSES
from tests.fuzz.mutation import mutated, with_right_checksums


@pytest.mark.parametrize("name", CLASSES)
def test_every_file_of_a_hostile_class_gets_a_verdict_of_its_class(name: str) -> None:
    hostile = CLASSES[name]
    ended = [promise.keep(data) for data in hostile.files()]
    assert ended, "a class without a file tests nothing"
    allowed = {verdict.value if verdict else "clean" for verdict in hostile.verdicts}
    assert set(ended) <= allowed


def test_mutations_of_every_class_keep_the_promise() -> None:
    chance = Random(11)
    files = [data for _, data in corpus.seeds() if data]
    ended = {promise.keep(mutated(data, files, chance)) for data in files for _ in range(3)}
    assert {"clean", "damaged", "truncated"} <= ended, "mutations reach all depths"


def test_checksums_of_a_mutated_png_are_made_right() -> None:
    whole = pictures.png(corpus.small())
    damaged = whole[:25] + b"\xff\xff\xff\xff" + whole[29:]
    fixed = with_right_checksums(damaged)
    (length,) = struct.unpack_from(">I", fixed, 8)
    assert struct.unpack_from(">I", fixed, 16 + length)[0] == zlib.crc32(fixed[12 : 16 + length])
    assert with_right_checksums(whole) == whole
    assert with_right_checksums(pictures.jpeg(corpus.small())) == pictures.jpeg(corpus.small())
    assert with_right_checksums(whole[:40]) == whole[:33] + whole[33:40]


@pytest.mark.parametrize("broken", ["foreign", "size", "hash", "thumbnail"])
def test_the_promise_notices_a_gate_that_breaks_it(
    broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    real = promise.gate.inspect
    changes = {
        "foreign": lambda p: {"data": pictures.with_segments(p.data, pictures.segment(0xFE, b"x"))},
        "size": lambda p: {"width": p.width + 1},
        "hash": lambda p: {"pixel_hash": "0" * 64},
        "thumbnail": lambda p: {"thumbnail": pictures.jpeg(pictures.photograph(300, 300))},
    }
    monkeypatch.setattr(
        promise.gate,
        "inspect",
        lambda *a, **k: replace(picture := real(*a, **k), **changes[broken](picture)),
    )
    with pytest.raises(promise.Broken):
        promise.keep(pictures.jpeg(corpus.small()))
