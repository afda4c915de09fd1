"""The mapping file: which column of an archive's table means what, and its values in our words.

What no rule knows becomes null and is counted; nothing is made up.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

from client.words import Stop, Text

SHIPPED: Final = Path(__file__).parents[1] / "mappings"
RULE_KEYS: Final = {"columns", "values", "nulls", "number", "path", "default"}
SECTIONS: Final = {"source", "manifest", "image", "kind", "survey", "label", "capture"}

_ABSENT: Final = Text(
    "Нет файла соответствий {name}. Готовые: {ready}.",
    "There is no mapping file {name}. Ready ones: {ready}.",
)
_BROKEN: Final = Text(
    "Файл соответствий {name} не читается: {why}.",
    "The mapping file {name} cannot be read: {why}.",
)

Row = Mapping[str, str]


@dataclass(frozen=True)
class Rule:
    """How one value of ours is found in a row."""

    columns: tuple[str, ...]
    values: Mapping[str, Any] | None = None
    """The archive's words, in lower case, and ours."""
    nulls: frozenset[str] = frozenset()
    """Words by which the archive says that it does not know."""
    number: str | None = None
    """`whole` or `real`: the value is a number as it stands."""
    path: bool = False
    """The columns are steps from general to special; the longest known beginning decides."""
    default: Any = None
    """Where the row says nothing. Only for what holds of the archive as a whole."""

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> Self:
        """Read a rule of the mapping file. Raises `ValueError`."""
        unknown = set(table) - RULE_KEYS
        if unknown:
            raise ValueError(f"unknown keys {sorted(unknown)}")
        columns = table.get("columns", [])
        values = table.get("values")
        if table.get("number") not in {None, "whole", "real"}:
            raise ValueError("number is neither whole nor real")
        return cls(
            columns=tuple([columns] if isinstance(columns, str) else columns),
            values={_plain(word): ours for word, ours in values.items()} if values else None,
            nulls=frozenset(_plain(word) for word in table.get("nulls", ())),
            number=table.get("number"),
            path=table.get("path", False),
            default=table.get("default"),
        )

    def read(self, row: Row) -> tuple[Any, str | None]:
        """Our value, or None; and the archive's word, if there is one that no rule knows."""
        told = self._told(row)
        if not told:
            return self.default, None
        if self.number is not None:
            return _number(told, whole=self.number == "whole")
        if self.values is None:
            return told, None
        steps = _plain(told).split(":")
        for length in range(len(steps), 0, -1) if self.path else [len(steps)]:
            ours = self.values.get(":".join(steps[:length]))
            if ours is not None:
                return ours, None
        return None, told

    def _told(self, row: Row) -> str:
        """What the row says: a path of all columns, or the first of them that says anything."""
        said = [(row.get(column) or "").strip() for column in self.columns]
        said = [word for word in said if word and _plain(word) not in self.nulls]
        if self.path:
            return ":".join(said)
        return said[0] if said else ""


def _plain(word: str) -> str:
    return word.strip().casefold()


def _number(told: str, *, whole: bool) -> tuple[float | int | None, str | None]:
    try:
        value = float(told)
    except ValueError:
        return None, told
    if not whole:
        return value, None
    return (int(value), None) if value.is_integer() else (None, told)


@dataclass(frozen=True)
class Described:
    """One row in our words."""

    image_id: str
    file: str
    """Path within the archive, as the table has it; empty where it names none."""
    form: dict[str, Any]
    """The body of the request, but for what the file itself tells."""
    unmapped: tuple[str, ...]
    """`field=word` for every word that no rule knows."""


class BadRow(Exception):
    """A row that cannot be used; `reason` is a code of the report."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason, self.detail = reason, detail


@dataclass(frozen=True)
class ArchiveMapping:
    """A mapping file, read."""

    name: str
    source: Mapping[str, str]
    """`name`, `legal_basis`, `licence`, `attribution`: what the import is opened with."""
    manifests: tuple[str, ...]
    """Names of the table that are looked for, the likeliest first."""
    image_id: Rule
    file: Rule
    lesion_id: Rule
    patient_id: Rule
    licence: Rule
    kind: Rule
    diagnoses: tuple[Rule, ...]
    confirmed_by: Rule
    survey: Mapping[str, Rule] = field(default_factory=dict)
    capture: Mapping[str, Rule] = field(default_factory=dict)

    def describe(self, row: Row, *, licence: str) -> Described:
        """A row in our words, for an import under `licence`.

        Raises `BadRow` where it names no image, the kind is not known, or its own licence differs.
        """
        file = str(self.file.read(row)[0] or "")
        image_id = str(self.image_id.read(row)[0] or "") or _stem(file)
        if not image_id:
            raise BadRow("no_id", "")
        own = self.licence.read(row)[0]
        if own is not None and _same_licence(own) != _same_licence(licence):
            raise BadRow("other_licence", str(own))
        kind, word = self.kind.read(row)
        if kind is None:
            raise BadRow("unknown_kind", word or "")
        unmapped: list[str] = []
        form = {
            "external_image_id": image_id,
            "external_lesion_id": self.lesion_id.read(row)[0],
            "external_patient_id": self.patient_id.read(row)[0],
            "survey": _read_all(self.survey, row, unmapped),
            "label": self._label(row, unmapped),
            "kind": kind,
            **_read_all(self.capture, row, unmapped),
        }
        return Described(image_id, file, form, tuple(unmapped))

    def _label(self, row: Row, unmapped: list[str]) -> dict[str, str] | None:
        unknown = None
        for rule in self.diagnoses:
            diagnosis, word = rule.read(row)
            if diagnosis is not None:
                break
            unknown = unknown or word
        else:
            if unknown:
                unmapped.append(f"diagnosis={unknown}")
            return None
        confirmed_by, word = self.confirmed_by.read(row)
        if confirmed_by is None:
            unmapped.append(f"confirmed_by={word or ''}")
            return None
        return {"diagnosis": diagnosis, "confirmed_by": confirmed_by}


def _read_all(rules: Mapping[str, Rule], row: Row, unmapped: list[str]) -> dict[str, Any]:
    values = {}
    for name, rule in rules.items():
        values[name], word = rule.read(row)
        if word is not None:
            unmapped.append(f"{name}={word}")
    return values


def _stem(file: str) -> str:
    return file.replace("\\", "/").rpartition("/")[2].rpartition(".")[0]


def _same_licence(name: str) -> str:
    """`CC-BY-NC`, `CC BY-NC 4.0` and `cc-by-nc 4.0 International` are one licence here: the Archive
    does not tell versions."""
    words = re.sub(r"\b\d+(\.\d+)+|international", "", name.casefold())
    return re.sub(r"[^a-z0-9]", "", words)


def load(name: str) -> ArchiveMapping:
    """A shipped mapping by its name, or a file of one's own. Raises `Stop`."""
    path = Path(name) if name.endswith(".toml") else SHIPPED / f"{name}.toml"
    if not path.is_file():
        ready = ", ".join(sorted(each.stem for each in SHIPPED.glob("*.toml")))
        raise Stop(_ABSENT, name=name, ready=ready)
    try:
        return _read(path.stem, tomllib.loads(path.read_text("utf-8")))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Stop(_BROKEN, name=path, why=error) from None


def _read(name: str, told: Mapping[str, Any]) -> ArchiveMapping:
    unknown = set(told) - SECTIONS
    if unknown:
        raise ValueError(f"unknown sections {sorted(unknown)}")
    image, label = told["image"], told.get("label", {})
    diagnoses = label.get("diagnosis", [])
    return ArchiveMapping(
        name=name,
        source=told.get("source", {}),
        manifests=tuple(told.get("manifest", {}).get("names", ["*.csv"])),
        **{part: Rule.of(image.get(part, {})) for part in ("file", "lesion_id", "patient_id")},
        image_id=Rule.of(image.get("id", {})),
        licence=Rule.of(image.get("licence", {})),
        kind=Rule.of(told["kind"]),
        diagnoses=tuple(
            Rule.of(rule) for rule in (diagnoses if isinstance(diagnoses, list) else [diagnoses])
        ),
        confirmed_by=Rule.of(label.get("confirmed_by", {})),
        survey={field: Rule.of(rule) for field, rule in told.get("survey", {}).items()},
        capture={field: Rule.of(rule) for field, rule in told.get("capture", {}).items()},
    )
