"""A release made for a test, in the files and columns that the platform writes, and its object store."""

import csv
import hashlib
import io
import json
import re
import threading
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests import pictures

CODE, VERSION = "DS_ML_DSC_SKIN_MEL", "1.0.0"
SIZE = (60, 45)
METADATA = (
    "isic_id", "age_approx", "anatom_site_general", "sex", "image_type", "lesion_id", "patient_id",
    "pixels_x", "pixels_y", "attribution", "copyright_license", "rodinka_class", "rodinka_diagnosis", "rodinka_split",
)  # fmt: skip
OUTLINE = ((0.25, 0.2), (0.75, 0.2), (0.75, 0.8), (0.25, 0.8))
"""Fractions of width and height; of the even units."""


def unit(number: int, **changes: str) -> dict[str, str]:
    """A row of `metadata.csv`: units in turn are of three splits and two classes, two of a lesion."""
    is_melanoma = number % 2
    return {
        "isic_id": f"unit-{number:02}",
        "age_approx": "45",
        "anatom_site_general": "lower extremity",
        "sex": "female",
        "image_type": "dermoscopic",
        "lesion_id": f"lesion-{number // 2}",
        "patient_id": f"patient-{number // 2}",
        "attribution": "A clinic",
        "copyright_license": "CC-BY-4.0",
        "pixels_x": str(SIZE[0]),
        "pixels_y": str(SIZE[1]),
        "rodinka_class": "malignant" if is_melanoma else "benign",
        "rodinka_diagnosis": "melanoma" if is_melanoma else "nevus",
        "rodinka_split": ("train", "train", "validation", "test")[number // 2 % 4],
        **changes,
    }


def make(
    units: Sequence[Mapping[str, str]], *, code: str = CODE, a_shard: int = 6
) -> dict[str, bytes]:
    """The files of a release by path."""
    files: dict[str, bytes] = {"README.md": b"# A release\n"}
    places: list[tuple[str, bytes, str, int]] = []
    for first in range(0, len(units), a_shard):
        path = f"images/3mo7uyr4-{first // a_shard:05}.zip"
        files[path], inside = _shard(units[first : first + a_shard], first)
        places += [(member, data, path, at) for member, data, at in inside]
    files["metadata.csv"] = _table(METADATA, [[row[name] for name in METADATA] for row in units])
    files["annotations.json"] = json.dumps(_coco(units)).encode()
    datacite = {"version": VERSION, "url": f"https://x.org/registry/{code}/{VERSION}"}
    files["datacite.json"] = json.dumps(datacite).encode()
    listed = [[path, _sha256(data), len(data), "", ""] for path, data in sorted(files.items())]
    listed += [[path, _sha256(data), len(data), shard, at] for path, data, shard, at in places]
    files["files.csv"] = _table(("path", "sha256", "bytes", "shard", "offset"), listed)
    lines = [f"{_sha256(data)}  {path}\n" for path, data in sorted(files.items())]
    files["SHA256SUMS"] = "".join(lines).encode()
    return files


def put(folder: Path, files: Mapping[str, bytes]) -> Path:
    """The files of a release as they lie in a folder."""
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


def image_of(number: int) -> bytes:
    return pictures.jpeg(pictures.photograph(*SIZE, seed=number))


def _shard(units: Sequence[Mapping[str, str]], first: int) -> tuple[bytes, list[Any]]:
    out, inside = io.BytesIO(), []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for number, row in enumerate(units, first):
            data, name = image_of(number), f"images/{row['isic_id']}.jpg"
            archive.writestr(zipfile.ZipInfo(name), data)
            inside.append((name, data, out.tell() - len(data)))
    return out.getvalue(), inside


def _coco(units: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    width, height = SIZE
    shape = [side for x, y in OUTLINE for side in (x * width, y * height)]
    return {
        "images": [
            {"id": n, "file_name": f"images/{row['isic_id']}.jpg", "width": width, "height": height}
            for n, row in enumerate(units)
        ],
        "annotations": [
            {"id": n, "image_id": n, "category_id": 1, "segmentation": [shape]}
            for n in range(0, len(units), 2)
        ],
        "categories": [{"id": 1, "name": "lesion"}],
    }


def _table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([columns, *rows])
    return text.getvalue().encode()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@dataclass
class Shop:
    """A server that gives out one release, and fails as a test tells it to."""

    files: dict[str, bytes]
    url: str = ""
    links: int = 0
    """How often links were given out; only the latest work."""
    cut_after: int | None = None
    """Bytes after which every answer of the store breaks off."""
    statuses: list[int] = field(default_factory=list)
    """What the store answers to its next requests, in turn, instead of the bytes."""
    wrong: dict[str, int] = field(default_factory=dict)
    """How many times the bytes of a file are spoilt."""
    ranges: bool = True
    listed_as: dict[str, str] = field(default_factory=dict)
    """Other names under which files are listed."""
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Path and range of each request to the store."""
    bodies: list[dict[str, Any]] = field(default_factory=list)
    grant: str | None = None
    state: str = "published"
    lock: threading.Lock = field(default_factory=threading.Lock)

    def downloads(self, body: dict[str, Any]) -> tuple[int, Any]:
        """Two pages of files."""
        self.bodies.append(body)
        if body["code"] != CODE or body.get("grant") != self.grant:
            return 404, {"error": {"code": "not_found", "message": "There is no such dataset."}}
        paths = sorted(self.files)
        is_last = body.get("cursor") == "second"
        with self.lock:
            self.links += not is_last
        return 200, {
            "code": CODE,
            "version": VERSION,
            "state": self.state,
            "files": [self._listed(path) for path in (paths[3:] if is_last else paths[:3])],
            "next": None if is_last else "second",
            "expires_at": "2026-11-26T20:10:00Z",
        }

    def _listed(self, path: str) -> dict[str, Any]:
        data = self.files[path]
        return {
            "path": self.listed_as.get(path, path),
            "bytes": len(data),
            "sha256": _sha256(data),
            "url": f"{self.url}/store/{self.links}/{path}",
        }

    def stored(self, link: str, path: str, asked: str) -> tuple[int, bytes]:
        with self.lock:
            self.asked.append((path, asked))
            if self.statuses:
                return self.statuses.pop(0), b""
            if int(link) != self.links:
                return 403, b"<Error><Code>AccessDenied</Code></Error>"
            data = self.files[path]
            if self.wrong.get(path, 0) > 0:
                self.wrong[path] -= 1
                data = bytes([data[0] ^ 255]) * len(data)
        if not asked or not self.ranges:
            return 200, data
        first, last = (int(part) for part in asked.removeprefix("bytes=").split("-"))
        return 206, data[first : last + 1]


@contextmanager
def selling(files: Mapping[str, bytes]) -> Iterator[Shop]:
    """Serve a release on 127.0.0.1."""
    shop = Shop(dict(files))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self._json(*shop.downloads(body))

        def do_GET(self) -> None:
            if self.path.startswith("/api/v1/registry"):
                one = {"code": CODE, "version": VERSION, "name": {"ru": "Набор", "en": "A set"}}
                shown = {**one, "state": "published", "access": "public", "units": 12}
                self._json(200, {"items": [shown], "next": None})
                return
            link, path = re.fullmatch(r"/store/(\d+)/(.*)", self.path).groups()  # type: ignore[union-attr]
            status, data = shop.stored(link, path, self.headers.get("Range", ""))
            self._say(status, data, cut_after=shop.cut_after if status < 300 else None)

        def _json(self, status: int, body: Any) -> None:
            self._say(status, json.dumps(body).encode())

        def _say(self, status: int, data: bytes, cut_after: int | None = None) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data[:cut_after])
            if cut_after is not None and cut_after < len(data):
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    shop.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield shop
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
