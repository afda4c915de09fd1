"""One image from bytes to what is stored, beside the bare model; and the largest usual photograph.

The baseline is the least that any program must do for the same opinion: decode with Pillow, resize,
run the same ONNX model. What ours does beside it is the gate (hash, walk, clean copy, thumbnail,
fingerprint) and the outline. The two take turns, so that a noisy moment strikes both.
"""

import hashlib
import io
import json
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final, TypeVar

import numpy as np
from PIL import Image

from benchmarks.table import Row
from chalicelib.classification.inference import gate, jpeg, metadata, orientation, pixels
from chalicelib.classification.inference.classifier import INPUT, OUTLINE, Classifier
from chalicelib.classification.inference.colour import to_srgb
from chalicelib.classification.inference.examination import examine
from chalicelib.classification.inference.measure import measure
from chalicelib.classification.inference.picture import Declared, Limits
from chalicelib.classification.inference.preprocess import to_model_input
from infra.local.demo_pictures import Lesion, draw

T = TypeVar("T")

ROOT = Path(__file__).parents[1]
MODEL = ROOT / "layers" / "inference" / "model" / "rodinka-2.onnx"
SIZE: Final = (600, 450)
"""Of the images of HAM10000."""
LARGE: Final = (5472, 3648)
"""20 megapixels."""
ROUNDS: Final = 80
RUNS: Final = 30
BOUND: Final = 1.3
INFERENCE_BOUND: Final = 1.2
IMAGE_SECONDS, IMAGE_MEGABYTES = 0.06, 350.0
LARGE_SECONDS, LARGE_MEGABYTES = 2.0, 512.0

_SCRIPT = """
import hashlib, json, re, sys, time
from pathlib import Path
from chalicelib.classification.inference.classifier import Classifier
from chalicelib.classification.inference.examination import examine
from chalicelib.classification.inference.picture import Declared, Limits
data = sys.stdin.buffer.read()
digest = hashlib.sha256(data).hexdigest()
declared = Declared(content_type="image/jpeg", bytes=len(data), sha256=digest)
classifier = Classifier.load(Path(sys.argv[1]))
took = []
for _ in range(int(sys.argv[2])):
    began = time.perf_counter()
    examine(data, declared=declared, limits=Limits(), classifier=classifier)
    took.append(time.perf_counter() - began)
peak = int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1024
print(json.dumps({"took": took, "megabytes": peak}))
"""


def rows() -> list[Row]:
    """Prints the table of stages; returns the ratio and the two bounds of the large photograph."""
    data = photograph(SIZE)
    classifier = Classifier.load(MODEL)
    ours, bare = _taking_turns(
        partial(examine, data, declared=declared(data), limits=Limits(), classifier=classifier),
        partial(classified_alone, data, classifier),
    )
    decoded = Image.open(io.BytesIO(data)).convert("RGB")
    inferred, plain = _taking_turns(
        partial(classifier.classify, decoded), partial(inferred_alone, decoded, classifier)
    )
    print(_stages(data, classifier))
    seconds, megabytes = _in_a_process(LARGE)
    _, usual_megabytes = _in_a_process(SIZE)
    return [
        Row("one image, beside its model alone", ours, bare, "s", BOUND),
        Row("inference, beside plain onnxruntime", inferred, plain, "s", INFERENCE_BOUND),
        Row("one image, from bytes to result", ours, None, "s", IMAGE_SECONDS),
        Row("one image, peak memory", usual_megabytes, None, "MB", IMAGE_MEGABYTES),
        Row(f"20 megapixels, p99 of {RUNS}", seconds, None, "s", LARGE_SECONDS),
        Row("20 megapixels, peak memory", megabytes, None, "MB", LARGE_MEGABYTES),
    ]


def photograph(size: tuple[int, int], *, seed: int = 7) -> bytes:
    """A JPEG that looks like a dermatoscopic photograph, as a camera would code it."""
    drawn = Image.open(io.BytesIO(draw(Lesion((126, 78, 52), network=0.25, hairs=3), seed=seed)))
    out = io.BytesIO()
    drawn.resize(size, Image.Resampling.BICUBIC).save(out, "JPEG", quality=92)
    return out.getvalue()


def classified_alone(data: bytes, classifier: Classifier) -> list[np.ndarray]:
    """The model's raw answer with nothing around it."""
    return inferred_alone(Image.open(io.BytesIO(data), formats=["JPEG"]).convert("RGB"), classifier)


def inferred_alone(image: Image.Image, classifier: Classifier) -> list[np.ndarray]:
    """The model's raw answer of a decoded photograph: resized, and run by plain ONNX Runtime."""
    size = classifier.card.preprocessing
    shown = to_model_input(image, width=size.width, height=size.height)
    answer: list[np.ndarray] = classifier._session.run(None, {INPUT: shown[None]})
    return answer


def declared(data: bytes) -> Declared:
    digest = hashlib.sha256(data).hexdigest()
    return Declared(content_type="image/jpeg", bytes=len(data), sha256=digest)


def _taking_turns(ours: Callable[[], T], bare: Callable[[], object]) -> tuple[float, float]:
    """Median seconds of either."""
    took: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        took[0].append(_timed(ours)[0])
        took[1].append(_timed(bare)[0])
    return median(took[0]), median(took[1])


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    began = perf_counter()
    done = work()
    return perf_counter() - began, done


class _Stages:
    """Times named pieces of work and hands on what they made."""

    def __init__(self) -> None:
        self._took: dict[str, list[float]] = {}

    def __call__(self, name: str, work: Callable[[], T]) -> T:
        seconds, done = _timed(work)
        self._took.setdefault(name, []).append(seconds)
        return done

    def table(self, head: str) -> str:
        """The medians in milliseconds."""
        medians = {name: median(seconds) * 1000 for name, seconds in self._took.items()}
        medians["together"] = sum(medians.values())
        return "\n".join([head, *(f"  {name:22} {ms:8.3f} ms" for name, ms in medians.items()), ""])


def _stages(data: bytes, classifier: Classifier) -> str:
    stages = _Stages()
    for _ in range(ROUNDS):
        _one_by_one(data, classifier, stages)
    return stages.table(f"one image of {SIZE[0]}x{SIZE[1]}, {len(data) // 1024} KB, by stage")


def _one_by_one(data: bytes, classifier: Classifier, stage: _Stages) -> None:
    """The steps of `examine` for an upright sRGB JPEG, in its order."""
    size = classifier.card.preprocessing
    stage("hash of the file", lambda: hashlib.sha256(data).hexdigest())
    file = stage("walk", lambda: jpeg.walk(data))
    bare = stage("strip", lambda: jpeg.bare(data, file))
    decoded = stage("decode", lambda: pixels.decode(bare, (file.width, file.height)))
    image, _ = stage("colour", lambda: to_srgb(decoded, jpeg.icc_profile(data, file)))
    stage("orientation", lambda: orientation.turn(jpeg.exif(data, file)))
    coding = gate._coding(file, decoded)
    clean = stage("encode", lambda: pixels.encode_jpeg(image, coding))
    small = stage("thumbnail", lambda: pixels.thumbnail(image))
    stage("proof", lambda: metadata.foreign_parts(clean) + metadata.foreign_parts(small))
    stage("pixel hash", lambda: pixels.pixel_hash(image))
    shown = stage("resize", lambda: to_model_input(image, width=size.width, height=size.height))
    outputs = classifier._outputs
    answer = stage("model", lambda: classifier._session.run(outputs, {INPUT: shown[None]}))
    drawn = answer[outputs.index(OUTLINE)][0]
    measuring = classifier.card.measuring
    stage(
        "outline, measurements",
        lambda: measure(drawn, shown, size=image.size, measuring=measuring),
    )


def _in_a_process(size: tuple[int, int]) -> tuple[float, float]:
    """The 99th percentile of the seconds, and the peak of resident memory, in a fresh process."""
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, str(MODEL), str(RUNS)],
        input=photograph(size),
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    found = json.loads(done.stdout)
    return float(np.quantile(found["took"], 0.99)), float(found["megabytes"])
