"""Random views of a batch: what may change in a photograph without changing its diagnosis.

A lesion has no up or down, a dermatoscope's scale and tilt vary a little, and lamps and cameras
differ in colour. All images of a batch are transformed at once; the generator is passed in.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional


@dataclass(frozen=True, slots=True)
class Ranges:
    """How far a view may go from the photograph. Ratios are exponents of e, shifts are shares."""

    scale: float = 0.22
    stretch: float = 0.10
    shift: float = 0.10
    gain: float = 0.08
    brightness: float = 0.15
    contrast: float = 0.20
    saturation: float = 0.25
    blurred_share: float = 0.15


def random_views(
    images: Tensor,
    outlines: Tensor,
    *,
    height: int,
    width: int,
    generator: torch.Generator,
    ranges: Ranges = Ranges(),
) -> tuple[Tensor, Tensor]:
    """Return random views of images and outlines at `height` x `width`.

    images: uint8 (N, H, W, 3); outlines: uint8 (N, H, W), both 0 to 255.
    Returns floats from 0 to 1 of shape (N, 3, height, width) and (N, height, width).
    """
    stacked = torch.cat([images, outlines.unsqueeze(3)], dim=3).permute(0, 3, 1, 2)
    pixels = stacked.float().div_(255.0)
    matrices = _affine_matrices(len(images), width / height, generator, ranges)
    grid = functional.affine_grid(matrices, [len(images), 4, height, width], align_corners=False)
    warped = functional.grid_sample(
        pixels, grid, mode="bilinear", padding_mode="reflection", align_corners=False
    )
    views = _recolour(warped[:, :3], generator, ranges)
    return _blur(views, generator, ranges), warped[:, 3]


def blend(
    views: Tensor, *, share: float, generator: torch.Generator, most: float = 0.4
) -> tuple[Tensor, Tensor, Tensor]:
    """Blend some views with another of the batch, as mixup (Zhang et al. 2018) does.

    views: (N, 3, H, W). Returns the blended views, the position of each view's partner (N,) and the
    partner's weight (N,): 0 for all but `share` of the views, at most `most`, so that the view's
    own lesion stays the one to outline.
    """
    partners = torch.randperm(len(views), generator=generator)
    chosen = torch.rand(len(views), generator=generator) < share
    weights = torch.rand(len(views), generator=generator) * most * chosen
    across = weights.view(-1, 1, 1, 1)
    return views * (1 - across) + views[partners] * across, partners, weights


def _uniform(n: int, reach: float, generator: torch.Generator) -> Tensor:
    return (torch.rand(n, generator=generator) * 2 - 1) * reach


def _affine_matrices(n: int, aspect: float, generator: torch.Generator, ranges: Ranges) -> Tensor:
    """Rotation by any angle, mirroring, scale, stretch and shift, in true pixel geometry.

    `affine_grid` measures each axis from -1 to 1, so a rotation must be wrapped in the aspect ratio
    or it would shear the lesion.
    """
    angle = _uniform(n, math.pi, generator)
    mirror = torch.where(torch.rand(n, generator=generator) < 0.5, -1.0, 1.0)
    scale = torch.exp(_uniform(n, ranges.scale, generator))
    stretch = torch.exp(_uniform(n, ranges.stretch, generator))
    cos, sin = torch.cos(angle), torch.sin(angle)
    matrices = torch.zeros(n, 2, 3)
    matrices[:, 0, 0] = cos * mirror * scale * stretch
    matrices[:, 0, 1] = -sin * scale / stretch / aspect
    matrices[:, 1, 0] = sin * mirror * scale * stretch * aspect
    matrices[:, 1, 1] = cos * scale / stretch
    matrices[:, 0, 2] = _uniform(n, ranges.shift, generator)
    matrices[:, 1, 2] = _uniform(n, ranges.shift, generator)
    return matrices


def _recolour(views: Tensor, generator: torch.Generator, ranges: Ranges) -> Tensor:
    """Another lamp (a gain for each channel), exposure, contrast and saturation."""
    n = len(views)
    gain = torch.exp(_uniform(3 * n, ranges.gain, generator)).view(n, 3, 1, 1)
    brightness = torch.exp(_uniform(n, ranges.brightness, generator)).view(n, 1, 1, 1)
    contrast = torch.exp(_uniform(n, ranges.contrast, generator)).view(n, 1, 1, 1)
    saturation = torch.exp(_uniform(n, ranges.saturation, generator)).view(n, 1, 1, 1)
    lit = views * gain * brightness
    grey = lit.mean(dim=1, keepdim=True)
    coloured = grey + (lit - grey) * saturation
    level = coloured.mean(dim=(2, 3), keepdim=True)
    return (level + (coloured - level) * contrast).clamp_(0.0, 1.0)


def _blur(views: Tensor, generator: torch.Generator, ranges: Ranges) -> Tensor:
    """Some views lose their finest detail, as with a lens a little out of focus."""
    chosen = torch.rand(len(views), generator=generator) < ranges.blurred_share
    if bool(chosen.any()):
        views[chosen] = functional.avg_pool2d(
            functional.pad(views[chosen], (1, 1, 1, 1), mode="replicate"), 3, stride=1
        )
    return views
