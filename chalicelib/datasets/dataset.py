"""A dataset: its plan, which may change, its code and number, which never do, and how its releases stand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from chalicelib.datasets.model import Version
from chalicelib.datasets.planning.plan import Plan

MOST_REVISIONS: Final = 300
"""A plan is changed no more often. So a dataset stays far within the 400 KB of an item."""


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """One dataset, from its first plan on."""

    code: str
    number: int
    """In the registry, from 1 on."""
    plan: Plan
    revision: int
    """Of the plan: 1, and one more with each change."""
    created_at: datetime
    created_by: str
    releases: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """By version, the first one first: `release_id`, `state`, `at`."""
    being_made: bool = False
    """Whether a release is on its way."""
    history: tuple[Mapping[str, str], ...] = ()
    """Who wrote each revision of the plan, and when: `at`, `by`."""
    request_id: str = ""
    """Of the request that planned it: a repetition finds it by this."""

    @property
    def latest(self) -> tuple[str, Mapping[str, Any]] | None:
        """The release with the highest version."""
        return max(self.releases.items(), key=lambda one: Version.read(one[0]), default=None)
