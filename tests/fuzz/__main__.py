"""`make fuzz`: look for a file that breaks the image gate's promise, for a bounded time.

With atheris (Linux on x86_64) the search is guided by coverage; elsewhere it mutates the corpus at
random from a seed. Exits with 1 and the file's path when something broke.
"""

import argparse
import hashlib
import importlib.util
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from tests.fuzz import corpus
from tests.fuzz.mutation import MAX_BYTES, mutated
from tests.fuzz.promise import keep

ROOT = Path(__file__).parents[2]
SPARE_SECONDS = 60
"""For starting up and for the file that is before the gate when the time is over."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1, help="another one searches elsewhere")
    parser.add_argument("--reproduce", type=Path, metavar="FILE", help="only put this file before")
    arguments = parser.parse_args()
    if arguments.reproduce:
        print(keep(arguments.reproduce.read_bytes()))
        return 0
    found = Path(tempfile.mkdtemp(prefix="rodinka-fuzz-"))
    if importlib.util.find_spec("atheris"):
        broke = guided(found, arguments.seconds, arguments.seed)
    else:
        print("No atheris here (it is for Linux on x86_64): mutating at random, unguided.")
        broke = unguided(found, arguments.seconds, arguments.seed)
    files = sorted(found.iterdir())
    for file in files:
        print(f"broke the promise: {file}")
        print(f"  again: {sys.executable} -m tests.fuzz --reproduce {file}")
    if not files:
        found.rmdir()
    return 1 if broke or files else 0


def guided(found: Path, seconds: int, seed: int) -> bool:
    """Whether libFuzzer ended otherwise than by its time."""
    with tempfile.TemporaryDirectory() as folder:
        for name, data in corpus.seeds():
            if len(data) <= MAX_BYTES:
                (Path(folder) / name).write_bytes(data)
        command = [sys.executable, "-m", "tests.fuzz.guided", folder, str(found)]
        ended = subprocess.run(
            [*command, str(seconds), str(seed)],
            cwd=ROOT,
            timeout=seconds + SPARE_SECONDS,
            check=False,
        )
    return ended.returncode != 0


def unguided(found: Path, seconds: int, seed: int) -> bool:
    """Mutate until the time is over or something breaks."""
    chance = Random(seed)
    files = [data for _, data in corpus.seeds() if data]
    ends, number = time.monotonic() + seconds, 0
    while time.monotonic() < ends:
        number += 1
        data = mutated(chance.choice(files), files, chance)
        try:
            keep(data)
        except Exception as error:
            name = f"crash-{hashlib.sha256(data).hexdigest()[:16]}"
            (found / name).write_bytes(data)
            print(f"{type(error).__name__}: {error}")
            return True
    print(f"{number} files in {seconds} s, none broke the promise.")
    return False


if __name__ == "__main__":
    sys.exit(main())
