"""No file within limits takes over 512 MB or 10 seconds: each is measured in its own process."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from chalicelib.classification.inference import jpeg
from chalicelib.classification.inference.picture import Limits
from chalicelib.images.problems import Problem
from tests import pictures
from tests.inference.asking import problem, type_of

ROOT = Path(__file__).parents[2]
MODEL = ROOT / "layers" / "inference" / "model" / "rodinka-2.onnx"
MOST_MEGABYTES = 512
MOST_SECONDS = 10

# The shipped model runs too: the promise is about the whole examination. Seconds are those of the
# processor, so that a busy machine does not fail what an idle one passes. On Linux the peak
# is the process's own, since that of `getrusage` starts from the process which forked it.
MEASURE = r"""
import hashlib, json, re, resource, sys, time
from pathlib import Path
from chalicelib.classification.inference.classifier import Classifier
from chalicelib.classification.inference.examination import examine
from chalicelib.classification.inference.picture import BadImage, Declared, Limits
data = sys.stdin.buffer.read()
declared = Declared(
    content_type=sys.argv[1], bytes=len(data), sha256=hashlib.sha256(data).hexdigest()
)
start = time.process_time()
classifier = Classifier.load(Path(sys.argv[2]))
try:
    examine(data, declared=declared, limits=Limits(), classifier=classifier)
    ended = "clean"
except BadImage as refusal:
    ended = refusal.code
seconds = time.process_time() - start
status = Path("/proc/self/status")
if status.exists():
    peak = int(re.search(r"VmHWM:\s*(\d+)", status.read_text())[1]) / 1024
else:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"ended": ended, "megabytes": peak, "seconds": seconds}))
"""


def _measured(data: bytes) -> str:
    """Examine the file in a fresh process, hold it to the promise, and tell how it ended."""
    run = subprocess.run(
        [sys.executable, "-c", MEASURE, type_of(data), str(MODEL)],
        input=data,
        capture_output=True,
        cwd=ROOT,
        check=True,
        timeout=60,
    )
    figures = json.loads(run.stdout)
    assert figures["megabytes"] < MOST_MEGABYTES, figures
    assert figures["seconds"] < MOST_SECONDS, figures
    return str(figures["ended"])


def _turned(data: bytes) -> bytes:
    tag = pictures.exif(orientation=6)
    wide = b"ICC_PROFILE\0\x01\x01" + pictures.profile(pictures.DISPLAY_P3)
    return pictures.with_segments(
        data, pictures.segment(0xE1, b"Exif\0\0" + tag), pictures.segment(0xE2, wide)
    )


def _before_the_end(filling: bytes) -> bytes:
    data = pictures.jpeg(progressive=True)
    return data[:-2] + filling + data[-2:]


def _plain(width: int, height: int) -> Image.Image:
    return pictures.photograph().resize((width, height), Image.Resampling.NEAREST)


def _deep_rows(width: int, height: int) -> bytes:
    row = np.full((width, 4), 40_000, dtype=">u2").tobytes()
    data = pictures.png_of(width, height, (row for _ in range(height)), kind=6, depth=16)
    return pictures.with_chunks(data, pictures.chunk(b"eXIf", pictures.exif(orientation=6)))


def _noise(width: int, height: int) -> Image.Image:
    tile = np.random.default_rng(1).integers(0, 256, (100, width), np.uint8)
    return Image.fromarray(np.tile(tile, (height // 100, 1)))


GOOD: dict[str, Callable[[], bytes]] = {
    "20 megapixels": lambda: pictures.jpeg(pictures.photograph(5472, 3648)),
    "the most pixels, turned, wide gamut": lambda: _turned(
        pictures.jpeg(_plain(7400, 5000), subsampling=0)
    ),
    "the most pixels, CMYK": lambda: pictures.jpeg(_plain(7400, 5000).convert("CMYK")),
    "the most pixels, progressive, turned": lambda: _turned(
        pictures.jpeg(_plain(7400, 5000), progressive=True, subsampling=2)
    ),
    "the most coefficients, turned": lambda: _turned(
        pictures.jpeg(_plain(5600, 4990), progressive=True, subsampling=0)
    ),
    "the most pixels, 64 bits each": lambda: _deep_rows(7400, 5000),
    "noise near the limit of bytes": lambda: pictures.png(_noise(6500, 4700), compress_level=0),
    "a profile of 300 MB": lambda: pictures.text_bomb(b"iCCP"),
    "a comment of 300 MB": lambda: pictures.text_bomb(b"zTXt"),
    "international text of 300 MB": lambda: pictures.text_bomb(b"iTXt"),
    "nearly as many passes as allowed": lambda: pictures.scan_bomb(5600, 4990, 13),
    "29 MB of fill bytes": lambda: pictures.with_segments(pictures.jpeg(), b"\xff" * 29_000_000),
    "29 MB of fill bytes in a pass": lambda: _before_the_end(b"\xff" * 29_000_000),
    "14 million restarts in a pass": lambda: _before_the_end(b"\xff\xd0" * 14_000_000),
    "noise, progressive, turned": lambda: _turned(
        pictures.jpeg(_noise(7400, 5000).convert("RGB"), quality=60, progressive=True)
    ),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_large_or_loaded_picture_keeps_to_512_mb_and_10_s(name: str) -> None:
    assert _measured(GOOD[name]()) == "clean"


BOMBS: dict[str, tuple[Callable[[], bytes], Problem]] = {
    "20 KB of 13,000²": (pictures.square_bomb, Problem.TOO_MANY_PIXELS),
    "65,000 x 1": (pictures.strip_bomb, Problem.EXTREME_ASPECT),
    "thousands of passes": (
        lambda: pictures.scan_bomb(5600, 4990, 1500),
        Problem.UNSUPPORTED,
    ),
    "more coefficients than fit": (
        lambda: pictures.jpeg(_plain(7400, 5000), progressive=True, subsampling=0),
        Problem.TOO_MANY_PIXELS,
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_before_it_is_unpacked(name: str) -> None:
    make, expected = BOMBS[name]
    assert _measured(make()) == expected


def test_the_square_bomb_is_as_small_as_the_promise_says() -> None:
    data = pictures.square_bomb()
    assert len(data) < 25_000
    assert problem(data) is Problem.TOO_MANY_PIXELS


def test_a_20_megapixel_jpeg_is_far_from_the_limits_even_when_progressive() -> None:
    file = jpeg.walk(pictures.jpeg(Image.new("RGB", (5472, 3648)), progressive=True, subsampling=0))
    assert file.width * file.height < 0.6 * Limits().max_pixels
    assert file.decoding_bytes < 0.75 * Limits().max_decoding_bytes
