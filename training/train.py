"""Train the network from scratch, resumably, with every epoch logged as one JSON line."""

import copy
import json
import math
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.metrics import roc_auc_score
from torch import Tensor
from torch.nn import functional
from tqdm import tqdm

from training.augment import blend, random_views
from training.data import CLASSES
from training.network import Architecture, LesionNetwork
from training.pixels import Examples


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
        return sum(phase.epochs for phase in self.phases)

    def phase(self, epoch: int) -> Phase:
        """Return the phase of an epoch, counted from 0."""
        for phase in self.phases:
            if epoch < phase.epochs:
                return phase
            epoch -= phase.epochs
        raise IndexError("epoch lies beyond the plan")


def train(plan: Plan, training: Examples, validation: Examples, folder: Path) -> LesionNetwork:
    """Train by the plan and return the network with averaged weights, in evaluation mode.

    `folder` gets `checkpoint.pt` after every epoch, from which an interrupted run goes on, and
    `epochs.jsonl`. Raises `ValueError` when the checkpoint was made by another plan.
    """
    torch.manual_seed(plan.seed)
    generator = torch.Generator().manual_seed(plan.seed)
    network = LesionNetwork(Architecture()).to(memory_format=torch.channels_last)
    averaged: LesionNetwork = copy.deepcopy(network).eval()
    optimizer = torch.optim.AdamW(_parameter_groups(network, plan), lr=plan.peak_rate)
    checkpoint = folder / "checkpoint.pt"
    first = 0
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=True)
        if saved["plan"] != json.dumps(asdict(plan)):
            raise ValueError(f"{checkpoint} was made by another plan; remove it to start again")
        network.load_state_dict(saved["network"])
        averaged.load_state_dict(saved["averaged"])
        optimizer.load_state_dict(saved["optimizer"])
        generator.set_state(saved["generator"])
        torch.set_rng_state(saved["dropout"])
        first = saved["epoch"] + 1
    for epoch in range(first, plan.epochs):
        started = time.monotonic()
        losses = _run_epoch(network, averaged, optimizer, plan, epoch, training, generator)
        figures: dict[str, Any] = {"epoch": epoch, **losses}
        figures["seconds"] = round(time.monotonic() - started, 1)
        figures |= validate(averaged, validation, plan.phase(epoch))
        with (folder / "epochs.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(figures) + "\n")
        state = {
            "plan": json.dumps(asdict(plan)),
            "epoch": epoch,
            "network": network.state_dict(),
            "averaged": averaged.state_dict(),
            "optimizer": optimizer.state_dict(),
            "generator": generator.get_state(),
            "dropout": torch.get_rng_state(),
        }
        torch.save(state, checkpoint.with_suffix(".part"))
        checkpoint.with_suffix(".part").replace(checkpoint)
    return averaged


def sampling_shares(labels: np.ndarray[Any, Any], power: float) -> np.ndarray[Any, Any]:
    """Return the share of each class among the photographs drawn for training, float64 (classes,).

    Classes without a photograph have share 0.
    """
    counts = np.bincount(labels, minlength=len(CLASSES)).astype(np.float64)
    weights = np.where(counts > 0, counts**power, 0.0)
    shares: np.ndarray[Any, Any] = weights / weights.sum()
    return shares


def predict(
    network: LesionNetwork, examples: Examples, *, width: int, height: int, batch: int = 128
) -> tuple[Tensor, Tensor]:
    """Return logits (N, classes) and outline probabilities (N, h, w) of a network in evaluation."""
    logits, outlines = [], []
    with torch.inference_mode():
        for start in range(0, len(examples), batch):
            images = torch.from_numpy(examples.images[start : start + batch])
            pixels = images.permute(0, 3, 1, 2).float() / 255
            if pixels.shape[2:] != (height, width):
                pixels = functional.interpolate(
                    pixels, size=(height, width), mode="bilinear", antialias=True
                )
            with torch.autocast("cpu", dtype=torch.bfloat16):
                out = network(pixels.contiguous(memory_format=torch.channels_last))
            logits.append(out.logits.float())
            outlines.append(torch.sigmoid(out.outline.float()))
    return torch.cat(logits), torch.cat(outlines)


def validate(network: LesionNetwork, examples: Examples, phase: Phase) -> dict[str, float]:
    """Return the figures watched while training: melanoma AUC, balanced accuracy, Dice."""
    logits, outlines = predict(network, examples, width=phase.width, height=phase.height)
    scores = torch.softmax(logits, dim=1).numpy()
    melanoma = CLASSES.index("melanoma")
    found = scores.argmax(axis=1)
    present = np.unique(examples.labels)
    recalls = [float((found[examples.labels == k] == k).mean()) for k in present]
    figures = {
        "melanoma_auc": float(roc_auc_score(examples.labels == melanoma, scores[:, melanoma])),
        "balanced_accuracy": float(np.mean(recalls)),
    }
    if examples.outlines is not None and examples.outlined.any():
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


def _run_epoch(
    network: LesionNetwork,
    averaged: LesionNetwork,
    optimizer: torch.optim.Optimizer,
    plan: Plan,
    epoch: int,
    training: Examples,
    generator: torch.Generator,
) -> dict[str, float]:
    network.train()
    phase = plan.phase(epoch)
    steps = len(training) // plan.batch
    totals = np.zeros(2)
    batches = _batches(training, plan, steps, generator)
    for step, rows in enumerate(tqdm(batches, total=steps, desc=f"epoch {epoch}", mininterval=5)):
        done = (epoch * steps + step) / (plan.epochs * steps)
        for group in optimizer.param_groups:
            group["lr"] = plan.peak_rate * _rate(done, plan.warm_up)
        loss, parts = _loss(network, plan, phase, training, rows, generator)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 2.0)
        optimizer.step()
        taken = epoch * steps + step
        _average(averaged, network, min(plan.average_decay, (1 + taken) / (10 + taken)))
        totals += parts
    class_loss, outline_loss = totals / steps
    return {"class_loss": round(class_loss, 4), "outline_loss": round(outline_loss, 4)}


def _loss(
    network: LesionNetwork,
    plan: Plan,
    phase: Phase,
    training: Examples,
    rows: Tensor,
    generator: torch.Generator,
) -> tuple[Tensor, np.ndarray[Any, Any]]:
    assert training.outlines is not None
    chosen = rows.numpy()
    pixels, outlines = random_views(
        torch.from_numpy(training.images[chosen]),
        torch.from_numpy(training.outlines[chosen]),
        height=phase.height,
        width=phase.width,
        generator=generator,
    )
    pixels, partners, weights = blend(pixels, share=plan.blended_share, generator=generator)
    labels = torch.from_numpy(training.labels[chosen])
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=plan.half_precision):
        out = network(pixels.contiguous(memory_format=torch.channels_last))
    logits = out.logits.float()
    own, partner = (
        functional.cross_entropy(
            logits, classes, reduction="none", label_smoothing=plan.label_smoothing
        )
        for classes in (labels, labels[partners])
    )
    class_loss = ((1 - weights) * own + weights * partner).mean()
    outlined = torch.from_numpy(training.outlined[chosen])
    outline_loss = _outline_loss(out.outline.float()[outlined], outlines[outlined])
    loss = class_loss + plan.outline_weight * outline_loss
    return loss, np.array([class_loss.item(), outline_loss.item()])


def _outline_loss(drawn: Tensor, expert: Tensor) -> Tensor:
    """Cross-entropy of each pixel plus one minus soft Dice (Milletari et al. 2016)."""
    if not len(drawn):
        return drawn.sum()
    target = functional.adaptive_avg_pool2d(expert.unsqueeze(1), drawn.shape[1:]).squeeze(1)
    entropy = functional.binary_cross_entropy_with_logits(drawn, target)
    inside = torch.sigmoid(drawn)
    both = (inside * target).sum(dim=(1, 2))
    dice = (2 * both + 1) / (inside.sum(dim=(1, 2)) + target.sum(dim=(1, 2)) + 1)
    return entropy + 1 - dice.mean()


def _batches(
    training: Examples, plan: Plan, steps: int, generator: torch.Generator
) -> Iterator[Tensor]:
    counts = np.bincount(training.labels, minlength=len(CLASSES))
    shares = sampling_shares(training.labels, plan.sampling_power)
    weights = torch.from_numpy((shares / np.maximum(counts, 1))[training.labels])
    drawn = torch.multinomial(weights, steps * plan.batch, replacement=True, generator=generator)
    yield from drawn.split(plan.batch)


def _rate(done: float, warm_up: float) -> float:
    """Linear warm-up, then half a cosine to zero (Loshchilov & Hutter 2017)."""
    if done < warm_up:
        return done / warm_up
    return 0.5 * (1 + math.cos(math.pi * (done - warm_up) / (1 - warm_up)))


def _average(averaged: LesionNetwork, network: LesionNetwork, decay: float) -> None:
    """Move the averaged weights and running statistics towards the network's."""
    with torch.no_grad():
        fresh = network.state_dict()
        for name, value in averaged.state_dict().items():
            if value.is_floating_point():
                value.lerp_(fresh[name], 1 - decay)
            else:
                value.copy_(fresh[name])


def _parameter_groups(network: LesionNetwork, plan: Plan) -> list[dict[str, Any]]:
    """Decay the weights of convolutions and matrices; leave biases and norms alone."""
    matrices = [p for p in network.parameters() if p.ndim > 1]
    vectors = [p for p in network.parameters() if p.ndim <= 1]
    return [
        {"params": matrices, "weight_decay": plan.weight_decay},
        {"params": vectors, "weight_decay": 0.0},
    ]
