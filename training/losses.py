"""What training makes small."""

import torch
from torch import Tensor
from torch.nn import functional


def class_loss(
    logits: Tensor, labels: Tensor, partners: Tensor, weights: Tensor, *, smoothing: float
) -> Tensor:
    """Return the mean cross-entropy of blended views, with smoothed labels.

    logits (N, classes); labels (N,). View k is blended with view `partners[k]`, whose label counts
    `weights[k]` (Zhang et al. 2018).
    """
    logits = logits.float()
    own, partner = (
        functional.cross_entropy(logits, classes, reduction="none", label_smoothing=smoothing)
        for classes in (labels, labels[partners])
    )
    return ((1 - weights) * own + weights * partner).mean()


def outline_loss(drawn: Tensor, expert: Tensor) -> Tensor:
    """Return the cross-entropy of each pixel plus one minus soft Dice (Milletari et al. 2016).

    drawn: logits (N, h, w); expert: shares from 0 to 1, (N, H, W), averaged down to h x w.
    """
    drawn = drawn.float()
    if not len(drawn):
        return drawn.sum()
    target = functional.adaptive_avg_pool2d(expert.unsqueeze(1), drawn.shape[1:]).squeeze(1)
    entropy = functional.binary_cross_entropy_with_logits(drawn, target)
    inside = torch.sigmoid(drawn)
    both = (inside * target).sum(dim=(1, 2))
    dice = (2 * both + 1) / (inside.sum(dim=(1, 2)) + target.sum(dim=(1, 2)) + 1)
    return entropy + 1 - dice.mean()
