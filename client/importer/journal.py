"""The journal: what became of every image, kept on disk so that an import can stop anywhere.

One row an image, written before and after each step that the server sees. It holds the archive's
ids, which are private, so only its owner may read it.
"""

import sqlite3
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum, auto
from pathlib import Path
from typing import Final

from client.words import Stop, Text

_OTHER: Final = Text(
    "Журнал {path} — от другого импорта ({what}). Укажите другой журнал (--state) "
    "или повторите прежнюю команду.",
    "The journal {path} belongs to another import ({what}). Name another journal (--state), "
    "or repeat the command it was made by.",
)
_UNREADABLE: Final = Text(
    "Журнал {path} не открывается: {why}.", "The journal {path} cannot be opened: {why}."
)


class Step(StrEnum):
    """How far an image is, as this side knows."""

    REFUSED = auto()
    """Not taken, by us or by the server; `reason` says why."""
    OPENED = auto()
    """Its slot was asked for; whether the file arrived is not known."""
    SENT = auto()
    """The file arrived; the server is at work."""
    ENDED = auto()
    """The server is done; `state` says how."""


@dataclass(frozen=True)
class Entry:
    """One image in the journal."""

    external_id: str
    line: int
    step: Step
    image_id: str = ""
    state: str = ""
    reason: str = ""
    message: str = ""
    unmapped: str = ""
    """Words that no rule knows, separated by `; `."""
    said: str = ""
    """Hash of what was refused, so that only something else is asked again."""


MEMORY: Final = Path(":memory:")
"""A journal that is on no disk, for a look without sending."""
_COLUMNS: Final = tuple(Entry.__dataclass_fields__)
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS image (
  external_id TEXT PRIMARY KEY, line INTEGER NOT NULL, step TEXT NOT NULL, image_id TEXT NOT NULL,
  state TEXT NOT NULL, reason TEXT NOT NULL, message TEXT NOT NULL, unmapped TEXT NOT NULL,
  said TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS by_image_id ON image (image_id);
CREATE TABLE IF NOT EXISTS line (
  line INTEGER PRIMARY KEY, external_id TEXT NOT NULL, reason TEXT NOT NULL, message TEXT NOT NULL
);
"""


class Journal:
    """Reads and writes the journal; for many threads at once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        try:
            if path != MEMORY:
                path.touch(mode=0o600)
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            # A write is safe once the call returns, whatever happens to this process.
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.executescript(_SCHEMA)
        except (OSError, sqlite3.Error) as error:
            raise Stop(_UNREADABLE, path=path, why=error) from None

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def bind(self, facts: Mapping[str, str]) -> None:
        """Hold the journal to one import: the first time they are noted, then compared.

        Raises `Stop` when one differs.
        """
        for name, value in facts.items():
            if self.fact(name, value) != value:
                raise Stop(_OTHER, path=self.path, what=name)

    def fact(self, name: str, default: str = "") -> str:
        """A fact of the import; noted as `default` if there is none yet."""
        with self._lock:
            if default:
                self._db.execute("INSERT OR IGNORE INTO meta VALUES (?, ?)", (name, default))
            row = self._db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def get(self, external_id: str) -> Entry | None:
        with self._lock:
            row = self._db.execute(
                "SELECT * FROM image WHERE external_id = ?", (external_id,)
            ).fetchone()
        return _entry(row) if row else None

    def put(self, entry: Entry) -> None:
        """Write an image as it now is, over what was known of it."""
        marks = ", ".join("?" for _ in _COLUMNS)
        values = tuple(getattr(entry, name) for name in _COLUMNS)
        with self._lock:
            self._db.execute(f"INSERT OR REPLACE INTO image VALUES ({marks})", values)  # noqa: S608

    def refuse_line(self, line: int, external_id: str, reason: str, message: str) -> None:
        """Note a row of the table that is no image of its own: without an id, or with one twice."""
        with self._lock:
            self._db.execute(
                "INSERT OR REPLACE INTO line VALUES (?, ?, ?, ?)",
                (line, external_id, reason, message),
            )

    def forget_lines(self) -> None:
        """Before the table is read again, which tells them anew."""
        with self._lock:
            self._db.execute("DELETE FROM line")

    def end(self, image_id: str, *, state: str, reason: str, message: str) -> bool:
        """Note how an image that was sent has ended; False when it is none of ours, or known."""
        with self._lock:
            changed = self._db.execute(
                "UPDATE image SET step = ?, state = ?, reason = ?, message = ? "
                "WHERE image_id = ? AND step = ?",
                (Step.ENDED, state, reason, message, image_id, Step.SENT),
            )
            return changed.rowcount > 0

    def count(self, step: Step) -> int:
        with self._lock:
            row = self._db.execute("SELECT COUNT(*) FROM image WHERE step = ?", (step,)).fetchone()
        return int(row[0])

    def entries(self) -> Iterator[Entry]:
        """Every image and every refused row, in the order of the table, a hundred at a time."""
        last = -1
        while True:
            with self._lock:
                rows = self._db.execute(
                    "SELECT * FROM image WHERE line > ? ORDER BY line LIMIT 100", (last,)
                ).fetchall()
            yield from map(_entry, rows)
            if not rows:
                break
            last = rows[-1][1]
        with self._lock:
            refused = self._db.execute("SELECT * FROM line ORDER BY line").fetchall()
        for line, external_id, reason, message in refused:
            yield Entry(external_id, line, Step.REFUSED, reason=reason, message=message)


def _entry(row: tuple[object, ...]) -> Entry:
    values = dict(zip(_COLUMNS, row, strict=True))
    return Entry(**{**values, "step": Step(str(values["step"]))})  # type: ignore[arg-type]
