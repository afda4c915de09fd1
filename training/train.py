"""Train the network from scratch, resumably, with every epoch logged as one JSON line."""

import copy
import json
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from tqdm import tqdm

from training.augment import blend, random_views
from training.data import CLASSES
from training.losses import class_loss, outline_loss
from training.network import Architecture, LesionNetwork
from training.pixels import Examples
from training.plan import Phase, Plan, sampling_shares
from training.validate import validate


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
            group["lr"] = plan.rate(done)
        loss, parts = _loss(network, plan, phase, training, rows, generator)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 2.0)
        optimizer.step()
        taken = epoch * steps + step
        _average(averaged, network, min(plan.average_decay, (1 + taken) / (10 + taken)))
        totals += parts
    classes, outline = totals / steps
    return {"class_loss": round(float(classes), 4), "outline_loss": round(float(outline), 4)}


def _loss(
    network: LesionNetwork,
    plan: Plan,
    phase: Phase,
    training: Examples,
    rows: Tensor,
    generator: torch.Generator,
) -> tuple[Tensor, NDArray[np.float64]]:
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
    classes = class_loss(out.logits, labels, partners, weights, smoothing=plan.label_smoothing)
    outlined = torch.from_numpy(training.outlined[chosen])
    outline = outline_loss(out.outline[outlined], outlines[outlined])
    return classes + plan.outline_weight * outline, np.array([classes.item(), outline.item()])


def _batches(
    training: Examples, plan: Plan, steps: int, generator: torch.Generator
) -> Iterator[Tensor]:
    counts = np.bincount(training.labels, minlength=len(CLASSES))
    shares = sampling_shares(training.labels, plan.sampling_power)
    weights = torch.from_numpy((shares / np.maximum(counts, 1))[training.labels])
    drawn = torch.multinomial(weights, steps * plan.batch, replacement=True, generator=generator)
    yield from drawn.split(plan.batch)


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
