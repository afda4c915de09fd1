"""The command: `python -m client.importer ARCHIVE --server URL --mapping ham10000`."""

import argparse
import getpass
import os
import re
import signal
import sys
import threading
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from tqdm import tqdm

from client.api import Api
from client.asking import Refused, Stopped
from client.importer import archive, mapping, watch
from client.importer.journal import MEMORY, Entry, Journal, Step
from client.importer.options import SOURCE, parser
from client.importer.report import Totals, write_csv
from client.importer.run import Plan, Sender, tasks
from client.one_time_code import one_time_code
from client.words import Language, Stop, Text, of_environment

DONE, SOME_REFUSED, CANNOT, STOPPED = 0, 1, 2, 130
NAME_WHAT: Final = Text(
    "Не указано: {what}. Укажите в команде или в файле соответствий.",
    "Not told: {what}. Say it in the command or in the mapping file.",
)
SENDING: Final = Text("отправка", "sending")
WAITING: Final = Text("обработка", "processing")
REFUSED: Final = Text("отказано", "refused")
WOULD_SEND: Final = Text("Можно отправить: {number}.", "Could be sent: {number}.")
HOW_TO_GO_ON: Final = Text(
    "Остановлено. Чтобы продолжить, повторите ту же команду (журнал: {path}).",
    "Stopped. To go on, repeat the same command (journal: {path}).",
)
FINISHING: Final = Text(
    "Заканчиваю начатое… Ещё раз Ctrl-C — прервать сразу.",
    "Finishing what is in flight… Ctrl-C again to break off at once.",
)
LEFT: Final = Text(
    "Сервер давно не заканчивал снимков. Повторите команду позже.",
    "The server has finished no image for long. Repeat the command later.",
)


@dataclass(frozen=True)
class Command:
    """One run of the program."""

    options: argparse.Namespace
    language: Language
    source: dict[str, str]
    plan: Plan
    journal: Journal
    stopped: threading.Event

    def run(self) -> int:
        """The exit code. Raises `Stop` when it cannot go on."""
        self.journal.bind(self._facts())
        self.journal.forget_lines()
        if self.options.dry_run:
            return self._look_only()
        api = Api(
            self.options.server,
            self.options.login,
            _password(),
            code=partial(one_time_code, self.language),
            language=self.language,
            connections=self.options.workers,
            stopped=self.stopped,
        )
        try:
            api.sign_in()
            all_ended = self._drive(api)
        except Stopped:
            all_ended = False
        finally:
            api.close()
            totals = self._report()
        if self.stopped.is_set():
            print(HOW_TO_GO_ON.said(self.language, path=self.journal.path), file=sys.stderr)
            return STOPPED
        if not all_ended:
            print(LEFT.said(self.language), file=sys.stderr)
        return DONE if totals.outcomes["classified"] == totals.outcomes.total() else SOME_REFUSED

    def _facts(self) -> dict[str, str]:
        """What makes another import of it, so that a journal is not used for two."""
        return {
            "server": self.options.server.rstrip("/"),
            "manifest": self.plan.manifest.sha256,
            "mapping": self.plan.mapping.name,
            "to_labelling": str(self.plan.to_labelling),
            **self.source,
        }

    def _drive(self, api: Api) -> bool:
        import_id = self._open(api)
        if self.stopped.is_set():
            return False
        with self._bar(self._rows(), SENDING) as bar:
            refused = 0
            lock = threading.Lock()

            def told(was_refused: bool, *, before: bool = False) -> None:
                nonlocal refused
                with lock:
                    refused += was_refused
                    bar.set_postfix({REFUSED.said(self.language): refused}, refresh=False)
                    if before:  # it says nothing of how fast images go in now
                        bar.initial += 1
                        bar.last_print_n += 1
                    bar.update()

            Sender(
                self.plan,
                self.journal,
                api,
                import_id=import_id,
                workers=self.options.workers,
                stopped=self.stopped,
                told=told,
                told_before=partial(told, before=True),
            ).send_all()
        if self.stopped.is_set():
            return False
        with self._bar(self.journal.count(Step.SENT), WAITING) as bar:
            return watch.wait_for_all(
                api, self.journal, import_id=import_id, stopped=self.stopped, told=bar.update
            )

    def _open(self, api: Api) -> str:
        """The import's id, the same whenever this journal's import is opened."""
        known = self.journal.fact("import_id")
        if known:
            return known
        key = self.journal.fact("key", str(uuid.uuid4()))
        try:
            opened: dict[str, Any] = api.post("/imports", self.source, key=key)
        except Refused as refused:
            raise Stop(Text("{why}", "{why}"), why=refused.message) from None
        return self.journal.fact("import_id", opened["import_id"])

    def _look_only(self) -> int:
        """What would be sent: every row described, every file looked at, nothing written."""
        could = 0
        with self._bar(self._rows(), SENDING) as bar:
            for task in tasks(self.plan, self.journal, lambda _: bar.update()):
                words = "; ".join(task.described.unmapped)
                entry = Entry(task.described.image_id, task.line, Step.OPENED, unmapped=words)
                try:
                    self.plan.images.kind_of(task.name)
                    could += 1
                except mapping.BadRow as bad:
                    entry = Entry(
                        task.described.image_id,
                        task.line,
                        Step.REFUSED,
                        reason=bad.reason,
                        message=bad.detail,
                        unmapped=words,
                    )
                self.journal.put(entry)
                bar.update()
                if self.stopped.is_set():
                    return STOPPED
        totals = self._report()
        print(WOULD_SEND.said(self.language, number=could))
        return SOME_REFUSED if totals.outcomes["refused"] else DONE

    def _rows(self) -> int:
        rows, limit = self.plan.manifest.rows, self.plan.limit
        return rows if limit is None else min(rows, limit)

    def _bar(self, total: int, what: Text) -> "tqdm[Any]":
        seldom = 0.2 if sys.stderr.isatty() else 5.0
        return tqdm(
            total=total, desc=what.said(self.language), unit="", mininterval=seldom, smoothing=0.05
        )

    def _report(self) -> Totals:
        totals = Totals.of(self.journal.entries(), rows=self._rows())
        read_whole = self.plan.limit is None and not self.stopped.is_set()
        extra = self.plan.images.not_found_yet if read_whole else 0
        totals.print(sys.stdout, self.language, extra_files=extra)
        if self.options.report:
            write_csv(self.options.report, self.journal.entries())
        return totals


def _password() -> str:
    return os.environ.get("RODINKA_PASSWORD") or getpass.getpass()


def _stop_on_signals(stopped: threading.Event, language: Language) -> None:
    """The first signal lets what is in flight finish; the second one breaks off."""

    def stop(number: int, _: object) -> None:
        stopped.set()
        print(f"\n{FINISHING.said(language)}", file=sys.stderr)
        signal.signal(number, signal.SIG_DFL)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)


def _prepare(options: argparse.Namespace, language: Language, stopped: threading.Event) -> Command:
    rules = mapping.load(options.mapping)
    source = {name: getattr(options, name) or rules.source.get(name, "") for name in SOURCE}
    absent = [f"--{name.replace('_', '-')}" for name, said in source.items() if not said]
    if absent:
        raise Stop(NAME_WHAT, what=", ".join(absent))
    plan = Plan(
        manifest=archive.find_manifest(options.archive, rules.manifests, named=options.manifest),
        images=archive.images_of(options.archive, options.images),
        mapping=rules,
        licence=source["licence"],
        to_labelling=options.to_labelling,
        limit=options.limit,
    )
    name = re.sub(r"\W+", "-", source["name"].lower()).strip("-")
    path = MEMORY if options.dry_run else options.state
    journal = Journal(path or Path(f"rodinka-import-{name}.sqlite3"))
    return Command(options, language, source, plan, journal, stopped)


def main(arguments: Sequence[str] | None = None) -> int:
    """Import an archive; 0 when all of it is in, 1 when some was refused, 2 when the import cannot
    go on, 130 when it was stopped."""
    language = of_environment(dict(os.environ))
    options = parser(language).parse_args(arguments)
    language = options.language or language
    stopped = threading.Event()
    _stop_on_signals(stopped, language)
    try:
        command = _prepare(options, language, stopped)
        try:
            return command.run()
        finally:
            command.journal.close()
    except Stop as stop:
        print(stop.said(language), file=sys.stderr)
        return CANNOT


if __name__ == "__main__":
    sys.exit(main())
