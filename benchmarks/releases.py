"""A release of all images of HAM10000 on the local store, beside plain zip writing of the same bytes.

The images lie in the local cloud, which runs in this process; each measured work runs in a fresh one, over
HTTP. Plain zip writing reads every image with a bare boto3 client and writes it with `zipfile` into a file;
ours builds the shards through multipart uploads, with sums and offsets, and writes the tables. READMEs have
their own figures: here they are a line of text. Built twice, every file must be the same.
"""

import json
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from time import perf_counter
from typing import Any, Final

from benchmarks.table import Row

ROOT: Final = Path(__file__).parents[1]
ARCHIVE: Final = ROOT / ".." / "shared" / "data" / "ham10000" / "images.zip"
IMAGES: Final = int(os.environ.get("BENCH_RELEASE_IMAGES", "10015"))
OF_A_SHARD: Final = 3_000
LEAST: Final = 0.6
MEGABYTES: Final = 512.0
RELEASE: Final = "benchmarked"


def rows() -> list[Row]:
    """Images a second beside plain zip writing, the builder's memory, and whether two builds are one."""
    if not ARCHIVE.is_file():
        print("releases: skipped, since HAM10000 is not beside the checkout\n")
        return []
    import boto3

    from infra.local.cloud import serve_cloud
    from infra.provision import provision
    from tests.world import REGION

    with serve_cloud() as cloud:
        session = boto3.Session("local", "local", region_name=REGION)
        os.environ["AWS_ENDPOINT_URL"] = cloud.url
        try:
            environment = provision(session, secret=lambda n: "5" * n, stage="bench")
            _fill(session, environment)
            child = {**os.environ, **environment, "AWS_ENDPOINT_URL": cloud.url}
            child |= {"AWS_DEFAULT_REGION": REGION, "POWERTOOLS_LOG_LEVEL": "WARNING"}
            plain, first, second = (_worked(work, child) for work in ("plain", "build", "build"))
        finally:
            del os.environ["AWS_ENDPOINT_URL"]
    assert first["sums"] == second["sums"], "two builds of one manifest differ"
    name = f"release of {plain['images']} images"
    memory = max(first["megabytes"], second["megabytes"])
    return [
        Row(f"{name} / plain zip", plain["images"] / first["seconds"],
            plain["images"] / plain["seconds"], "1/s", LEAST, at_least=True),
        Row(f"{name}, peak memory", memory, None, "MB", MEGABYTES),
    ]  # fmt: skip


def _worked(work: str, environment: dict[str, str]) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.releases", work]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _fill(session: Any, environment: dict[str, str]) -> None:
    """Put the images, and the manifest of a release of them."""
    from PIL import Image

    from tests.datasets.manifests import a_manifest, a_plan, a_unit, write_frozen

    platform = _platform(environment, session)
    units = []
    with zipfile.ZipFile(ARCHIVE) as archive:
        names = [name for name in archive.namelist() if name.endswith(".jpg")][:IMAGES]
        for number, name in enumerate(names):
            data = archive.read(name)
            width, height = Image.open(BytesIO(data)).size
            unit = replace(a_unit(number), width=width, height=height)
            platform.images.put(unit.clean_key, data, content_type=unit.content_type)
            units.append(unit)
    manifest = a_manifest(units, plan=a_plan(), shard_size=OF_A_SHARD, release_id=RELEASE)
    write_frozen(platform, manifest, units)


def _platform(environment: dict[str, str], session: Any = None) -> Any:
    from chalicelib.platform.clock import SystemClock
    from chalicelib.platform.ids import Ids
    from chalicelib.platform.runtime import Platform
    from chalicelib.platform.settings import Settings

    settings = Settings.load(environment)
    platform = Platform(settings, SystemClock(), Ids(settings.signing_key.encode()))
    if session is not None:
        platform.__dict__["_session"] = session
    return platform


def _plain() -> dict[str, Any]:
    """Read every image and write a zip of them, with no more than that takes."""
    from chalicelib.datasets.manifest import read_units, units_key

    platform = _platform(dict(os.environ))
    s3, bucket = platform.client("s3"), platform.settings.bucket_images
    keys = [unit.clean_key for unit in read_units(platform.releases.lines(units_key(RELEASE)))]
    began = perf_counter()
    with TemporaryFile() as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for key in keys:
            archive.writestr(key, s3.get_object(Bucket=bucket, Key=key)["Body"].read())
    return {"seconds": perf_counter() - began, "images": len(keys)}


def _build() -> dict[str, Any]:
    """Build the release from its manifest to its last file."""
    from chalicelib.datasets.model import ReleaseState
    from chalicelib.datasets.releases import documenting
    from chalicelib.datasets.releases.frozen import manifest_of
    from chalicelib.datasets.releases.model import Release
    from chalicelib.datasets.releases.shards import build_shard, cuts
    from chalicelib.datasets.releases.store import ReleaseStore
    from chalicelib.platform import keys
    from tests.datasets.releasing import short_readmes

    platform = _platform(dict(os.environ))
    store, now = ReleaseStore(platform.catalogue), platform.clock.now()
    manifest = manifest_of(platform, RELEASE)
    platform.catalogue.delete(keys.release(RELEASE))
    new = Release(
        release_id=RELEASE,
        code=manifest.code,
        number=manifest.number,
        state=ReleaseState.REQUESTED,
        change=manifest.change,
        requested_at=now,
        requested_by="bench",
        fingerprint="",
    )
    began = perf_counter()
    release = store.create(new, due_at=now)
    found = cuts(platform, RELEASE, manifest.shards)
    release = store.frozen(release, manifest, found, due_at=now)
    for number in range(release.shards_of_all):
        release = build_shard(platform, release, number)
    zipped = perf_counter()
    release = store.all_shards_done(release, due_at=now)
    with short_readmes():
        files = documenting.document(platform, release)
    done = perf_counter()
    peak = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    assert peak is not None
    every = [*files, *release.shards.values()]
    return {
        "seconds": done - began,
        "documents": done - zipped,
        "megabytes": int(peak[1]) / 1024,
        "sums": {file.path: file.sha256 for file in every},
    }


if __name__ == "__main__":
    print(json.dumps({"plain": _plain, "build": _build}[sys.argv[1]]()))
