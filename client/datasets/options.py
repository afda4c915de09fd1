"""The options of the commands, explained in the language of the terminal."""

import argparse
from pathlib import Path
from typing import Final

from client.words import Language, Text

ABOUT: Final = Text(
    "Скачивает выпуски наборов данных Rodinka. Прерванное продолжает та же команда.",
    "Fetches releases of Rodinka's datasets. The same command goes on with what was interrupted.",
)
COMMANDS: Final = {
    "list": Text("показать реестр", "show the registry"),
    "fetch": Text("скачать выпуск", "fetch a release"),
    "verify": Text("проверить скачанное", "check what was fetched"),
}
OPTIONS: Final = {
    "code": Text("код набора, например DS_ML_DSC_SKIN_MEL", "code, such as DS_ML_DSC_SKIN_MEL"),
    "folder": Text("папка выпуска", "folder of the release"),
    "server": Text("адрес Rodinka", "where Rodinka is"),
    "version": Text("версия; иначе последняя", "version; the latest unless told"),
    "grant_file": Text(
        "файл с разрешением на набор, доступный по соглашению",
        "file with the grant of a dataset given out by agreement",
    ),
    "split": Text("только эти части", "only these splits"),
    "class_": Text("только эти классы", "only these classes"),
    "no_images": Text("только таблицы и документы", "only tables and documents"),
    "to": Text("куда; иначе КОД-ВЕРСИЯ здесь", "where to; CODE-VERSION here unless told"),
    "workers": Text("сколько загрузок сразу", "fetched at once"),
    "language": Text("язык сообщений", "language of the messages"),
}


def parser(language: Language) -> argparse.ArgumentParser:
    """Reads the command line, and explains itself with `--help`."""

    def helped(name: str) -> str:
        return OPTIONS[name].said(language)

    made = argparse.ArgumentParser(
        prog="python -m client.datasets", description=ABOUT.said(language)
    )
    commands = made.add_subparsers(dest="command", required=True)
    parsers = {
        name: commands.add_parser(name, help=text.said(language), description=text.said(language))
        for name, text in COMMANDS.items()
    }
    fetch = parsers["fetch"]
    fetch.add_argument("code", help=helped("code"))
    fetch.add_argument("--version", help=helped("version"))
    fetch.add_argument("--grant-file", type=Path, help=helped("grant_file"))
    fetch.add_argument("--split", nargs="+", default=[], help=helped("split"))
    fetch.add_argument("--class", nargs="+", default=[], dest="class_", help=helped("class_"))
    fetch.add_argument("--no-images", action="store_true", help=helped("no_images"))
    fetch.add_argument("--to", type=Path, help=helped("to"))
    fetch.add_argument("--workers", type=int, default=4, choices=range(1, 33), metavar="1..32",
                       help=helped("workers"))  # fmt: skip
    parsers["verify"].add_argument("folder", type=Path, help=helped("folder"))
    for name in ("list", "fetch"):
        parsers[name].add_argument(
            "--server", default="http://127.0.0.1:8000", help=helped("server")
        )
    for each in parsers.values():
        each.add_argument("--language", choices=("ru", "en"), help=helped("language"))
    return made
