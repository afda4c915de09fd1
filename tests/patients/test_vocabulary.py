"""The vocabulary against the form and against the ISIC Archive's own lists."""

import re
from pathlib import Path
from typing import Any

import pytest

from chalicelib.patients import icd10, isic
from chalicelib.patients.choices import Diagnosis, Relative, Site, SkinType
from chalicelib.patients.survey import Survey, SurveyCorrection
from chalicelib.patients.vocabulary import vocabularies
from chalicelib.platform.lesion_classes import LesionClass
from tests.patients.asking import Client

DATA = Path(__file__).parents[3] / "shared" / "data"

FORM = [
    "age", "sex", "hair", "skin_type", "site", "mole_count", "family_history",
    "immunosuppressed", "freckles", "race", "sunburns", "large_moles", "histology_required",
    "diagnosis", "examined_on",
]  # fmt: skip

ISIC_PATHS = sorted(
    {
        path
        for table in (isic.OF_CLASS, isic.OF_DIAGNOSIS)
        for paths in table.values()
        for path in paths
    }
)


def listed(name: str) -> set[str]:
    file = DATA / name
    if not file.exists():
        pytest.skip(f"the ISIC Archive's list {name} is not on this machine")
    return set(file.read_text().split("\n"))


@pytest.mark.parametrize("path", ISIC_PATHS)
def test_every_isic_diagnosis_is_in_the_archives_list(path: str) -> None:
    assert path in listed("isic_diagnosis_values.txt")


@pytest.mark.parametrize("path", [path for paths in isic.OF_SITE.values() for path in paths])
def test_every_isic_site_is_in_the_archives_list(path: str) -> None:
    assert path in listed("isic_anatom_site_values.txt")


def test_the_archives_surprises_are_kept() -> None:
    (basal,) = isic.OF_CLASS[LesionClass.BASAL_CELL_CARCINOMA]
    assert "Malignant adnexal epithelial proliferations - Follicular" in basal
    (actinic,) = isic.OF_CLASS[LesionClass.ACTINIC_KERATOSIS]
    assert actinic.startswith("Indeterminate:")
    benign = isic.OF_CLASS[LesionClass.BENIGN_KERATOSIS]
    assert any(path.endswith(":Lichen planus like keratosis") for path in benign)
    assert all(path.startswith("Benign:") for path in benign)


def test_icd_10_codes_are_those_of_the_domain() -> None:
    classes, diagnoses = icd10.OF_CLASS, icd10.OF_DIAGNOSIS
    assert classes[LesionClass.NEVUS][0] == diagnoses[Diagnosis.NEVUS][0] == "D22"
    assert classes[LesionClass.MELANOMA][0] == diagnoses[Diagnosis.MELANOMA][0] == "C43"
    assert classes[LesionClass.ACTINIC_KERATOSIS] == ("L57.0",)
    assert classes[LesionClass.BASAL_CELL_CARCINOMA][0] == "C44"
    assert classes[LesionClass.SQUAMOUS_CELL_CARCINOMA][0] == "C44"
    assert diagnoses[Diagnosis.SKIN_CANCER][0] == "C44"
    assert classes[LesionClass.BENIGN_KERATOSIS][0] == "L82"
    assert classes[LesionClass.DERMATOFIBROMA] == diagnoses[Diagnosis.DERMATOFIBROMA] == ("D23",)
    assert classes[LesionClass.VASCULAR_LESION][0] == diagnoses[Diagnosis.HEMANGIOMA][0] == "D18.0"
    assert diagnoses[Diagnosis.KAPOSI_SARCOMA] == ("C46.0",)
    assert diagnoses[Diagnosis.SKIN_LYMPHOMA] == ("C84",)
    for codes in (*classes.values(), *diagnoses.values()):
        assert all(re.fullmatch(r"[A-Z][0-9]{2}(\.[0-9])?", code) for code in codes)


def test_only_what_names_no_disease_has_no_equivalent() -> None:
    for of_class in (icd10.OF_CLASS, isic.OF_CLASS):
        assert set(of_class) == set(LesionClass)
        assert [one for one, found in of_class.items() if not found] == [LesionClass.UNKNOWN]
    for of_diagnosis in (icd10.OF_DIAGNOSIS, isic.OF_DIAGNOSIS):
        assert set(of_diagnosis) == set(Diagnosis)
        assert [one for one, found in of_diagnosis.items() if not found] == [Diagnosis.OTHER]
    assert set(isic.OF_SITE) == set(Site)


def test_anybody_may_ask_for_every_field_in_the_forms_order(doctor: Client) -> None:
    reply = doctor.ask("GET", "/v1/vocabularies")
    assert reply.status == 200
    fields = reply.body["fields"]
    assert [field["key"] for field in fields] == FORM
    optional = [field["key"] for field in fields if not field["required"]]
    assert optional == ["sunburns", "diagnosis"]
    by_key = {field["key"]: field for field in fields}
    assert (by_key["age"]["minimum"], by_key["age"]["maximum"]) == (0, 120)
    assert by_key["hair"]["labels"] == {"ru": "Тип волос", "en": "Hair type"}
    kinds = {"hair": "choice", "sunburns": "choices", "freckles": "boolean"}
    for key, kind in {**kinds, "age": "integer", "examined_on": "date"}.items():
        assert by_key[key]["kind"] == kind
    assert [one["key"] for one in reply.body["classes"]] == [str(one) for one in LesionClass]
    for field in fields:
        assert bool(field["choices"]) == (field["kind"] in {"choice", "choices"})
        assert all(_labelled(one) for one in (field, *field["choices"]))


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("sex", {"male": "Муж", "female": "Жен"}),
        (
            "hair",
            {
                "blond": "Блонд",
                "light_brown": "Русый",
                "grey_or_dyed": "Седые/окраска",
                "brown": "Коричневый",
                "black": "Черный",
            },
        ),
        (
            "site",
            {
                "head_neck": "Голова/Шея",
                "legs": "Ноги",
                "genitals": "Гениталии",
                "torso": "Торс",
                "palms_soles": "Ладони/Подошвы",
                "arms": "Руки",
            },
        ),
        (
            "mole_count",
            {
                "almost_none": "Почти нет",
                "few": "Единичные",
                "5_to_20": "От 5 до 20",
                "over_20": "Больше 20",
            },
        ),
        (
            "family_history",
            {
                "none": "Нет",
                "grandparent": "Бабушка/Дедушка",
                "sibling": "Брат/Сестра",
                "parent": "Мать/Отец",
            },
        ),
        (
            "race",
            {"caucasian": "Европеоидная", "asian": "Азиатская", "mongoloid": "Монголоидная"},
        ),
        (
            "sunburns",
            {
                "redness": "Покраснения",
                "pain": "Боль в области ожога",
                "blisters": "Наличие волдырей",
            },
        ),
        (
            "diagnosis",
            {
                "nevus": "Родинка",
                "melanoma": "Меланома",
                "papilloma": "Папиллома",
                "dysplastic_nevus": "Диспластическая родинка",
                "keratopapilloma": "Кератопапиллома",
                "dermatofibroma": "Дерматофиброма",
                "epidermal_cyst": "Эпидермальная киста",
                "skin_cancer": "Рак кожи",
                "skin_lymphoma": "Лимфома кожи",
                "hemangioma": "Гемангиома",
                "kaposi_sarcoma": "Саркома Капоши",
                "other": "Другое",
            },
        ),
    ],
)
def test_choices_are_the_forms_words(key: str, words: dict[str, str]) -> None:
    (field,) = (field for field in vocabularies().fields if field.key == key)
    assert {choice.key: choice.labels.ru for choice in field.choices} == words


def test_each_skin_type_has_its_description_in_both_languages() -> None:
    assert [str(one) for one in SkinType] == ["I", "II", "III", "IV", "V", "VI"]
    hints = [one.hint for one in SkinType if one.hint]
    assert len({hint.ru for hint in hints}) == len({hint.en for hint in hints}) == 6
    assert hints[0].ru.startswith("всегда горит")
    assert hints[-1].ru.startswith("никогда не горит")


def test_a_correction_has_the_fields_of_the_survey_and_no_other() -> None:
    assert list(SurveyCorrection.model_fields) == list(Survey.model_fields) == FORM
    assert not any(field.is_required() for field in SurveyCorrection.model_fields.values())
    assert SurveyCorrection.model_json_schema()["properties"]["age"]["maximum"] == 120


def test_a_word_is_its_key_wherever_it_is_written() -> None:
    assert Relative("none") is Relative.NONE
    assert f"{LesionClass.NEVUS} {Site.ARMS}" == "nevus arms"


def _labelled(one: Any) -> bool:
    return bool(one["labels"]["ru"].strip() and one["labels"]["en"].strip())
