"""Run photographs through a served file, as the function does, many at a time."""

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Predictions:
    """What the served file said of N photographs, in the shapes of its card.

    probabilities (N, 8), outlines (N, h, w), embeddings (N, d); of a file that gives them, also
    saliency (N, h', w') and kinds (N, 4), else None.
    """

    probabilities: NDArray[np.float64]
    outlines: NDArray[np.float32]
    embeddings: NDArray[np.float32]
    saliency: NDArray[np.float32] | None = None
    kinds: NDArray[np.float32] | None = None


def open_session(path: Path, threads: int = 1) -> onnxruntime.InferenceSession:
    """Open the file on the processor with so many threads."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(
        str(path), sess_options=options, providers=["CPUExecutionProvider"]
    )


def run(session: onnxruntime.InferenceSession, images: NDArray[np.uint8]) -> Predictions:
    """Run photographs, uint8 (N, H, W, 3), through the served file, 16 at a time."""
    names = [output.name for output in session.get_outputs()]
    parts = [
        session.run(names, {"pixels": images[start : start + 16]})
        for start in range(0, len(images), 16)
    ]
    got = {
        name: np.concatenate(part)
        for name, part in zip(names, zip(*parts, strict=True), strict=True)
    }
    return Predictions(
        probabilities=got["probabilities"].astype(np.float64),
        outlines=got["outline"],
        embeddings=got["embedding"],
        saliency=got.get("saliency"),
        kinds=got.get("kinds"),
    )


def milliseconds_an_image(
    session: onnxruntime.InferenceSession, image: NDArray[np.uint8], runs: int = 60
) -> float:
    """Return the time of one photograph, (H, W, 3), in milliseconds.

    The shortest of the runs: all that makes others longer is not the model's doing.
    """
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        session.run(None, {"pixels": image[None]})
        times.append((time.perf_counter() - started) * 1000)
    return round(min(times), 1)
