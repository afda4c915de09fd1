"""What majority, weighted majority and Dawid and Skene would have made of the readings of each case.

The readings are those behind the verdict: two first ones and, where there was one, the senior's. Readings
that say `unknown` or `unusable` name no class and do not enter.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from chalicelib.labelling.ballots import Ballot
from chalicelib.labelling.consensus import (
    dawid_skene,
    majority,
    proven_weights,
    weighted_majority,
)
from chalicelib.labelling.report import MOST_DOUBTFUL, ConsensusMethod, Doubtful, OtherRule
from chalicelib.labelling.scores import DIGITS, Read
from chalicelib.platform.lesion_classes import LesionClass

ITERATIONS: Final = 500
TOLERANCE: Final = 1e-7
"""Of the log likelihood a reading: later steps change 3 labels of 20,000."""
CLASSES: Final = len(LesionClass) - 1
"""All but `unknown`."""


def other_rules(cases: Sequence[Read]) -> dict[str, Any]:
    """The fields `other_rules` and `doubtful` of the report.

    Weights are proven on the truth where it is known.
    """
    finished = [case.ballot for case in cases if case.ballot.rule]
    readings = [
        (case.ballot.image_id, vote.account_id, vote.diagnosis)
        for case in cases
        if case.ballot.rule
        for vote in (*case.firsts, *(vote for vote in case.votes if vote.arbitration))
        if vote.says is not None
    ]
    truths = {
        ballot.image_id: ballot.truth
        for ballot in finished
        if ballot.truth is not None and ballot.truth is not LesionClass.UNKNOWN
    }
    weights = proven_weights(readings, truths, labels=CLASSES)
    estimate = dawid_skene(readings, iterations=ITERATIONS, tolerance=TOLERANCE)
    probable = dict(zip(estimate.items, estimate.posterior.max(axis=1, initial=0), strict=True))
    answers = {
        ConsensusMethod.MAJORITY: majority(readings),
        ConsensusMethod.WEIGHTED_MAJORITY: weighted_majority(readings, weights),
        ConsensusMethod.DAWID_SKENE: estimate.labels,
    }
    return {
        "other_rules": [_beside(rule, labels, finished) for rule, labels in answers.items()],
        "doubtful": _doubtful(finished, estimate.labels, probable),
    }


def _beside(
    rule: ConsensusMethod, labels: Mapping[str, LesionClass | None], finished: Sequence[Ballot]
) -> OtherRule:
    compared = differ = undecided = settled = 0
    for ballot in finished:
        label = labels.get(ballot.image_id)
        if ballot.verdict is None:
            settled += label is not None
        elif label is None:
            undecided += 1
        else:
            compared += 1
            differ += label is not ballot.verdict
    return OtherRule(
        rule=rule, compared=compared, differ=differ, undecided=undecided, settled=settled
    )


def _doubtful(
    finished: Sequence[Ballot],
    labels: Mapping[str, LesionClass | None],
    probable: dict[str, float],
) -> list[Doubtful]:
    found = [
        Doubtful(
            image_id=ballot.image_id,
            verdict=ballot.verdict,
            dawid_skene=label,
            probability=round(float(probable[ballot.image_id]), DIGITS),
        )
        for ballot in finished
        if (label := labels.get(ballot.image_id)) is not None
        and ballot.verdict is not None
        and label is not ballot.verdict
    ]
    return sorted(found, key=lambda case: (case.probability, case.image_id))[:MOST_DOUBTFUL]
