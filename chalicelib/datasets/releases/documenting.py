"""The last step of a release: tables, documents and sums, once all zips of images are there.

Units are read from the manifest a line at a time, once for each table, so memory does not grow with them.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from chalicelib.datasets.manifest import Manifest, Unit
from chalicelib.datasets.releases import cells, columns, notices, tables
from chalicelib.datasets.releases.croissant import croissant
from chalicelib.datasets.releases.datacite import datacite
from chalicelib.datasets.releases.frozen import manifest_of, units_of
from chalicelib.datasets.releases.model import CITATION, SUMS, File, Release
from chalicelib.datasets.releases.outlines import annotations
from chalicelib.datasets.releases.shards import member_path, members_of_shard
from chalicelib.datasets.releases.writing import guarded
from chalicelib.datasets.selection.balance import counts as counted
from chalicelib.documents import readme
from chalicelib.platform.language import Language, Text
from chalicelib.platform.runtime import Platform

ROWS: Final = 500
"""So many lines of a table are written at once."""
READMES: Final[Mapping[str, Language]] = {"README": "en", "README.ru": "ru"}
WHAT: Final[Mapping[str, Text]] = {
    "README.md": Text("Описание набора, по-английски", "Description of the dataset, in English"),
    "README.ru.md": Text("Описание набора, по-русски", "Description of the dataset, in Russian"),
    "README.pdf": Text("То же для печати, по-английски", "The same for print, in English"),
    "README.ru.pdf": Text("То же для печати, по-русски", "The same for print, in Russian"),
    "LICENSE": Text("Лицензия", "Licence"),
    "ATTRIBUTION.md": Text("Источники и авторство", "Sources and attribution"),
    "CHANGELOG.md": Text("Изменения по версиям", "Changes by version"),
    "metadata.csv": Text("Единицы данных, столбцы ISIC и наши", "Units, ISIC's columns and ours"),
    "readings.csv": Text("Все прочтения экспертов", "All readings of experts"),
    "dictionary.csv": Text("Что значит каждый столбец", "What each column means"),
    "annotations.json": Text("Контуры образований, COCO", "Outlines of lesions, COCO"),
    "splits.csv": Text("Разбиение на части", "Splits"),
    "flow.json": Text("Ход отбора", "Flow of selection"),
    "balance.json": Text("Баланс классов и признаков", "Balance of classes and features"),
    "privacy.csv": Text("Сочетания квазиидентификаторов", "Combinations of quasi-identifiers"),
    "croissant.json": Text("Описание для машинного обучения", "Description for machine learning"),
    CITATION: Text("Библиографическое описание", "Bibliographic description"),
    "files.csv": Text(
        "Каждый файл и снимок: SHA-256, место", "Each file and image: SHA-256, place"
    ),
    SUMS: Text("Контрольные суммы", "Checksums"),
}
"""Files of the root, in the order in which a README lists them."""
IMAGES: Final = Text("Снимки", "Images")
_KINDS: Final[Mapping[str, str]] = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "md": "text/markdown; charset=utf-8",
    "pdf": "application/pdf",
}
TEXT: Final = "text/plain; charset=utf-8"


@dataclass
class Folder:
    """The release's folder as it fills."""

    platform: Platform
    release: Release
    files: dict[str, File] = field(default_factory=dict)

    def put(self, path: str, pieces: Iterable[bytes]) -> File:
        """Write a file as its pieces come. Raises `NotOurs`, and `Ended`, as `guarded` tells."""
        kind = _KINDS.get(path.rpartition(".")[2], TEXT)
        put = guarded(self.platform, self.release, path, kind)
        put.write_all(pieces)
        self.files[path] = File(path=path, bytes=put.bytes, sha256=put.sha256)
        return self.files[path]

    def text(self, path: str, text: str) -> File:
        return self.put(path, [text.encode()])

    def json(self, path: str, value: Any) -> File:
        return self.text(path, json.dumps(value, ensure_ascii=False, indent=1) + "\n")

    def csv(self, path: str, header: Iterable[str], rows: Iterable[list[cells.Cell]]) -> File:
        return self.put(path, _csv(list(header), rows))


def document(platform: Platform, release: Release) -> list[File]:
    """Write everything but the zips; the files written, by path.

    Raises `NotOurs` and `Ended` when the release is not in this step any more.
    """
    manifest = manifest_of(platform, release.release_id)

    def units() -> Iterator[Unit]:
        return units_of(platform, release.release_id)

    folder = Folder(platform, release)
    _tables(folder, manifest, units)
    counts = counted(units())
    folder.json("flow.json", {"flow": manifest.flow})
    folder.json("balance.json", counts)
    folder.text("LICENSE", notices.licence(manifest))
    folder.text("ATTRIBUTION.md", notices.attribution(manifest))
    folder.text("CHANGELOG.md", notices.changelog(manifest))
    shards = [release.shards[number] for number in sorted(release.shards)]
    folder.json(
        "croissant.json",
        croissant(
            manifest,
            metadata=folder.files["metadata.csv"],
            shards=shards,
            citation=citation(manifest),
        ),
    )
    size = sum(shard.bytes for shard in shards) + folder.files["metadata.csv"].bytes
    folder.json(CITATION, datacite(manifest, bytes_of_all=size))
    _readmes(folder, manifest, counts)
    folder.csv("files.csv", columns.FILES, _files(platform, release, folder))
    folder.text(SUMS, sums((*folder.files.values(), *shards)))
    return sorted(folder.files.values(), key=lambda file: file.path)


def citation(manifest: Manifest) -> str:
    """How the release is to be cited, in DataCite's order."""
    authors = "; ".join(member["name"] for member in manifest.plan["working_group"])
    name, year = manifest.plan["name"]["en"], manifest.frozen_at[:4]
    code, link = manifest.code, notices.link_of(manifest)
    return f"{authors} ({year}). {name}, version {manifest.version} ({code}). Rodinka. {link}"


def sums(files: Iterable[File]) -> str:
    """`SHA256SUMS`, as `sha256sum -c` reads it."""
    return "".join(f"{f.sha256}  {f.path}\n" for f in sorted(files, key=lambda file: file.path))


def _tables(folder: Folder, manifest: Manifest, units: Callable[[], Iterator[Unit]]) -> None:
    folder.csv(
        "metadata.csv",
        tables.METADATA,
        (tables.metadata_row(manifest, unit, member_path(unit)) for unit in units()),
    )
    folder.csv(
        "readings.csv",
        tables.READINGS,
        (row for unit in units() for row in tables.reading_rows(unit)),
    )
    folder.csv("splits.csv", tables.SPLITS, map(tables.split_row, units()))
    folder.csv(
        "privacy.csv", tables.PRIVACY, tables.privacy_rows(manifest.privacy.get("table", ()))
    )
    folder.csv("dictionary.csv", columns.HEADER, columns.rows())
    with_files = ((unit, member_path(unit)) for unit in units())
    folder.put("annotations.json", annotations(manifest, with_files, units()))


def _readmes(folder: Folder, manifest: Manifest, counts: Mapping[str, Any]) -> None:
    told, files = asdict(manifest), _listed(folder)
    for name, language in READMES.items():
        folder.text(f"{name}.md", readme.markdown(told, counts, files, language))
        folder.put(f"{name}.pdf", [readme.pdf(told, counts, files, language)])


def _listed(folder: Folder) -> list[dict[str, Any]]:
    """The files as a README lists them; those that come after it without size and sum."""
    root = [
        (folder.files.get(path) or File(path=path, bytes=0, sha256=""), WHAT[path]) for path in WHAT
    ]
    shards = [(shard, IMAGES) for _, shard in sorted(folder.release.shards.items())]
    return [
        {
            "path": file.path,
            "bytes": file.bytes,
            "sha256": file.sha256,
            "what": what._asdict(),
        }
        for file, what in (*root, *shards)
    ]


def _files(platform: Platform, release: Release, folder: Folder) -> Iterator[list[cells.Cell]]:
    for file in sorted(folder.files.values(), key=lambda each: each.path):
        yield [file.path, file.sha256, file.bytes, None, None]
    for number, shard in sorted(release.shards.items()):
        yield [shard.path, shard.sha256, shard.bytes, None, None]
        for member in members_of_shard(platform, release, number):
            yield [member.path, member.sha256, member.bytes, shard.path, member.offset]


def _csv(header: list[str], rows: Iterable[list[cells.Cell]]) -> Iterator[bytes]:
    held: list[list[cells.Cell]] = [list(header)]
    for row in rows:
        held.append(row)
        if len(held) >= ROWS:
            yield cells.lines(held)
            held = []
    yield cells.lines(held)
