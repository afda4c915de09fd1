"""Where the evidence for a class lies: what each place of a map adds to the class's score.

The score of a class, less the mean of all, is followed back through the heads and the last block to
the map before it; its gradient there times the map, summed over channels, is what each place added
(HiResCAM, Draelos & Carin 2020). The gates of the last block count as they stand. Written out, since
the served graph cannot differentiate.
"""

import torch
from torch import Tensor
from torch.nn import functional

from training.network import LesionNetwork, ResidualBlock, pool


def evidence(network: LesionNetwork, before: Tensor, inside: Tensor, chosen: Tensor) -> Tensor:
    """Return the evidence for one class of each picture, (N, h, w), negative where it speaks against.

    before (N, C, h, w) and inside (N, 1, h', w') as in `Outputs`; chosen (N, classes): 1 for the
    class asked about. The network must be fused (no normalisation left) and its last stage one block.
    """
    (block,) = network.stages[-1]
    first = functional.relu(block.first(before))
    second = block.second(first)
    gates = _gates(block, second)
    features = functional.relu(block.shortcut(before) + second * gates)
    pooled = pool(features, inside)
    hidden = functional.relu(network.hide(pooled))

    at_hidden = _above_mean(network.classify.weight, chosen) * (hidden > 0)
    at_pooled = at_hidden @ network.hide.weight + _above_mean(network.amend.weight, chosen)
    mean, largest, within = at_pooled.chunk(3, dim=1)
    places = features.shape[2] * features.shape[3]
    at_features = (
        _spread(mean) / places
        + _spread(within) * inside
        + _spread(largest) * (features >= features.amax(dim=(2, 3), keepdim=True))
    ) * (features > 0)
    return (_back(block, at_features, first, gates, before) * before).sum(dim=1)


def _above_mean(weights: Tensor, chosen: Tensor) -> Tensor:
    """The weights of the chosen classes, less the mean of all classes', (N, k)."""
    return chosen @ (weights - weights.mean(dim=0))


def _back(
    block: ResidualBlock, at_features: Tensor, first: Tensor, gates: Tensor, before: Tensor
) -> Tensor:
    """Carry a gradient from behind a block to before it."""
    at_first = functional.conv_transpose2d(at_features * gates, block.second[0].weight, padding=1)
    through = functional.conv_transpose2d(
        at_first * (first > 0),
        block.first[0].weight,
        stride=2,
        padding=1,
        output_padding=[1 - side % 2 for side in before.shape[2:]],
    )
    beside = functional.conv_transpose2d(at_features, block.shortcut[1][0].weight)
    beside = beside.repeat_interleave(2, dim=2).repeat_interleave(2, dim=3)
    return through + beside[:, :, : before.shape[2], : before.shape[3]] * _pooled_shares(before)


def _pooled_shares(before: Tensor) -> Tensor:
    """What each place counts in the average of its 2 x 2; more at an odd edge, where fewer meet."""
    rows, columns = (
        torch.tensor([0.5] * (side - side % 2) + [1.0] * (side % 2)) for side in before.shape[2:]
    )
    return rows[:, None] * columns[None, :]


def _gates(block: ResidualBlock, second: Tensor) -> Tensor:
    gate = functional.relu(block.attention.reduce(second.mean(dim=(2, 3))))
    return _spread(torch.sigmoid(block.attention.expand(gate)))


def _spread(values: Tensor) -> Tensor:
    return values[:, :, None, None]
