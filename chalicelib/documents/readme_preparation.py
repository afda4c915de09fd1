"""How the cases of a release were prepared: the task and its classes, sources, criteria, the flow of selection."""

from collections.abc import Mapping, Sequence
from typing import Any

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
from chalicelib.documents.numbers import decimal, images, patients, percent, tongue, whole
from chalicelib.documents.readme_balance import balance, privacy, splits
from chalicelib.platform.language import Language

Manifest = Mapping[str, Any]
Counts = Mapping[str, Any]


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
        *balance(manifest, counts, language, plots=plots),
        *privacy(manifest, language),
        *splits(manifest, language, plots=plots),
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
            words.sentence((step.get("reason") or {}).get(language) or step["title"][language]),
            f"−{whole(step['dropped'])}",
            _left(step, language),
        )
        for step in steps
        if step["dropped"]
    ]
    # The first step may be what the selection began with; several criteria have one title.
    idle = dict.fromkeys(
        step["title"][language] for step in steps if not step["dropped"] and step["step"] != "all"
    )
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
