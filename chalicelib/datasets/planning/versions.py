"""The number of the next version, from what is different since the last one.

The second paper's rule, a variant of semantic versioning: MAJOR when the task, the purpose or the principles
of labelling and verification change; MINOR when units are added, removed or replaced, so that whoever uses
the dataset need not change his code; PATCH when documents or slips in labels are corrected. The first
release is 1.0.0. What a step is made for is written down in ADR 0037.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol, Self

from chalicelib.datasets.manifest import Manifest
from chalicelib.datasets.model import FIRST, Version
from chalicelib.datasets.planning.plan import Plan
from chalicelib.datasets.planning.plan_fields import TITLES
from chalicelib.platform.language import Text

Part = Literal["first", "major", "minor", "patch"]

ESSENTIAL: Final = frozenset(
    {
        *("clinical_task", "features", "purpose", "repeated"),
        *("modality", "organ", "target", "kinds", "unit", "verification"),
        *("access", "licence", "special_prohibitions"),
    }
)
"""Fields of the plan that users build upon: another task, other labels, other rights."""
MEANING: Final = ("key", "diagnoses", "role", "requirements")
"""What of a class says which units are in it; its title and its target do not."""


class Chosen(Protocol):
    """What versions ask of a unit, be it chosen only or written down already."""

    @property
    def image_id(self) -> str: ...
    @property
    def class_key(self) -> str: ...
    @property
    def diagnosis(self) -> str: ...
    @property
    def split(self) -> str: ...


@dataclass(frozen=True)
class Previous:
    """The release before, as far as the next one is compared with it."""

    version: Version
    plan: Mapping[str, Any]
    """As JSON, as it was at its freeze."""
    units: Mapping[str, tuple[str, str, str]]
    """By image id: class, diagnosis, split."""

    @classmethod
    def of(cls, manifest: Manifest, units: Iterable[Chosen]) -> Self:
        return cls(Version.read(manifest.version), manifest.plan, _told(units))


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What is different from the release before, in units and in fields of the plan."""

    part: Part
    added: int = 0
    removed: int = 0
    relabelled: int = 0
    """In both, with another class or diagnosis."""
    moved: int = 0
    """In both, in another split."""
    fields: tuple[str, ...] = ()
    """Of the plan, that changed."""
    decisive: tuple[str, ...] = ()
    """Those of them that make the version a major one."""

    @property
    def written(self) -> dict[str, Any]:
        """As JSON, with the words."""
        words = self.words
        return {
            "part": self.part,
            "added": self.added,
            "removed": self.removed,
            "relabelled": self.relabelled,
            "moved": self.moved,
            "fields": list(self.fields),
            "words": {"ru": words.ru, "en": words.en},
        }

    @property
    def words(self) -> Text:
        """What is different, and so which part of the version steps: for who is to confirm it."""
        if self.part == "first":
            return FIRST_RELEASE
        counts = (
            (ADDED, self.added),
            (REMOVED, self.removed),
            (RELABELLED, self.relabelled),
            (MOVED, self.moved),
        )
        said = [text.filled(number=number) for text, number in counts if number]
        if self.fields:
            titles = [TITLES[name] for name in self.fields]
            ru, en = (
                ", ".join(f"«{t.ru}»" for t in titles),
                ", ".join(f"“{t.en}”" for t in titles),
            )
            said.append(Text(FIELDS.ru.format(fields=ru), FIELDS.en.format(fields=en)))
        said = said or [NOTHING]
        reason = _REASONS[self.part]
        return Text(
            f"{reason.ru}: {'; '.join(one.ru for one in said)}.",
            f"{reason.en}: {'; '.join(one.en for one in said)}.",
        )


def next_version(
    previous: Previous | None, plan: Plan, units: Iterable[Chosen]
) -> tuple[Version, Difference]:
    """The version of a release of these units under this plan, and what is different from the last one.

    Exactly one part steps, by one, and those after it become zero. Units are the same when their image is.
    """
    if previous is None:
        told = _told(units)
        return FIRST, Difference(part="first", added=len(told))
    written, told, before = plan.written(), _told(units), previous.units
    fields = tuple(name for name in TITLES if written.get(name) != previous.plan.get(name))
    decisive = tuple(
        name
        for name in fields
        if name in ESSENTIAL or (name == "classes" and _meaning(written) != _meaning(previous.plan))
    )
    both = told.keys() & before.keys()
    added, removed = len(told) - len(both), len(before) - len(both)
    moved = sum(told[one][2] != before[one][2] for one in both)
    part: Part = "major" if decisive else "minor" if added or removed or moved else "patch"
    difference = Difference(
        part=part,
        added=added,
        removed=removed,
        relabelled=sum(told[one][:2] != before[one][:2] for one in both),
        moved=moved,
        fields=fields,
        decisive=decisive,
    )
    return _step(previous.version, part), difference


def _step(version: Version, part: Part) -> Version:
    match part:
        case "major":
            return Version(version.major + 1, 0, 0)
        case "minor":
            return Version(version.major, version.minor + 1, 0)
        case _:
            return Version(version.major, version.minor, version.patch + 1)


def _told(units: Iterable[Chosen]) -> dict[str, tuple[str, str, str]]:
    return {unit.image_id: (unit.class_key, unit.diagnosis, unit.split) for unit in units}


def _meaning(plan: Mapping[str, Any]) -> dict[str, list[Any]]:
    """By key, since the order of classes, or of their diagnoses, means nothing."""
    return {
        one["key"]: [sorted(one[name]) if name == "diagnoses" else one[name] for name in MEANING]
        for one in plan.get("classes", ())
    }


_REASONS: Final[Mapping[Part, Text]] = {
    "major": Text("Изменились основные параметры набора", "What the dataset is has changed"),
    "minor": Text("Изменился состав набора", "The units have changed"),
    "patch": Text("Исправлены документы или метки", "Documents or labels were corrected"),
}
FIRST_RELEASE: Final = Text("Первый выпуск.", "The first release.")
ADDED: Final = Text("добавлено единиц: {number}", "units added: {number}")
REMOVED: Final = Text("удалено единиц: {number}", "units removed: {number}")
RELABELLED: Final = Text("изменено меток: {number}", "labels changed: {number}")
MOVED: Final = Text("перенесено в другую часть: {number}", "units moved to another split: {number}")
FIELDS: Final = Text("поля плана: {fields}", "fields of the plan: {fields}")
NOTHING: Final = Text("единицы и план те же", "units and plan are the same")
