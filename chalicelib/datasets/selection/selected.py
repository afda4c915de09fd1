"""What a selection works on and what it comes to: values only."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from chalicelib.datasets.looks.model import Look
from chalicelib.datasets.planning.plan import Plan, UnitOfData
from chalicelib.datasets.selection.candidate import Candidate
from chalicelib.datasets.selection.criteria import Agreement
from chalicelib.datasets.selection.flow import Flow


@dataclass(frozen=True)
class Screened:
    """What meets the criteria, one image at a time."""

    everything: Sequence[Candidate]
    left: Sequence[Candidate]
    waiting: Sequence[str]
    """Images among them that no curator has looked at yet."""
    agreement: Agreement
    flow: Flow

    @cached_property
    def theirs(self) -> Sequence[Candidate]:
        """Every image of whoever is left, those too that meet no criterion: they tell who he is."""
        people = {one.patient_id for one in self.left}
        return [one for one in self.everything if one.patient_id in people]


@dataclass(frozen=True, kw_only=True)
class Context:
    """What `Screened.theirs` are to each other, to other releases and to the models."""

    groups: Sequence[frozenset[str]] = ()
    """Images that are nearly the same."""
    patients: frozenset[str] = frozenset()
    """Of releases that this one must have nobody in common with."""
    images: frozenset[str] = frozenset()
    pixel_hashes: frozenset[str] = frozenset()
    near: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By pixel hash, those of the pictures it is nearly the same as."""
    trained_on: frozenset[str] = frozenset()
    """Beginnings of the pixel hashes of what the models learnt from; of a hidden set only."""


@dataclass(frozen=True, kw_only=True)
class Selected:
    """One unit as it is chosen: what is told of it, and the candidate behind."""

    candidate: Candidate
    class_key: str
    diagnosis: str
    split: str
    quasi: Mapping[str, str | None]

    @property
    def image_id(self) -> str:
        return self.candidate.image_id

    @property
    def lesion_id(self) -> str:
        return self.candidate.lesion_id

    @property
    def patient_id(self) -> str:
        return self.candidate.patient_id

    @property
    def label(self) -> Mapping[str, Any]:
        """As it is released; that somebody saw a defect is what a defect's label rests on."""
        if self.candidate.look is Look.TECHNICAL_DEFECT:
            return {"rule": "look", "verification": "medium", "retrospective": False}
        told = self.candidate.label or {}
        names = ("rule", "verification", "retrospective", "confirmed_by")
        return {"retrospective": False, **{name: told[name] for name in names if name in told}}

    @property
    def capture(self) -> Mapping[str, Any]:
        """Without the day."""
        told = self.candidate.capture or {}
        names = ("device", "pixel_spacing_mm", "contact", "polarized")
        return {name: told[name] for name in names if told.get(name) is not None}

    @property
    def image_type(self) -> str:
        return self.candidate.kind

    @property
    def source(self) -> str:
        return self.candidate.source


def numbers(plan: Plan, units: Iterable[Selected]) -> Counter[str]:
    """How many units of each class there are, as the plan counts them: series, not their images."""
    if plan.unit is UnitOfData.SERIES:
        return Counter(key for key, _ in {(one.class_key, one.lesion_id) for one in units})
    return Counter(one.class_key for one in units)


@dataclass(frozen=True, kw_only=True)
class Selection:
    """The units, and how it came to them."""

    units: Sequence[Selected]
    flow: tuple[Mapping[str, Any], ...]
    waiting: Sequence[str]
    """Chosen, and still to be looked at; none where only cleared images were allowed."""
    unlooked: int
    """How many met every other criterion of their own and were not looked at yet."""
    privacy: Mapping[str, Any]
    splits: Mapping[str, Any]
    duplicates: Mapping[str, Any]
    agreement: Mapping[str, Any]
