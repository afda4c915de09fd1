"""The report of a test as a PDF. It takes the JSON of `evaluation.report.compute`:

    test                 "FT-I" | "FT-II" | "KlT-I" | "KlT-II"
    dataset              code, version, name {ru, en}
    algorithm            name, version, vendor
    computed_at          ISO 8601, the date of the PDF
    units, positives, negatives, refused     how many
    auc                  target, macro: {value, delong [low, high], bootstrap [low, high]};
                         by_class {class: the same}; macro, or a class, may be null
    thresholds           claimed, youden: {threshold, sensitivity, specificity: {value, low, high}}, or null
    calibration          ece, bins [{from, to, mean, observed, units}]
    roc                  target [[1 - specificity, sensitivity], ...]
    confusion            labels [class], counts [[units]]: rows are the truth
    seconds              median, p95, worst; null where no time was measured
    claimed_deviation    {metric: {claimed, measured, worse_by}}: worse_by is relative, negative if better
    subgroups            [{by, value, units, auc, low, high}]
    experts              [{reader, readings, agreement}]
    verdict              passed, reasons [{passed, ru, en}]
    functional           null, or {units: [{device, defect, processed, refused, seconds}], or null values}

Intervals are of 95 %. In a functional test `auc`, `roc`, `calibration`, `confusion` may be null.
"""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.documents import report_figures, typeset, words
from chalicelib.documents.blocks import (
    Block,
    Code,
    Column,
    Document,
    Fields,
    Heading,
    Judgement,
    Passage,
    Table,
)
from chalicelib.documents.numbers import (
    DASH,
    between,
    day,
    decimal,
    percent,
    tongue,
    whole,
)
from chalicelib.documents.numbers import units as of_units
from chalicelib.platform.language import Language, Text

Report = Mapping[str, Any]
TESTS: Final[Mapping[str, Text]] = {
    "FT-I": Text("функциональный тест FT-I", "functional test FT-I"),
    "FT-II": Text("повторный функциональный тест FT-II", "repeated functional test FT-II"),
    "KlT-I": Text("калибровочный тест KlT-I", "calibration test KlT-I"),
    "KlT-II": Text("повторный калибровочный тест KlT-II", "repeated calibration test KlT-II"),
}
METRICS: Final[Mapping[str, Text]] = {
    "auc": Text("AUC", "AUC"),
    "sensitivity": Text("чувствительность", "sensitivity"),
    "specificity": Text("специфичность", "specificity"),
    "accuracy": Text("точность", "accuracy"),
}


def pdf(report: Report, language: Language) -> bytes:
    """The report as a PDF, dated by `computed_at`: the same report, the same bytes."""
    return typeset.pdf(document(report, language))


def document(report: Report, language: Language) -> Document:
    say, algorithm, dataset = tongue(language), report["algorithm"], report["dataset"]
    test = TESTS[report["test"]].in_language(language)
    name = f"{algorithm['name']} {algorithm['version']}"
    return Document(
        language=language,
        title=f"{name}: {test}",
        kind=say(
            "Независимое тестирование ИИ-сервисов · отчёт",
            "Independent test of AI services · report",
        ),
        running=f"{name} · {test} · {dataset['code']} {dataset['version']}",
        lead=say(
            f"Сервис испытан на скрытом наборе «{dataset['name']['ru']}»: {of_units(report['units'], 'ru')}.",
            f"The service was tested on the hidden set “{dataset['name']['en']}”: "
            f"{of_units(report['units'], 'en')}.",
        ),
        at=report["computed_at"],
        blocks=[
            _verdict(report, language),
            Fields(_facts(report, language)),
            *_method(report, language),
            *_functional(report, language),
            *_quality(report, language),
            *_by_class(report, language),
            *_calibration(report, language),
            *_subgroups(report, language),
            *_experts(report, language),
        ],
    )


def _verdict(report: Report, language: Language) -> Judgement:
    say, verdict = tongue(language), report["verdict"]
    return Judgement(
        verdict["passed"],
        say("Тест пройден", "Passed")
        if verdict["passed"]
        else say("Тест не пройден", "Not passed"),
        [(reason["passed"], reason[language]) for reason in verdict["reasons"]],
    )


def _facts(report: Report, language: Language) -> list[tuple[str, str]]:
    say, algorithm, dataset = tongue(language), report["algorithm"], report["dataset"]
    seconds = report.get("seconds")
    time = say("не измерялось", "not measured")
    if seconds:
        told = [_seconds(seconds[key], language) for key in ("median", "p95", "worst")]
        time = say(
            f"медиана {told[0]}, 95-й процентиль {told[1]}, наибольшее {told[2]}",
            f"median {told[0]}, 95th percentile {told[1]}, worst {told[2]}",
        )
    return [
        (say("Сервис", "Service"), f"{algorithm['name']} {algorithm['version']}"),
        (say("Разработчик", "Vendor"), algorithm["vendor"]),
        (say("Набор данных", "Dataset"), Code(f"{dataset['code']} {dataset['version']}")),
        (
            say("Единицы", "Units"),
            say(
                f"{whole(report['units'])}, из них целевых {whole(report['positives'])}, нецелевых "
                f"{whole(report['negatives'])}; сервис отказался от {whole(report['refused'])}",
                f"{whole(report['units'])}: {whole(report['positives'])} of the target, "
                f"{whole(report['negatives'])} not; refused by the service: {whole(report['refused'])}",
            ),
        ),
        (say("Время на единицу", "Time per unit"), time),
        (say("Дата отчёта", "Date of the report"), day(report["computed_at"], language)),
    ]


def _functional(report: Report, language: Language) -> list[Block]:
    say, found = tongue(language), report.get("functional")
    if not found or not found.get("units"):
        return []
    yes, no = say("да", "yes"), say("нет", "no")
    rows = [
        (
            str(number),
            one.get("device") or words.value(words.NOT_RECORDED, language),
            yes if one.get("defect") else no,
            yes if one.get("processed") else no,
            yes if one.get("refused") else no,
            _seconds(one.get("seconds"), language),
        )
        for number, one in enumerate(found["units"], 1)
    ]
    return [
        Heading(say("Может ли сервис читать и обрабатывать снимки", "Can the service read and process images")),
        Table(
            say("Единицы функционального теста", "Units of the functional test"),
            [
                Column("№", number=True),
                Column(say("Устройство", "Device"), share=1.6),
                Column(say("Дефект", "Defect")),
                Column(say("Обработана", "Processed")),
                Column(say("Отказ", "Refused")),
                Column(say("Время", "Time"), number=True),
            ],
            rows,
            say("Исправные единицы должны быть обработаны, от дефектной сервис должен отказаться.",
                "Sound units are to be processed; the one with a defect is to be refused."),
        ),
    ]  # fmt: skip


def _quality(report: Report, language: Language) -> list[Block]:
    say = tongue(language)
    if not report.get("auc"):
        return []
    blocks: list[Block] = [Heading(say("Качество", "Quality"))]
    if (report.get("roc") or {}).get("target"):
        blocks.append(report_figures.roc(report, language))
    rows = [
        (label, decimal(found["threshold"], 3, language), _interval(found["sensitivity"], language),
         _interval(found["specificity"], language))
        for key, label in (("claimed", say("заявленный", "claimed")), ("youden", say("Юдена", "Youden's")))
        if (found := (report.get("thresholds") or {}).get(key))
    ]  # fmt: skip
    if rows:
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
                say("В скобках 95\u00a0% доверительные интервалы. Порог Юдена выбран по этим же данным и потому "
                    "оптимистичен.",
                    "95% confidence intervals in brackets. Youden's threshold was chosen on these same data, and "
                    "so is optimistic."),
            )
        )  # fmt: skip
    deviations = report.get("claimed_deviation") or {}
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
                        words.sentence(_metric(key, language)),
                        decimal(one["claimed"], 3, language),
                        decimal(one["measured"], 3, language),
                        percent(max(0.0, one["worse_by"]), language, 1),
                    )
                    for key, one in deviations.items()
                ],
                say("Для зачёта каждый показатель должен быть хуже заявленного меньше чем на 10\u00a0%; лучше — не "
                    "нарушение.",
                    "To pass, each metric must be worse than claimed by less than 10%; better is no fault."),
            )
        )  # fmt: skip
    return blocks


def _by_class(report: Report, language: Language) -> list[Block]:
    say, areas = tongue(language), report.get("auc")
    if not areas:
        return []
    named = [
        (say("целевой класс", "target"), areas["target"]),
        *(
            (words.diagnosis(key, language), one)
            for key, one in (areas.get("by_class") or {}).items()
        ),
        (say("среднее по классам", "macro average"), areas.get("macro")),
    ]
    blocks: list[Block] = [
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
                    _pair(one.get("delong"), language),
                    _pair(one.get("bootstrap"), language),
                )
                for label, one in named
                if one
            ],
            "",
            frozenset({0}),
        ),
    ]
    if (report.get("confusion") or {}).get("counts"):
        blocks.append(report_figures.confusion(report, language))
    return blocks


def _calibration(report: Report, language: Language) -> list[Block]:
    found = report.get("calibration")
    if not found or not any(one["units"] for one in found["bins"]):
        return []
    say = tongue(language)
    return [
        Heading(say("Калибровка вероятностей", "Calibration of probabilities")),
        report_figures.reliability(report, language),
    ]


def _subgroups(report: Report, language: Language) -> list[Block]:
    if not report.get("subgroups"):
        return []
    say = tongue(language)
    return [Heading(say("По подгруппам", "By subgroup")), report_figures.forest(report, language)]


def _experts(report: Report, language: Language) -> list[Block]:
    say = tongue(language)
    if not report.get("experts"):
        return []
    return [
        Heading(say("Согласие с экспертами", "Agreement with experts")),
        Table(
            say(
                "Доля чтений, совпавших с ответом сервиса",
                "Share of readings equal to the service's answer",
            ),
            [
                Column(say("Эксперт", "Expert"), share=2),
                Column(say("Чтений", "Readings"), number=True),
                Column(say("Совпало", "Agreement"), number=True),
            ],
            [
                (str(one["reader"]), whole(one["readings"]), percent(one["agreement"], language, 1))
                for one in report["experts"]
            ],
            say("Имена экспертов заменены условными.", "Experts go by aliases."),
        ),
    ]


def _method(report: Report, language: Language) -> list[Block]:
    say = tongue(language)
    text = say(
        "Единицы выдавались по одной, в случайном порядке и без меток; время отсчитывал сервер. ",
        "Units were given one by one, in random order and without labels; the server kept the time. ",
    )
    if not report.get("seconds"):
        text = say(
            "Ответы получены файлом на весь набор, поэтому время обработки не доказано. ",
            "Answers came as one file for the whole set, so processing time is not proven. ",
        )
    if report.get("auc"):
        text += say(
            "Доверительные интервалы AUC — по DeLong и соавт. (1988) и по бутстрепу с сохранением долей классов; "
            "чувствительности и специфичности — по Уилсону (1927). Пороги зачёта: AUC не ниже 0,81, показатели "
            "хуже заявленных меньше чем на 10\u00a0%, меньше 10\u00a0минут на единицу. ",
            "Confidence intervals of AUCs are DeLong's (1988) and those of a bootstrap stratified by class; of "
            "sensitivity and specificity, Wilson's (1927). Thresholds: AUC of at least 0.81, metrics worse than "
            "claimed by less than 10%, less than 10 minutes a unit. ",
        )
    text += say(
        "Отчёт относится к названной версии сервиса и не является медицинским заключением.",
        "The report is on the named version of the service and is no medical statement.",
    )
    return [Heading(say("Как проведён тест", "How the test was run")), Passage(text)]


def _metric(key: str, language: Language) -> str:
    known = METRICS.get(key)
    return key.replace("_", " ") if known is None else known.in_language(language)


def _seconds(value: float | None, language: Language) -> str:
    if value is None:
        return DASH
    places = 0 if value >= 100 else 1 if value >= 10 else 2
    return decimal(value, places, language) + tongue(language)("\u00a0с", "\u00a0s")


def _interval(found: Mapping[str, float], language: Language) -> str:
    value = decimal(found["value"], 3, language)
    return f"{value} ({between(found['low'], found['high'], 3, language)})"


def _pair(pair: list[float] | None, language: Language) -> str:
    return DASH if pair is None else between(pair[0], pair[1], 3, language)
