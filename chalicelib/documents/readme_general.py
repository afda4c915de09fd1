"""The first page of a README: how the set may be had, and general information."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from chalicelib.documents import words
from chalicelib.documents.blocks import Block, Code, Fields, Heading
from chalicelib.documents.numbers import day, lesions, megabytes, patients, tongue, units
from chalicelib.documents.readme_terms import ACCESS, NEVER, licence_in_brief, link_of
from chalicelib.platform.language import Language, Text

PURPOSES: Final[Mapping[str, Text]] = {
    "self_test": Text("самотестирование (функциональное тестирование)", "self-test (functional)"),
    "clinical_test": Text(
        "клиническое испытание (калибровочное тестирование)", "clinical test (calibration)"
    ),
    "training": Text("машинное обучение", "machine learning"),
    "additional_training": Text("дообучение", "additional training"),
    "dynamic": Text("динамическое наблюдение", "change over time"),
    "technical_defects": Text("технические дефекты", "technical defects"),
}

LANGUAGES: Final[Mapping[str, Text]] = {
    "ru": Text("русский", "Russian"),
    "en": Text("английский", "English"),
    "ru, en": Text("русский, английский", "Russian, English"),
}


def general(
    manifest: Mapping[str, Any],
    counts: Mapping[str, Any],
    files: Sequence[Mapping[str, Any]],
    language: Language,
) -> list[Block]:
    """Distribution, licence in brief and special prohibitions; then what the set is."""
    say, plan = tongue(language), manifest["plan"]
    special = (plan.get("special_prohibitions") or {}).get(language)
    titles = [one["title"][language] for one in plan["classes"]]
    keywords = ", ".join(plan.get("keywords") or ())
    size = ", ".join(
        (
            units(counts["units"], language),
            lesions(counts["lesions"], language),
            patients(counts["patients"], language),
            megabytes(sum(file["bytes"] for file in files), language),
        )
    )
    return [
        Fields(
            [
                (
                    say("Распространение", "Distribution"),
                    ACCESS[plan["access"]].in_language(language),
                ),
                (
                    say("Лицензия (кратко)", "Licence in brief"),
                    licence_in_brief(plan["licence"], language),
                ),
                (
                    say("Особые запреты", "Special prohibitions"),
                    " ".join(one for one in (special, NEVER.in_language(language)) if one),
                ),
            ]
        ),
        Heading(say("Общие сведения", "General information")),
        Fields(
            [
                (say("Название", "Name"), plan["name"][language]),
                (say("Внутренний код", "Internal code"), Code(manifest["code"])),
                (say("Номер в реестре", "Number in the registry"), str(manifest["number"])),
                (say("Назначение", "Purpose"), PURPOSES[plan["purpose"]].in_language(language)),
                (say("Классы разметки", "Label classes"), "; ".join(titles)),
                (
                    say("Единица данных", "Unit of data"),
                    words.UNITS_OF_DATA[plan["unit"]].in_language(language),
                ),
                (say("Размер", "Size"), size),
                (say("Ключевые слова", "Key words"), keywords or say("не заданы", "none given")),
                (say("Язык", "Language"), LANGUAGES[plan["language"]].in_language(language)),
                (
                    say("Финансирование", "Funding"),
                    plan.get("funding") or say("не указано", "not stated"),
                ),
                (say("Версия", "Version"), manifest["version"]),
                (say("Постоянная ссылка", "Permanent link"), Code(link_of(manifest))),
                (say("Дата публикации", "Publication date"), day(manifest["frozen_at"], language)),
            ]
        ),
    ]
