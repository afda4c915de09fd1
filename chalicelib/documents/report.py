"""The report of a test as a PDF. It takes the JSON of `evaluation.report.compute`:

    test                 "FT-I" | "FT-II" | "KlT-I" | "KlT-II"
    dataset              code, version, name {ru, en}
    algorithm            name, version, vendor
    computed_at          ISO 8601, the date of the PDF
    labels               version of the set whose labels counted, and how many of them were relabelled
    units, positives, negatives, defects, refused, unanswered, withdrawn     how many
    auc                  target, macro: {value, delong [low, high], bootstrap [low, high]}; by_class
                         {class of the plan: the same}; answered: the target's over answered units
    thresholds           claimed, youden: {threshold, named, sensitivity, specificity: {value, low, high}}
    calibration          ece, bins [{from, to, mean, observed, units}]
    roc                  target [[1 - specificity, sensitivity], ...]
    confusion            labels [class], titles [{ru, en}], counts [[units]]: rows are the truth
    seconds              median, p95, worst, claimed (or null); null where no time was measured
    claimed_deviation    {metric: {claimed, measured, worse_by}}: worse_by is a share of the claim
    subgroups            [{by, value, units, auc, low, high}]
    subgroups_left_out   [{by, value, units, reason {ru, en}}]
    experts              [{reader, readings, agreement, low, high, kappa}]
    verdict              passed, reasons [{passed, ru, en}]
    functional           null, or {units [{device, defect, processed, refused, seconds}]}

Intervals are of 95 %. What a set cannot tell is null, and its part of the report is left out.
"""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.documents import report_quality, typeset, words
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
    day,
    decimal,
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
            *report_quality.quality(report, language),
            *report_quality.by_class(report, language),
            *report_quality.calibration(report, language),
            *report_quality.subgroups(report, language),
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
    seconds = report["seconds"]
    time = say("не измерялось", "not measured")
    if seconds:
        told = [_seconds(seconds[key], language) for key in ("median", "p95", "worst")]
        time = say(
            f"медиана {told[0]}, 95-й процентиль {told[1]}, наибольшее {told[2]}",
            f"median {told[0]}, 95th percentile {told[1]}, worst {told[2]}",
        )
        if seconds["claimed"]:
            most = _seconds(seconds["claimed"], language)
            time += say(f" (заявлено не больше {most})", f" ({most} at most was claimed)")
    return [
        (say("Сервис", "Service"), f"{algorithm['name']} {algorithm['version']}"),
        (say("Разработчик", "Vendor"), algorithm["vendor"]),
        (say("Набор данных", "Dataset"), Code(f"{dataset['code']} {dataset['version']}")),
        *_since(report, language),
        (
            say("Единицы", "Units"),
            say(
                f"{whole(report['units'])}: целевых {whole(report['positives'])}, нецелевых "
                f"{whole(report['negatives'])}, с дефектом {whole(report['defects'])}",
                f"{whole(report['units'])}: {whole(report['positives'])} of the target, "
                f"{whole(report['negatives'])} not, {whole(report['defects'])} with a defect",
            ),
        ),
        (
            say("Без ответа (исправные)", "Without an answer (sound)"),
            say(
                f"отказов {whole(report['refused'])}, истекло время {whole(report['unanswered'])}",
                f"{whole(report['refused'])} refused, {whole(report['unanswered'])} ran out of time",
            ),
        ),
        (say("Время на единицу", "Time per unit"), time),
        (say("Дата отчёта", "Date of the report"), day(report["computed_at"], language)),
    ]


def _since(report: Report, language: Language) -> list[tuple[str, str]]:
    """What has changed since the test was begun: labels, and units that were taken back."""
    say, told, gone = tongue(language), report["labels"], report["withdrawn"]
    rows = []
    if told["version"] != report["dataset"]["version"]:
        changed = say(
            f"из версии {told['version']}; изменено меток: {whole(told['relabelled'])}",
            f"of version {told['version']}; {whole(told['relabelled'])} of them changed",
        )
        rows.append((say("Метки", "Labels"), changed))
    if gone:
        left_out = say(
            f"{of_units(gone, language)}: согласие на снимки отозвано, в расчёт не входят",
            f"{of_units(gone, language)}: consent to the images was taken back; left out",
        )
        rows.append((say("Отозвано", "Taken back"), left_out))
    return rows


def _functional(report: Report, language: Language) -> list[Block]:
    say, found = tongue(language), report["functional"]
    if not found:
        return []
    yes, no = say("да", "yes"), say("нет", "no")
    rows = [
        (
            str(number),
            one["device"] or words.value(words.NOT_RECORDED, language),
            yes if one["defect"] else no,
            yes if one["processed"] else no,
            yes if one["refused"] else no,
            _seconds(one["seconds"], language),
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


def _experts(report: Report, language: Language) -> list[Block]:
    say = tongue(language)
    if report["functional"] or not report["experts"]:
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
                Column(say("Совпало (95\u00a0% ДИ)", "Agreement (95% CI)"), number=True),
                Column(say("Каппа Коэна", "Cohen's kappa"), number=True),
            ],
            [
                (
                    str(one["reader"]),
                    whole(one["readings"]),
                    report_quality.interval({**one, "value": one["agreement"]}, 2, language),
                    decimal(one["kappa"], 2, language),
                )
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
    if not report["seconds"]:
        text = say(
            "Ответы получены файлом на весь набор, поэтому время обработки не доказано. ",
            "Answers came as one file for the whole set, so processing time is not proven. ",
        )
    if report["functional"]:
        text += say(
            "Для зачёта каждая исправная единица должна быть обработана меньше чем за 10\u00a0минут, а от единицы "
            "с техническим дефектом сервис должен отказаться. Качество по столь малому числу единиц не оценивается. ",
            "To pass, every sound unit is to be processed within 10 minutes, and a unit with a technical defect is to "
            "be refused. So few units say nothing of quality. ",
        )
    if report_quality.tells_quality(report):
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


def _seconds(value: float | None, language: Language) -> str:
    if value is None:
        return DASH
    places = 0 if value >= 100 else 1 if value >= 10 else 2
    return decimal(value, places, language) + tongue(language)("\u00a0с", "\u00a0s")
