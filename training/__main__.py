"""From public images to the served model: `python -m training --help`."""

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import torch

from training.data import Part, Sources, read_isic2017, read_sources
from training.drawn import drawn_lesions
from training.heads import fit_heads
from training.network import LesionNetwork
from training.pixels import NATIVE, Size, load
from training.plan import PLANS
from training.publish import Folders, publish
from training.released import SPLITS, lacks, read_release, splits_named
from training.strangers import strangers
from training.taught import train_all

VIEWS = 2
STRANGERS_EACH = 700
DRAWN = 400


def main() -> None:
    """Train (or go on training), then calibrate, export, report; write model, card and page."""
    options = _options()
    torch.set_num_threads(options.threads)
    device = torch.device(options.device)
    torch.backends.cudnn.benchmark = True
    plan = PLANS[options.plan]
    size = Size(plan.phases[-1].width, plan.phases[-1].height)
    sources = _sources(options)
    validation = load(sources.parts[Part.VALIDATION], width=size.width, height=size.height)
    training = load(sources.training, width=NATIVE.width, height=NATIVE.height)
    if options.weights:
        network = LesionNetwork(plan.architecture)
        network.load_state_dict(torch.load(options.weights, map_location="cpu", weights_only=True))
    else:
        network = train_all(
            plan,
            training,
            validation,
            options.work,
            device=device,
            seconds=options.minutes and options.minutes * 60,
        ).cpu()
    if options.only_train:
        return
    fit_heads(
        network,
        training,
        strangers(
            photographs=options.photographs,
            others=options.others,
            lesions=training,
            testing=False,
            size=size,
            each=STRANGERS_EACH,
            rng=np.random.default_rng(plan.seed),
        ),
        drawn_lesions(DRAWN, size=size, rng=np.random.default_rng(plan.seed)),
        size=size,
        views=VIEWS,
        sampling_power=plan.sampling_power,
        seed=plan.seed,
    )
    options.out.mkdir(parents=True, exist_ok=True)
    options.pages.mkdir(parents=True, exist_ok=True)
    card = publish(
        network=network,
        plan=plan,
        sources=sources,
        training_labels=training.labels,
        validation=validation,
        data=Folders(options.isic2017, options.photographs, options.others),
        work=options.work,
        folder=options.out,
        pages=options.pages,
        note=options.note,
        near_cosine=options.near_cosine,
        made_on=datetime.now(UTC).date(),
        threads=options.threads,
    )
    shown = ("calibration", "class_frequencies", "abstention", "kinds", "other_source", "measuring")
    print(json.dumps({name: card.get(name) for name in shown}, indent=2))


def _sources(options: argparse.Namespace) -> Sources:
    """Raises `SystemExit` with a sentence when a release is not for this run."""
    if options.data:
        return read_sources(options.data, options.isic2017)
    try:
        further = read_isic2017(options.isic2017) if options.isic2017 else []
        named = splits_named(options.splits) or SPLITS
        sources = read_release(options.release, named=named, further=further)
        missing = lacks(sources, publishing=not options.only_train)
    except (OSError, ValueError, KeyError) as error:
        raise SystemExit(f"{options.release} cannot be trained on: {error}") from None
    if missing:
        raise SystemExit(f"{options.release} cannot be trained on: {missing}.")
    return sources


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--data", type=Path, help="folder of HAM10000")
    source.add_argument("--release", type=Path, help="folder of a fetched release of a dataset")
    parser.add_argument(
        "--splits",
        nargs="+",
        default=[],
        metavar="PART=SPLIT",
        help="which split of the release is training, validation, hold_out, where names do not tell",
    )
    parser.add_argument("--isic2017", type=Path, help="folder of ISIC 2017, trained on as well")
    parser.add_argument("--photographs", type=Path, help="folder of phone photographs of lesions")
    parser.add_argument("--others", type=Path, help="folder of pictures of anything but skin")
    parser.add_argument("--out", type=Path, default=Path("layers/inference/model"))
    parser.add_argument("--pages", type=Path, default=Path("docs/models"))
    parser.add_argument("--work", type=Path, default=Path("build/training"))
    parser.add_argument("--plan", choices=sorted(PLANS), default="full")
    parser.add_argument("--note", default="", help="a sentence about this run, kept in the card")
    parser.add_argument("--near-cosine", type=float, help="see benchmarks/near_duplicates.py")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--minutes", type=float, help="train about so long, not the plan's epochs")
    parser.add_argument(
        "--only-train", action="store_true", help="publish later, perhaps elsewhere"
    )
    parser.add_argument("--weights", type=Path, help="publish these weights: a `best.pt` of a run")
    has_graphics = torch.cuda.is_available()
    parser.add_argument("--device", default="cuda" if has_graphics else "cpu")
    options = parser.parse_args()
    if not (options.only_train or options.photographs):
        parser.error("a published model tells photographs by phone: --photographs, or --only-train")
    return options


if __name__ == "__main__":
    main()
