"""The hostile classes get their verdicts; mutations of them, a fixed number here, keep the promise."""

import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from chalicelib.classification.inference import gate
from chalicelib.classification.inference.picture import CleanPicture, Declared, Limits
from tests import pictures
from tests.fuzz import __main__ as search
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


BROKEN: dict[str, Callable[[CleanPicture], CleanPicture]] = {
    "foreign": lambda clean: replace(
        clean, data=pictures.with_segments(clean.data, pictures.segment(0xFE, b"x"))
    ),
    "size": lambda clean: replace(clean, width=clean.width + 1),
    "hash": lambda clean: replace(clean, pixel_hash="0" * 64),
    "thumbnail": lambda clean: replace(
        clean, thumbnail=pictures.jpeg(pictures.photograph(300, 300))
    ),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_the_promise_notices_a_gate_that_breaks_it(
    broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = gate.inspect

    def inspect(data: bytes, *, declared: Declared, limits: Limits) -> CleanPicture:
        return BROKEN[broken](real(data, declared=declared, limits=limits))

    monkeypatch.setattr(gate, "inspect", inspect)
    with pytest.raises(promise.Broken):
        promise.keep(pictures.jpeg(corpus.small()))


def test_a_search_without_a_guide_keeps_the_file_that_broke_the_promise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def break_on_pictures(data: bytes) -> str:
        raise promise.Broken("planted")

    monkeypatch.setattr(search, "keep", break_on_pictures)
    assert search.unguided(tmp_path, seconds=60, seed=1)
    (file,) = tmp_path.iterdir()
    assert file.stat().st_size > 0
    assert "planted" in capsys.readouterr().out


def test_a_search_that_finds_nothing_ends_with_its_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not search.unguided(tmp_path, seconds=0, seed=1)
    assert list(tmp_path.iterdir()) == []
