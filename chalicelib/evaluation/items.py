"""Algorithms, vendors and tests as items of the `catalogue` table, and back.

Numbers that come from outside are kept as JSON: DynamoDB refuses those nearer to zero than 1e-130.
"""

import json
from dataclasses import asdict
from typing import Any

from chalicelib.evaluation.model import (
    Algorithm,
    Answered,
    Evaluation,
    Mode,
    Outcome,
    Report,
    Run,
    RunState,
    Serving,
    Test,
    Vendor,
)
from chalicelib.platform.clock import moment, timestamp
from chalicelib.platform.table import Item


def written_algorithm(algorithm: Algorithm) -> Item:
    item = asdict(algorithm)
    item["classes"], item["positive"] = list(algorithm.classes), list(algorithm.positive)
    item["claimed"] = json.dumps(algorithm.claimed)
    item["created_at"] = timestamp(algorithm.created_at)
    return item


def read_algorithm(item: Item) -> Algorithm:
    return Algorithm(
        algorithm_id=item["algorithm_id"],
        vendor_id=item["vendor_id"],
        name=item["name"],
        version=item["version"],
        vendor=item["vendor"],
        description=item["description"],
        classes=tuple(item["classes"]),
        positive=tuple(item["positive"]),
        claimed=json.loads(item["claimed"]),
        model_sha256=item.get("model_sha256"),
        created_at=moment(item["created_at"]),
        fingerprint=item["fingerprint"],
    )


def written_run(run: Run) -> dict[str, Any]:
    written = asdict(run) | {"test": run.test.value, "begun_at": timestamp(run.begun_at)}
    written["outcome"] = run.outcome.value if run.outcome else None
    return {name: value for name, value in written.items() if value is not None}


def read_vendor(item: Item) -> Vendor:
    runs = {
        evaluation_id: Run(
            **{
                **run,
                "test": Test(run["test"]),
                "begun_at": moment(run["begun_at"]),
                "outcome": Outcome(run["outcome"]) if "outcome" in run else None,
            }
        )
        for evaluation_id, run in item["runs"].items()
    }
    return Vendor(
        vendor_id=item["vendor_id"],
        algorithms={one: moment(at) for one, at in item["algorithms"].items()},
        runs=runs,
        writer=item["writer"],
    )


def written_serving(serving: Serving) -> dict[str, Any]:
    return asdict(serving) | {"started_at": timestamp(serving.started_at)}


def written_report(report: Report) -> dict[str, Any]:
    return asdict(report) | {"computed_at": timestamp(report.computed_at)}


def written_evaluation(new: Evaluation) -> Item:
    """The item of a new test, without its keys and its deadline in the index."""
    return {
        "evaluation_id": new.evaluation_id,
        "vendor_id": new.vendor_id,
        "algorithm_id": new.algorithm_id,
        "algorithm": dict(new.algorithm),
        "test": new.test.value,
        "code": new.code,
        "release_id": new.release_id,
        "version": new.version,
        "state": new.state.value,
        "mode": new.mode.value,
        "units": new.units,
        "answered": new.answered,
        "place": new.place,
        "copied_to": new.copied_to,
        "created_at": timestamp(new.created_at),
        "deadline": timestamp(new.deadline),
        "fingerprint": new.fingerprint,
        "reports": [],
        "attempts": new.attempts,
    }


def read_evaluation(item: Item) -> Evaluation:
    serving, ended = item.get("serving"), item.get("ended_at")
    return Evaluation(
        evaluation_id=item["evaluation_id"],
        vendor_id=item["vendor_id"],
        algorithm_id=item["algorithm_id"],
        algorithm=item["algorithm"],
        test=Test(item["test"]),
        code=item["code"],
        release_id=item["release_id"],
        version=item["version"],
        state=RunState(item["state"]),
        mode=Mode(item["mode"]),
        units=item["units"],
        answered=item["answered"],
        place=item["place"],
        serving=(
            Serving(**{**serving, "started_at": moment(serving["started_at"])}) if serving else None
        ),
        copied_to=item["copied_to"],
        results=item.get("results"),
        created_at=moment(item["created_at"]),
        deadline=moment(item["deadline"]),
        ended_at=moment(ended) if ended else None,
        fingerprint=item["fingerprint"],
        reports=tuple(
            Report(**{**one, "computed_at": moment(one["computed_at"])}) for one in item["reports"]
        ),
        attempts=item["attempts"],
    )


def written_answered(answered: Answered) -> dict[str, Any]:
    item = {name: value for name, value in asdict(answered).items() if value is not None}
    if answered.probabilities is not None:
        item["probabilities"] = json.dumps(answered.probabilities)
    return item


def read_answered(item: Item) -> Answered:
    probabilities = item.get("probabilities")
    return Answered(
        probabilities=json.loads(probabilities) if probabilities else None,
        refused=item["refused"],
        reason=item.get("reason"),
        seconds=item.get("seconds"),
    )
