# mypy: allow-subclassing-any
"""The network: a residual classifier that also outlines the lesion and knows it again.

Residual blocks (He et al. 2015) with squeeze-and-excitation (Hu et al. 2018) carry the picture down
to a small map; a feature pyramid (Lin et al. 2017) draws the outline at half of the picture's side.
The last map is pooled three ways: its mean, its maximum, and its mean inside the network's own
outline, so that skin and lesion are told apart. From these come the classes, the kind of picture
and the embedding.
"""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.data import CLASSES, KINDS

PIXEL_MEAN = (0.76, 0.55, 0.57)
PIXEL_DEVIATION = (0.15, 0.16, 0.17)


@dataclass(frozen=True, slots=True)
class Architecture:
    """Channels of the stem and of each stage, residual blocks a stage, and the heads' sizes.

    `skipped_share`: the share of training pictures for which the deepest block is left out, less
    for those before it (Huang et al. 2016).
    """

    stem: int = 32
    widths: tuple[int, ...] = (48, 96, 192, 320)
    depths: tuple[int, ...] = (2, 3, 4, 1)
    pyramid: int = 32
    hidden: int = 256
    embedding: int = 128
    dropout: float = 0.2
    skipped_share: float = 0.0


class Outputs(NamedTuple):
    """What the network says of N pictures.

    logits (N, classes) and kinds (N, kinds); outline logits (N, H/2, W/2); embedding (N, d), not
    normalised. For the explanation: the map before the last stage `before` (N, C, h, w), and how
    much each place of the last map counts inside the outline, `inside` (N, 1, h', w'). `pooled`
    (N, k) is what all answers but the outline are made from.
    """

    logits: Tensor
    outline: Tensor
    embedding: Tensor
    kinds: Tensor
    before: Tensor
    inside: Tensor
    pooled: Tensor


def conv_norm(inputs: int, outputs: int, kernel: int, stride: int = 1) -> nn.Sequential:
    """Convolution without bias, then batch normalisation; fused into one at export."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False),
        nn.BatchNorm2d(outputs),
    )


class SqueezeExcitation(nn.Module):
    """Weigh each channel by what the whole picture shows."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.reduce = nn.Linear(channels, channels // 8)
        self.expand = nn.Linear(channels // 8, channels)

    def forward(self, features: Tensor) -> Tensor:
        squeezed = functional.relu(self.reduce(features.mean(dim=(2, 3))))
        return features * torch.sigmoid(self.expand(squeezed))[:, :, None, None]


class ResidualBlock(nn.Module):
    """Two 3 x 3 convolutions beside a shortcut; the shortcut averages when the block strides."""

    def __init__(self, inputs: int, outputs: int, stride: int, skipped_share: float) -> None:
        super().__init__()
        self.skipped_share = skipped_share
        self.first = conv_norm(inputs, outputs, 3, stride)
        self.second = conv_norm(outputs, outputs, 3)
        self.attention = SqueezeExcitation(outputs)
        self.shortcut = nn.Sequential()
        if stride > 1:
            self.shortcut.append(nn.AvgPool2d(2, 2, ceil_mode=True, count_include_pad=False))
        if inputs != outputs:
            self.shortcut.append(conv_norm(inputs, outputs, 1))
        nn.init.zeros_(self.second[1].weight)  # each block starts as its shortcut

    def forward(self, features: Tensor) -> Tensor:
        branch = self.attention(self.second(functional.relu(self.first(features))))
        if self.training and self.skipped_share:
            kept = torch.rand(len(branch), 1, 1, 1, device=branch.device) >= self.skipped_share
            branch = branch * (kept / (1 - self.skipped_share)).to(branch.dtype)
        return functional.relu(self.shortcut(features) + branch)


class LesionNetwork(nn.Module):
    """Pixels from 0 to 1, (N, 3, H, W), to `Outputs`."""

    def __init__(self, architecture: Architecture = Architecture()) -> None:
        super().__init__()
        a = architecture
        self.architecture = a
        self.register_buffer("mean", torch.tensor(PIXEL_MEAN).view(1, 3, 1, 1))
        self.register_buffer("deviation", torch.tensor(PIXEL_DEVIATION).view(1, 3, 1, 1))
        self.stem = conv_norm(3, a.stem, 5, 2)
        self.stages = nn.ModuleList()
        inputs = a.stem
        skipped = iter(torch.linspace(0, a.skipped_share, sum(a.depths)).tolist())
        for width, depth in zip(a.widths, a.depths, strict=True):
            blocks = [ResidualBlock(inputs, width, 2, next(skipped))]
            blocks += [ResidualBlock(width, width, 1, next(skipped)) for _ in range(depth - 1)]
            self.stages.append(nn.Sequential(*blocks))
            inputs = width
        self.laterals = nn.ModuleList(
            nn.Conv2d(width, a.pyramid, 1) for width in (a.stem, *a.widths)
        )
        self.draw = conv_norm(a.pyramid, 16, 3)
        self.outline = nn.Conv2d(16, 1, 1)
        self.hide = nn.Linear(3 * inputs, a.hidden)
        self.hide_norm = nn.BatchNorm1d(a.hidden)
        self.dropout = nn.Dropout(a.dropout)
        self.classify = nn.Linear(a.hidden, len(CLASSES))
        self.amend = nn.Linear(3 * inputs, len(CLASSES)).requires_grad_(False)
        self.recognise = nn.Linear(3 * inputs, len(KINDS)).requires_grad_(False)
        for fitted_later in (self.amend, self.recognise):  # see `training.heads`
            nn.init.zeros_(fitted_later.weight)
            nn.init.zeros_(fitted_later.bias)
        self.embed = nn.Linear(3 * inputs, a.embedding)

    def forward(self, pixels: Tensor) -> Outputs:
        features = functional.relu(self.stem((pixels - self.mean) / self.deviation))
        levels = [features]
        for stage in self.stages:
            features = stage(features)
            levels.append(features)
        outline = self._draw(levels)
        # The outline only steers: no gradient runs back, so it is learnt from outlines alone.
        inside = torch.sigmoid(outline.detach().float()).unsqueeze(1)
        inside = functional.interpolate(inside, size=features.shape[2:], mode="bilinear")
        inside = inside / (inside.sum(dim=(2, 3), keepdim=True) + 1e-3)
        pooled = pool(features, inside)
        hidden = functional.relu(self.hide_norm(self.hide(pooled)))
        return Outputs(
            logits=self.classify(self.dropout(hidden)) + self.amend(pooled),
            outline=outline,
            embedding=self.embed(pooled),
            kinds=self.recognise(pooled),
            before=levels[-2],
            inside=inside,
            pooled=pooled,
        )

    def _draw(self, levels: list[Tensor]) -> Tensor:
        drawn = self.laterals[-1](levels[-1])
        for lateral, level in zip(self.laterals[-2::-1], levels[-2::-1], strict=True):
            finer = functional.interpolate(drawn, size=level.shape[2:], mode="nearest")
            drawn = lateral(level) + finer
        return self.outline(functional.relu(self.draw(functional.relu(drawn)))).squeeze(1)


def pool(features: Tensor, inside: Tensor) -> Tensor:
    """Mean, maximum and mean inside the outline; (N, C, h, w) to (N, 3 C)."""
    return torch.cat(
        [
            features.mean(dim=(2, 3)),
            features.amax(dim=(2, 3)),
            (features * inside.to(features.dtype)).sum(dim=(2, 3)),
        ],
        dim=1,
    )
