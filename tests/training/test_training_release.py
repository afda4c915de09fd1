"""Training reads a fetched release as it is: shards, splits, outlines; and never one that is for tests."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from chalicelib.classification.inference.preprocess import to_model_input
from tests.client import releases
from training.card import LIMITS, OF_HAM10000, limits
from training.data import CLASSES, Part
from training.pixels import load
from training.released import lacks, read_release, splits_named

UNITS = [releases.unit(n) for n in range(16)]


def lying(folder: Path, units: Sequence[Mapping[str, str]] = UNITS, **options: str) -> Path:
    return releases.put(folder, releases.make(units, **options))  # type: ignore[arg-type]


def test_the_parts_are_the_splits_of_the_release(tmp_path: Path) -> None:
    sources = read_release(lying(tmp_path))
    found = {
        part.value: [p.image_id for p in photographs] for part, photographs in sources.parts.items()
    }
    assert found == {
        "training": [f"unit-{n:02}" for n in (0, 1, 2, 3, 8, 9, 10, 11)],
        "validation": ["unit-04", "unit-05", "unit-12", "unit-13"],
        "hold_out": ["unit-06", "unit-07", "unit-14", "unit-15"],
    }
    first = sources.parts[Part.TRAINING][0]
    assert (first.label, first.lesion_id, first.age, first.sex) == (
        "nevus", "lesion-0", 45.0, "female",
    )  # fmt: skip
    assert sources.aspect == 0.75


def test_pictures_and_outlines_are_those_of_the_release(tmp_path: Path) -> None:
    photographs = read_release(lying(tmp_path)).parts[Part.TRAINING]
    examples = load(photographs, width=40, height=30)
    image = Image.open(io.BytesIO(releases.image_of(1))).convert("RGB")
    assert np.array_equal(examples.images[1], to_model_input(image, width=40, height=30))
    assert examples.labels.tolist() == [CLASSES.index(p.label) for p in photographs]
    assert examples.outlined.tolist() == [True, False] * 4
    inside = np.zeros((30, 40), bool)
    inside[6:24, 10:30] = True  # releases.OUTLINE, of 40 by 30
    assert np.array_equal(examples.outlines[0] >= 128, inside)
    assert not examples.outlines[1].any()


def test_images_that_were_fetched_one_by_one_are_read_as_well(tmp_path: Path) -> None:
    folder = lying(tmp_path)
    (folder / "images" / "3mo7uyr4-00000.zip").unlink()
    for number in range(6):
        (folder / "images" / f"unit-{number:02}.jpg").write_bytes(releases.image_of(number))
    examples = load(read_release(folder).parts[Part.TRAINING], width=40, height=30)
    image = Image.open(io.BytesIO(releases.image_of(0))).convert("RGB")
    assert np.array_equal(examples.images[0], to_model_input(image, width=40, height=30))


def test_what_a_model_cannot_learn_from_is_left_out(tmp_path: Path) -> None:
    others = [
        releases.unit(0, rodinka_diagnosis="technical_defect"),
        releases.unit(1, rodinka_diagnosis="unknown"),
        releases.unit(2, image_type="clinical: close-up"),
    ]
    sources = read_release(lying(tmp_path, [*others, *UNITS[3:]]))
    taken = [p.image_id for p in sources.parts[Part.TRAINING]]
    assert taken == [f"unit-{n:02}" for n in (3, 8, 9, 10, 11)]


@pytest.mark.parametrize("code", ["DS_FT-I_DSC_SKIN_MEL", "DS_CT-II_DSC_SKIN_MEL_2"])
def test_a_set_that_is_for_tests_is_refused(tmp_path: Path, code: str) -> None:
    with pytest.raises(ValueError, match="must not learn from it"):
        read_release(lying(tmp_path, code=code))


def test_a_hidden_set_and_one_that_does_not_say_what_it_is_are_refused(tmp_path: Path) -> None:
    folder = lying(tmp_path)
    for row in (
        "| Distribution | not distributed: the set is hidden and serves for tests only |",
        "| **Distribution** | hidden, for tests only |",
    ):
        (folder / "README.md").write_text(f"# A set\n\n{row}\n", encoding="utf-8")
        with pytest.raises(ValueError, match="is hidden"):
            read_release(folder)
    (folder / "README.md").write_text("Hair is hidden.\nDistribution: to all", encoding="utf-8")
    assert read_release(folder).further == []
    (folder / "datacite.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ValueError, match="which dataset it is"):
        read_release(folder)


def test_a_split_of_another_name_is_put_to_a_use_by_the_person(tmp_path: Path) -> None:
    renamed = [{**row, "rodinka_split": f"{row['rodinka_split']}-1"} for row in UNITS]
    folder = lying(tmp_path, renamed)
    with pytest.raises(ValueError, match="which part is split test-1, train-1, validation-1"):
        read_release(folder)
    named = splits_named(["training=train-1,validation-1", "validation=test-1"])
    with pytest.raises(ValueError, match="nothing to be used for hold_out"):
        read_release(folder, named=named)
    with pytest.raises(ValueError, match="no split trian-1; there are test-1"):
        read_release(folder, named=splits_named(["training=trian-1"]))
    with pytest.raises(ValueError, match="not like training=train"):
        splits_named(["training="])
    named = splits_named(["training=train-1", "validation=validation-1", "hold_out=test-1"])
    assert len(read_release(folder, named=named).parts[Part.HOLD_OUT]) == 4


def test_what_a_release_lacks_for_a_run_is_told_before_it(tmp_path: Path) -> None:
    sources = read_release(lying(tmp_path / "two"))
    assert lacks(sources, publishing=False) is None
    assert "training shows no actinic_keratosis" in (lacks(sources, publishing=True) or "")
    every = [{**row, "rodinka_diagnosis": CLASSES[n // 8 % 8]} for n, row in enumerate(
        releases.unit(n) for n in range(64)
    )]  # fmt: skip
    outlines = read_release(lying(tmp_path / "every", every))
    assert "training has 16 outlines and 20 are needed" in (lacks(outlines, publishing=True) or "")
    benign = [{**row, "rodinka_diagnosis": "nevus"} for row in UNITS]
    nevi = read_release(lying(tmp_path / "nevi", benign))
    assert lacks(nevi, publishing=False) == "validation needs melanomas and others"


def test_the_card_names_the_release_and_nothing_of_another_source(tmp_path: Path) -> None:
    folder = lying(tmp_path)
    (folder / "croissant.json").write_text('{"citeAs": "Authors. A set. 2026."}', encoding="utf-8")
    origin = read_release(folder).origin
    assert origin is not None
    assert origin.source["name"] == f"{releases.CODE} {releases.VERSION}"
    assert (origin.source["authors"], origin.licence) == ("A clinic", "CC-BY-4.0")
    assert origin.source["citation"] == "Authors. A set. 2026"
    assert "hold_out is test" in origin.split["rule"]
    assert not any("HAM10000" in limit or "Austria" in limit for limit in limits(origin))
    assert limits(OF_HAM10000) == LIMITS
