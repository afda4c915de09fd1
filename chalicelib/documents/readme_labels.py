"""How a release's units were labelled, and how far each label is verified."""

from collections.abc import Mapping
from typing import Any

from chalicelib.documents import words
from chalicelib.documents.blocks import Block, Column, Heading, Passage, Points, Table
from chalicelib.documents.numbers import decimal, percent, tongue, whole
from chalicelib.platform.language import Language


def labels(
    manifest: Mapping[str, Any], counts: Mapping[str, Any], language: Language
) -> list[Block]:
    return [*_labelling(manifest, language), *_verification(counts, language)]


def _labelling(manifest: Mapping[str, Any], language: Language) -> list[Block]:
    say, agreement = tongue(language), manifest["agreement"]
    heading = Heading(say("Как размечены данные", "How cases were labelled"))
    if not agreement["readings"]:
        none = say(
            "Эксперты платформы снимков этого набора не читали: метки взяты из документов или гистологии.",
            "No expert of the platform read the images of this set: labels come from documents or histology.",
        )
        return [heading, Passage(none)]
    protocols = manifest["extra"].get("protocols") or ()
    protocol = ""
    if protocols:
        listed = ", ".join(str(one) for one in protocols)
        protocol = say(f" Версии протокола: {listed}.", f" Versions of the protocol: {listed}.")
    return [
        heading,
        Passage(
            say(
                "Эксперты читают снимки по письменному протоколу (инструкция, признаки, примеры), принятому до "
                "начала разметки.",
                "Experts read by a written protocol (instruction, signs, examples) that was agreed before labelling "
                "began.",
            )
            + protocol
        ),
        Points(
            [
                say(
                    "Снимок, который размечают эксперты, независимо читают двое вслепую: без мнения модели, чужих "
                    "чтений и диагноза автора.",
                    "An image that experts label is read by two of them independently and blind: no opinion of a "
                    "model, no other reading, no author's diagnosis.",
                ),
                say(
                    "При согласии их диагноз — метка. При расхождении читает третий, с опытом больше 5 лет; его "
                    "диагноз решает, если он совпал с одним из двух.",
                    "Where they agree, their diagnosis is the label. Where not, a third one with over 5 years of "
                    "practice reads; his diagnosis decides when it equals one of the two.",
                ),
                say(
                    "Остальные случаи спорные и в набор не входят, если их не решила гистология или наблюдение.",
                    "Other cases are disputed and left out, unless histology or follow-up settled them.",
                ),
            ]
        ),
        Table(
            say(
                "Согласие экспертов рядом с принятой практикой",
                "Agreement of experts beside usual practice",
            ),
            [
                Column(say("Показатель", "Figure"), share=2),
                Column(say("Этот набор", "This set"), number=True),
                Column(say("Практика", "Practice"), number=True),
            ],
            [
                (say("Чтений", "Readings"), whole(agreement["readings"]), ""),
                (
                    say("Доля согласных пар чтений", "Pairs of readings that agree"),
                    decimal(agreement["raw"], 2, language),
                    "",
                ),
                (
                    say("Спорны после двух чтений", "Disputed after two readings"),
                    percent(agreement["share_disputed_after_two"], language, 1),
                    say("до 25\u00a0%", "up to 25%"),
                ),
                (
                    say("Спорны после трёх чтений", "Disputed after three readings"),
                    percent(agreement["share_disputed_after_three"], language, 1),
                    say("до 4\u00a0%", "up to 4%"),
                ),
            ],
            say(
                "Доли спорных случаев — среди прочитанных снимков источников набора. Практика — наибольшие доли спорных случаев по опыту MosMedData, чьей методике следует набор.",
                "Shares of disputed cases are those among images of the set's sources that were read. Practice: the largest shares of disputed cases as MosMedData tells them, whose method the set follows.",
            ),
        ),
    ]


def _verification(counts: Mapping[str, Any], language: Language) -> list[Block]:
    say = tongue(language)
    levels = [
        (words.VERIFICATION[key].in_language(language), number)
        for key, number in _summed(counts, "verification", ("high", "medium", "low"))
        if key in words.VERIFICATION
    ]
    grounds = [
        (words.sentence(words.value(key, language)), number)
        for key, number in _summed(counts, "rule", ())
    ]
    blocks: list[Block] = [
        Heading(say("Как верифицированы метки", "How labels were verified")),
        Passage(
            say(
                "Гистология важнее чтений. Уровень говорит, насколько метке можно доверять.",
                "Histology outranks readings. The level says how far a label may be trusted.",
            )
        ),
    ]
    for caption, head, rows in (
        (say("Уровни верификации", "Levels of verification"), say("Уровень", "Level"), levels),
        (say("Чем установлена метка", "What labels rest on"), say("Основание", "Ground"), grounds),
    ):
        if any(number for _, number in rows):
            blocks.append(_totals(caption, head, rows, language))
    return blocks


def _totals(caption: str, head: str, rows: list[tuple[str, int]], language: Language) -> Table:
    total = sum(number for _, number in rows)
    say = tongue(language)
    return Table(
        caption,
        [
            Column(head, share=3),
            Column(say("Единиц", "Units"), number=True),
            Column(say("Доля", "Share"), number=True),
        ],
        [
            (name, whole(number), percent(number / total if total else None, language, 1))
            for name, number in rows
        ],
    )


def _summed(counts: Mapping[str, Any], by: str, first: tuple[str, ...]) -> list[tuple[str, int]]:
    """Over classes: the keys of `first` in their order, others after them, the most frequent first."""
    totals: dict[str, int] = dict.fromkeys(first, 0)
    for values in counts["by"].get(by, {}).values():
        for value, number in values.items():
            totals[value] = totals.get(value, 0) + number
    others = sorted(
        (key for key in totals if key not in first), key=lambda key: (-totals[key], key)
    )
    return [(key, totals[key]) for key in (*first, *others)]
