"""What a run draws its views from: photographs as tensors on the device that trains."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from torch import Tensor

from training.data import CLASSES
from training.hairs import draw_hairs
from training.pixels import Examples
from training.plan import Plan, sampling_shares

HAIR_PICTURES: Final = 200


@dataclass(frozen=True)
class Pool:
    """Photographs as tensors on the device that trains."""

    images: Tensor
    outlines: Tensor
    outlined: Tensor
    labels: Tensor
    lesions: Tensor
    chances: Tensor
    """How often each is drawn."""
    hairs: Tensor

    @classmethod
    def of(cls, examples: Examples, plan: Plan, device: torch.device) -> "Pool":
        counts = np.bincount(examples.labels, minlength=len(CLASSES))
        shares = sampling_shares(examples.labels, plan.sampling_power)
        chances = (shares / np.maximum(counts, 1))[examples.labels]
        lesions = np.unique(np.array(examples.lesions), return_inverse=True)[1]
        phase = plan.phases[-1]
        hairs = draw_hairs(
            pictures=HAIR_PICTURES,
            height=phase.height,
            width=phase.width,
            rng=np.random.default_rng(plan.seed),
        )
        return cls(
            images=torch.from_numpy(examples.images).to(device),
            outlines=torch.from_numpy(examples.outlines).to(device),
            outlined=torch.from_numpy(examples.outlined).to(device),
            labels=torch.from_numpy(examples.labels).to(device),
            lesions=torch.from_numpy(lesions).to(device),
            chances=torch.from_numpy(chances).float().to(device),
            hairs=hairs.to(device),
        )

    def __len__(self) -> int:
        return len(self.labels)
