"""Ballots of a made-up practice: readers of known skill, a senior, some truths, a model."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from chalicelib.labelling.ballots import Ballot, Probe, Quality, Vote
from chalicelib.platform.lesion_classes import LesionClass

CLASSES = [each for each in LesionClass if each is not LesionClass.UNKNOWN]
FREQUENT = (50, 15, 4, 10, 12, 3, 3, 3)
"""Of the classes, in their order."""
START = datetime(2025, 1, 1, tzinfo=UTC)


def vote(account_id: str, diagnosis: LesionClass, **known: Any) -> Vote:
    """A good reading, made in half a minute."""
    facts = {"quality": Quality.GOOD, "at": START, "seconds": 30.0, **known}
    return Vote(account_id=account_id, diagnosis=diagnosis, **facts)


def ballot(
    image_id: str, votes: Sequence[Vote], verdict: LesionClass | None, **known: Any
) -> Ballot:
    """A case of one clinic, closed an hour after it was opened."""
    facts = {"clinic_id": "clinic1", "opened_at": START, "rule": "two_agree", **known}
    facts.setdefault("closed_at", facts["opened_at"] + timedelta(hours=1))
    return Ballot(image_id=image_id, votes=tuple(votes), verdict=verdict, **facts)


def practice(
    cases: int, *, readers: int = 18, seniors: int = 2, clinics: int = 8, seed: int = 1
) -> list[Ballot]:
    """Cases read by the platform's rule, over two years; every fifth has a known truth."""
    draw = Random(seed)
    skill = {f"reader{number:03}": draw.uniform(0.6, 0.9) for number in range(readers)}
    senior = {f"senior{number}": 0.95 for number in range(seniors)}
    return [
        _case(
            number, draw, skill, senior, clinics, START + timedelta(hours=17_000) * number / cases
        )
        for number in range(cases)
    ]


def _case(
    number: int,
    draw: Random,
    skill: dict[str, float],
    senior: dict[str, float],
    clinics: int,
    at: datetime,
) -> Ballot:
    [truth] = draw.choices(CLASSES, FREQUENT)

    def reading(account_id: str, right: float, **known: Any) -> Vote:
        [mistaken] = draw.choices([*CLASSES, LesionClass.UNKNOWN], (*FREQUENT, 5))
        quality = Quality.UNUSABLE if draw.random() < 0.01 else Quality.GOOD
        diagnosis = truth if draw.random() < right else mistaken
        seconds = draw.lognormvariate(3.5, 0.5)
        return vote(account_id, diagnosis, quality=quality, at=at, seconds=seconds, **known)

    votes = [reading(name, skill[name]) for name in draw.sample(sorted(skill), 2)]
    first, second = (each.diagnosis for each in votes)
    verdict: LesionClass | None
    if first is second and first is not LesionClass.UNKNOWN:
        verdict, rule = first, "two_agree"
    else:
        name = draw.choice(sorted(senior))
        votes.append(reading(name, senior[name], arbitration=True))
        third = votes[-1].diagnosis
        agrees = third in (first, second) and third is not LesionClass.UNKNOWN
        verdict, rule = (third, "arbitration") if agrees else (None, "disputed")
    if number % 10 == 0:
        again = votes[0].account_id
        votes.append(reading(again, skill[again], probe=Probe.CONSISTENCY))
    if number % 5 == 0:
        name = draw.choice(sorted(skill.keys() - {each.account_id for each in votes}))
        votes.append(reading(name, skill[name], probe=Probe.GOLD))
    weights = [draw.random() + (3 if each is truth else 0) for each in CLASSES]
    total = sum(weights)
    return ballot(
        f"image{number:06}",
        votes,
        verdict,
        rule=rule,
        clinic_id=f"clinic{number % clinics}",
        opened_at=at,
        truth=truth if number % 5 == 0 else None,
        probabilities={
            each.value: weight / total for each, weight in zip(CLASSES, weights, strict=True)
        },
        abstained=max(weights) / total < 0.4,
    )
