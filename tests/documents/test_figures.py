"""Plots are the same bytes each time, carry nothing of the moment, and say what they show."""

import pytest

from chalicelib.documents import figures, multiples, typeset
from chalicelib.documents.blocks import Document
from chalicelib.documents.comparison import rows
from chalicelib.documents.figures import ClassOf
from tests.documents import samples

NAMED = [ClassOf("nevus", "Nevus", "negative"), ClassOf("melanoma", "Melanoma", "positive")]


def test_the_same_counts_give_the_same_bytes_and_others_do_not() -> None:
    first = figures.classes({"nevus": 9, "melanoma": 1}, NAMED, "en")
    assert first == figures.classes({"nevus": 9, "melanoma": 1}, NAMED, "en")
    assert first.svg != figures.classes({"nevus": 8, "melanoma": 2}, NAMED, "en").svg
    assert b"<dc:date>" not in first.svg


def test_a_plot_of_classes_says_which_is_most_and_which_least_frequent() -> None:
    drawn = figures.classes({"nevus": 9, "melanoma": 1}, NAMED, "ru")
    assert "«Nevus»: 90\u00a0% из 10 единиц" in drawn.message
    assert "«Melanoma» (1)" in drawn.message


def test_a_plot_within_classes_says_what_is_missing() -> None:
    found = {"nevus": {"male": 6, "female": 3}, "melanoma": {"not_recorded": 1}}
    message = figures.within("sex", found, NAMED, "en").message
    assert message == "Sex: most often male (60%); not recorded for 10.0% of units."


def test_many_devices_are_drawn_as_the_frequent_ones_and_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn: list[list[str]] = []

    def lying(panels: list[multiples.Panel], labels: list[str], *_: object) -> bytes:
        drawn.append([*labels, str(sum(panels[0].units))])
        return b""

    monkeypatch.setattr(figures, "lying", lying)
    found = {"nevus": {f"D{number:02}": 50 - number for number in range(40)} | {"not_recorded": 7}}
    figures.within("device", found, NAMED, "en")
    assert drawn[0] == [*(f"D{n:02}" for n in range(12)), "others", "not recorded", "1227"]


def test_a_dollar_in_a_devices_name_and_a_script_without_letters_are_only_drawn() -> None:
    found = {"nevus": {"$x_{1}^2$ \\frac": 3, "皮肤镜": 2}}
    assert figures.within("device", found, NAMED, "en").svg.startswith(b"<?xml")


def test_classes_of_one_size_have_no_most_frequent_one() -> None:
    defect = ClassOf("defect", "Defect", "defect")
    drawn = figures.classes({"nevus": 2, "melanoma": 2, "defect": 2}, [*NAMED, defect], "en")
    assert drawn.message == "All classes are alike: 2\u00a0units each."
    assert drawn.note.endswith("the others blue, defects grey.")


def test_bands_of_age_follow_one_another() -> None:
    counts = samples.counts({"nevus": 500})
    order = figures._values("age", counts["by"]["age"])
    assert order[0] == "10-14"
    assert order[-2:] == ["85+", "not_recorded"]
    assert order == sorted(order)


@pytest.mark.parametrize(
    "classes", [{"nevus": 3}, {"nevus": 0, "melanoma": 0}, {"tumour": 250_000}]
)
def test_a_release_of_any_size_stands_beside_the_public_sets(classes: dict[str, int]) -> None:
    planned = [{"key": key, "diagnoses": [key]} for key in classes]
    table = rows("ours", samples.counts(classes), planned, None)
    drawn = figures.public_sets(table, "en")
    assert "of 11" in drawn.message


@pytest.mark.parametrize("sign", ["\uffff", "\ufffe", "\x01", "--", "-->", "]]>", "\U0010ffff"])
def test_the_name_of_a_device_breaks_no_plot(sign: str) -> None:
    named = [ClassOf("nevus", f"Nevus {sign}", "negative")]
    drawn = figures.within("device", {"nevus": {f"Delta {sign} 30": 3}}, named, "en")
    alone = Document(
        language="en", title="", kind="", running="", lead="", at="2026-11-26T10:00:00Z", blocks=[drawn]
    )  # fmt: skip
    assert typeset.pdf(alone).startswith(b"%PDF")
