"""How the cases of a release were prepared: the task, the criteria, the flow, the balance, privacy, splits."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from chalicelib.documents import words
from chalicelib.documents.blocks import (
    Block,
    Column,
    Drop,
    Flow,
    Heading,
    Passage,
    Points,
    Table,
)
from chalicelib.documents.figures import ClassOf, classes, within
from chalicelib.documents.figures import splits as drawn_splits
from chalicelib.documents.numbers import decimal, images, patients, percent, tongue, units, whole
from chalicelib.platform.language import Language

Manifest = Mapping[str, Any]
Counts = Mapping[str, Any]
SHOWN: Final = 14
"""Combinations of quasi-identifiers printed, the rarest first; the file privacy.csv has all."""
BALANCED: Final = ("sex", "age", "site", "skin_type", "device")


def preparation(
    manifest: Manifest, counts: Counts, language: Language, *, plots: bool
) -> list[Block]:
    say, plan = tongue(language), manifest["plan"]
    return [
        Heading(say("Как подготовлены данные", "How cases were prepared")),
        Heading(say("Задача", "The task"), 2),
        Passage(plan["clinical_task"][language]),
        Passage(plan["clinical_use"][language]),
        Points([one[language] for one in plan["features"]]),
        *_classes(manifest, counts, language),
        *_power(manifest, language),
        *_sources(manifest, language),
        *_selection(manifest, language),
        *_balance(manifest, counts, language, plots=plots),
        *_privacy(manifest, language),
        *_splits(manifest, language, plots=plots),
    ]


def class_names(manifest: Manifest, language: Language) -> list[ClassOf]:
    return [
        ClassOf(one["key"], words.sentence(one["title"][language]), one["role"])
        for one in manifest["plan"]["classes"]
    ]


def _classes(manifest: Manifest, counts: Counts, language: Language) -> list[Block]:
    say = tongue(language)
    rows = [
        (
            words.sentence(one["title"][language]),
            words.ROLES[one["role"]].in_language(language),
            one["requirements"][language],
            whole(counts["classes"].get(one["key"], 0)),
        )
        for one in manifest["plan"]["classes"]
    ]
    return [
        Table(
            say(
                "Классы и базовые диагностические требования",
                "Classes and basic diagnostic requirements",
            ),
            [
                Column(say("Класс", "Class")),
                Column(say("Роль в тесте", "Role in the test"), share=0.7),
                Column(
                    say("Что относит единицу к классу", "What puts a unit in the class"), share=2
                ),
                Column(say("Единиц", "Units"), number=True),
            ],
            rows,
        )
    ]


def _power(manifest: Manifest, language: Language) -> list[Block]:
    say, test, power = tongue(language), manifest["plan"].get("test"), manifest.get("power") or {}
    if not test or "power" not in power:
        return []
    expected, threshold = (
        decimal(test[name], 2, language) for name in ("expected_auc", "threshold_auc")
    )
    reached = percent(power["power"], language)
    return [
        Passage(
            say(
                f"Размер рассчитан для теста: если площадь под кривой (AUC) равна {expected}, превышение порога "
                f"{threshold} будет показано с вероятностью {reached} (по Hanley и McNeil, 1982).",
                f"The size was planned for a test: with an area under the curve (AUC) of {expected}, it shows "
                f"an AUC above {threshold} with a probability of {reached} (Hanley and McNeil, 1982).",
            )
        )
    ]


def _sources(manifest: Manifest, language: Language) -> list[Block]:
    say = tongue(language)
    rows = [
        (
            source["name"],
            source["licence"],
            source["attribution"] or source["name"],
            whole(source["units"]),
        )
        for source in manifest["sources"].values()
    ]
    return [
        Heading(say("Источники и защита данных", "Sources and data security"), 2),
        Table(
            say("Источники", "Sources"),
            [
                Column(say("Источник", "Source")),
                Column(say("Лицензия", "Licence"), share=0.7),
                Column(say("Как назвать", "Attribution"), share=1.6),
                Column(say("Единиц", "Units"), number=True),
            ],
            rows,
        ),
        Passage(manifest["plan"]["data_security"][language]),
    ]


def _selection(manifest: Manifest, language: Language) -> list[Block]:
    say = tongue(language)
    titles = {
        "inclusion": say("Включение: должно выполняться всё", "Inclusion: all must hold"),
        "non_inclusion": say(
            "Невключение: не должно выполняться ничего", "Non-inclusion: none may hold"
        ),
        "exclusion": say("Исключение: не должно выполняться ничего", "Exclusion: none may hold"),
    }
    criteria = manifest["extra"].get("criteria") or {}
    rows = [
        (title if number == 0 else "", one[language])
        for key, title in titles.items()
        for number, one in enumerate(criteria.get(key) or ({"ru": "не заданы", "en": "none set"},))
    ]
    return [
        Heading(say("Критерии и отбор", "Criteria and selection"), 2),
        Table(
            say("Критерии", "Criteria"),
            [Column(say("Вид", "Kind")), Column(say("Условие", "Condition"), share=1.6)],
            rows,
        ),
        *_flow(manifest["flow"], language),
    ]


def _flow(steps: Sequence[Mapping[str, Any]], language: Language) -> list[Block]:
    say = tongue(language)
    if not steps:
        return []
    start = steps[0]["left"] + steps[0]["dropped"]
    drops = [
        Drop(
            words.sentence((step.get("reason") or step["title"])[language]),
            f"−{whole(step['dropped'])}",
            _left(step, language),
        )
        for step in steps
        if step["dropped"]
    ]
    idle = [step["title"][language] for step in steps if not step["dropped"]]
    last = steps[-1]["left"]
    share = percent(last / start if start else None, language, 1)
    note = ""
    if idle:
        note = say("Никого не отсеяли шаги: ", "Steps that dropped none: ") + "; ".join(idle) + "."
    return [
        Flow(
            say(
                f"Отбор: из {_of_images(start, language)} в набор вошло {whole(last)} ({share}).",
                f"Selection: of {_of_images(start, language)}, {whole(last)} entered the set ({share}).",
            ),
            say("Рассмотрено: ", "Considered: ") + images(start, language),
            drops,
            note,
            (say("Шаг", "Step"), say("Отсеяно", "Dropped"), say("Осталось", "Left")),
        )
    ]


def _of_images(number: int, language: Language) -> str:
    if language == "en":
        return images(number, language)
    return (
        f"{whole(number)}\u00a0{'снимка' if number % 10 == 1 and number % 100 != 11 else 'снимков'}"
    )


def _left(step: Mapping[str, Any], language: Language) -> str:
    told = images(step["left"], language)
    known = step.get("patients_left")
    return told if known is None else f"{told}, {patients(known, language)}"


def _balance(manifest: Manifest, counts: Counts, language: Language, *, plots: bool) -> list[Block]:
    say, named = tongue(language), class_names(manifest, language)
    told = say(
        "Показано, сколько единиц в каждом классе и из каких пациентов, очагов и устройств состоит класс. Все "
        "числа — в файле balance.json.",
        "Shown is how many units each class has, and of which patients, sites and devices it consists. The file "
        "balance.json has all numbers.",
    )
    blocks: list[Block] = [Heading(say("Баланс", "Balance"), 2), Passage(told)]
    if plots:
        blocks.append(classes(counts["classes"], named, language))
    for by in BALANCED:
        found = counts["by"].get(by, {})
        if not any(number for values in found.values() for number in values.values()):
            continue
        blocks.append(
            within(by, found, named, language) if plots else _across(by, found, named, language)
        )
    return blocks


def _across(
    by: str, found: Mapping[str, Mapping[str, int]], named: Sequence[ClassOf], language: Language
) -> Table:
    """What `within` draws, as a table: values down, classes across."""
    values = sorted({value for one in found.values() for value in one})
    values.sort(key=lambda value: value == words.NOT_RECORDED)
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


def _privacy(manifest: Manifest, language: Language) -> list[Block]:
    say, privacy = tongue(language), manifest["privacy"]
    table = sorted(privacy.get("table") or (), key=lambda row: row["patients"])
    keys = ("age", "sex", "site", "skin_type")
    told = say(
        f"Каждое сочетание квазиидентификаторов (возраст, пол, расположение, тип кожи) в этом выпуске делят "
        f"не меньше {privacy['reached']} пациентов (требуется {privacy['k']}). ",
        f"Every combination of quasi-identifiers (age, sex, body site, skin type) in this release is shared by at "
        f"least {privacy['reached']} patients ({privacy['k']} are required). ",
    )
    if privacy.get("suppressed"):
        told += say(
            f"Для этого значения скрыты у {_of_units(privacy['suppressed'], language)}. ",
            f"To that end values are suppressed for {units(privacy['suppressed'], language)}. ",
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


def _of_units(number: int, language: Language) -> str:
    if language == "en":
        return units(number, language)
    return (
        f"{whole(number)}\u00a0{'единицы' if number % 10 == 1 and number % 100 != 11 else 'единиц'}"
    )


def _splits(manifest: Manifest, language: Language, *, plots: bool) -> list[Block]:
    say, splits = tongue(language), manifest["splits"]
    named = class_names(manifest, language)
    if len(splits) < 2:
        return []
    duplicates = manifest.get("duplicates") or {}
    note = say(
        "Пациент целиком попадает в одну часть; близкие дубликаты не разделены.",
        "A patient is in one split only; near-duplicates are not parted.",
    )
    if duplicates.get("groups"):
        count = (
            duplicates["groups"]
            if isinstance(duplicates["groups"], int)
            else len(duplicates["groups"])
        )
        note += say(
            f" Групп близких дубликатов: {whole(count)}.",
            f" Groups of near-duplicates: {whole(count)}.",
        )
    keys = list(splits)
    return [
        Heading(say("Части набора", "Splits"), 2),
        Table(
            say("Единицы по частям", "Units by split"),
            [
                Column(say("Класс", "Class"), share=2),
                *(Column(words.value(key, language), number=True) for key in keys),
            ],
            [
                *(
                    (one.title, *(whole(splits[key]["classes"].get(one.key, 0)) for key in keys))
                    for one in named
                ),
                (say("Всего единиц", "Units"), *(whole(splits[key]["units"]) for key in keys)),
                (say("Пациентов", "Patients"), *(whole(splits[key]["patients"]) for key in keys)),
            ],
            note,
            frozenset({len(named), len(named) + 1}),
        ),
        *([drawn_splits(splits, named, language)] if plots else []),
    ]
