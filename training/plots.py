"""The plots of a model's page: how training went, and what probabilities were worth."""

import json
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from training.pixels import Examples
from training.report import BAD, MELANOMA, malignant_score
from training.serve import Predictions

mpl.use("svg")
# The same picture gives the same file.
mpl.rcParams["svg.hashsalt"] = "rodinka"
WATCHED: Final = {
    "melanoma_auc": "melanoma AUC",
    "malignant_auc": "malignant AUC",
    "balanced_accuracy": "balanced accuracy",
    "dice": "outline, Dice",
}
COLOURS: Final = ("#1f5fa8", "#b3432b", "#2e7d4f", "#7a4fa3")
DASHES: Final = ("-", "--", "-.", ":")


def draw_plots(
    card: dict[str, Any], said: Predictions, held_out: Examples, work: Path, folder: Path
) -> None:
    """Write `<model>-run.svg`, from the logs in `work`, and `<model>-reliability.svg`."""
    stem = Path(card["file"]).stem
    _save(_run(work), folder / f"{stem}-run.svg")
    _save(_reliability(card["reliability"], said, held_out), folder / f"{stem}-reliability.svg")


def _run(work: Path) -> Figure:
    logs = {log.stem: log for log in sorted(work.glob("*.jsonl"))} or {
        log.parent.name: log for log in sorted(work.glob("*/epochs.jsonl"))
    }
    figure = Figure(figsize=(9, 3.6), layout="constrained")
    axes = figure.subplots(1, len(logs), sharey=True, squeeze=False)[0]
    for ax, (name, log) in zip(axes, logs.items(), strict=True):
        lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
        for (key, label), colour, dash in zip(WATCHED.items(), COLOURS, DASHES, strict=True):
            ax.plot(
                [line["epoch"] for line in lines],
                [line[key] for line in lines],
                dash,
                color=colour,
                label=label,
            )
        ax.set(title=name, xlabel="epoch", ylim=(0.4, 1.0))
        ax.grid(alpha=0.3)
    axes[0].set_ylabel("on validation lesions")
    axes[-1].legend(loc="lower right", fontsize=8)
    return figure


def _reliability(rows: list[dict[str, Any]], said: Predictions, held_out: Examples) -> Figure:
    figure = Figure(figsize=(9, 4), layout="constrained")
    shares, curves = figure.subplots(1, 2)
    over_all = [row for row in rows if row["class"] is None]
    middles = [(row["from"] + row["to"]) / 2 for row in over_all]
    values = np.array([row["right"] / row["images"] for row in over_all])
    errors = [
        values - [row["low"] for row in over_all],
        np.array([row["high"] for row in over_all]) - values,
    ]
    shares.plot([0, 1], [0, 1], color="#888888", linewidth=1, label="as promised")
    shares.errorbar(middles, values, np.abs(errors), fmt="o", color=COLOURS[0], capsize=3)
    for middle, value, row in zip(middles, values, over_all, strict=True):
        shares.annotate(
            str(row["images"]),
            (middle, value),
            xytext=(6, -10),
            textcoords="offset points",
            fontsize=7,
        )
    shares.set(
        title="the likeliest class",
        xlabel="its probability",
        ylabel="share that had this diagnosis",
        xlim=(0, 1),
        ylim=(0, 1),
    )
    for colour, dash, name, positive, score in (
        (COLOURS[0], "-", "melanoma", held_out.labels == MELANOMA, said.probabilities[:, MELANOMA]),
        (
            COLOURS[1],
            "--",
            "malignant",
            np.isin(held_out.labels, BAD),
            malignant_score(said.probabilities),
        ),
    ):
        order = np.argsort(-score)
        found = np.cumsum(positive[order]) / positive.sum()
        alarmed = np.cumsum(~positive[order]) / (~positive).sum()
        curves.plot(alarmed, found, dash, color=colour, label=name)
    curves.set(
        title="what a threshold finds",
        xlabel="false alarms, share of the others",
        ylabel="found, share",
        xlim=(0, 1),
        ylim=(0, 1),
    )
    curves.legend(loc="lower right")
    for ax in (shares, curves):
        ax.grid(alpha=0.3)
    return figure


def _save(figure: Figure, path: Path) -> None:
    figure.savefig(path, format="svg", metadata={"Date": None})
