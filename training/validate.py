"""The figures watched while training. They steer nothing; they show whether it goes well."""

import numpy as np
import torch
from sklearn.metrics import roc_auc_score
from torch import Tensor
from torch.nn import functional

from chalicelib.platform.lesion_classes import MALIGNANT
from training.data import CLASSES
from training.network import LesionNetwork
from training.pixels import Examples
from training.plan import Phase


def predict(
    network: LesionNetwork,
    examples: Examples,
    *,
    width: int,
    height: int,
    device: torch.device,
    batch: int = 128,
) -> tuple[Tensor, Tensor]:
    """Return logits (N, classes) and outline probabilities (N, h, w) of a network in evaluation."""
    logits, outlines = [], []
    with torch.inference_mode():
        for start in range(0, len(examples), batch):
            images = torch.from_numpy(examples.images[start : start + batch]).to(device)
            pixels = images.permute(0, 3, 1, 2).float() / 255
            if pixels.shape[2:] != (height, width):
                pixels = functional.interpolate(
                    pixels, size=(height, width), mode="bilinear", antialias=True
                )
            with torch.autocast(device.type, dtype=torch.bfloat16):
                out = network(pixels.contiguous(memory_format=torch.channels_last))
            logits.append(out.logits.float().cpu())
            outlines.append(torch.sigmoid(out.outline.float()).cpu())
    return torch.cat(logits), torch.cat(outlines)


def validate(
    network: LesionNetwork, examples: Examples, phase: Phase, device: torch.device
) -> dict[str, float]:
    """Return the figures watched while training: AUCs, balanced accuracy, Dice, and their `score`.

    The score, by which the epoch to keep is chosen, is the mean of both AUCs and the balanced
    accuracy.
    """
    logits, outlines = predict(
        network, examples, width=phase.width, height=phase.height, device=device
    )
    scores = torch.softmax(logits, dim=1).numpy()
    melanoma = CLASSES.index("melanoma")
    bad = [CLASSES.index(c) for c in MALIGNANT]
    found = scores.argmax(axis=1)
    present = np.unique(examples.labels)
    recalls = [float((found[examples.labels == k] == k).mean()) for k in present]
    figures = {
        "melanoma_auc": float(roc_auc_score(examples.labels == melanoma, scores[:, melanoma])),
        "malignant_auc": float(
            roc_auc_score(np.isin(examples.labels, bad), scores[:, bad].sum(axis=1))
        ),
        "balanced_accuracy": float(np.mean(recalls)),
    }
    figures["score"] = sum(figures.values()) / len(figures)
    if examples.outlined.any():
        expert = functional.interpolate(
            torch.from_numpy(examples.outlines).unsqueeze(1).float() / 255,
            size=outlines.shape[1:],
            mode="area",
        ).squeeze(1)
        drawn, expert = outlines > 0.5, expert > 0.5
        both = (drawn & expert).sum(dim=(1, 2))
        dice = (2 * both + 1) / (drawn.sum(dim=(1, 2)) + expert.sum(dim=(1, 2)) + 1)
        figures["dice"] = float(dice[torch.from_numpy(examples.outlined)].mean())
    return {name: round(value, 4) for name, value in figures.items()}
