"""Train a network from scratch, resumably, with every validated epoch logged as one JSON line."""

import copy
import json
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor
from tqdm import tqdm

from training.augment import blend, close_ups, random_views
from training.losses import class_loss, embedding_loss, outline_loss, taught_loss
from training.network import LesionNetwork
from training.pixels import Examples
from training.plan import Phase, Plan
from training.pool import Pool
from training.recorded import Recorded
from training.validate import validate

WATCHED_EPOCHS: Final = 30
"""So often, at most, a run is validated and saved."""


class Run:
    """One network on its way, with all that a checkpoint must hold to go on as if never stopped."""

    def __init__(
        self, plan: Plan, pool: Pool, teachers: Sequence[LesionNetwork], device: torch.device
    ) -> None:
        torch.manual_seed(plan.seed)
        self.plan, self.pool, self.teachers, self.device = plan, pool, teachers, device
        self.generator = _chance(device)
        network = LesionNetwork(plan.architecture).to(device)
        self.network: LesionNetwork = network.to(memory_format=torch.channels_last)
        self.averaged: LesionNetwork = copy.deepcopy(self.network).eval()
        recorded = device.type == "cuda"
        self.optimizer = torch.optim.AdamW(
            _parameter_groups(self.network, plan),
            lr=torch.tensor(plan.peak_rate, device=device) if recorded else plan.peak_rate,
            capturable=recorded,
            fused=True,
        )
        self._recorded: dict[Phase, Recorded] = {}
        self.epoch = 0
        self.seconds = 0.0
        """Spent on training up to now, over all starts."""

    @property
    def steps(self) -> int:
        """Steps an epoch."""
        return len(self.pool) // self.plan.batch

    def state(self) -> dict[str, Any]:
        return {
            "plan": json.dumps(asdict(self.plan)),
            "epoch": self.epoch,
            "seconds": self.seconds,
            "network": self.network.state_dict(),
            "averaged": self.averaged.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "generator": self.generator.get_state(),
        }

    def restore(self, checkpoint: Path) -> None:
        """Go on from a checkpoint. Raises `ValueError` when another plan made it."""
        saved = torch.load(checkpoint, map_location=self.device, weights_only=True)
        if saved["plan"] != json.dumps(asdict(self.plan)):
            raise ValueError(f"{checkpoint} was made by another plan; remove it to start again")
        self.epoch, self.seconds = saved["epoch"], saved["seconds"]
        self.network.load_state_dict(saved["network"])
        self.averaged.load_state_dict(saved["averaged"])
        self.optimizer.load_state_dict(saved["optimizer"])
        self.generator.set_state(saved["generator"].cpu())

    def run_epoch(self) -> dict[str, float]:
        """Train one epoch and return the mean of each part of the loss."""
        started = time.monotonic()
        self.network.train()
        phase = self.plan.phase(self.epoch)
        rows = torch.multinomial(
            self.pool.chances,
            self.steps * self.plan.batch,
            replacement=True,
            generator=self.generator,
        )
        totals: dict[str, Tensor] = {}
        for step, drawn in enumerate(rows.split(self.plan.batch)):
            for name, part in self.step(phase, drawn, self.epoch * self.steps + step).items():
                totals[name] = totals.get(name, torch.zeros_like(part)) + part
        self.epoch += 1
        losses = {name: round(float(total) / self.steps, 4) for name, total in totals.items()}
        self.seconds += time.monotonic() - started
        return losses

    def step(self, phase: Phase, rows: Tensor, taken: int) -> dict[str, Tensor]:
        """One step of the optimiser, the `taken`-th of the run; returns the loss by part."""
        rate = self.plan.rate(taken / (self.plan.epochs * self.steps))
        for group in self.optimizer.param_groups:
            if isinstance(group["lr"], Tensor):
                group["lr"].fill_(rate)
            else:
                group["lr"] = rate
        if self.device.type == "cuda":
            if phase not in self._recorded:
                self._recorded[phase] = Recorded(lambda drawn: self._improve(phase, drawn), rows)
            parts = self._recorded[phase](rows)
        else:
            parts = self._improve(phase, rows)
        decay = min(self.plan.average_decay, (1 + taken) / (10 + taken))
        _average(self.averaged, self.network, decay)
        return parts

    def _improve(self, phase: Phase, rows: Tensor) -> dict[str, Tensor]:
        parts = self._losses(phase, rows)
        self.optimizer.zero_grad(set_to_none=True)
        torch.stack(list(parts.values())).sum().backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 2.0)
        self.optimizer.step()
        return {name: part.detach() for name, part in parts.items()}

    def _losses(self, phase: Phase, rows: Tensor) -> dict[str, Tensor]:
        plan, pool = self.plan, self.pool
        if plan.embedding_weight:  # each photograph twice, so that its two views find each other
            rows = rows[: len(rows) // 2].repeat(2)
        size = {"height": phase.height, "width": phase.width, "generator": self.generator}
        pixels, outlines = random_views(
            pool.images[rows], pool.outlines[rows], hairs=pool.hairs, **size
        )
        pixels, partners, weights = blend(
            pixels, share=plan.blended_share, generator=self.generator
        )
        labels, known = pool.labels[rows], len(rows)
        near = rows[: round(plan.close_up_share * known)]
        if len(near):
            seen, drawn = close_ups(pool.images[near], pool.outlines[near], **size)
            pixels, outlines = torch.cat([pixels, seen]), torch.cat([outlines, drawn])
        pixels = pixels.contiguous(memory_format=torch.channels_last)
        with torch.autocast(
            self.device.type,
            dtype=torch.bfloat16,
            enabled=plan.half_precision,
            cache_enabled=False,  # a recorded step may not rely on what lies outside it
        ):
            out = self.network(pixels)
            taught = self._taught(pixels)
        logits = out.logits[:known]
        classes = class_loss(logits, labels, partners, weights, smoothing=plan.label_smoothing)
        outlined = pool.outlined[torch.cat([rows, near])].float()
        outline = outline_loss(out.outline, outlines, outlined)
        if taught is not None:
            probabilities, drawn = taught
            share = plan.taught_share
            classes = (1 - share) * classes + share * taught_loss(logits, probabilities[:known])
            every = torch.ones_like(outlined)
            outline = (1 - share) * outline + share * outline_loss(out.outline, drawn, every)
        parts = {"class_loss": classes, "outline_loss": plan.outline_weight * outline}
        if plan.embedding_weight:
            likeness = embedding_loss(out.embedding[:known], pool.lesions[rows], weights == 0)
            parts["embedding_loss"] = plan.embedding_weight * likeness
        return parts

    def _taught(self, pixels: Tensor) -> tuple[Tensor, Tensor] | None:
        """What the teachers say together: class and outline probabilities."""
        if not self.teachers:
            return None
        with torch.no_grad():
            said = [teacher(pixels) for teacher in self.teachers]
            classes = torch.stack([torch.softmax(out.logits.float(), dim=1) for out in said])
            drawn = torch.stack([torch.sigmoid(out.outline.float()) for out in said])
        return classes.mean(dim=0), drawn.mean(dim=0)


def train(
    plan: Plan,
    training: Examples,
    validation: Examples,
    folder: Path,
    *,
    device: torch.device,
    teachers: Sequence[LesionNetwork] = (),
    seconds: float | None = None,
) -> LesionNetwork:
    """Train by the plan; return the network with averaged weights, in evaluation mode.

    `folder` gets `checkpoint.pt`, from which an interrupted run goes on, and `epochs.jsonl`. With
    `seconds`, the plan's epochs are first scaled so that the run takes about so long here. The
    weights returned are those of the validated epoch with the best figures (early stopping).
    Raises `ValueError` when the checkpoint was made by another plan.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pool = Pool.of(training, plan, device)
    settled = folder / "epochs"
    if seconds is not None:
        if not settled.exists():
            settled.write_text(f"{_epochs_within(plan, pool, teachers, device, seconds)}\n")
        plan = plan.scaled(int(settled.read_text()) / plan.epochs)
    run = Run(plan, pool, teachers, device)
    checkpoint, best = folder / "checkpoint.pt", folder / "best.pt"
    if checkpoint.exists():
        run.restore(checkpoint)
    every = max(1, plan.epochs // WATCHED_EPOCHS)
    bar = tqdm(total=plan.epochs, initial=run.epoch, desc=folder.name, unit="epoch", mininterval=5)
    best_score = _best_score(folder / "epochs.jsonl")
    while run.epoch < plan.epochs:
        losses = run.run_epoch()
        bar.update()
        if run.epoch % every and run.epoch < plan.epochs:
            continue
        watched = validate(run.averaged, validation, plan.phase(run.epoch - 1), device)
        line = {"epoch": run.epoch, **losses, "seconds": round(run.seconds, 1), **watched}
        bar.set_postfix(watched)
        with (folder / "epochs.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(line) + "\n")
        if watched["score"] >= best_score:
            best_score = watched["score"]
            _save(_halved(run.averaged.state_dict()), best)
        _save(run.state(), checkpoint)
    bar.close()
    run.averaged.load_state_dict(torch.load(best, map_location=device, weights_only=True))
    return run.averaged


def _best_score(log: Path) -> float:
    if not log.exists():
        return 0.0
    return max(float(json.loads(line)["score"]) for line in log.read_text().splitlines())


def _halved(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """The weights as the served file will store them: matrices in half precision."""
    return {name: v.half() if v.ndim > 1 else v for name, v in state.items()}


def _save(state: dict[str, Any], path: Path) -> None:
    """Whole or not at all: a crash while writing leaves the file of before."""
    part = path.with_suffix(".part")
    torch.save(state, part)
    part.replace(path)


def _epochs_within(
    plan: Plan,
    pool: Pool,
    teachers: Sequence[LesionNetwork],
    device: torch.device,
    seconds: float,
) -> int:
    """How many epochs of such a plan last so long on this machine, from some steps of each phase."""
    run = Run(plan, pool, teachers, device)
    run.network.train()
    needed = 0.0
    for phase in plan.phases:
        rows = torch.multinomial(pool.chances, plan.batch, replacement=True)
        for _ in range(4):
            run.step(phase, rows, 1)
        _settle(device)
        started = time.monotonic()
        for _ in range(12):
            run.step(phase, rows, 1)
        _settle(device)
        needed += phase.epochs * run.steps * (time.monotonic() - started) / 12
    return max(len(plan.phases), int(plan.epochs * seconds / needed))


def _chance(device: torch.device) -> torch.Generator:
    """The generator of a device: on a graphics processor its own, which recorded steps know."""
    if device.type == "cuda":
        torch.cuda.init()
        return torch.cuda.default_generators[device.index or 0]
    return torch.default_generator


def _settle(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize()


def _average(averaged: LesionNetwork, network: LesionNetwork, decay: float) -> None:
    """Move the averaged weights and running statistics towards the network's."""
    fresh, kept = network.state_dict(), averaged.state_dict()
    floats = [name for name, value in kept.items() if value.is_floating_point()]
    with torch.no_grad():
        torch._foreach_lerp_([kept[n] for n in floats], [fresh[n] for n in floats], 1 - decay)
        for name in kept.keys() - set(floats):
            kept[name].copy_(fresh[name])


def _parameter_groups(network: LesionNetwork, plan: Plan) -> list[dict[str, Any]]:
    """Decay the weights of convolutions and matrices; leave biases and norms alone."""
    matrices = [p for p in network.parameters() if p.ndim > 1]
    vectors = [p for p in network.parameters() if p.ndim <= 1]
    return [
        {"params": matrices, "weight_decay": plan.weight_decay},
        {"params": vectors, "weight_decay": 0.0},
    ]
