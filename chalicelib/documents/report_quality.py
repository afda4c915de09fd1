"""How good a tested service is, as a report tells it: thresholds, areas, calibration, subgroups."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from chalicelib.documents import report_figures, words
from chalicelib.documents.blocks import Block, Column, Heading, Table
from chalicelib.documents.numbers import DASH, between, decimal, percent, tongue, whole
from chalicelib.platform.language import Language, Text

Report = Mapping[str, Any]
METRICS: Final[Mapping[str, Text]] = {
    "auc": Text("AUC", "AUC"),
    "sensitivity": Text("чувствительность", "sensitivity"),
    "specificity": Text("специфичность", "specificity"),
}


def quality(report: Report, language: Language) -> list[Block]:
    """The curve, both thresholds, and how far all is from what was claimed."""
    say = tongue(language)
    if not tells_quality(report):
        return []
    blocks: list[Block] = [Heading(say("Качество", "Quality"))]
    blocks.append(report_figures.roc(report, language))
    rows = [
        (
            label,
            decimal(found["threshold"], 3, language),
            interval(found["sensitivity"], 3, language),
            interval(found["specificity"], 3, language),
        )
        for key, label in (
            ("claimed", say("заявленный", "claimed")),
            ("youden", say("Юдена", "Youden's")),
        )
        if (found := report["thresholds"][key])
    ]
    note = say(
        "В скобках 95\u00a0% доверительные интервалы. Порог Юдена выбран по этим же данным и потому оптимистичен.",
        "95% confidence intervals in brackets. Youden's threshold was chosen on these same data, and so is optimistic.",
    )
    if not report["thresholds"]["claimed"]["named"]:
        note += say(
            " Порог не был заявлен: принят 0,5.", " No threshold was claimed: 0.5 is taken."
        )
    blocks.append(
        Table(
            say("Чувствительность и специфичность", "Sensitivity and specificity"),
            [
                Column(say("Порог", "Threshold")),
                Column(say("Значение", "Value"), number=True),
                Column(say("Чувствительность", "Sensitivity"), number=True),
                Column(say("Специфичность", "Specificity"), number=True),
            ],
            rows,
            note,
        )
    )
    deviations = report["claimed_deviation"]
    if deviations:
        blocks.append(
            Table(
                say("Отклонение от заявленного", "Deviation from what was claimed"),
                [
                    Column(say("Показатель", "Metric")),
                    Column(say("Заявлено", "Claimed"), number=True),
                    Column(say("Измерено", "Measured"), number=True),
                    Column(say("Хуже на", "Worse by"), number=True),
                ],
                [
                    (
                        words.sentence(_metric(key, report, language)),
                        decimal(one["claimed"], 4, language),
                        decimal(one["measured"], 4, language, down=True),
                        percent(one["worse_by"], language, 1, down=True),
                    )
                    for key, one in deviations.items()
                ],
                say("Для зачёта каждый показатель должен быть хуже заявленного меньше чем на 10\u00a0%; лучше — не "
                    "нарушение.",
                    "To pass, each metric must be worse than claimed by less than 10%; better is no fault."),
            )
        )  # fmt: skip
    return blocks


def by_class(report: Report, language: Language) -> list[Block]:
    """Areas under the curve, each class against the rest, and what was taken for what."""
    say, areas = tongue(language), report["auc"]
    if not tells_quality(report):
        return []
    titles = report_figures.titles(report, language)
    named = [
        (say("целевые классы", "target"), areas["target"]),
        (say("целевые классы, только ответы", "target, answers only"), areas["answered"]),
        *(
            (titles.get(key) or words.diagnosis(key, language), one)
            for key, one in areas["by_class"].items()
        ),
        (say("среднее по классам", "macro average"), areas["macro"]),
    ]
    return [
        Heading(say("По классам", "By class")),
        Table(
            say("Площадь под кривой", "Area under the curve"),
            [
                Column(say("Класс", "Class"), share=1.5),
                Column("AUC", number=True),
                Column(say("95\u00a0% ДИ, DeLong", "95% CI, DeLong"), number=True),
                Column(say("95\u00a0% ДИ, бутстреп", "95% CI, bootstrap"), number=True),
            ],
            [
                (
                    words.sentence(label),
                    decimal(one["value"], 3, language),
                    _pair(one["delong"], language),
                    _pair(one["bootstrap"], language),
                )
                for label, one in named
                if one
            ],
            say(
                "Единица без ответа считается неверно названной; «только ответы» — без таких единиц.",
                "A unit without an answer counts as called wrong; “answers only” leaves such units out.",
            ),
            frozenset({0}),
        ),
        report_figures.confusion(report, language),
    ]


def calibration(report: Report, language: Language) -> list[Block]:
    """Whether the service's probabilities can be taken at their word."""
    if not tells_quality(report) or not report["calibration"]["bins"]:
        return []
    say = tongue(language)
    return [
        Heading(say("Калибровка вероятностей", "Calibration of probabilities")),
        report_figures.reliability(report, language),
    ]


def subgroups(report: Report, language: Language) -> list[Block]:
    """The area in every group with enough units, and which groups have too few."""
    told, left_out = report["subgroups"], report["subgroups_left_out"]
    if not tells_quality(report) or not (told or left_out):
        return []
    say = tongue(language)
    blocks: list[Block] = [Heading(say("По подгруппам", "By subgroup"))]
    if told:
        blocks.append(report_figures.forest(report, language))
    if left_out:
        blocks.append(
            Table(
                say("Подгруппы без оценки", "Subgroups without a figure"),
                [
                    Column(say("Подгруппа", "Subgroup"), share=1.3),
                    Column(say("Единиц", "Units"), number=True),
                    Column(say("Почему", "Why"), share=1.6),
                ],
                [
                    (
                        f"{words.sentence(words.dimension(one['by'], language))}: "
                        f"{words.value(str(one['value']), language)}",
                        whole(one["units"]),
                        one["reason"][language],
                    )
                    for one in left_out
                ],
            )
        )
    return blocks


def interval(found: Mapping[str, float | None], places: int, language: Language) -> str:
    """A figure with its interval: 0.86 (0.79–0.91); a dash where there is none."""
    value, low, high = found["value"], found.get("low"), found.get("high")
    told = decimal(value, places, language)
    if low is None or high is None:
        return told
    return f"{told} ({between(low, high, places, language)})"


def tells_quality(report: Report) -> bool:
    """Whether the test says anything of quality: a functional one has too few units."""
    return not report["functional"] and bool(report["auc"]["target"])


def _metric(key: str, report: Report, language: Language) -> str:
    """`auc.melanoma` is the area of one class."""
    known = METRICS.get(key)
    if known is not None:
        return known.in_language(language)
    name, _, of_class = key.partition(".")
    titles = report_figures.titles(report, language)
    told = titles.get(of_class) or words.diagnosis(of_class or name, language)
    return f"AUC: {told}" if of_class else told


def _pair(pair: Sequence[float] | None, language: Language) -> str:
    return DASH if pair is None else between(pair[0], pair[1], 3, language)
