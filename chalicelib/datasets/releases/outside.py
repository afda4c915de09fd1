"""What the building of releases takes from other modules, loaded when a release is first worked at: choosing
units needs the whole catalogue of candidates, and documents a typesetter that only one function carries."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol

from chalicelib.datasets.manifest import Manifest, Unit
from chalicelib.datasets.planning.plan import Plan
from chalicelib.platform.language import Language
from chalicelib.platform.runtime import Platform

Counts = Mapping[str, Any]
Files = Sequence[Mapping[str, Any]]


class Freeze(Protocol):
    """`freezing.freeze`."""

    def __call__(
        self,
        platform: Platform,
        *,
        release_id: str,
        code: str,
        number: int,
        plan: Plan,
        change: str,
        only: frozenset[str] | None,
    ) -> Manifest: ...


@dataclass(frozen=True)
class Outside:
    """The functions that a step calls."""

    freeze: Freeze
    unfit: type[Exception]
    """Raised by `freeze` when nobody is selected, and the like; its argument is the sentence."""
    counts: Callable[[Iterable[Unit]], Counts]
    readme: Callable[[Mapping[str, Any], Counts, Files, Language], str]
    readme_pdf: Callable[[Mapping[str, Any], Counts, Files, Language], bytes]


def load() -> Outside:
    """The functions of the platform."""
    freezing, readme = (
        import_module(f"chalicelib.{name}") for name in ("datasets.freezing", "documents.readme")
    )
    return Outside(
        freeze=freezing.freeze,
        unfit=freezing.Unfit,
        counts=import_module("chalicelib.datasets.selection.balance").counts,
        readme=readme.markdown,
        readme_pdf=readme.pdf,
    )
