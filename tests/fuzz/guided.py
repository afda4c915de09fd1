"""Fuzzing guided by coverage: libFuzzer over the instrumented gate, in a process of its own.

`python -m tests.fuzz.guided SEEDS FOUND SECONDS SEED`: seeds are read from the first folder, what
breaks the promise is written to the second. libFuzzer ends the process itself, with 0 when nothing
broke.
"""

import importlib
import sys
from random import Random
from typing import Any

from tests.fuzz.mutation import MAX_BYTES, with_right_checksums

INFERENCE = "chalicelib.classification.inference"
INSTRUMENTED = [
    f"{INFERENCE}.{name}"
    for name in ("gate", "jpeg", "png", "metadata", "orientation", "colour", "pixels")
]


def main(seeds: str, found: str, seconds: str, seed: str) -> None:
    atheris: Any = importlib.import_module("atheris")
    with atheris.instrument_imports(include=INSTRUMENTED):
        for name in INSTRUMENTED:
            importlib.import_module(name)
    keep = importlib.import_module("tests.fuzz.promise").keep

    def mutate(data: bytes, max_size: int, number: int) -> bytes:
        changed: bytes = atheris.Mutate(data, max_size)
        return with_right_checksums(changed) if Random(number).random() < 0.5 else changed

    def one(data: bytes) -> None:
        keep(data)

    options = [
        f"-max_total_time={seconds}",
        f"-seed={seed}",
        f"-max_len={MAX_BYTES}",
        f"-artifact_prefix={found}/",
        "-timeout=30",
        "-rss_limit_mb=1024",
        "-print_final_stats=1",
        "-verbosity=0",
    ]
    atheris.Setup([sys.argv[0], *options, seeds], one, custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
