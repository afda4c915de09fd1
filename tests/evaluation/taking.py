"""A vendor takes tests over HTTP."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.evaluation import computing
from chalicelib.evaluation.model import Evaluation
from chalicelib.evaluation.store import EvaluationStore
from tests.asking import Answered
from tests.patients.asking import Client
from tests.world import World

ONE = "/v1/evaluations/{evaluation_id}"
CLASSES = ["melanoma", "nevus"]
GOOD: dict[str, Any] = {"probabilities": {"melanoma": 0.25, "nevus": 0.75}}
REFUSED: dict[str, Any] = {"refused": True, "reason": "out of focus"}
ALGORITHM: dict[str, Any] = {
    "name": "Mole reader",
    "version": "1.0",
    "vendor": "Example Ltd",
    "description": {"ru": "Читает родинки.", "en": "Reads moles."},
    "classes": CLASSES,
    "positive": ["melanoma"],
    "claimed": {"auc": 0.9, "sensitivity": 0.85, "specificity": 0.8, "threshold": 0.5},
}


def registered(vendor: Client, **changes: Any) -> str:
    answer = vendor.ask("POST", "/v1/algorithms", {**ALGORITHM, **changes})
    assert answer.status == 201, answer.body
    return str(answer.body["algorithm_id"])


def begin(
    vendor: Client, algorithm_id: str, code: str, test: str = "FT-I", *, key: str | None = None
) -> Answered:
    body = {"algorithm_id": algorithm_id, "dataset": code, "test": test}
    return vendor.ask("POST", "/v1/evaluations", body, key=key)


def begun(vendor: Client, algorithm_id: str, code: str, test: str = "FT-I") -> str:
    answer = begin(vendor, algorithm_id, code, test)
    assert answer.status == 201, answer.body
    return str(answer.body["evaluation_id"])


def next_unit(vendor: Client, evaluation_id: str) -> Answered:
    return vendor.ask("GET", f"{ONE}/next", evaluation_id=evaluation_id)


def answer(vendor: Client, evaluation_id: str, unit_id: str, result: Mapping[str, Any]) -> Answered:
    body = {"unit_id": unit_id, **result}
    return vendor.ask("POST", f"{ONE}/results", body, evaluation_id=evaluation_id)


def view(person: Client, evaluation_id: str) -> dict[str, Any]:
    found = person.ask("GET", ONE, evaluation_id=evaluation_id)
    assert found.status == 200, found.body
    body: dict[str, Any] = found.body
    return body


def answer_rest(
    vendor: Client, evaluation_id: str, result: Mapping[str, Any] = GOOD, *, seconds: float = 2
) -> int:
    """Answer all units that are left, each after so long; how many."""
    answered = 0
    while (given := next_unit(vendor, evaluation_id)).status == 200:
        vendor.world.clock.advance(seconds=seconds)
        assert answer(vendor, evaluation_id, given.body["unit_id"], result).status == 200
        answered += 1
    assert given.error["code"] == "all_answered"
    return answered


def listed(vendor: Client, evaluation_id: str) -> list[dict[str, Any]]:
    """All units, page by page."""
    found: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        query = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = vendor.ask("GET", f"{ONE}/units", query=query, evaluation_id=evaluation_id)
        assert page.status == 200, page.body
        found += page.body["items"]
        cursor = page.body["next"]
        if cursor is None:
            return found


def evaluation_of(world: World, evaluation_id: str) -> Evaluation:
    found = EvaluationStore(world.platform.catalogue).get(evaluation_id)
    assert found is not None
    return found


def messages(world: World) -> list[dict[str, str]]:
    """What waits in the queue of evaluations, taken out of it."""
    sqs, url = world.platform.client("sqs"), world.platform.settings.queue_evaluations
    answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    for message in answer:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return [json.loads(message["Body"]) for message in answer]


class Reporting:
    """Computes reports by a rule of the test's choice, and keeps what it was given."""

    def __init__(self, passes: Callable[[Any], bool] = lambda _: True) -> None:
        self.passes = passes
        self.given: dict[str, Any] = {}
        self.admitted: list[Mapping[str, Any]] = []

    def figures(self, **given: Any) -> dict[str, Any]:
        self.given = given
        return {
            "test": given["test"],
            "dataset": given["dataset"],
            "algorithm": given["algorithm"],
            "computed_at": given["computed_at"],
            "units": len(given["units"]),
            "auc": {"target": {"value": 0.9}},
            "verdict": {"passed": self.passes(given["units"]), "reasons": []},
        }

    def pdf(self, report: Mapping[str, Any], language: str) -> bytes:
        return f"{language} {report['units']}".encode()

    def admit(self, _: Any, report: Mapping[str, Any]) -> None:
        self.admitted.append(report)

    def compute(self, world: World, evaluation_id: str) -> None:
        computing.compute(
            world.platform,
            evaluation_id,
            figures=self.figures,
            pdf=self.pdf,
            admit=self.admit,
        )


def taken(
    vendor: Client, algorithm_id: str, code: str, test: str = "FT-I", *, passes: bool = True
) -> str:
    """A test from beginning to report."""
    evaluation_id = begun(vendor, algorithm_id, code, test)
    answer_rest(vendor, evaluation_id)
    Reporting(lambda _: passes).compute(vendor.world, evaluation_id)
    assert view(vendor, evaluation_id)["state"] == "complete"
    return evaluation_id
