"""What the routes of tests take and answer."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import Field, WithJsonSchema

from chalicelib.evaluation.answering import Taken
from chalicelib.evaluation.model import (
    MOST_UNITS,
    Evaluation,
    Mode,
    Report,
    RunState,
    Serving,
    Test,
)
from chalicelib.evaluation.results import REASON_LENGTH
from chalicelib.evaluation.service import View
from chalicelib.evaluation.serving import Listed as ListedUnit
from chalicelib.evaluation.serving import link
from chalicelib.platform.clock import timestamp
from chalicelib.platform.http.fields import Answer, Form, Listed, OwnWords
from chalicelib.platform.runtime import Platform

Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,128}$")]
PROBABILITIES: Final = {
    "type": "object",
    "additionalProperties": {"type": "number", "minimum": 0, "maximum": 1},
    "description": "Of each class that the algorithm is registered with; they sum to one.",
}
Probabilities = Annotated[dict[str, Any], WithJsonSchema(PROBABILITIES)]
"""Checked by `results.py`, which names all faults at once."""
RESULT: Final = {
    "type": "object",
    "properties": {
        "unit_id": {"type": "string"},
        "probabilities": PROBABILITIES,
        "refused": {"type": "boolean"},
        "reason": {"type": "string", "maxLength": REASON_LENGTH},
    },
    "required": ["unit_id"],
    "additionalProperties": False,
}


class EvaluationForm(Form):
    """A test that a vendor asks for."""

    algorithm_id: Id
    dataset: Annotated[Id, Field(description="Its code, from the registry.")]
    test: Test


class EvaluationsQuery(Listed):
    dataset: Annotated[Id | None, Field(description="Tests on this set only.")] = None
    algorithm_id: Annotated[Id | None, Field(description="Tests of this algorithm only.")] = None


class ResultForm(Form):
    """What the service said of the unit that is given out: probabilities, or that it refuses it."""

    unit_id: Id
    probabilities: Probabilities | None = None
    refused: bool | None = None
    reason: Annotated[
        OwnWords | None, Field(description="Why it was refused, such as a technical defect.")
    ] = None


class ResultsForm(Form):
    """The results of a whole set, a line for each unit."""

    results: Annotated[
        list[Annotated[Any, WithJsonSchema(RESULT)]], Field(min_length=1, max_length=MOST_UNITS)
    ]


class BegunAnswer(Answer):
    evaluation_id: str
    units: int
    deadline: Annotated[str, Field(description="An unfinished test expires then.")]
    state: RunState


class UnitAnswer(Answer):
    """The unit to be answered now. The link works for 10 minutes; ask again for a new one."""

    unit_id: Annotated[str, Field(description="Random, for this test only.")]
    number: Annotated[int, Field(description="From 1.")]
    of: int
    image_url: str
    content_type: str
    started_at: Annotated[str, Field(description="When it was first given out: its clock runs.")]


class TakenAnswer(Answer):
    """An answer that was kept."""

    unit_id: str
    number: int
    of: int
    seconds: Annotated[float | None, Field(description="From giving out to answer, by our clock.")]


class ListedUnitAnswer(Answer):
    unit_id: str
    image_url: str
    content_type: str


class FileTakenAnswer(Answer):
    """A results file that was taken as a whole."""

    evaluation_id: str
    results: int
    of: int


class TestReportAnswer(Answer):
    """One computation of the report."""

    number: int
    labels_of: Annotated[str, Field(description="The version of the set whose labels counted.")]
    computed_at: str
    passed: bool
    units: int
    auc: float | None
    pdf: Annotated[
        dict[str, str] | None, Field(description="Links by language, for 10 minutes; not in lists.")
    ]


class EvaluationAnswer(Answer):
    """A test as it stands."""

    evaluation_id: str
    algorithm_id: str
    algorithm: Annotated[dict[str, str], Field(description="`name`, `version`, `vendor`.")]
    dataset: str
    version: Annotated[str, Field(description="Of the set tested on.")]
    test: Test
    state: RunState
    mode: Annotated[Mode, Field(description="In `file` mode no time is proven.")]
    units: int
    answered: int
    withdrawn: Annotated[
        int | None,
        Field(description="Passed over, since consent was taken back; known once it is over."),
    ]
    created_at: str
    deadline: str
    ended_at: str | None
    reports: Annotated[list[TestReportAnswer], Field(description="The first one first.")]


class EvaluationView(EvaluationAnswer):
    report: Annotated[
        dict[str, Any] | None, Field(description="The latest; docs/evaluation-figures.md says how.")
    ]


def begun_answer(evaluation: Evaluation) -> BegunAnswer:
    return BegunAnswer(
        evaluation_id=evaluation.evaluation_id,
        units=evaluation.units,
        deadline=timestamp(evaluation.deadline),
        state=evaluation.state,
    )


def unit_answer(platform: Platform, evaluation: Evaluation, serving: Serving) -> UnitAnswer:
    return UnitAnswer(
        unit_id=serving.unit_id,
        number=serving.number + 1,
        of=evaluation.units,
        image_url=link(platform, serving.key),
        content_type=serving.content_type,
        started_at=timestamp(serving.started_at),
    )


def listed_unit(platform: Platform, unit: ListedUnit) -> ListedUnitAnswer:
    return ListedUnitAnswer(
        unit_id=unit.unit_id,
        image_url=link(platform, unit.key),
        content_type=unit.content_type,
    )


def result_of(form: ResultForm) -> dict[str, Any]:
    """The answer alone, as it came."""
    return form.model_dump(mode="json", exclude={"unit_id"}, exclude_none=True)


def taken_answer(evaluation: Evaluation, taken: Taken) -> TakenAnswer:
    return TakenAnswer(
        unit_id=taken.unit_id,
        number=taken.number + 1,
        of=evaluation.units,
        seconds=taken.seconds,
    )


def evaluation_answer(evaluation: Evaluation) -> EvaluationAnswer:
    """A test as lists show it."""
    return EvaluationAnswer(**_standing(evaluation))


def evaluation_view(view: View) -> EvaluationView:
    """A test with its latest report."""
    standing = _standing(view.evaluation)
    pairs = zip(view.evaluation.reports, view.links, strict=True)
    standing["reports"] = [_report(report, links) for report, links in pairs]
    return EvaluationView(**standing, report=dict(view.report) if view.report else None)


def _standing(evaluation: Evaluation) -> dict[str, Any]:
    over = evaluation.state in (RunState.COMPUTING, RunState.COMPLETE)
    return {
        "evaluation_id": evaluation.evaluation_id,
        "algorithm_id": evaluation.algorithm_id,
        "algorithm": {one: evaluation.algorithm[one] for one in ("name", "version", "vendor")},
        "dataset": evaluation.code,
        "version": evaluation.version,
        "test": evaluation.test,
        "state": evaluation.state,
        "mode": evaluation.mode,
        "units": evaluation.units,
        "answered": evaluation.answered,
        "withdrawn": evaluation.units - evaluation.answered if over else None,
        "created_at": timestamp(evaluation.created_at),
        "deadline": timestamp(evaluation.deadline),
        "ended_at": timestamp(evaluation.ended_at) if evaluation.ended_at else None,
        "reports": [_report(report, None) for report in evaluation.reports],
    }


def _report(report: Report, links: Mapping[str, str] | None) -> TestReportAnswer:
    return TestReportAnswer(
        number=report.number,
        labels_of=report.version,
        computed_at=timestamp(report.computed_at),
        passed=report.passed,
        units=report.summary["units"],
        auc=report.summary["auc"],
        pdf=dict(links) if links else None,
    )
