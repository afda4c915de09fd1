"""A whole plan: its teachers, if it has any, one after the other, then the network that is served."""

from dataclasses import replace
from pathlib import Path
from typing import Final

import torch

from training.network import LesionNetwork
from training.pixels import Examples
from training.plan import Plan
from training.train import train

TEACHERS_SHARE: Final = 0.42
"""Of a limited time, what all teachers together get."""


def train_all(
    plan: Plan,
    training: Examples,
    validation: Examples,
    folder: Path,
    *,
    device: torch.device,
    seconds: float | None = None,
) -> LesionNetwork:
    """Train by the plan in sub-folders of `folder`, resumably, and return the network to serve.

    `seconds`: about how long all of it may take on this machine; without, the plan's own epochs.
    """
    lessons = [plan.taught_by] * plan.teachers if plan.taught_by else []
    teachers = [
        train(
            replace(lesson, seed=plan.seed + number),
            training,
            validation,
            folder / f"teacher-{number}",
            device=device,
            seconds=seconds and seconds * TEACHERS_SHARE / plan.teachers,
        )
        for number, lesson in enumerate(lessons, start=1)
    ]
    return train(
        plan,
        training,
        validation,
        folder / "served",
        device=device,
        teachers=teachers,
        seconds=seconds and seconds * (1 - TEACHERS_SHARE * bool(teachers)),
    )
