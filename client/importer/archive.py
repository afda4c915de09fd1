"""An archive: a folder or a zip of images, and the table that describes them.

Images are read one at a time and never unpacked to disk. Nothing outside the archive is ever read,
whatever paths its table has.
"""

import csv
import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import IO, Final, Protocol

from client.importer.mapping import BadRow, Row
from client.words import Stop, Text

MAX_BYTES: Final = 30 * 1024 * 1024
"""The largest file that Rodinka takes."""
SUFFIXES: Final = (".jpg", ".jpeg", ".png")
SIGNATURES: Final = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}

_ABSENT: Final = Text(
    "Нет такой папки или файла: {path}.", "There is no such folder or file: {path}."
)
_NO_ARCHIVE: Final = Text(
    "{path} — не папка и не zip.", "{path} is neither a folder nor a zip file."
)
_NO_TABLE: Final = Text(
    "В архиве {path} нет таблицы ({names}). Укажите её: --manifest.",
    "There is no table in {path} ({names}). Name it with --manifest.",
)
_BAD_TABLE: Final = Text(
    "Таблица {name} не читается как CSV в UTF-8: {why}.",
    "The table {name} cannot be read as CSV in UTF-8: {why}.",
)


class Files(Protocol):
    """Files by name, from a folder or a zip; names are relative and have slashes."""

    def names(self) -> Iterator[str]: ...

    def open(self, name: str) -> IO[bytes]: ...


@dataclass(frozen=True)
class Folder:
    root: Path

    def names(self) -> Iterator[str]:
        for path in self.root.rglob("*"):
            # A link may lead out of the archive.
            if path.is_file() and path.resolve().is_relative_to(self.root.resolve()):
                yield path.relative_to(self.root).as_posix()

    def open(self, name: str) -> IO[bytes]:
        return (self.root / name).open("rb")


class Zip:
    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path)

    def names(self) -> Iterator[str]:
        return (entry.filename for entry in self._zip.infolist() if not entry.is_dir())

    def open(self, name: str) -> IO[bytes]:
        return self._zip.open(name)


def files_at(path: Path) -> Files:
    """The files of a folder or a zip. Raises `Stop` for anything else."""
    if path.is_dir():
        return Folder(path)
    if not path.exists():
        raise Stop(_ABSENT, path=path)
    try:
        return Zip(path)
    except (zipfile.BadZipFile, OSError):
        raise Stop(_NO_ARCHIVE, path=path) from None


@dataclass(frozen=True)
class Picture:
    """One image file, whole, with what its slot asks for."""

    data: bytes
    content_type: str
    sha256: str


class Images:
    """The images of an archive, found by path or by the name of the file."""

    def __init__(self, *places: Files) -> None:
        self._places = places
        self._at: dict[str, tuple[Files, str]] = {}
        for files in places:
            for name in files.names():
                if name.lower().endswith(SUFFIXES) and not PurePosixPath(name).name.startswith("."):
                    self._at.setdefault(name, (files, name))
        self._found: set[str] = set()
        self._by_file: dict[str, str] = {}
        self._by_stem: dict[str, str] = {}
        for name in self._at:
            path = PurePosixPath(name)
            self._by_file.setdefault(path.name, name)
            self._by_stem.setdefault(path.stem, name)

    def find(self, file: str, image_id: str) -> str:
        """The name of an image in the archive. Raises `BadRow` when there is none.

        `file` as the table has it, or only its last part; without one, a file named after the id.
        """
        path = PurePosixPath(file.replace("\\", "/"))
        found = self._at.get(str(path)) and str(path)
        if found is None and file:
            found = self._by_file.get(path.name)
        if found is None and not file:
            found = self._by_stem.get(image_id)
        if found is None:
            raise BadRow("no_file", file or image_id)
        self._found.add(found)
        return found

    @property
    def not_found_yet(self) -> int:
        """How many images of the archive no row has named so far."""
        return len(self._at) - len(self._found)

    def kind_of(self, name: str) -> str:
        """The content type of an image by its first bytes. Raises `BadRow`."""
        with self._opened(name) as stream:
            return _content_type(stream.read(8), name)

    def read(self, name: str) -> Picture:
        """Read an image whole. Raises `BadRow` for one that cannot be sent."""
        with self._opened(name) as stream:
            data = stream.read(MAX_BYTES + 1)  # whatever size a zip declares
        if len(data) > MAX_BYTES:
            raise BadRow("too_large", name)
        return Picture(data, _content_type(data[:8], name), hashlib.sha256(data).hexdigest())

    @contextmanager
    def _opened(self, name: str) -> Iterator[IO[bytes]]:
        files, inner = self._at[name]
        try:
            with files.open(inner) as stream:
                yield stream
        # RuntimeError: an encrypted entry. NotImplementedError: a compression Python does not know.
        except (OSError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
            raise BadRow("unreadable", f"{name}: {error}") from None


def _content_type(start: bytes, name: str) -> str:
    if not start:
        raise BadRow("empty", name)
    for signature, content_type in SIGNATURES.items():
        if start.startswith(signature):
            return content_type
    raise BadRow("wrong_type", name)


class Manifest:
    """The table of an archive, read row by row."""

    def __init__(self, files: Files, name: str) -> None:
        self._files, self.name = files, name
        digest, rows = hashlib.sha256(), 0
        with files.open(name) as stream:
            while part := stream.read(1 << 20):
                digest.update(part)
        self.sha256 = digest.hexdigest()
        for _ in self:
            rows += 1
        self.rows = rows

    def __iter__(self) -> Iterator[tuple[int, Row]]:
        """Line numbers, as a text editor shows them, and rows. Raises `Stop`."""
        try:
            with (
                self._files.open(self.name) as stream,
                io.TextIOWrapper(stream, "utf-8-sig", newline="") as text,
            ):
                reader = csv.DictReader(text, restval="", strict=True)
                for row in reader:
                    row.pop(None, None)  # more fields than columns
                    yield reader.line_num, row
        except (UnicodeDecodeError, csv.Error) as error:
            raise Stop(_BAD_TABLE, name=self.name, why=error) from None


def find_manifest(path: Path, patterns: tuple[str, ...], *, named: Path | None = None) -> Manifest:
    """The table named, or the first in the archive that a pattern fits. Raises `Stop`."""
    if named is not None:
        if not named.is_file():
            raise Stop(_ABSENT, path=named)
        return Manifest(Folder(named.parent), named.name)
    files = files_at(path)
    tables = sorted(
        (name for name in files.names() if not name.lower().endswith(SUFFIXES)),
        key=lambda name: (name.count("/"), name),
    )
    for pattern in patterns:
        for name in tables:
            if fnmatch(PurePosixPath(name).name.lower(), pattern.lower()):
                return Manifest(files, name)
    raise Stop(_NO_TABLE, path=path, names=", ".join(patterns))


def images_of(path: Path, apart: Path | None) -> Images:
    """The images of an archive; of `apart` where they lie apart from the table. An archive whose
    images lie in a zip inside its folder is read from that zip.
    """
    if apart is not None:
        return Images(files_at(apart))
    if path.is_dir():
        inner = [files_at(each) for each in sorted(path.glob("*.zip"))]
        return Images(Folder(path), *inner)
    return Images(files_at(path))
