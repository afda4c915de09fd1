"""What the routes of plans take and answer."""

import json
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.datasets.dataset import MOST_REVISIONS, Dataset
from chalicelib.datasets.model import Access, Purpose
from chalicelib.datasets.planning.condition_forms import labels_of
from chalicelib.datasets.planning.conditions import explain
from chalicelib.datasets.planning.plan import Plan
from chalicelib.datasets.planning.power import planned_power
from chalicelib.datasets.planning.remarks import remarks
from chalicelib.datasets.previews import Preview
from chalicelib.datasets.service import View
from chalicelib.patients.forms import Labels
from chalicelib.platform.clock import timestamp
from chalicelib.platform.http.fields import Answer, Form
from chalicelib.platform.language import Text


class PlanChange(Form):
    """A whole new plan, and the revision of the one that it replaces."""

    revision: Annotated[
        int, Field(ge=1, description="Of the plan that was changed, as it was read.")
    ]
    plan: Plan


class DatasetQuery(Form):
    """Which of its plans."""

    revision: Annotated[int, Field(ge=1, le=MOST_REVISIONS)] | None = None


class ExplainedAnswer(Answer):
    """The criteria in words."""

    inclusion: list[Labels]
    non_inclusion: list[Labels]
    exclusion: list[Labels]


class NeededAnswer(Answer):
    positives: int
    negatives: int


class PowerAnswer(Answer):
    """What the planned numbers can show, by Hanley and McNeil (1982)."""

    positives: int
    negatives: int
    expected_auc: float
    threshold_auc: float
    significance: float
    standard_error: Annotated[float, Field(description="Of the estimate at the expected AUC.")]
    half_width: Annotated[float, Field(description="Of its 95 % interval.")]
    power: Annotated[
        float, Field(description="The chance to show that the AUC is above the threshold.")
    ]
    chance_to_pass: Annotated[
        float, Field(description="The chance that the estimate reaches the threshold.")
    ]
    needed: Annotated[
        NeededAnswer | None, Field(description="For a power of 80 %, in the same proportion.")
    ]


class PlannedAnswer(Answer):
    """A plan as it was understood."""

    code: str
    number: Annotated[int, Field(description="In the registry.")]
    revision: int
    explained: ExplainedAnswer
    power: Annotated[PowerAnswer | None, Field(description="Null where no test is planned.")]
    remarks: Annotated[list[Labels], Field(description="What to think over.")]


class ReleaseLine(Answer):
    """How one release stands."""

    version: str
    release_id: str
    state: str
    at: str


class DatasetLine(Answer):
    """A dataset in brief."""

    code: str
    number: int
    name: Labels
    purpose: Purpose
    access: Access
    units: Annotated[int, Field(description="Planned.")]
    revision: int
    created_at: str
    latest: Annotated[ReleaseLine | None, Field(description="The highest version.")]


class RevisionAnswer(Answer):
    """Who wrote a revision of the plan, and when."""

    revision: int
    at: str
    by: str


class PreviewBrief(Answer):
    state: Literal["computing", "ready", "failed"]
    asked_at: str
    computed_at: str | None


class DatasetAnswer(PlannedAnswer):
    """A dataset with its plan."""

    created_at: str
    created_by: str
    plan: Plan
    releases: Annotated[list[ReleaseLine], Field(description="The first one first.")]
    history: Annotated[list[RevisionAnswer], Field(description="The first one first.")]
    preview: PreviewBrief | None


class AskedAnswer(Answer):
    """A preview that is being computed."""

    state: Literal["computing"]
    asked_at: str


class PreviewAnswer(Answer):
    """What the plan would select, as computed last."""

    state: Literal["not_asked", "computing", "ready", "failed"]
    asked_at: str | None
    computed_at: str | None
    plan_revision: Annotated[int | None, Field(description="Of the plan that was looked at.")]
    current: Annotated[bool, Field(description="Whether the plan is still that one.")]
    result: Annotated[
        dict[str, Any] | None,
        Field(description="Flow, balance, privacy, splits, near-duplicates, power, version."),
    ]
    problem: Labels | None


def planned_answer(dataset: Dataset) -> PlannedAnswer:
    return PlannedAnswer(**_planned(dataset, dataset.plan, dataset.revision))


def dataset_answer(view: View) -> DatasetAnswer:
    dataset, preview = view.dataset, view.preview
    return DatasetAnswer(
        **_planned(dataset, view.plan, view.revision),
        created_at=timestamp(dataset.created_at),
        created_by=dataset.created_by,
        plan=view.plan,
        releases=[ReleaseLine(version=one, **told) for one, told in dataset.releases.items()],
        history=[
            RevisionAnswer(revision=number, at=one["at"], by=one["by"])
            for number, one in enumerate(dataset.history, start=1)
        ],
        preview=PreviewBrief(
            state=_state(preview),
            asked_at=timestamp(preview.asked_at),
            computed_at=timestamp(preview.computed_at) if preview.computed_at else None,
        )
        if preview
        else None,
    )


def dataset_line(dataset: Dataset) -> DatasetLine:
    plan, latest = dataset.plan, dataset.latest
    return DatasetLine(
        code=dataset.code,
        number=dataset.number,
        name=labels_of(plan.name.text),
        purpose=plan.purpose,
        access=plan.access,
        units=plan.units,
        revision=dataset.revision,
        created_at=timestamp(dataset.created_at),
        latest=ReleaseLine(version=latest[0], **latest[1]) if latest else None,
    )


def preview_answer(view: View) -> PreviewAnswer:
    preview = view.preview
    if preview is None:
        return PreviewAnswer(
            state="not_asked",
            asked_at=None,
            computed_at=None,
            plan_revision=None,
            current=False,
            result=None,
            problem=None,
        )
    return PreviewAnswer(
        state=_state(preview),
        asked_at=timestamp(preview.asked_at),
        computed_at=timestamp(preview.computed_at) if preview.computed_at else None,
        plan_revision=preview.plan_revision,
        current=preview.plan_revision == view.dataset.revision,
        result=json.loads(preview.result) if preview.result else None,
        problem=Labels(**preview.problem) if preview.problem else None,
    )


def _planned(dataset: Dataset, plan: Plan, revision: int) -> dict[str, Any]:
    power = planned_power(plan)
    return {
        "code": dataset.code,
        "number": dataset.number,
        "revision": revision,
        "explained": ExplainedAnswer(**_said(explain(plan))),
        "power": PowerAnswer(**power) if power else None,
        "remarks": _all_labels(remarks(plan, power)),
    }


def _said(explained: Mapping[str, Iterable[Text]]) -> dict[str, list[Labels]]:
    return {name: _all_labels(sentences) for name, sentences in explained.items()}


def _all_labels(texts: Iterable[Text]) -> list[Labels]:
    return [labels_of(text) for text in texts]


def _state(preview: Preview) -> Literal["computing", "ready", "failed"]:
    if preview.computing:
        return "computing"
    return "failed" if preview.problem else "ready"
