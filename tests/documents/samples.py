"""Manifests and counts to make documents of."""

from collections.abc import Sequence
from typing import Any

NINE = {
    "nevus": ("родинка", 6705),
    "melanoma": ("меланома", 1113),
    "benign_keratosis": ("кератозное поражение", 1099),
    "basal_cell_carcinoma": ("базальноклеточная карцинома", 514),
    "actinic_keratosis": ("актинический кератоз", 327),
    "vascular_lesion": ("сосудистое поражение", 142),
    "dermatofibroma": ("дерматофиброма", 115),
}
POSITIVE = {"melanoma", "basal_cell_carcinoma", "actinic_keratosis"}


def both(ru: str, en: str | None = None) -> dict[str, str]:
    return {"ru": ru, "en": en or ru}


def plan(**changes: Any) -> dict[str, Any]:
    made: dict[str, Any] = {
        "name": both(
            "Дерматоскопические снимки пигментных новообразований кожи",
            "Dermatoscopic images of pigmented skin lesions",
        ),
        "abstract": both(
            "Набор для машинного обучения: снимки очагов семи классов с обезличенными сведениями о пациентах.",
            "A set for machine learning: images of lesions of seven classes with de-identified patient data.",
        ),
        "clinical_task": both(
            "Отличить меланому и другие злокачественные новообразования кожи от доброкачественных по одному "
            "дерматоскопическому снимку.",
            "To tell melanoma and other malignant lesions of the skin from benign ones by one dermatoscopic image.",
        ),
        "clinical_use": both(
            "Решение помогает онкологу и дерматологу выбрать очаги, которые следует удалить или наблюдать.",
            "A solution helps oncologists and dermatologists to choose lesions to be excised or followed.",
        ),
        "data_security": both(
            "Снимки перекодированы без метаданных; имён, телефонов и адресов платформа не хранит; доступ записан в "
            "журнал.",
            "Images are encoded anew without metadata; the platform keeps no names, phones or addresses; access "
            "is logged.",
        ),
        "features": [
            both(
                "вероятность злокачественного новообразования", "probability of a malignant lesion"
            ),
            both("класс новообразования", "class of the lesion"),
        ],
        "working_group": [
            {
                "name": "Анна Петрова",
                "task": "clinician",
                "affiliation": "Орловский онкологический диспансер",
                "orcid": "0000-0002-1825-0097",
            },
            {"name": "Илья Сомов", "task": "data_scientist", "affiliation": None, "orcid": None},
        ],
        "keywords": ["дерматоскопия", "меланома", "dermatoscopy"],
        "language": "ru, en",
        "funding": None,
        "conflicts_of_interest": None,
        "special_prohibitions": None,
        "purpose": "training",
        "access": "public",
        "licence": "CC-BY-NC-4.0",
        "modality": "DSC",
        "organ": "SKIN",
        "target": "CANCER",
        "unit": "image",
        "verification": "low",
        "classes": [
            {
                "key": key,
                "title": both(ru, key.replace("_", " ")),
                "diagnoses": [key],
                "role": "positive" if key in POSITIVE else "negative",
                "units": None,
                "requirements": both(
                    f"Признаки класса «{ru}» по протоколу, подтверждённые верификацией.",
                    f"Signs of {key.replace('_', ' ')} by the protocol, confirmed by verification.",
                ),
            }
            for key, (ru, _) in NINE.items()
        ],
        "test": None,
    }
    return {**made, **changes}


def spread(number: int, values: Sequence[str]) -> dict[str, int]:
    """`number` over `values`, less and less; the rest to the first."""
    weights = [1 / (place + 1.5) for place in range(len(values))]
    shares = {
        value: int(number * weight / sum(weights))
        for value, weight in zip(values, weights, strict=True)
    }
    shares[values[0]] += number - sum(shares.values())
    return {value: count for value, count in shares.items() if count}


def counts(classes: dict[str, int] | None = None, devices: Sequence[str] = ()) -> dict[str, Any]:
    found = classes or {key: number for key, (_, number) in NINE.items()}
    ages = [*(f"{age}-{age + 4}" for age in range(10, 85, 5)), "85+", "not_recorded"]
    by: dict[str, Sequence[str]] = {
        "sex": ("male", "female", "not_recorded"),
        "age": (ages[7], *ages[:7], *ages[8:]),
        "site": ("torso", "legs", "arms", "head_neck", "palms_soles", "genitals", "not_recorded"),
        "skin_type": ("II", "I", "III", "IV", "not_recorded"),
        "verification": ("high", "medium", "low"),
        "rule": ("histology", "two_agree", "arbitration", "follow_up", "document"),
        "image_type": ("dermoscopic",),
        "source": ("import one",),
        "split": ("train", "test", "validation"),
    }
    if devices:
        by["device"] = devices
    total = sum(found.values())
    return {
        "units": total,
        "lesions": max(1, total * 3 // 4),
        "patients": max(1, total // 2),
        "classes": found,
        "by": {
            name: {key: spread(number, values) for key, number in found.items()}
            for name, values in by.items()
        },
    }


def manifest(**changes: Any) -> dict[str, Any]:
    planned = changes.pop("plan", None) or plan()
    steps = [
        (
            "Источники",
            "Sources",
            "снимок не из названных источников",
            "not of the named sources",
            0,
        ),
        ("Вид снимка", "Kind", "снимок не дерматоскопический", "not a dermatoscopic image", 812),
        (
            "Метка",
            "Label",
            "нет метки или случай спорный",
            "no label, or the case is disputed",
            431,
        ),
        ("Согласие", "Consent", "нет согласия на публикацию", "no consent to publication", 96),
        ("Возраст", "Age", "возраст меньше 18", "age below 18", 240),
        ("Осмотр", "Look", "куратор ещё не просмотрел снимок", "no curator has looked at it", 17),
        ("Дубликаты", "Duplicates", "точная копия другого снимка", "an exact copy of another", 5),
        ("Защита личности", "Privacy", "редкое сочетание признаков", "a rare combination", 0),
    ]
    left, flow = 10_015 + sum(step[-1] for step in steps), []
    for ru, en, why, reason, dropped in steps:
        left -= dropped
        flow.append(
            {
                "step": en.lower(),
                "title": both(ru, en),
                "reason": both(why, reason),
                "dropped": dropped,
                "left": left,
                "patients_left": left // 2,
            }
        )
    sites = ("torso", "legs", "arms", "head_neck")
    table = [
        {"age": age, "sex": sex, "site": site, "skin_type": None, "patients": 11 + 7 * place}
        for place, (age, sex, site) in enumerate(
            (f"{age}-{age + 9}", sex, site)
            for age in range(20, 80, 10)
            for sex in ("male", "female")
            for site in sites
        )
    ]
    made: dict[str, Any] = {
        "release_id": "release",
        "code": "DS_ML_DSC_SKIN_CANCER",
        "number": 7,
        "version": "1.2.0",
        "previous_version": "1.1.0",
        "frozen_at": "2026-11-26T10:00:00.123456Z",
        "seed": "seed",
        "plan": planned,
        "change": "Добавлены снимки.",
        "changes": [],
        "sources": {
            "import one": {
                "name": "HAM10000",
                "licence": "CC-BY-NC-4.0",
                "attribution": "Tschandl P., Rosendahl C., Kittler H. The HAM10000 dataset. Sci Data 5, 180161 (2018).",
                "legal_basis": "public",
                "units": 10_015,
            }
        },
        "flow": flow,
        "privacy": {
            "k": 11,
            "reached": 11,
            "levels": {"age": "tens", "sex": "told", "site": "sites", "skin_type": "pairs"},
            "suppressed": {"age": 231, "sex": 0, "site": 0, "skin_type": 0},
            "table": table,
        },
        "splits": {
            name: {
                "units": sum(numbers.values()),
                "patients": sum(numbers.values()) // 2,
                "classes": numbers,
            }
            for name, numbers in {
                "train": {key: n * 7 // 10 for key, (_, n) in NINE.items()},
                "validation": {key: n // 10 for key, (_, n) in NINE.items()},
                "test": {key: n - n * 7 // 10 - n // 10 for key, (_, n) in NINE.items()},
            }.items()
        },
        "duplicates": {"groups": 214, "units": 451},
        "agreement": {
            "readings": 20_400,
            "share_disputed_after_two": 0.182,
            "share_disputed_after_three": 0.027,
            "raw": 0.818,
        },
        "power": None,
        "shards": [],
        "units": 10_015,
        "extra": {
            "criteria": {
                "inclusion": [both("Возраст не меньше 18", "Age at least 18")],
                "non_inclusion": [],
                "exclusion": [both("Качество снимка: непригодное", "Image quality: unusable")],
            },
            "permanent_link": "https://rodinka.example/registry/DS_ML_DSC_SKIN_CANCER/1.2.0",
            "protocols": ["1", "2"],
        },
    }
    return {**made, **changes}


def files(shards: int = 12) -> list[dict[str, Any]]:
    names = {
        "README.md": both("описание набора (английский)", "this description (English)"),
        "README.ru.md": both("описание набора (русский)", "this description (Russian)"),
        "README.pdf": both("то же для чтения и печати", "the same, to be read and printed"),
        "LICENSE": both("лицензия", "the licence"),
        "ATTRIBUTION.md": both("кого и как назвать", "whom to credit, and how"),
        "CHANGELOG.md": both("что изменилось между версиями", "what changed between versions"),
        "metadata.csv": both(
            "строка на единицу данных: столбцы архива ISIC и свои с приставкой rodinka_",
            "a row a unit: the ISIC Archive's columns, and our own with the prefix rodinka_",
        ),
        "readings.csv": both("все чтения экспертов", "all readings of experts"),
        "annotations.json": both("контуры очагов в формате COCO", "outlines of lesions, as COCO"),
        "SHA256SUMS": both("контрольные суммы всех файлов", "sums of all files"),
    }
    made = [
        {"path": path, "sha256": "0" * 64, "bytes": 20_480, "what": what}
        for path, what in names.items()
    ]
    shard = both("снимки, архив без сжатия", "images, an archive without compression")
    made += [
        {
            "path": f"images/3mo7uyr4-{number:05}.zip",
            "sha256": "0" * 64,
            "bytes": 250_000_000,
            "what": shard,
        }
        for number in range(shards)
    ]
    return made
