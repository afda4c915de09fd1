"""Two linear parts fitted on what a finished network sees, its other weights left as they are.

`amend` is a second, stiffer opinion on the class, from all pooled features: added to the first, it
errs elsewhere and the two together err less. `recognise` tells a dermatoscopic lesion from any other
picture.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from torch import Tensor, nn
from tqdm import tqdm

from training.augment import Ranges, random_views
from training.data import CLASSES, KINDS
from training.hairs import draw_hairs
from training.network import LesionNetwork
from training.pixels import Examples, Size
from training.plan import sampling_shares
from training.strangers import Strangers

Floats = NDArray[np.float64]
MILD: Final = Ranges(covered_share=0.0, noisy_share=0.1, coarse_share=0.1, lens_share=0.05)
AMENDING: Final = 1e-3
RECOGNISING: Final = 2e-3
"""How loosely each part may follow the training pictures: scikit-learn's C."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Of pictures: what the linear parts get to see (N, k), and the first opinion (N, classes)."""

    pooled: Floats
    logits: Floats


def look(network: LesionNetwork, pixels: Tensor, name: str) -> Seen:
    """Run pictures, floats from 0 to 1 (N, 3, H, W), through a network in evaluation."""
    network.eval()
    pooled, logits = [], []
    with torch.inference_mode():
        for part in tqdm(pixels.split(32), desc=name, mininterval=5):
            out = network(part.contiguous(memory_format=torch.channels_last))
            pooled.append(out.pooled)
            logits.append(out.logits)
    return Seen(torch.cat(pooled).double().numpy(), torch.cat(logits).double().numpy())


def views_of(examples: Examples, size: Size, *, seed: int) -> Tensor:
    """One mild random view of each photograph, (N, 3, H, W)."""
    generator = torch.Generator().manual_seed(seed)
    hairs = draw_hairs(
        pictures=60, height=size.height, width=size.width, rng=np.random.default_rng(seed)
    )
    views = [
        random_views(
            torch.from_numpy(examples.images[start : start + 64]),
            torch.from_numpy(examples.outlines[start : start + 64]),
            height=size.height,
            width=size.width,
            generator=generator,
            hairs=hairs,
            ranges=MILD,
        )[0]
        for start in range(0, len(examples), 64)
    ]
    return torch.cat(views)


def pixels_of(images: NDArray[np.uint8]) -> Tensor:
    """Pictures of the model's size, uint8 (N, H, W, 3), as the network takes them."""
    return torch.from_numpy(images).permute(0, 3, 1, 2).float() / 255


def fit_heads(
    network: LesionNetwork,
    training: Examples,
    strangers: Strangers,
    drawn: NDArray[np.uint8],
    *,
    size: Size,
    views: int,
    sampling_power: float,
    seed: int,
) -> None:
    """Set the weights of `network.amend` and `network.recognise`, in place.

    training: dermatoscopic photographs, each seen in so many random views; drawn: pictures (N, H, W, 3)
    that shall pass for some. `sampling_power`: that of the network's own training, so that both
    opinions rest on the same frequencies of classes.
    """
    seen = [
        look(network, views_of(training, size, seed=seed + number), f"view {number + 1}")
        for number in range(views)
    ]
    pooled = np.concatenate([each.pooled for each in seen])
    labels = np.tile(training.labels, views)
    counts = np.bincount(training.labels, minlength=len(CLASSES))
    shares = sampling_shares(training.labels, sampling_power)
    weights = (shares / np.maximum(counts, 1))[labels] * len(training.labels)
    opinion, offsets = _fitted(pooled, labels, AMENDING, weights)
    spread = np.concatenate([each.logits for each in seen]).std()
    scale = spread / (pooled @ opinion.T + offsets).std()
    _set(network.amend, opinion * scale, offsets * scale)

    further = np.concatenate([drawn, strangers.images])
    strange = look(network, pixels_of(further), "other pictures").pooled
    lesions = np.full(len(pooled) + len(drawn), KINDS.index("dermatoscopic"))
    kinds = np.concatenate([lesions, strangers.kinds])
    per_kind = len(kinds) / np.maximum(np.bincount(kinds, minlength=len(KINDS)), 1)
    told, offsets = _fitted(
        np.concatenate([pooled, strange]), kinds, RECOGNISING, (per_kind / len(KINDS))[kinds]
    )
    _set(network.recognise, told, offsets)


def _fitted(
    seen: Floats, labels: NDArray[np.int64], looseness: float, weights: Floats
) -> tuple[Floats, Floats]:
    """Multinomial logistic regression on standardised features: weights and offsets for raw ones.

    Every class must occur.
    """
    centre, scale = seen.mean(axis=0), seen.std(axis=0) + 1e-6
    model = LogisticRegression(C=looseness, max_iter=1000)
    model.fit((seen - centre) / scale, labels, sample_weight=weights)
    found = model.coef_ / scale
    return found, model.intercept_ - found @ centre


def _set(layer: nn.Linear, weights: Floats, offsets: Floats) -> None:
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(weights))
        layer.bias.copy_(torch.from_numpy(offsets))
