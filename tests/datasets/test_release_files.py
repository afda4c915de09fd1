"""Tables and documents of a release: safe cells, ISIC's words, and files that others' tools load."""

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from datacite import schema45
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.datasets.planning.plan import Licence
from chalicelib.datasets.releases import cells, columns, crosswalk, tables
from chalicelib.datasets.releases.croissant import croissant
from chalicelib.datasets.releases.datacite import datacite, taken_down
from chalicelib.datasets.releases.model import File
from chalicelib.datasets.releases.notices import attribution, changelog, licence
from chalicelib.datasets.releases.outlines import annotations, area
from tests.datasets.manifests import a_manifest, a_plan, a_unit
from tests.datasets.releasing import Workshop
from tests.world import World

UNITS = [a_unit(number) for number in range(4)]
MANIFEST = a_manifest(UNITS, plan=a_plan())
TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)
CELLS = st.one_of(TEXTS, st.integers(), st.floats(allow_nan=False), st.booleans(), st.none())


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=2, max_size=3), max_size=2))
def test_no_text_begins_a_formula_and_everything_is_read_back(rows: list[list[Any]]) -> None:
    read = list(csv.reader(io.StringIO(cells.lines(rows).decode(), newline="")))
    assert len(read) == len(rows)
    for row, back in zip(rows, read, strict=True):
        for cell, text in zip(row, back, strict=True):
            if isinstance(cell, str):
                # As a spreadsheet sees it that divides cells at semicolons, whatever is quoted.
                seen = re.split("[;\t\r\n]", text)
                assert not [each for each in seen if each.startswith(tuple("=+-@＝＋－＠"))]
                assert text.replace("'", "") == cell.replace("\0", "").replace("'", "")
            elif isinstance(cell, float):
                assert float(text) == cell


def test_negative_numbers_stay_numbers_and_words_do_not_become_formulas() -> None:
    assert cells.lines([[-3, -0.5, "-3", "=1+1", ["+a", "b"]]]) == b"-3,-0.5,'-3,'=1+1,'+a|b\r\n"
    assert cells.lines([["Клиника;=1+1", "a; -5; b", "a\n@b"]]) == (
        "Клиника;'=1+1,a; -5; b,\"a\n'@b\"\r\n".encode()
    )


@pytest.mark.parametrize(
    ("diagnosis", "levels"),
    [
        ("melanoma", ("Malignant", "Malignant melanocytic proliferations (Melanoma)")),
        ("actinic_keratosis", ("Indeterminate", "Indeterminate epidermal proliferations")),
        (
            "basal_cell_carcinoma",
            ("Malignant", "Malignant adnexal epithelial proliferations - Follicular"),
        ),
        ("technical_defect", (None, None)),
    ],
)
def test_diagnoses_are_said_in_isics_levels(diagnosis: str, levels: tuple[str | None, ...]) -> None:
    assert crosswalk.diagnosis_levels(diagnosis)[:2] == levels
    assert len(crosswalk.diagnosis_levels(diagnosis)) == 5


@pytest.mark.parametrize(
    ("told", "age"),
    [("45", 45), ("45-49", 45), ("85+", 85), ("40-49", None), ("90", 85), (None, None)],
)
def test_ages_are_given_where_a_band_of_five_years_is_known(
    told: str | None, age: int | None
) -> None:
    assert crosswalk.age_approx(told) == age


@pytest.mark.parametrize(
    ("label", "word"),
    [
        ({"rule": "histology"}, "histopathology"),
        ({"rule": "follow_up"}, "serial imaging showing no change"),
        ({"rule": "two_agree"}, "single image expert consensus"),
        (
            {"rule": "document", "confirmed_by": "confocal"},
            "confocal microscopy with consensus dermoscopy",
        ),
        ({}, None),
    ],
)
def test_confirmation_is_said_in_isics_words(label: dict[str, str], word: str | None) -> None:
    assert crosswalk.confirm_type(label) == word


def test_every_column_is_in_the_dictionary_in_both_languages() -> None:
    told = {(row[0], row[1]): row for row in columns.rows()}
    for file, names in (("metadata.csv", tables.METADATA), ("files.csv", columns.FILES)):
        for name in names:
            row = told[file, name]
            assert row[3]
            assert row[4]
    assert "brown = Brown" in str(told["metadata.csv", "rodinka_hair"][5])


def test_a_row_of_metadata_says_what_is_known_and_no_more() -> None:
    row = dict(zip(tables.METADATA, tables.metadata_row(MANIFEST, UNITS[0], "f"), strict=True))
    assert row["isic_id"] == UNITS[0].unit_id
    assert row["dermoscopic_type"] == "contact polarized"
    assert row["family_hx_mm"] is False
    assert row["rodinka_agreement"] == 0.5
    private = {UNITS[0].image_id, UNITS[0].lesion_id, UNITS[0].patient_id, UNITS[0].pixel_hash}
    assert not private & {str(value) for value in row.values()}
    bare = replace(UNITS[0], quasi={"skin_type": "I-II"}, capture={}, survey={}, readings=())
    row = dict(zip(tables.METADATA, tables.metadata_row(MANIFEST, bare, "f"), strict=True))
    assert (row["age_approx"], row["sex"], row["fitzpatrick_skin_type"]) == (None, None, None)
    assert row["rodinka_skin_type"] == "I-II"


def test_outlines_are_polygons_in_pixels() -> None:
    pieces = annotations(MANIFEST, ((unit, "f") for unit in UNITS), iter(UNITS))
    told = json.loads(b"".join(pieces))
    assert [image["id"] for image in told["images"]] == [1, 2, 3, 4]
    assert [each["image_id"] for each in told["annotations"]] == [2, 4]
    first = told["annotations"][0]
    assert first["segmentation"] == [[4.8, 3.6, 43.2, 3.6, 43.2, 32.4]]
    assert first["bbox"] == [4.8, 3.6, 38.4, 28.8]
    assert first["area"] == pytest.approx(38.4 * 28.8 / 2)
    assert area([(0, 0), (2, 0), (2, 3), (0, 3)]) == 6


@pytest.mark.parametrize("of", list(Licence))
def test_the_bibliographic_record_is_valid_with_every_licence(of: Licence) -> None:
    manifest = a_manifest(UNITS, plan=a_plan(licence=of.value, funding="A grant"))
    record = json.loads(json.dumps(datacite(manifest, bytes_of_all=5)))
    schema45.validator.validate(record)
    down = taken_down(record, "2026-03-05T00:00:00.000000Z")
    schema45.validator.validate(down)
    assert taken_down(down, "2026-03-05T00:00:00.000000Z") == down
    assert of.value in licence(manifest)


def test_notices_name_every_source_and_open_no_heading_for_others() -> None:
    source = MANIFEST.sources["clinic"]
    manifest = replace(MANIFEST, sources={"a": replace(source, attribution="x\n# Heading")})
    text = attribution(manifest)
    assert "Attribution: x # Heading\n" in text
    assert "## 1.0.0 (2026-03-02)" in changelog(manifest)


def test_the_croissant_tells_of_experts_only_where_they_read() -> None:
    def told(readings: int) -> str:
        manifest = replace(MANIFEST, agreement={"readings": readings})
        file = File(path="metadata.csv", bytes=1, sha256="0" * 64)
        return json.dumps(croissant(manifest, metadata=file, shards=[], citation="C"))

    assert "Two experts read each image blind" in told(8)
    assert "No expert of the platform read" not in told(8)
    assert "No expert of the platform read" in told(0)
    assert "annotationsPerItem" not in told(0)


# mlcroissant leaves files open, and uses what its own dependencies advise against.
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_croissant_is_valid_and_its_records_have_their_images_and_no_other_releases(
    world: World, in_app: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import mlcroissant
    from etils import epath

    # Whoever loads several releases has one cache for all of them.
    cache = "mlcroissant._src.operation_graph.operations.extract.EXTRACT_PATH"
    monkeypatch.setattr(cache, epath.Path(tmp_path / "cache"))
    shop = Workshop(world, list(UNITS), shard_size=2).open()
    for number, units in enumerate((UNITS, UNITS[1:])):
        shop.units = list(units)
        folder = tmp_path / str(number)
        for path, data in shop.files(shop.publish(key=str(number)).release_id).items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        dataset = mlcroissant.Dataset(jsonld=folder / "croissant.json")
        assert not dataset.metadata.issues.errors
        assert not dataset.metadata.issues.warnings
        assert dataset.metadata.data_use_cases
        by_id = {one["units/isic_id"].decode(): one for one in dataset.records("units")}
        assert by_id.keys() == {unit.unit_id for unit in units}
        for unit in units:
            record = by_id[unit.unit_id]
            assert record["units/rodinka_class"].decode() == unit.class_key
            assert record["units/image"].size == (unit.width, unit.height)
