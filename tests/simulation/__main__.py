"""`python -m tests.simulation N`: a campaign over N images; docs/faults.md says how to read it.

Batches of 2,000 images run in processes of their own, so that memory stays flat however many there are.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any, Final

BATCH: Final = 2_000
SEEDS_A_BATCH: Final = 1_000
"""So far apart are the first seeds of two batches; no batch needs as many worlds."""
_HIGHEST: Final = frozenset({"peak memory, MB"})
_RATES: Final = frozenset({"deliveries a second", "seconds"})


def main() -> int:
    options = _options()
    if options.batch:
        return _one_batch(options.images, options.seed)
    began, total, failing = time.perf_counter(), Counter[str](), list[str]()
    peak, number = 0.0, 0
    while total["images"] < options.images:
        wanted = min(BATCH, options.images - total["images"])
        answer = _in_a_process(wanted, options.seed + number * SEEDS_A_BATCH)
        number += 1
        peak = max(peak, answer["figures"].pop("peak memory, MB"))
        total += Counter({k: v for k, v in answer["figures"].items() if k not in _RATES})
        failing += answer["failing"]
        _tell(total["images"], options.images, time.perf_counter() - began, peak, len(failing))
    seconds = time.perf_counter() - began
    figures = {name: total[name] for name in answer["figures"] if name not in _RATES} | {
        "seconds": round(seconds, 1),
        "deliveries a second": round(total["deliveries"] / seconds, 1),
        "peak memory, MB": peak,
    }
    for name, value in figures.items():
        _print(f"{name:30}{value:>14,}")
    if options.json is not None:
        options.json.write_text(json.dumps(figures, indent=2) + "\n")
    for line in failing:
        _print(line)
    return 1 if failing else 0


def _options() -> Any:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    parser.add_argument("images", type=int, nargs="?", default=BATCH)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--batch", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def _in_a_process(images: int, seed: int) -> Any:
    """The figures of one batch. Python's hashes are fixed, so that a seed replays in any process."""
    command = [
        sys.executable,
        "-m",
        "tests.simulation",
        str(images),
        "--seed",
        str(seed),
        "--batch",
    ]
    done = subprocess.run(
        command, env=os.environ | {"PYTHONHASHSEED": "0"}, stdout=subprocess.PIPE, check=True
    )
    return json.loads(done.stdout)


def _one_batch(images: int, seed: int) -> int:
    """Print the figures of one batch, as JSON, with each failure and the shortest history found of it."""
    import tests.conftest  # noqa: F401  (the environment in which the app can be imported)
    from tests.simulation.campaign import campaign, shortened

    tally = campaign(images, seed)
    failing, told = [], set[str]()
    for world, failure in tally.failing:
        line = f"seed {world}: {failure}"
        if failure.check not in told:
            told.add(failure.check)
            line += f"\n  shortest: {' '.join(map(str, shortened(world, failure.check)))}"
        failing.append(line)
    json.dump({"figures": tally.table(), "failing": failing}, sys.stdout)
    return 0


def _tell(done: int, wanted: int, seconds: float, peak: float, failures: int) -> None:
    left = seconds / done * max(wanted - done, 0)
    _print(
        f"{done:,} of {wanted:,} images, {done / seconds:.0f} a second, "
        f"{left / 60:.0f} min left, peak {peak:.0f} MB, {failures} failures"
    )


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
