"""What training makes small."""

import torch
from torch import Tensor
from torch.nn import functional

EMBEDDING_TEMPERATURE = 0.1


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


def taught_loss(logits: Tensor, taught: Tensor) -> Tensor:
    """Return how far what the network says is from what its teachers say: mean divergence, nats.

    logits (N, classes); taught: probabilities (N, classes) (Hinton et al. 2015).
    """
    said = functional.log_softmax(logits.float(), dim=1)
    return functional.kl_div(said, taught, reduction="batchmean")


def outline_loss(drawn: Tensor, expert: Tensor, counts: Tensor) -> Tensor:
    """Return the cross-entropy of each pixel plus one minus soft Dice (Milletari et al. 2016).

    drawn: logits (N, h, w); expert: shares from 0 to 1, (N, H, W), averaged down to h x w. counts
    (N,): how much each picture counts, 0 where nobody drew an outline.
    """
    drawn = drawn.float()
    target = functional.adaptive_avg_pool2d(expert.unsqueeze(1), drawn.shape[1:]).squeeze(1)
    entropy = functional.binary_cross_entropy_with_logits(drawn, target, reduction="none")
    inside = torch.sigmoid(drawn)
    both = (inside * target).sum(dim=(1, 2))
    dice = (2 * both + 1) / (inside.sum(dim=(1, 2)) + target.sum(dim=(1, 2)) + 1)
    each = entropy.mean(dim=(1, 2)) + 1 - dice
    return (each * counts).sum() / counts.sum().clamp_min(1)


def embedding_loss(embedding: Tensor, lesions: Tensor, counted: Tensor) -> Tensor:
    """Return how badly views of one lesion find each other among the batch (Khosla et al. 2020).

    embedding (N, d), any length; lesions (N,): equal numbers show one lesion; counted (N,): which
    views take part. Those whose lesion nobody else shows only push the others away.
    """
    points = functional.normalize(embedding.float(), dim=1)
    itself = torch.eye(len(points), dtype=torch.bool, device=points.device)
    others = counted[None, :] & ~itself
    likeness = (points @ points.T / EMBEDDING_TEMPERATURE).masked_fill(~others, -1e4)
    same = (lesions[:, None] == lesions[None, :]) & others & counted[:, None]
    log_share = functional.log_softmax(likeness, dim=1).masked_fill(~same, 0.0)
    found = same.sum(dim=1)
    each = -log_share.sum(dim=1) / found.clamp_min(1)
    return each.sum() / (found > 0).sum().clamp_min(1)
