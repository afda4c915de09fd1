"""Mapping files: columns and words into ours, and null for whatever is not known."""

import csv
from pathlib import Path
from typing import Any

import pytest

from chalicelib.imports.model import Confirmation
from chalicelib.patients import isic
from chalicelib.patients.choices import Site
from chalicelib.platform.lesion_classes import LesionClass
from client.importer import mapping
from client.importer.mapping import ArchiveMapping, BadRow, Described, Rule
from client.words import Stop
from tests.client.archives import row
from tests.flows.cases import SHARED

SHIPPED = ("ham10000", "isic", "pad_ufes_20")
HAM = mapping.load("ham10000")
PAD = mapping.load("pad_ufes_20")
ISIC = mapping.load("isic")
PAD_ROW = {
    "patient_id": "PAT_1",
    "lesion_id": "7",
    "img_id": "PAT_1_7_1.png",
    "age": "8",
    "gender": "FEMALE",
    "fitspatrick": "3.0",
    "region": "NECK",
    "diagnostic": "ACK",
    "biopsed": "True",
}


def described(rules: ArchiveMapping, told: dict[str, str], licence: str = "CC-BY-NC") -> Described:
    return rules.describe(told, licence=licence)


def test_a_row_of_ham10000_in_our_words() -> None:
    told = described(HAM, row("ISIC_1"))
    assert (told.image_id, told.file, told.unmapped) == ("ISIC_1", "", ())
    assert told.form == {
        "external_image_id": "ISIC_1",
        "external_lesion_id": "lesion-ISIC_1",
        "external_patient_id": None,
        "survey": {"age": 45, "sex": "male", "site": "torso"},
        "label": {"diagnosis": "nevus", "confirmed_by": "histology"},
        "kind": "dermoscopic",
    }


@pytest.mark.parametrize(
    ("changes", "field", "value", "unmapped"),
    [
        ({"age": ""}, "age", None, ()),
        ({"age": "45.5"}, "age", None, ("age=45.5",)),
        ({"age": "nan"}, "age", None, ("age=nan",)),
        ({"age": "inf"}, "age", None, ("age=inf",)),
        ({"sex": "unknown"}, "sex", None, ()),
        ({"sex": "Male "}, "sex", "male", ()),
        ({"localization": "unknown"}, "site", None, ()),
        ({"localization": "elbow"}, "site", None, ("site=elbow",)),
        ({"localization": "acral"}, "site", "palms_soles", ()),
    ],
)
def test_a_word_that_is_not_known_becomes_null_and_is_counted(
    changes: dict[str, str], field: str, value: Any, unmapped: tuple[str, ...]
) -> None:
    told = described(HAM, row("1", **changes))
    assert told.form["survey"][field] == value
    assert told.unmapped == unmapped


@pytest.mark.parametrize(
    ("changes", "label", "unmapped"),
    [
        ({"dx": "akiec"}, None, ("diagnosis=akiec",)),
        (
            {"dx": "akiec", "isic2019_label": "SCC"},
            {"diagnosis": "squamous_cell_carcinoma", "confirmed_by": "histology"},
            (),
        ),
        ({"dx": ""}, None, ()),
        ({"dx_type": "guess"}, None, ("confirmed_by=guess",)),
        ({"dx_type": "confocal"}, {"diagnosis": "nevus", "confirmed_by": "confocal"}, ()),
    ],
)
def test_a_label_needs_a_class_and_a_way_of_confirmation(
    changes: dict[str, str], label: dict[str, str] | None, unmapped: tuple[str, ...]
) -> None:
    told = described(HAM, row("1", **changes))
    assert told.form["label"] == label
    assert told.unmapped == unmapped


def test_a_row_of_pad_ufes_20_in_our_words() -> None:
    told = described(PAD, PAD_ROW)
    assert told.form["survey"] == {
        "age": 8,
        "sex": "female",
        "skin_type": "III",
        "site": "head_neck",
    }
    assert told.form["label"] == {"diagnosis": "actinic_keratosis", "confirmed_by": "histology"}
    assert (told.form["kind"], told.form["external_patient_id"]) == ("macroscopic", "PAT_1")
    without = described(PAD, {**PAD_ROW, "biopsed": "False"})
    assert without.form["label"]["confirmed_by"] == "consensus"


def test_a_row_of_the_isic_archive_in_our_words() -> None:
    told = described(
        ISIC,
        {
            "isic_id": "ISIC_7",
            "copyright_license": "CC-BY-NC",
            "age_approx": "70",
            "sex": "female",
            "anatom_site_general": "posterior torso",
            "image_type": "dermoscopic",
            "dermoscopic_type": "contact non-polarized",
            "diagnosis_1": "Malignant",
            "diagnosis_2": "Malignant melanocytic proliferations (Melanoma)",
            "diagnosis_3": "Melanoma in situ",
            "diagnosis_confirm_type": "histopathology",
            "patient_id": "IP_1",
        },
    )
    assert told.unmapped == ()
    assert told.form["survey"] == {"age": 70, "sex": "female", "skin_type": None, "site": "torso"}
    assert told.form["label"] == {"diagnosis": "melanoma", "confirmed_by": "histology"}
    assert (told.form["contact"], told.form["polarized"]) == (True, False)


def test_an_older_isic_row_is_known_from_the_table_alone() -> None:
    told = described(
        ISIC, {"image_name": "ISIC_8", "diagnosis": "nevus", "benign_malignant": "benign"}
    )
    assert told.form["label"] == {"diagnosis": "nevus", "confirmed_by": "document"}
    assert (
        described(ISIC, {"image_name": "ISIC_9", "benign_malignant": "benign"}).form["label"]
        is None
    )


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"isic_id": ""}, "no_id"),
        ({"isic_id": "1", "image_type": "RCM: mosaic"}, "unknown_kind"),
        ({"isic_id": "1", "copyright_license": "CC-0"}, "other_licence"),
        ({"isic_id": "1", "copyright_license": "CC-BY"}, "other_licence"),
    ],
)
def test_a_row_that_cannot_be_used_says_why(told: dict[str, str], reason: str) -> None:
    with pytest.raises(BadRow) as bad:
        described(ISIC, told)
    assert bad.value.reason == reason


@pytest.mark.parametrize("licence", ["CC BY-NC", "cc-by-nc 4.0", "CC BY-NC 4.0 International"])
def test_one_licence_written_in_several_ways_is_one(licence: str) -> None:
    told = {"isic_id": "1", "copyright_license": "CC-BY-NC"}
    assert described(ISIC, told, licence).image_id == "1"


def rules_of(told: ArchiveMapping) -> list[tuple[str, Rule]]:
    survey = list(told.survey.items())
    diagnoses = [("diagnosis", rule) for rule in told.diagnoses]
    return [*survey, *diagnoses, ("confirmed_by", told.confirmed_by)]


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_mappings_give_only_words_that_the_server_knows(name: str) -> None:
    from chalicelib.patients.survey import SurveyParts

    known: dict[str, Any] = {"diagnosis": set(LesionClass), "confirmed_by": set(Confirmation)}
    for field, rule in rules_of(mapping.load(name)):
        words = set((rule.values or {}).values()) | ({rule.default} if rule.default else set())
        if field in known:
            assert words <= known[field], field
        for word in words if field not in known else ():
            SurveyParts.model_validate_json(f'{{"{field}": "{word}"}}', strict=True)


def test_the_isic_mapping_agrees_with_the_platforms_own_crosswalks() -> None:
    for lesion_class, paths in isic.OF_CLASS.items():
        for path in paths:
            assert (ISIC.diagnoses[0].values or {})[path.casefold()] == lesion_class
    for site, paths in isic.OF_SITE.items():
        for path in paths:
            assert (ISIC.survey["site"].values or {})[path.casefold()] == site


def values_of(name: str) -> list[str]:
    path = SHARED / name
    if not path.is_file():
        pytest.skip(f"the shared research data are not here ({name})")
    return path.read_text("utf-8").splitlines()


def longest(path: str, known: dict[str, str]) -> str | None:
    fits = [each for each in known if path == each or path.startswith(f"{each}:")]
    return known[max(fits, key=len)] if fits else None


def test_every_diagnosis_of_the_archive_reads_as_the_crosswalk_has_it() -> None:
    known = {path: str(cls) for cls in LesionClass for path in isic.OF_CLASS[cls]}
    for path in values_of("isic_diagnosis_values.txt"):
        steps = path.split(":")
        told = {f"diagnosis_{n}": step for n, step in enumerate(steps, 1)}
        assert ISIC.diagnoses[0].read(told)[0] == longest(path, known), path


def test_every_site_of_the_archive_reads_as_the_crosswalk_has_it() -> None:
    known = {path: str(site) for site in Site for path in isic.OF_SITE[site]}
    for path in values_of("isic_anatom_site_values.txt"):
        told = {f"anatom_site_{n}": step for n, step in enumerate(path.split(":"), 1)}
        assert ISIC.survey["site"].read(told)[0] == longest(path, known), path


@pytest.mark.parametrize(
    ("file", "rules"),
    [("ham10000/manifest.csv", HAM), ("clinical-photos/metadata_full.csv", PAD)],
)
def test_the_real_tables_have_no_word_that_is_not_known(file: str, rules: ArchiveMapping) -> None:
    path = SHARED / file
    if not path.is_file():
        pytest.skip(f"the shared research data are not here ({file})")
    with path.open(encoding="utf-8-sig", newline="") as table:
        for told in csv.DictReader(table):
            one = described(rules, told)
            assert one.unmapped == ()
            assert one.form["label"] is not None


@pytest.mark.parametrize(
    "text",
    [
        "[image]\nid = { columns = 'a' }",
        "[image\n",
        "surprise = 1\n[image]\n[kind]\ndefault = 'dermoscopic'",
        "[image]\nid = { column = 'a' }\n[kind]\ndefault = 'dermoscopic'",
        "[image]\nid = { columns = 'a', number = 'odd' }\n[kind]\ndefault = 'dermoscopic'",
    ],
)
def test_a_broken_mapping_file_is_refused_with_a_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(Stop, match=r"mine\.toml cannot be read"):
        mapping.load(str(path))


def test_an_unknown_mapping_names_those_that_are_ready() -> None:
    with pytest.raises(Stop, match="ham10000, isic, pad_ufes_20"):
        mapping.load("ham")
