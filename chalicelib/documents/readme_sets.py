"""A release beside the public sets of the first paper's table 2, as a table and a plot."""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.documents import words
from chalicelib.documents.blocks import Block, Column, Heading, Table
from chalicelib.documents.comparison import CLASSES, NOTES, OTHER, Row, rows
from chalicelib.documents.figures import public_sets
from chalicelib.documents.numbers import DASH, tongue, whole
from chalicelib.platform.language import Language

SHORT: Final = {"nevus": "NEV", "benign_keratosis": "SK", "basal_cell_carcinoma": "BCC",
                "actinic_keratosis": "AK", "dermatofibroma": "DF", "vascular_lesion": "VL",
                "melanoma": "MEL", "squamous_cell_carcinoma": "SCC"}  # fmt: skip
_SUPERSCRIPTS: Final = ("¹", "²", "³")


def beside_public_sets(
    manifest: Mapping[str, Any], counts: Mapping[str, Any], language: Language, *, plots: bool
) -> list[Block]:
    say = tongue(language)
    table = rows(
        f"{manifest['code']} {manifest['version']}",
        counts,
        manifest["plan"]["classes"],
        manifest["extra"].get("masks"),
    )
    blocks: list[Block] = [
        Heading(say("Сравнение с открытыми наборами", "Comparison with public sets")),
        _counts(table, language),
        _metadata(table, language),
    ]
    if plots:
        blocks.insert(2, public_sets(table, language))
    return blocks


def _counts(table: list[Row], language: Language) -> Table:
    say = tongue(language)
    others = any(row.counts.get(OTHER) for row in table)
    shown = (*CLASSES, OTHER) if others else CLASSES
    titles = [SHORT.get(key, say("прочие", "other")) for key in shown]
    told = "; ".join(f"{SHORT[key]} — {words.diagnosis(key, language)}" for key in CLASSES)
    notes = " ".join(
        f"{_SUPERSCRIPTS[number]}\u00a0{note.in_language(language)}"
        for number, note in enumerate(NOTES)
    )
    return Table(
        say(
            "Снимки по классам в открытых наборах и в этом",
            "Images by class in public sets and in this one",
        ),
        [
            Column(say("Набор", "Set")),
            Column(say("Снимки", "Images"), number=True),
            Column(say("Маски", "Masks"), number=True),
            *(Column(title, number=True) for title in titles),
        ],
        [
            (
                row.name + "".join(_SUPERSCRIPTS[one - 1] for one in row.notes),
                whole(row.images),
                _number(row.masks),
                *(_number(row.counts.get(key)) for key in shown),
            )
            for row in table
        ],
        f"{told}. {notes}",
        frozenset(number for number, row in enumerate(table) if row.ours),
    )


def _metadata(table: list[Row], language: Language) -> Table:
    say = tongue(language)
    keys = ("age", "sex", "site", "skin_type", "device")
    known = [row for row in table if row.metadata is not None]
    return Table(
        say("Что известно о пациенте и снимке", "What is known of the patient and the image"),
        [
            Column(say("Набор", "Set"), share=2.4),
            *(Column(words.sentence(words.dimension(key, language))) for key in keys),
        ],
        [
            (row.name, *(("+" if key in (row.metadata or ()) else DASH) for key in keys))
            for row in known
        ],
        say(
            "Наборы, о метаданных которых первая статья и их описания не говорят, не показаны.",
            "Sets of whose metadata neither the first paper nor their descriptions tell are left out.",
        ),
        frozenset(number for number, row in enumerate(known) if row.ours),
    )


def _number(number: int | None) -> str:
    return DASH if number is None else whole(number)
