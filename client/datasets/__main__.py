"""The commands: `python -m client.datasets list | fetch CODE | verify DIR`."""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from tqdm import tqdm

from client.asking import Stopped
from client.datasets.fetching import Fetching
from client.datasets.options import parser
from client.datasets.paths import inside
from client.datasets.record import Filter
from client.datasets.server import Links, Server
from client.datasets.verifying import verify
from client.words import Language, Stop, Text, of_environment

DONE, WRONG, CANNOT, STOPPED = 0, 1, 2, 130
SHOWN: Final = 20
"""How many wrong files are named."""
FETCHED: Final = Text("{code} {version}: {folder}", "{code} {version}: {folder}")
CAME_WRONG: Final = Text(
    "Пришло не то, что опубликовано (файлов: {number}):",
    "Not what was published has come (files: {number}):",
)
ABSENT: Final = Text("Нет на месте (файлов: {number}):", "Not there (files: {number}):")
IS_WRONG: Final = Text(
    "Отличается от опубликованного (файлов: {number}):",
    "Differs from what was published (files: {number}):",
)
CHECKED: Final = Text(
    "Проверено: файлов {files}, снимков {images}; не скачивались: {left_out}.",
    "Checked: {files} files, {images} images; not asked for: {left_out}.",
)
HOW_TO_GO_ON: Final = Text(
    "Остановлено. Чтобы продолжить, повторите ту же команду.",
    "Stopped. To go on, repeat the same command.",
)
NO_GRANT: Final = Text(
    "Разрешение не прочесть из {path}: {why}.", "The grant cannot be read from {path}: {why}."
)
DEPRECATED: Final = Text(
    "Этот выпуск признан устаревшим: почему и что взять вместо него, сказано в реестре.",
    "This release is deprecated: the registry says why, and what to use instead.",
)
EMPTY: Final = Text("В реестре пока ничего нет.", "The registry is empty so far.")


def _list(options: argparse.Namespace, language: Language, stopped: threading.Event) -> int:
    is_empty = True
    with Server(options.server, language=language, stopped=stopped) as server:
        for one in server.registry():
            is_empty = False
            print(registry_line(one, language))
    if is_empty:
        print(EMPTY.said(language))
    return DONE


def registry_line(one: Mapping[str, Any], language: Language) -> str:
    """A dataset of the registry in a line: code, version, state, access, units, name."""
    shown = [_said(one.get(name), language) for name in ("code", "version", "state", "access")]
    return "\t".join([*shown, _said(one.get("units"), language), _said(one.get("name"), language)])


def _said(value: object, language: Language) -> str:
    if isinstance(value, dict):
        value = value.get(language)
    return "-" if value is None else str(value)


def _fetch(options: argparse.Namespace, language: Language, stopped: threading.Event) -> int:
    grant = _grant(options.grant_file)
    asked = Filter(tuple(options.split), tuple(options.class_), images=not options.no_images)
    with Server(
        options.server, language=language, stopped=stopped, connections=options.workers
    ) as server:
        listed = server.release(options.code, options.version, grant)
        if listed.state == "deprecated":
            print(DEPRECATED.said(language), file=sys.stderr)
        folder = options.to or inside(Path(), f"{listed.code}-{listed.version}")
        links = Links(server, listed, grant)
        wrong = Fetching(
            listed, links, folder, workers=options.workers, language=language, stopped=stopped
        ).fetch(asked)
    _name(wrong, CAME_WRONG, language)
    if wrong:
        return WRONG
    print(FETCHED.said(language, code=listed.code, version=listed.version, folder=folder))
    return DONE


def _grant(file: Path | None) -> str | None:
    """A grant comes from a file, so that it stands in no list of processes and no history."""
    if file is None:
        return None
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise Stop(NO_GRANT, path=file, why=error) from None


def _verify(options: argparse.Namespace, language: Language, _: threading.Event) -> int:
    with tqdm(unit="", mininterval=0.2 if sys.stderr.isatty() else 5.0) as bar:
        checked = verify(options.folder, bar.update)
    print(
        CHECKED.said(
            language, files=checked.files, images=checked.images, left_out=checked.left_out
        )
    )
    _name(checked.absent, ABSENT, language)
    _name(checked.wrong, IS_WRONG, language)
    return DONE if checked.is_right else WRONG


def _name(paths: Sequence[str], heading: Text, language: Language) -> None:
    if paths:
        named = [*paths[:SHOWN], *(["…"] if len(paths) > SHOWN else [])]
        print("\n  ".join([heading.said(language, number=len(paths)), *named]), file=sys.stderr)


COMMANDS: Final = {"list": _list, "fetch": _fetch, "verify": _verify}


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when all is there and right, 1 when some is not what was published, 2 when it cannot go on,
    130 when it was stopped."""
    language = of_environment(dict(os.environ))
    options = parser(language).parse_args(arguments)
    language = options.language or language
    stopped = threading.Event()
    _stop_on_signals(stopped)
    try:
        return COMMANDS[options.command](options, language, stopped)
    except Stop as stop:
        print(stop.said(language), file=sys.stderr)
        return CANNOT
    except Stopped:
        print(HOW_TO_GO_ON.said(language), file=sys.stderr)
        return STOPPED


def _stop_on_signals(stopped: threading.Event) -> None:
    """The first signal ends what is in flight at its next piece; the second one breaks off."""

    def stop(number: int, _: object) -> None:
        stopped.set()
        signal.signal(number, signal.SIG_DFL)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)


if __name__ == "__main__":
    sys.exit(main())
