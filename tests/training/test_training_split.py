"""All photographs of a lesion stay on one side, today and after the next import."""

from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from training.data import CLASSES, Part, part_of, read_ham10000, read_isic2017, select


def test_the_part_of_a_lesion_never_changes() -> None:
    # Written down once. A change here means a new hold-out, and every published figure with it.
    expected = {
        "HAM_0000550": Part.TRAINING,
        "HAM_0003307": Part.VALIDATION,
        "HAM_0001359": Part.HOLD_OUT,
    }
    assert {lesion: part_of(lesion) for lesion in expected} == expected


def test_another_seed_makes_another_split() -> None:
    lesions = [f"lesion-{n}" for n in range(200)]
    assert [part_of(x) for x in lesions] != [part_of(x, seed="other") for x in lesions]


def test_parts_are_a_fifth_a_tenth_and_the_rest() -> None:
    parts = [part_of(f"lesion-{n}") for n in range(20_000)]
    assert parts.count(Part.HOLD_OUT) / len(parts) == pytest.approx(0.2, abs=0.01)
    assert parts.count(Part.VALIDATION) / len(parts) == pytest.approx(0.1, abs=0.01)


def test_no_lesion_of_ham10000_is_in_two_parts(ham10000: Path) -> None:
    photographs = read_ham10000(ham10000)
    parts = {part: select(photographs, part) for part in Part}
    parts_of_lesion = defaultdict(set)
    for part, chosen in parts.items():
        for photograph in chosen:
            parts_of_lesion[photograph.lesion_id].add(part)
    assert len(photographs) == 10_015
    assert sum(len(chosen) for chosen in parts.values()) == len(photographs)
    assert len(parts_of_lesion) == 7_470
    assert all(len(found) == 1 for found in parts_of_lesion.values())


def test_every_part_of_ham10000_shows_every_class(ham10000: Path) -> None:
    photographs = read_ham10000(ham10000)
    for part in Part:
        assert {photograph.label for photograph in select(photographs, part)} == set(CLASSES)


def test_the_card_counts_the_parts_as_the_split_makes_them(
    ham10000: Path, card: dict[str, Any]
) -> None:
    photographs = read_ham10000(ham10000)
    for part in Part:
        chosen = select(photographs, part)
        counted = card["split"]["parts"][part.value]
        assert counted == {
            "images": len(chosen),
            "lesions": len({photograph.lesion_id for photograph in chosen}),
        }


def test_an_unknown_diagnosis_is_refused_by_name(tmp_path: Path) -> None:
    header = "file,mask,label,lesion_id,image_id,isic2019_label"
    row = "images/a.jpg,masks/a.png,xx,HAM_1,ISIC_1,XX"
    (tmp_path / "manifest.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"ISIC_1.*'XX'"):
        read_ham10000(tmp_path)


def test_isic2017_gives_only_its_three_way_labels(tmp_path: Path) -> None:
    (tmp_path / "manifest.csv").write_text(
        "file,image_id,label,isic2019\n"
        "ISIC-2017_Training_Data/a.jpg,a,melanoma,MEL\n"
        "ISIC-2017_Training_Data/b.jpg,b,seborrheic_keratosis,\n"
        "ISIC-2017_Validation_Data/c.jpg,c,not_melanoma,\n",
        encoding="utf-8",
    )
    found = [(photograph.image_id, photograph.label) for photograph in read_isic2017(tmp_path)]
    assert found == [("a", "melanoma"), ("b", "benign_keratosis")]
