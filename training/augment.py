"""Random views of a batch: what may change in a photograph without changing its diagnosis.

A lesion has no up or down; a dermatoscope's scale and tilt vary; lamps and cameras differ in colour,
sharpness and noise; hairs and the round edge of the instrument get into the picture. All images of
a batch are transformed at once, on the device they lie on; the generator is passed in. No shape
depends on chance, and nothing waits for the device: a graphics processor replays a step as recorded.
"""

import math
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor
from torch.nn import functional

COARSER: Final = (0.4, 0.65)
"""What is left of a side when a coarser camera is played."""


@dataclass(frozen=True, slots=True)
class Ranges:
    """How far a view may go from the photograph. Ratios are exponents of e, shifts are shares.

    The last seven are shares of the views that are changed so.
    """

    scale: float = 0.35
    stretch: float = 0.14
    shift: float = 0.10
    gain: float = 0.10
    gamma: float = 0.20
    brightness: float = 0.18
    contrast: float = 0.22
    saturation: float = 0.25
    noise: float = 0.03
    constant_share: float = 0.25
    blurred_share: float = 0.15
    coarse_share: float = 0.20
    noisy_share: float = 0.20
    hairy_share: float = 0.20
    lens_share: float = 0.12
    covered_share: float = 0.15


def random_views(
    images: Tensor,
    outlines: Tensor,
    *,
    height: int,
    width: int,
    generator: torch.Generator,
    hairs: Tensor | None = None,
    ranges: Ranges = Ranges(),
) -> tuple[Tensor, Tensor]:
    """Return random views of images and outlines at `height` x `width`.

    images: uint8 (N, H, W, 3); outlines: uint8 (N, H, W), both 0 to 255; hairs: pictures of hairs
    to lay over (M, h, w), shares from 0 to 1, as `hairs.draw_hairs` gives.
    Returns floats from 0 to 1 of shape (N, 3, height, width) and (N, height, width).
    """
    stacked = torch.cat([images, outlines.unsqueeze(3)], dim=3).permute(0, 3, 1, 2)
    pixels = stacked.float().div_(255.0)
    matrices = _affine_matrices(len(images), width / height, generator, ranges)
    warped = _warp(pixels, matrices, height, width)
    views = recolour(warped[:, :3], generator, ranges)
    views = _soften(views, generator, ranges)
    if hairs is not None:
        views = _lay_hairs(views, hairs, generator, ranges)
    views = _cover(views, generator, ranges)
    return _look_through_lens(views, generator, ranges), warped[:, 3]


def blend(
    views: Tensor, *, share: float, generator: torch.Generator, most: float = 0.4
) -> tuple[Tensor, Tensor, Tensor]:
    """Blend some views with another of the batch, as mixup (Zhang et al. 2018) does.

    views: (N, 3, H, W). Returns the blended views, the position of each view's partner (N,) and the
    partner's weight (N,): 0 for all but `share` of the views, at most `most`, so that the view's
    own lesion stays the one to outline.
    """
    partners = _random(len(views), generator).argsort()
    weights = _random(len(views), generator) * most * _chosen(len(views), share, generator)
    across = weights.view(-1, 1, 1, 1)
    return views * (1 - across) + views[partners] * across, partners, weights


def close_ups(
    images: Tensor, outlines: Tensor, *, height: int, width: int, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Return enlarged parts of photographs with their outlines, in the shapes of `random_views`.

    Many show no lesion at all, so that outlining also learns where there is nothing to outline.
    """
    stacked = torch.cat([images, outlines.unsqueeze(3)], dim=3).permute(0, 3, 1, 2)
    n = len(images)
    matrices = _affine_matrices(n, width / height, generator, Ranges(scale=0.3, shift=0.0))
    matrices[:, :, :2] *= 0.45
    matrices[:, :, 2] = _uniform(2 * n, 0.6, generator).view(n, 2)
    warped = _warp(stacked.float().div_(255.0), matrices, height, width)
    return recolour(warped[:, :3], generator, Ranges()), warped[:, 3]


def recolour(views: Tensor, generator: torch.Generator, ranges: Ranges) -> Tensor:
    """Another lamp (a gain for each channel), exposure, gamma, contrast and saturation.

    Some views first lose the colour of their own lamp, by shades of grey (Finlayson & Trezzi 2004).
    """
    n = len(views)
    constant = _across(_chosen(n, ranges.constant_share, generator))
    lamp = views.pow(6).mean(dim=(2, 3), keepdim=True).clamp_min(1e-6).pow(1 / 6)
    views = views * (1 + constant * (lamp.mean(dim=1, keepdim=True) / lamp - 1))
    gain = torch.exp(_uniform(3 * n, ranges.gain, generator)).view(n, 3, 1, 1)
    brightness, contrast, saturation, gamma = (
        _across(torch.exp(_uniform(n, reach, generator)))
        for reach in (ranges.brightness, ranges.contrast, ranges.saturation, ranges.gamma)
    )
    lit = (views * gain * brightness).clamp(1e-4, 2.0).pow(gamma)
    grey = lit.mean(dim=1, keepdim=True)
    coloured = grey + (lit - grey) * saturation
    level = coloured.mean(dim=(2, 3), keepdim=True)
    return (level + (coloured - level) * contrast).clamp(0.0, 1.0)


def _random(n: int, generator: torch.Generator) -> Tensor:
    return torch.rand(n, generator=generator, device=generator.device)


def _uniform(n: int, reach: float, generator: torch.Generator) -> Tensor:
    return (_random(n, generator) * 2 - 1) * reach


def _chosen(n: int, share: float, generator: torch.Generator) -> Tensor:
    """1 for about this share of the views, else 0."""
    return (_random(n, generator) < share).float()


def _across(values: Tensor) -> Tensor:
    """One value a view, to multiply its pixels with."""
    return values.view(-1, 1, 1, 1)


def _warp(pixels: Tensor, matrices: Tensor, height: int, width: int) -> Tensor:
    size = [len(pixels), pixels.shape[1], height, width]
    grid = functional.affine_grid(matrices, size, align_corners=False)
    return functional.grid_sample(
        pixels, grid, mode="bilinear", padding_mode="reflection", align_corners=False
    )


def _affine_matrices(n: int, aspect: float, generator: torch.Generator, ranges: Ranges) -> Tensor:
    """Rotation by any angle, mirroring, scale, stretch and shift, in true pixel geometry.

    `affine_grid` measures each axis from -1 to 1, so a rotation must be wrapped in the aspect ratio
    or it would shear the lesion.
    """
    angle = _uniform(n, math.pi, generator)
    mirror = 1 - 2 * _chosen(n, 0.5, generator)
    scale = torch.exp(_uniform(n, ranges.scale, generator))
    stretch = torch.exp(_uniform(n, ranges.stretch, generator))
    cos, sin = torch.cos(angle), torch.sin(angle)
    matrices = torch.zeros(n, 2, 3, device=generator.device)
    matrices[:, 0, 0] = cos * mirror * scale * stretch
    matrices[:, 0, 1] = -sin * scale / stretch / aspect
    matrices[:, 1, 0] = sin * mirror * scale * stretch * aspect
    matrices[:, 1, 1] = cos * scale / stretch
    matrices[:, 0, 2] = _uniform(n, ranges.shift, generator)
    matrices[:, 1, 2] = _uniform(n, ranges.shift, generator)
    return matrices


def _soften(views: Tensor, generator: torch.Generator, ranges: Ranges) -> Tensor:
    """Some views are out of focus, some come from a coarser camera, some are noisy."""
    n = len(views)
    blurred = functional.avg_pool2d(functional.pad(views, (1, 1, 1, 1), mode="replicate"), 3, 1)
    views = views.lerp(blurred, _across(_chosen(n, ranges.blurred_share, generator)))
    for share in COARSER:
        small = [max(8, round(side * share)) for side in views.shape[2:]]
        coarse = functional.interpolate(views, size=small, mode="bilinear", antialias=True)
        coarse = functional.interpolate(coarse, size=views.shape[2:], mode="bilinear")
        chosen = _chosen(n, ranges.coarse_share / len(COARSER), generator)
        views = views.lerp(coarse, _across(chosen))
    strength = _chosen(n, ranges.noisy_share, generator) * _random(n, generator) * ranges.noise
    grain = torch.randn(views.shape, generator=generator, device=generator.device)
    return (views + grain * _across(strength)).clamp(0.0, 1.0)


def _lay_hairs(views: Tensor, hairs: Tensor, generator: torch.Generator, ranges: Ranges) -> Tensor:
    """Hairs of any colour between black and fair lie over some views."""
    n = len(views)
    chosen = torch.randint(len(hairs), (n,), generator=generator, device=generator.device)
    matrices = _affine_matrices(n, views.shape[3] / views.shape[2], generator, ranges)
    laid = _warp(hairs[chosen].unsqueeze(1), matrices, views.shape[2], views.shape[3])
    laid = laid * _across(_chosen(n, ranges.hairy_share, generator))
    brightness = _random(n, generator).pow(2) * 0.7 + 0.05
    colour = torch.stack([brightness * tint for tint in (1.0, 0.8, 0.65)], dim=1)
    return views * (1 - laid) + colour.view(n, 3, 1, 1) * laid


def _cover(views: Tensor, generator: torch.Generator, ranges: Ranges) -> Tensor:
    """A patch of one colour hides a part of some views: a sticker, ink, a ruler, a gel bubble."""
    n, _, height, width = views.shape
    rows = torch.arange(height, device=views.device).view(1, 1, height, 1)
    columns = torch.arange(width, device=views.device).view(1, 1, 1, width)
    sides = 0.08 + 0.22 * _random(2 * n, generator).view(2, n)
    top, left = (_random(2 * n, generator).view(2, n) * 1.1 - 0.1).unbind()
    below = (rows >= _across(top * height)) & (rows < _across((top + sides[0]) * height))
    beside = (columns >= _across(left * width)) & (columns < _across((left + sides[1]) * width))
    patch = (below & beside).float() * _across(_chosen(n, ranges.covered_share, generator))
    colour = _random(3 * n, generator).view(n, 3, 1, 1)
    return views * (1 - patch) + colour * patch


def _look_through_lens(views: Tensor, generator: torch.Generator, ranges: Ranges) -> Tensor:
    """Some views are seen through the round opening of the instrument, black or dim around it."""
    n, _, height, width = views.shape
    y = torch.linspace(-1, 1, height, device=views.device).view(1, 1, height, 1)
    x = torch.linspace(-1, 1, width, device=views.device).view(1, 1, 1, width) * width / height
    centre = _uniform(2 * n, 0.12, generator).view(2, n)
    distance = ((x - _across(centre[0])) ** 2 + (y - _across(centre[1])) ** 2).sqrt()
    radius = _across(1.0 + 0.55 * _random(n, generator))
    softness = _across(0.01 + 0.25 * _random(n, generator).pow(2))
    darkness = _across(
        _chosen(n, ranges.lens_share, generator) * (0.6 + 0.4 * _random(n, generator))
    )
    outside = torch.sigmoid((distance - radius) / softness) * darkness
    return views * (1 - outside)
