"""What decides a training run, and the plans that ship."""

import math
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from training.data import CLASSES
from training.network import Architecture


@dataclass(frozen=True, slots=True)
class Phase:
    """So many epochs at one size of picture."""

    epochs: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Plan:
    """All that decides a run, so that the same plan on the same data gives the same model.

    The picture may grow from phase to phase (Tan & Le 2021). `sampling_power` draws a class of n
    photographs in proportion to n ** power: 1 is as they come, 0 all classes alike.

    A plan with `teachers` first trains so many larger networks by the plan `taught_by`, then its
    own network on what they say together of each view (Hinton et al. 2015; Beyer et al. 2022).
    `taught_share` is what they count beside the diagnosis on record.
    """

    phases: tuple[Phase, ...]
    architecture: Architecture = field(default_factory=Architecture)
    batch: int = 64
    peak_rate: float = 2e-3
    warm_up: float = 0.06
    weight_decay: float = 0.05
    sampling_power: float = 0.5
    label_smoothing: float = 0.05
    blended_share: float = 0.5
    outline_weight: float = 0.3
    embedding_weight: float = 0.1
    close_up_share: float = 0.125
    average_decay: float = 0.998
    seed: int = 20180814
    half_precision: bool = True
    teachers: int = 0
    taught_by: "Plan | None" = None
    taught_share: float = 0.75

    @property
    def epochs(self) -> int:
        """Epochs of all phases together."""
        return sum(phase.epochs for phase in self.phases)

    def phase(self, epoch: int) -> Phase:
        """Return the phase of an epoch, counted from 0."""
        for phase in self.phases:
            if epoch < phase.epochs:
                return phase
            epoch -= phase.epochs
        raise IndexError("epoch lies beyond the plan")

    def rate(self, done: float) -> float:
        """Return the learning rate after a share `done` of the run, from 0 to 1.

        Linear warm-up, then half a cosine to zero (Loshchilov & Hutter 2017).
        """
        if done < self.warm_up:
            return self.peak_rate * done / self.warm_up
        cooled = (done - self.warm_up) / (1 - self.warm_up)
        return self.peak_rate * 0.5 * (1 + math.cos(math.pi * cooled))

    def scaled(self, factor: float) -> "Plan":
        """The same plan with so many times the epochs, at least one a phase."""
        phases = (replace(p, epochs=max(1, round(p.epochs * factor))) for p in self.phases)
        return replace(self, phases=tuple(phases))


TEACHER = Plan(
    phases=(Phase(30, 128, 96), Phase(70, 192, 144)),
    architecture=Architecture(
        stem=48,
        widths=(64, 128, 256, 512),
        depths=(2, 3, 6, 2),
        pyramid=48,
        hidden=512,
        dropout=0.3,
        skipped_share=0.15,
    ),
    batch=256,
    embedding_weight=0.0,
    close_up_share=0.0,
)

SERVED = Architecture(widths=(64, 112, 208, 288), depths=(2, 3, 3, 1))

PLANS = {
    "quick": Plan(phases=(Phase(9, 96, 72), Phase(5, 128, 96)), blended_share=0.0),
    "processor": Plan(
        phases=(Phase(40, 96, 72), Phase(30, 128, 96), Phase(20, 192, 144)), architecture=SERVED
    ),
    "full": Plan(
        phases=(Phase(160, 192, 144),),
        architecture=SERVED,
        batch=256,
        average_decay=0.999,
        teachers=2,
        taught_by=TEACHER,
    ),
}
"""`full` needs a graphics processor; the others an ordinary one."""


def sampling_shares(labels: NDArray[np.int64], power: float) -> NDArray[np.float64]:
    """Return the share of each class among the photographs drawn for training, float64 (classes,).

    Classes without a photograph have share 0.
    """
    counts = np.bincount(labels, minlength=len(CLASSES)).astype(np.float64)
    weights = np.where(counts > 0, counts**power, 0.0)
    shares: NDArray[np.float64] = weights / weights.sum()
    return shares
