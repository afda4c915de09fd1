"""From public images to the served model: `python -m training --help`."""

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path

import torch

from training.data import Part, Photograph, read_sources
from training.pixels import Examples, load
from training.plan import PLANS
from training.publish import publish
from training.train import train


def main() -> None:
    """Train (or go on training), calibrate, export, report; write model, card and page."""
    options = _options()
    torch.set_num_threads(options.threads)
    plan = PLANS[options.plan]
    size = plan.phases[-1]
    sources = read_sources(options.data, options.isic2017)
    options.work.mkdir(parents=True, exist_ok=True)
    options.out.mkdir(parents=True, exist_ok=True)

    def examples(photographs: list[Photograph]) -> Examples:
        return load(photographs, width=size.width, height=size.height)

    training = examples(sources.training)
    validation = examples(sources.parts[Part.VALIDATION])
    network = train(plan, training, validation, options.work)
    card = publish(
        network=network,
        plan=plan,
        sources=sources,
        training_labels=training.labels,
        validation=validation,
        hold_out=examples(sources.parts[Part.HOLD_OUT]),
        epochs=options.work / "epochs.jsonl",
        folder=options.out,
        note=options.note,
        made_on=datetime.now(UTC).date(),
    )
    shown = ("calibration", "abstention", "validation", "hold_out")
    print(json.dumps({name: card[name] for name in shown}, indent=2))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of HAM10000")
    parser.add_argument("--isic2017", type=Path, help="folder of ISIC 2017, trained on as well")
    parser.add_argument("--out", type=Path, default=Path("layers/inference/model"))
    parser.add_argument("--work", type=Path, default=Path("build/training"))
    parser.add_argument("--plan", choices=sorted(PLANS), default="full")
    parser.add_argument("--note", default="", help="a sentence about this run, kept in the card")
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


if __name__ == "__main__":
    main()
