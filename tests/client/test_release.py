"""A fetched release opens in three lines, as the page for researchers shows."""

import multiprocessing
import pickle
import re
import shutil
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from client.datasets import Release
from client.datasets.record import Filter, Record
from client.datasets.release import Pictures
from tests.client import releases
from tests.client.tensors import instead_of_torch
from tests.stack import ROOT

UNITS = 16
PAGE = (ROOT / "docs" / "downloading.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = releases.make([releases.unit(n) for n in range(UNITS)])
    return releases.put(tmp_path_factory.mktemp("releases") / f"{releases.CODE}-1.0.0", files)


@pytest.fixture
def release(folder: Path) -> Release:
    return Release(folder)


def run_example(number: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    monkeypatch.chdir(folder.parent)
    assert len(EXAMPLES[number].splitlines()) == 3
    names: dict[str, object] = {}
    exec(EXAMPLES[number], names)  # noqa: S102 - the page's own lines
    return names


def test_the_example_with_pandas_runs(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("pandas", reason="pandas is not installed here")
    run_example(0, folder, monkeypatch)
    words = capsys.readouterr().out.split()
    assert words[words.index("train") :][:5] == ["train", "benign", "4", "malignant", "4"]


def test_the_example_with_torch_runs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with instead_of_torch():
        names: Any = run_example(1, folder, monkeypatch)
    picture = np.asarray(Release(folder).image("unit-00"))
    assert np.array_equal(names["picture"].array, picture.transpose(2, 0, 1) / np.float32(255))
    assert (names["picture"].array.dtype, names["label"]) == (np.float32, 0)
    assert len(names["dataset"]) == 8


def test_the_example_with_torch_itself_runs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed here")
    names = run_example(1, folder, monkeypatch)
    assert names["picture"].shape == (3, 45, 60)  # type: ignore[attr-defined]
    assert names["label"] == 0
    loader = torch.utils.data.DataLoader(names["dataset"], batch_size=4, num_workers=2)
    assert [labels.tolist() for _, labels in loader] == [[0, 1, 0, 1]] * 2


def test_a_release_says_what_it_is(release: Release) -> None:
    assert release.code == releases.CODE
    assert release.classes == ("benign", "malignant")
    assert release.splits == ("test", "train", "validation")
    with pytest.raises(ValueError, match="there are: test, train, validation"):
        release.units("tset")
    with pytest.raises(FileNotFoundError, match="no release here"):
        Release(release.folder / "images")


def test_pictures_are_those_of_the_split_with_the_index_of_their_class(release: Release) -> None:
    pictures = release.pictures("train", transform=lambda image: image.size)
    assert len(pictures) == 8
    assert pictures[1] == ((60, 45), 1)
    assert pictures.targets == (0, 1) * 4
    with pytest.raises(IndexError):
        pictures[8]


def test_a_picture_is_read_in_place_as_it_was_published(release: Release) -> None:
    for number in (0, 7, 15):
        assert release.image_bytes(f"unit-{number:02}") == releases.image_of(number)
    assert release.image("unit-03").mode == "RGB"
    with pytest.raises(KeyError):
        release.image("unit-99")


def _size(pictures: object, number: int) -> tuple[int, int]:
    image = pictures[number][0]  # type: ignore[index]
    assert isinstance(image, Image.Image)
    return image.size


@pytest.mark.parametrize("way", ["fork", "spawn"])
def test_processes_share_a_release(release: Release, way: str) -> None:
    if way == "fork" and sys.version_info >= (3, 12):
        pytest.skip("Python warns of forks beside threads, and warnings are errors here")
    pictures = release.pictures()
    assert _size(pictures, 0) == (60, 45)
    with multiprocessing.get_context(way).Pool(1) as pool:
        sizes = pool.starmap(_size, [(pictures, number) for number in range(UNITS)])
    assert set(sizes) == {(60, 45)}


def test_a_pickled_release_is_light(release: Release) -> None:
    pictures = release.pictures("test")
    restored = pickle.loads(pickle.dumps(pictures))  # noqa: S301 - our own bytes
    assert restored[0][1] == pictures[0][1]


def test_of_a_part_only_what_was_asked_for_is_in_the_dataset(folder: Path, tmp_path: Path) -> None:
    part = tmp_path / "part"
    shutil.copytree(folder, part, ignore=shutil.ignore_patterns("*.zip"))
    asked = Filter(splits=("train",), classes=("malignant",))
    Record(releases.CODE, "1.0.0", (asked,)).write(part)
    (part / "images").mkdir(exist_ok=True)
    for number in (1, 3, 9, 11):
        (part / "images" / f"unit-{number:02}.jpg").write_bytes(releases.image_of(number))
    release = Release(part)
    assert release.pictures().units == ("unit-01", "unit-03", "unit-09", "unit-11")
    assert release.pictures()[3][1] == release.classes.index("malignant")
    (part / "images" / "unit-03.jpg").unlink()  # what was asked for is never left out silently
    with pytest.raises(FileNotFoundError, match=r"unit-03\.jpg was not fetched"):
        Release(part).pictures()[1]


@pytest.mark.parametrize(
    ("package", "use"), [("pandas", "frame"), ("torch", "torch"), ("PIL.Image", "image")]
)
def test_an_absent_package_is_asked_for_in_a_sentence(
    release: Release, package: str, use: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    arguments = ["unit-00"] if use == "image" else []
    with pytest.raises(ImportError, match=rf"Для \.{use}\(\) нужен .* needs .*: pip install"):
        getattr(release, use)(*arguments)


def test_a_large_release_is_filtered_and_opened_in_little_memory(tmp_path: Path) -> None:
    columns = ["isic_id", "rodinka_class", "rodinka_split", *(f"c{n}" for n in range(40))]
    rows = (f"u{n:020},{n % 2},{n % 3}" + ",word" * 40 for n in range(5_000))
    (tmp_path / "metadata.csv").write_text("\n".join([",".join(columns), *rows]), "utf-8")
    tracemalloc.start()
    try:
        release = Release(tmp_path)
        chosen = Filter(splits=("2",), classes=("1",)).units(release.labels)
        assert len(Pictures(release, chosen, None)) == len(chosen) == 833
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()
