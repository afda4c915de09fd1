"""`dictionary.csv`: every column of the tables, in both languages.

Columns that the survey's form has take their labels and choices from its schema.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from chalicelib.datasets.releases import tables
from chalicelib.datasets.releases.cells import Cell
from chalicelib.patients.vocabulary import vocabularies
from chalicelib.platform.language import Text
from chalicelib.platform.lesion_classes import LesionClass

HEADER: Final = ("file", "column", "type", "meaning_ru", "meaning_en", "values", "values_ru")
_CLASSES: Final = {each.value: each.label for each in LesionClass}
_ID: Final = Text(
    "Случайный номер единицы данных в этом выпуске; имя её файла",
    "Random id of the unit in this release; the name of its file",
)

_MEANINGS: Final[Mapping[str, tuple[str, Text]]] = {
    "isic_id": ("text", _ID),
    "attribution": ("text", Text("Кого указать как источник", "Whom to name as the source")),
    "copyright_license": ("text", Text("Лицензия (SPDX)", "Licence (SPDX)")),
    "acquisition_day": (
        "integer",
        Text(
            "Дней от первого снимка пациента в выпуске",
            "Days since the patient's first image of the release",
        ),
    ),
    "age_approx": (
        "integer",
        Text(
            "Возраст, лет, начало пятилетнего промежутка; 85 и больше как 85; пусто, где промежутки шире (rodinka_age)",
            "Age in years, lower end of a band of five; 85 stands for 85 and more; empty where bands are wider (rodinka_age)",
        ),
    ),
    "anatom_site_general": (
        "text",
        Text("Расположение словами ISIC", "Anatomical site in ISIC's words"),
    ),
    "dermoscopic_type": ("text", Text("Способ дерматоскопии", "How dermatoscopy was done")),
    "diagnosis_confirm_type": (
        "text",
        Text("Чем подтверждён диагноз, словами ISIC", "How it was confirmed, in ISIC's words"),
    ),
    "family_hx_mm": (
        "boolean",
        Text(
            "Меланома у родственников: «нет», если нет онкологии вовсе; иначе пусто",
            "Melanoma in the family: false where there was no cancer at all; else empty",
        ),
    ),
    "fitzpatrick_skin_type": ("text", Text("Тип кожи по Фицпатрику", "Fitzpatrick skin type")),
    "image_type": ("text", Text("Вид снимка словами ISIC", "Type of image in ISIC's words")),
    "lesion_id": ("text", Text("Случайный номер образования", "Random id of the lesion")),
    "patient_id": ("text", Text("Случайный номер пациента", "Random id of the patient")),
    "pixels_x": ("integer", Text("Ширина, точек", "Width in pixels")),
    "pixels_y": ("integer", Text("Высота, точек", "Height in pixels")),
    "sex": ("text", Text("Пол", "Sex")),
    "rodinka_file": ("text", Text("Где снимок в выпуске", "Where the image is in the release")),
    "rodinka_split": ("text", Text("Часть набора", "Split")),
    "rodinka_class": ("text", Text("Класс набора", "Class of the dataset")),
    "rodinka_diagnosis": ("text", Text("Диагноз", "Diagnosis")),
    "rodinka_icd10": ("text", Text("Коды МКБ-10", "ICD-10 codes")),
    "rodinka_verification": (
        "text",
        Text("Уровень верификации: low, medium, high", "Level of verification: low, medium, high"),
    ),
    "rodinka_rule": ("text", Text("Правило вердикта", "Rule of the verdict")),
    "rodinka_retrospective": (
        "boolean",
        Text("Метка взята из документов или архива", "The label is from documents or an archive"),
    ),
    "rodinka_readings": ("integer", Text("Прочтений", "Readings")),
    "rodinka_agreement": (
        "number",
        Text("Доля прочтений, совпавших с меткой", "Share of readings that agree with the label"),
    ),
    "rodinka_age": ("text", Text("Возраст, как обобщён", "Age as generalised")),
    "rodinka_site": ("text", Text("Расположение, как обобщено", "Site as generalised")),
    "rodinka_skin_type": (
        "text",
        Text("Тип кожи, как обобщён", "Skin type as generalised"),
    ),
    "rodinka_source": ("text", Text("Источник (ATTRIBUTION.md)", "Source (ATTRIBUTION.md)")),
    "rodinka_device_make": ("text", Text("Производитель прибора", "Make of the device")),
    "rodinka_device_model": ("text", Text("Модель прибора", "Model of the device")),
    "rodinka_pixel_spacing_mm": ("number", Text("Размер точки, мм", "Pixel spacing in mm")),
    "reader": ("text", Text("Эксперт, псевдоним этого выпуска", "Reader, alias of this release")),
    "round": (
        "text",
        Text("first: независимое, arbitration: старший", "first: blind, arbitration: the senior's"),
    ),
    "diagnosis": ("text", Text("Что сказал эксперт", "What the reader said")),
    "differential": ("text", Text("Дифференциальный ряд", "Differential diagnoses")),
    "confidence": ("integer", Text("Уверенность, от 1 до 5", "Confidence, 1 to 5")),
    "image_quality": ("text", Text("Качество снимка", "Quality of the image")),
    "seconds": ("number", Text("Секунд на прочтение", "Seconds the reading took")),
    "protocol": ("text", Text("Версия протокола разметки", "Version of the labelling protocol")),
    "split": ("text", Text("Часть набора", "Split")),
    "class": ("text", Text("Класс набора", "Class of the dataset")),
    "age": ("text", Text("Возраст, как обобщён", "Age as generalised")),
    "site": ("text", Text("Расположение, как обобщено", "Site as generalised")),
    "skin_type": ("text", Text("Тип кожи, как обобщён", "Skin type as generalised")),
    "patients": (
        "integer",
        Text("Пациентов с этим сочетанием", "Patients who share the combination"),
    ),
    "path": ("text", Text("Путь файла в выпуске", "Path of the file in the release")),
    "sha256": ("text", Text("SHA-256 файла", "SHA-256 of the file")),
    "bytes": ("integer", Text("Байтов", "Bytes")),
    "shard": ("text", Text("В каком архиве снимок", "In which archive the image is")),
    "offset": (
        "integer",
        Text("С какого байта архива он начинается", "At which byte of the archive it begins"),
    ),
}
FILES: Final = ("path", "sha256", "bytes", "shard", "offset")
"""Columns of `files.csv`."""


def rows() -> Iterator[list[Cell]]:
    """The dictionary, without its header."""
    of_files: Iterable[tuple[str, tuple[str, ...]]] = (
        ("metadata.csv", tables.METADATA),
        ("readings.csv", tables.READINGS),
        ("splits.csv", tables.SPLITS),
        ("privacy.csv", tables.PRIVACY),
        ("files.csv", FILES),
    )
    for file, names in of_files:
        for name in names:
            kind, meaning, values = column(name)
            yield [
                file,
                name,
                kind,
                meaning.ru,
                meaning.en,
                [f"{key} = {label.en}" for key, label in values.items()],
                [f"{key} = {label.ru}" for key, label in values.items()],
            ]


def column(name: str) -> tuple[str, Text, Mapping[str, Text]]:
    """Type, meaning and values of a column."""
    if name in _MEANINGS:
        classes = _CLASSES if name in {"rodinka_diagnosis", "diagnosis"} else {}
        return *_MEANINGS[name], classes
    if name.startswith("diagnosis_"):
        level = name.removeprefix("diagnosis_")
        return (
            "text",
            Text(f"Диагноз словами ISIC, ступень {level}", f"ISIC's diagnosis, level {level}"),
            {},
        )
    field = next(each for each in vocabularies().fields if f"rodinka_{each.key}" == name)
    choices = {each.key: Text(each.labels.ru, each.labels.en) for each in field.choices}
    kind = {"choice": "text", "choices": "text"}.get(field.kind, field.kind)
    return kind, Text(field.labels.ru, field.labels.en), choices
