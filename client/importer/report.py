"""What became of the archive: a table for a person, a CSV for a program."""

import csv
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self, TextIO

from client.importer.journal import Entry, Step
from client.words import Language, Text

COLUMNS: Final = (
    "line", "external_image_id", "outcome", "state", "reason", "message", "unmapped", "image_id",
)  # fmt: skip
WORDS_SHOWN: Final = 20
"""How many unknown words the table names; the CSV names them all."""

HEADINGS: Final = {
    "classified": Text("классифицировано", "classified"),
    "refused": Text("отказано", "refused"),
    "at_work": Text("отправлено, исход пока не известен", "sent, outcome not known yet"),
    "not_sent": Text("не отправлено", "not sent"),
}
TITLE: Final = Text("Итог импорта", "What became of the archive")
TOTAL: Final = Text("всего строк", "rows in all")
UNMAPPED: Final = Text(
    "Слова, которых нет в файле соответствий (сохранено как «не указано»):",
    "Words that the mapping file does not know (kept as not recorded):",
)
MORE: Final = Text("… и ещё {number}", "… and {number} more")
EXTRA: Final = Text(
    "Файлов без строки в таблице: {number}.", "Files without a row in the table: {number}."
)
REASONS: Final = {
    "no_id": Text("в строке нет номера снимка", "the row names no image"),
    "duplicate_id": Text("номер уже был в таблице", "the id was in the table before"),
    "no_file": Text("файла нет в архиве", "no such file in the archive"),
    "unreadable": Text("файл не читается", "the file cannot be read"),
    "empty": Text("файл пуст", "the file is empty"),
    "too_large": Text("файл больше 30 МБ", "the file is over 30 MB"),
    "wrong_type": Text("не JPEG и не PNG", "neither JPEG nor PNG"),
    "unknown_kind": Text("неизвестный вид снимка", "unknown kind of image"),
    "other_licence": Text("другая лицензия", "another licence"),
}


def outcome(entry: Entry) -> str:
    """One of `HEADINGS`, by what is known of an image."""
    if entry.step is Step.REFUSED:
        return "refused"
    if entry.step is Step.ENDED:
        return "refused" if entry.state in {"rejected", "abandoned", "withdrawn"} else "classified"
    return "at_work" if entry.step is Step.SENT else "not_sent"


@dataclass
class Totals:
    """Counts over an import."""

    outcomes: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    unmapped: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, entries: Iterable[Entry], *, rows: int) -> Self:
        """`rows` are all that were to be sent, those not come to yet among them."""
        totals = cls()
        for entry in entries:
            what = outcome(entry)
            totals.outcomes[what] += 1
            if what == "refused":
                totals.reasons[entry.reason or entry.state] += 1
            totals.unmapped.update(word for word in entry.unmapped.split("; ") if word)
        totals.outcomes["not_sent"] += max(0, rows - totals.outcomes.total())
        return totals

    def print(self, to: TextIO, language: Language, *, extra_files: int) -> None:
        """The table, with every reason and the commonest unknown words."""
        print(f"\n{TITLE.said(language)}", file=to)
        for what, heading in HEADINGS.items():
            if self.outcomes[what] or what in {"classified", "refused"}:
                print(f"{self.outcomes[what]:>9}  {heading.said(language)}", file=to)
            if what == "refused":
                for reason, number in self.reasons.most_common():
                    known = REASONS.get(reason)
                    said = f" — {known.said(language)}" if known else ""
                    print(f"{number:>17}  {reason}{said}", file=to)
        print(f"{self.outcomes.total():>9}  {TOTAL.said(language)}", file=to)
        if extra_files:
            print(EXTRA.said(language, number=extra_files), file=to)
        if self.unmapped:
            print(UNMAPPED.said(language), file=to)
            for word, number in self.unmapped.most_common(WORDS_SHOWN):
                print(f"{number:>9}  {word}", file=to)
            if len(self.unmapped) > WORDS_SHOWN:
                print(MORE.said(language, number=len(self.unmapped) - WORDS_SHOWN), file=to)


def write_csv(path: Path, entries: Iterable[Entry]) -> None:
    """One line a row of the archive's table. It holds private ids, so only its owner may read it."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8", newline="") as file:  # noqa: PTH123
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for entry in entries:
            writer.writerow(
                [
                    entry.line,
                    entry.external_id,
                    outcome(entry),
                    entry.state,
                    entry.reason,
                    entry.message,
                    entry.unmapped,
                    entry.image_id,
                ]
            )
