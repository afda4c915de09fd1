"""Builds the layers: one zip for each folder of `layers/`, for Lambda's platform whatever this one is.

A layer is the pinned packages of its `requirements.lock` under `python/`, without what never runs
(tests, headers, stubs), compiled, and every other folder beside that file as it is: `inference/model`
becomes `/opt/model`. The same inputs give the same bytes of content; the digest of the inputs names
the zip, and a layer that was built is not built again.

    python -m infra.build_layers
"""

import compileall
import hashlib
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from py_compile import PycInvalidationMode
from typing import Final

ROOT: Final = Path(__file__).parents[1]
LAYERS: Final = ROOT / "layers"
BUILD: Final = ROOT / "build" / "layers"

ARCHITECTURE: Final = "x86_64"
PLATFORM: Final = f"{ARCHITECTURE}-manylinux_2_28"
"""What Lambda's images for Python 3.12 and later offer: Amazon Linux 2023, glibc 2.34."""
RUNTIME: Final = f"{sys.version_info[0]}.{sys.version_info[1]}"

UNPACKED_LIMIT: Final = 250 * 1024 * 1024
"""Bytes that a function may have with all its layers."""
NEVER_RUN: Final = frozenset({"tests", "test", "include", "__pycache__", "bin"})
"""Folders of packages that no function imports, wherever they are."""
NOT_OURS: Final = (
    # Extensions are built, and models prepared, elsewhere.
    *("numpy/f2py", "onnxruntime/quantization", "onnxruntime/tools", "onnxruntime/transformers"),
    # Of fontTools, matplotlib's reader of TeX imports the list of glyphs; PDF and PostScript want the rest.
    *("fontTools/*Lib", "fontTools/*2*u", "fontTools/pens", "fontTools/subset", "fontTools/merge"),
    *("fontTools/unicodedata", "fontTools/encodings", "fontTools/misc/*.so"),
    # Figures are SVG, whose backend draws what it must rasterise by Agg.
    *(
        f"matplotlib/backends/*{each}*"
        for each in ("gtk", "qt", "tk", "wx", "web", "cairo", "macosx")
    ),
    *(f"matplotlib/backends/*{each}*" for each in ("nbagg", "pdf", "_ps", "pgf", "template")),
    *("matplotlib/testing", "matplotlib/sphinxext", "matplotlib/mpl-data/sample_data"),
    *("matplotlib/mpl-data/images", "matplotlib/mpl-data/fonts/afm"),
    "matplotlib/mpl-data/fonts/pdfcorefonts",
    *("mpl_toolkits/axes_grid1", "mpl_toolkits/axisartist", "numpy/random/_examples"),
    # Of what Pillow reads we take JPEG and PNG; it draws no text for us.
    *("PIL/_avif.*", "pillow.libs/libavif*", "PIL/_imagingft.*", "pillow.libs/libharfbuzz*"),
    "pillow.libs/libfreetype*",
)
"""Parts of packages that no function of ours needs, as patterns of paths; `*` also stands for slashes."""
STUBS: Final = frozenset({".pyi", ".h", ".hpp", ".c", ".pxd", ".pyx", ".a"})
LEVEL: Final = 1
"""Of deflate: a tenth larger than the usual level, in less than half the time."""
EPOCH: Final = (2020, 1, 1, 0, 0, 0)
"""The time of every file in a zip, which would otherwise change its bytes."""


@dataclass(frozen=True)
class Layer:
    """One folder of `layers/`."""

    name: str
    digest: str
    """Of everything that goes into it."""

    @property
    def folder(self) -> Path:
        """The layer unpacked, as it lies under `/opt`."""
        return BUILD / f"{self.name}-{self.digest[:16]}"

    @property
    def zip(self) -> Path:
        return self.folder.with_suffix(".zip")

    @property
    def unpacked_bytes(self) -> int:
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())


def layers() -> list[Layer]:
    """Every layer as its inputs are now; nothing is built."""
    return [_layer(path.parent) for path in sorted(LAYERS.glob("*/requirements.lock"))]


def _layer(folder: Path) -> Layer:
    inputs = [folder / "requirements.lock", Path(__file__), *_contents(folder)]
    seen = hashlib.sha256(f"{RUNTIME} {PLATFORM}".encode())
    for path in inputs:
        seen.update(f"\0{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return Layer(folder.name, seen.hexdigest())


def _contents(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*/**/*") if path.is_file())


def built(layer: Layer, say: Callable[[str], None] = print) -> Layer:
    """The layer, built unless it is there."""
    if layer.zip.is_file():
        return layer
    source = LAYERS / layer.name
    shutil.rmtree(layer.folder, ignore_errors=True)
    say(f"  building layer {layer.name} for Python {RUNTIME}, {PLATFORM}")
    install(source / "requirements.lock", layer.folder / "python", at="/opt/python")
    for path in _contents(source):
        target = layer.folder / path.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    pack(layer.folder, layer.zip)
    size, packed = layer.unpacked_bytes, layer.zip.stat().st_size
    say(f"  {layer.name}: {size / 2**20:.0f} MB unpacked, {packed / 2**20:.0f} MB packed")
    return layer


def install(lock: Path, target: Path, *, at: str) -> None:
    """Put the packages of a lock into `target`: hashes checked, wheels only, compiled for `at`.

    Lambda cannot write the compiled files that Python makes at the first import, so a container
    without them would compile everything at each cold start. Raises `CalledProcessError`.
    """
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or "uv"
    checked = ["--no-deps", "--require-hashes", "--only-binary", ":all:"]
    platform = ["--python-version", RUNTIME, "--python-platform", PLATFORM]
    place = ["--link-mode", "copy", "--target", str(target)]
    command = [uv, "pip", "install", "--quiet", "--system-certs", *checked, *platform, *place]
    subprocess.run([*command, "-r", str(lock)], check=True)
    strip(target)
    compiled(target, at=at)


def strip(folder: Path) -> None:
    """Remove what no function imports or reads."""
    for path in sorted(folder.rglob("*"), reverse=True):
        within = path.relative_to(folder).as_posix()
        ours = not any(fnmatchcase(within, pattern) for pattern in NOT_OURS)
        if path.is_dir():
            if path.name in NEVER_RUN or not ours:
                shutil.rmtree(path)
        elif path.suffix in STUBS or not ours:
            path.unlink(missing_ok=True)


def compiled(folder: Path, *, at: str) -> None:
    """Compile every module of a tree that will lie at `at`, whatever the times of its files."""
    compileall.compile_dir(
        folder,
        quiet=1,
        maxlevels=20,
        stripdir=str(folder),
        prependdir=at,
        invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
    )


def pack(folder: Path, target: Path) -> None:
    """Zip a tree: sorted, with fixed times and modes."""
    part = target.with_suffix(".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in _files(folder):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, path.read_bytes(), compresslevel=LEVEL)
    part.replace(target)


def _files(folder: Path) -> Iterable[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    for one in layers():
        print(built(one).zip)
