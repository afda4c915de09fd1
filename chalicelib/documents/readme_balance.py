"""What the cases of a release are made of: the balance of classes and within them, privacy, splits."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from chalicelib.documents import words
from chalicelib.documents.blocks import Block, Column, Heading, Passage, Table
from chalicelib.documents.figures import ClassOf, classes, within
from chalicelib.documents.figures import splits as drawn_splits
from chalicelib.documents.numbers import tongue, whole
from chalicelib.platform.language import Language

Manifest = Mapping[str, Any]
Counts = Mapping[str, Any]
SHOWN: Final = 14
"""Combinations of quasi-identifiers printed, the rarest first; the file privacy.csv has all."""
BALANCED: Final = ("sex", "age", "site", "skin_type", "device")


def balance(manifest: Manifest, counts: Counts, language: Language, *, plots: bool) -> list[Block]:
    say, named = tongue(language), _class_names(manifest, language)
    told = say(
        "Показано, сколько единиц в каждом классе и из каких пациентов, очагов и устройств состоит класс. Все "
        "числа — в файле balance.json.",
        "Shown is how many units each class has, and of which patients, sites and devices it consists. The file "
        "balance.json has all numbers.",
    )
    blocks: list[Block] = [Heading(say("Баланс", "Balance"), 2), Passage(told)]
    if plots:
        blocks.append(classes(counts["classes"], named, language))
    untold = []
    for by in BALANCED:
        found = counts["by"].get(by, {})
        if not _is_told(found):
            untold.append(words.dimension(by, language))
            continue
        blocks.append(
            within(by, found, named, language) if plots else _across(by, found, named, language)
        )
    if untold:
        listed = "; ".join(untold)
        unknown = say(f"Ни для одной единицы не указано: {listed}.", f"Told of no unit: {listed}.")
        blocks.append(Passage(unknown))
    return blocks


def _is_told(found: Mapping[str, Mapping[str, int]]) -> bool:
    """Whether any unit has a value at all."""
    return any(
        number
        for values in found.values()
        for value, number in values.items()
        if value != words.NOT_RECORDED
    )


def _across(
    by: str, found: Mapping[str, Mapping[str, int]], named: Sequence[ClassOf], language: Language
) -> Table:
    """What `within` draws, as a table: values down, classes across."""
    values = words.ordered(by, found)
    name = words.sentence(words.dimension(by, language))
    say = tongue(language)
    return Table(
        say(f"{name}: единицы по классам", f"{name}: units by class"),
        [Column(name), *(Column(one.title, number=True) for one in named)],
        [
            (
                words.value(value, language),
                *(whole(found.get(one.key, {}).get(value, 0)) for one in named),
            )
            for value in values
        ],
    )


def privacy(manifest: Manifest, language: Language) -> list[Block]:
    say, kept = tongue(language), manifest["privacy"]
    table = sorted(kept.get("table") or (), key=lambda row: row["patients"])
    keys = ("age", "sex", "site", "skin_type")
    told = say(
        f"Каждое сочетание квазиидентификаторов (возраст, пол, расположение, тип кожи) в этом выпуске делят "
        f"не меньше {kept['reached']} пациентов (требуется {kept['k']}). ",
        f"Every combination of quasi-identifiers (age, sex, body site, skin type) in this release is shared by at "
        f"least {kept['reached']} patients ({kept['k']} are required). ",
    )
    names = {key: words.sentence(words.dimension(key, language)).lower() for key in keys}
    coarse = [
        f"{names[key]} — {words.LEVELS[level].in_language(language)}"
        for key, level in kept["levels"].items()
        if level in words.LEVELS
    ]
    if coarse:
        told += say(f"Обобщено: {'; '.join(coarse)}. ", f"Generalised: {'; '.join(coarse)}. ")
    lost = [
        f"{names[key]} ({whole(number)})" for key, number in kept["suppressed"].items() if number
    ]
    if lost:
        told += say(
            f"Для этого редкие значения не указаны (в скобках — у скольких единиц): {', '.join(lost)}. ",
            f"To that end rare values are not told (in brackets: for how many units): {', '.join(lost)}. ",
        )
    told += say(
        "Снимки просмотрены куратором: на них нет лиц, татуировок и надписей с именами.",
        "A curator looked at every image: none shows a face, a tattoo or a name.",
    )
    blocks: list[Block] = [Heading(say("Защита личности", "Privacy"), 2), Passage(told)]
    if not table:
        return blocks
    note = say(
        f"Показаны {SHOWN} самых редких сочетаний из {whole(len(table))}; все — в файле privacy.csv.",
        f"The {SHOWN} rarest of {whole(len(table))} combinations; privacy.csv has all.",
    )
    return [
        *blocks,
        Table(
            say("Сочетания квазиидентификаторов", "Combinations of quasi-identifiers"),
            [
                *(Column(words.sentence(words.dimension(key, language))) for key in keys),
                Column(say("Пациентов", "Patients"), number=True),
            ],
            [
                (
                    *(words.value(row.get(key) or words.NOT_RECORDED, language) for key in keys),
                    whole(row["patients"]),
                )
                for row in table[:SHOWN]
            ],
            note if len(table) > SHOWN else "",
        ),
    ]


def splits(manifest: Manifest, language: Language, *, plots: bool) -> list[Block]:
    say, parts = tongue(language), manifest["splits"]
    named = _class_names(manifest, language)
    if len(parts) < 2:
        return []
    note = say(
        "Пациент целиком попадает в одну часть; близкие дубликаты не разделены.",
        "A patient is in one split only; near-duplicates are not parted.",
    )
    if groups := manifest["duplicates"]["groups"]:
        note += say(
            f" Групп близких дубликатов: {whole(groups)}.",
            f" Groups of near-duplicates: {whole(groups)}.",
        )
    keys = list(parts)
    return [
        Heading(say("Части набора", "Splits"), 2),
        Table(
            say("Единицы по частям", "Units by split"),
            [
                Column(say("Класс", "Class"), share=2),
                *(Column(words.sentence(words.value(key, language)), number=True) for key in keys),
            ],
            [
                *(
                    (one.title, *(whole(parts[key]["classes"].get(one.key, 0)) for key in keys))
                    for one in named
                ),
                (say("Всего единиц", "Units"), *(whole(parts[key]["units"]) for key in keys)),
                (say("Пациентов", "Patients"), *(whole(parts[key]["patients"]) for key in keys)),
            ],
            note,
            frozenset({len(named), len(named) + 1}),
        ),
        *([drawn_splits(parts, named, language)] if plots else []),
    ]


def _class_names(manifest: Manifest, language: Language) -> list[ClassOf]:
    return [
        ClassOf(one["key"], words.sentence(one["title"][language]), one["role"])
        for one in manifest["plan"]["classes"]
    ]
