"""The options of the command, explained in the language of the terminal."""

import argparse
from pathlib import Path
from typing import Final

from client.words import Language, Text

SOURCE: Final = ("name", "legal_basis", "licence", "attribution")
"""What an import is opened with; the mapping file may have them."""
ABOUT: Final = Text(
    "Переносит архив снимков с таблицей в Rodinka. Остановленный импорт продолжает та же команда.",
    "Takes an archive of images with its table into Rodinka. The same command goes on with an "
    "import that was stopped.",
)
OPTIONS: Final = {
    "archive": Text("папка или zip", "a folder or a zip file"),
    "server": Text("адрес Rodinka", "where Rodinka is"),
    "mapping": Text(
        "ham10000, isic, pad_ufes_20 или свой файл .toml",
        "ham10000, isic, pad_ufes_20, or a .toml file of your own",
    ),
    "manifest": Text("таблица, если её не найти", "the table, where it is not found"),
    "images": Text(
        "папка или zip снимков, если они отдельно", "a folder or zip of the images, if apart"
    ),
    "name": Text("название источника", "name of the source"),
    "legal_basis": Text("правовое основание", "what allows to keep the images"),
    "licence": Text("лицензия", "licence"),
    "attribution": Text("указание авторства", "attribution"),
    "login": Text("логин куратора", "login of a curator"),
    "workers": Text("сколько снимков сразу", "images at once"),
    "limit": Text("только первые строки таблицы", "only the first rows of the table"),
    "to_labelling": Text("отправить и на разметку", "send the images to labelling too"),
    "state": Text("файл журнала", "file of the journal"),
    "report": Text("куда записать CSV", "where to write the CSV"),
    "dry_run": Text("ничего не отправлять", "send nothing"),
    "language": Text("язык сообщений", "language of the messages"),
}


def parser(language: Language) -> argparse.ArgumentParser:
    """Reads the command line, and explains itself with `--help`."""

    def helped(name: str) -> str:
        return OPTIONS[name].said(language)

    made = argparse.ArgumentParser(
        prog="python -m client.importer", description=ABOUT.said(language)
    )
    made.add_argument("archive", type=Path, help=helped("archive"))
    made.add_argument("--server", default="http://127.0.0.1:8000", help=helped("server"))
    made.add_argument("--mapping", required=True, help=helped("mapping"))
    for name in ("manifest", "images", "state", "report"):
        made.add_argument(f"--{name}", type=Path, help=helped(name))
    for name in SOURCE:
        made.add_argument(f"--{name.replace('_', '-')}", help=helped(name))
    made.add_argument("--login", default="curator", help=helped("login"))
    made.add_argument("--workers", type=int, default=8, choices=range(1, 65), metavar="1..64",
                      help=helped("workers"))  # fmt: skip
    made.add_argument("--limit", type=int, help=helped("limit"))
    made.add_argument("--to-labelling", action="store_true", help=helped("to_labelling"))
    made.add_argument("--dry-run", action="store_true", help=helped("dry_run"))
    made.add_argument("--language", choices=("ru", "en"), help=helped("language"))
    return made
