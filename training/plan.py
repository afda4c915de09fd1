"""What decides a training run, and the plans that ship."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.data import CLASSES


@dataclass(frozen=True, slots=True)
class Phase:
    """So many epochs at one size of picture."""

    epochs: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Plan:
    """All that decides a run, so that the same plan on the same data gives the same model.

    The picture grows from phase to phase (Tan & Le 2021): most is learnt cheaply from small
    pictures, fine structure at the end. `sampling_power` draws a class of n photographs in
    proportion to n ** power: 1 is as they come, 0 all classes alike.
    """

    phases: tuple[Phase, ...]
    batch: int = 64
    peak_rate: float = 2e-3
    warm_up: float = 0.08
    weight_decay: float = 0.05
    sampling_power: float = 0.5
    label_smoothing: float = 0.05
    blended_share: float = 0.5
    outline_weight: float = 0.3
    average_decay: float = 0.998
    seed: int = 20180814
    half_precision: bool = True

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


PLANS = {
    "quick": Plan(phases=(Phase(9, 96, 72), Phase(5, 128, 96)), blended_share=0.0),
    "full": Plan(phases=(Phase(8, 96, 72), Phase(7, 128, 96))),
}


def sampling_shares(labels: NDArray[np.int64], power: float) -> NDArray[np.float64]:
    """Return the share of each class among the photographs drawn for training, float64 (classes,).

    Classes without a photograph have share 0.
    """
    counts = np.bincount(labels, minlength=len(CLASSES)).astype(np.float64)
    weights = np.where(counts > 0, counts**power, 0.0)
    shares: NDArray[np.float64] = weights / weights.sum()
    return shares
