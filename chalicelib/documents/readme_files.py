"""Words of a README on files: the tree of folders, each file of the root, how folders and files are named."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from chalicelib.documents.blocks import Block, Code, Column, Heading, Listing, Points, Table
from chalicelib.documents.numbers import DASH, megabytes, tongue
from chalicelib.platform.language import Language

File = Mapping[str, Any]
"""`path`, `sha256`, `bytes`, `what` (ru, en)."""
_NUMBER: Final = re.compile(r"\d+(?=\.\w+$)")


def files_of(files: Sequence[File], code: str, version: str, language: Language) -> list[Block]:
    """The section on files, those of a series (shards of images) as one."""
    say = tongue(language)
    rows = [
        (
            Code(_name(group)),
            group[0]["what"][language],
            _size(group, language),
        )
        for group in _series(files)
    ]
    return [
        Heading(say("Файлы", "Files")),
        Heading(say("Дерево папок", "Directory tree"), 2),
        Listing(tree(files, f"{code}-{version}")),
        Heading(say("Что в каком файле", "What each file is"), 2),
        Table(
            say("Файлы выпуска", "Files of the release"),
            [
                Column(say("Файл", "File"), share=1.15),
                Column(say("Содержание", "Contents"), share=2),
                Column(say("Объём", "Size"), number=True),
            ],
            rows,
        ),
        Heading(say("Как названы папки и файлы", "How folders and files are named"), 2),
        Points(
            [
                say(
                    "Папка выпуска названа внутренним кодом и версией через дефис.",
                    "The folder of a release is named by the internal code and the version, with a hyphen.",
                ),
                say(
                    "Снимки лежат в images/ архивами с именем выпуска и номером, без сжатия, не "
                    "больше 256\u00a0МБ каждый; отдельный снимок читается запросом части архива по files.csv.",
                    "Images lie in images/ as archives of the release's name and a number, not compressed, at "
                    "most 256\u00a0MB each; a single image is read as a range of its archive, as files.csv tells.",
                ),
                say(
                    "Снимок назван идентификатором единицы данных (isic_id в metadata.csv) и расширением jpg "
                    "или png. Идентификаторы единиц, очагов и пациентов случайны и действуют только в этом "
                    "выпуске.",
                    "An image is named by the id of its unit (isic_id in metadata.csv) and the ending jpg or png. "
                    "Ids of units, lesions and patients are random and hold in this release only.",
                ),
                say(
                    "Файлы с .ru — русский перевод файла без этой вставки.",
                    "A file with .ru in its name is the Russian version of the one without.",
                ),
            ]
        ),
    ]


def tree(files: Sequence[File], root: str) -> list[str]:
    """The tree as `tree` draws it: the root's files first, then each folder with its own."""
    groups = _series(files)
    top = [_name(group) for group in groups if "/" not in group[0]["path"]]
    folders: dict[str, list[str]] = {}
    for group in groups:
        folder, _, name = group[0]["path"].rpartition("/")
        if folder:
            last = group[-1]["path"].rpartition("/")[2]
            folders.setdefault(folder, []).append(f"{name} … {last}" if len(group) > 1 else name)
    entries: list[tuple[str, list[str]]] = [*((name, []) for name in top)]
    entries += [(f"{folder}/", inside) for folder, inside in folders.items()]
    lines = [f"{root}/"]
    for number, (name, inside) in enumerate(entries):
        last = number == len(entries) - 1
        lines.append(f"{'└──' if last else '├──'} {name}")
        for place, one in enumerate(inside):
            lines.append(
                f"{'   ' if last else '│  '} {'└──' if place == len(inside) - 1 else '├──'} {one}"
            )
    return lines


def _size(group: Sequence[File], language: Language) -> str:
    """A file that is written after this one has no size yet."""
    size = sum(one["bytes"] for one in group)
    return megabytes(size, language) if size else DASH


def _series(files: Sequence[File]) -> list[list[File]]:
    """Files that differ by their last number only stand together, in the order they come in."""
    groups: dict[str, list[File]] = {}
    for file in files:
        groups.setdefault(_NUMBER.sub("#", file["path"]), []).append(file)
    return list(groups.values())


def _name(group: Sequence[File]) -> str:
    if len(group) == 1:
        return str(group[0]["path"])
    return f"{group[0]['path']} … {group[-1]['path'].rpartition('/')[2]}"
