"""`annotations.json`: the outlines of lesions in COCO's form (cocodataset.org, "Data format").

Images and outlines are written as they come. Corners are pixels of the released image.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from chalicelib.datasets.manifest import Manifest, Unit
from chalicelib.datasets.releases.tables import licence_of


def annotations(
    manifest: Manifest, units: Iterable[tuple[Unit, str]], again: Iterable[Unit]
) -> Iterator[bytes]:
    """The file in pieces: `units` with their files for the images, the same units `again` for outlines."""
    classes = [each["key"] for each in manifest.plan["classes"]]
    head = {
        "info": {
            "description": manifest.plan["name"]["en"],
            "version": manifest.version,
            "date_created": manifest.frozen_at[:10],
        },
        "licenses": [{"id": 1, "name": licence_of(manifest)}],
        "categories": [
            {"id": number, "name": key, "supercategory": "lesion"}
            for number, key in enumerate(classes, start=1)
        ],
    }
    yield _json(head)[:-1] + b',"images":['
    yield from _listed(
        {
            "id": number,
            "file_name": file,
            "width": unit.width,
            "height": unit.height,
            "license": 1,
        }
        for number, (unit, file) in enumerate(units, start=1)
    )
    yield b'],"annotations":['
    yield from _listed(
        _outlined(number, unit, classes.index(unit.class_key) + 1)
        for number, unit in enumerate(again, start=1)
        if unit.outline
    )
    yield b"]}\n"


def _outlined(number: int, unit: Unit, category: int) -> dict[str, Any]:
    corners = [(round(x * unit.width, 2), round(y * unit.height, 2)) for x, y in unit.outline or ()]
    columns, rows = [x for x, _ in corners], [y for _, y in corners]
    left, top = min(columns), min(rows)
    return {
        "id": number,
        "image_id": number,
        "category_id": category,
        "segmentation": [[part for corner in corners for part in corner]],
        "area": round(area(corners), 2),
        "bbox": [left, top, round(max(columns) - left, 2), round(max(rows) - top, 2)],
        "iscrowd": 0,
    }


def area(corners: Sequence[tuple[float, float]]) -> float:
    """Of a polygon, in square pixels (Gauss's shoelace formula)."""
    following = [*corners[1:], *corners[:1]]
    twice = sum(
        x * below - right * y for (x, y), (right, below) in zip(corners, following, strict=True)
    )
    return abs(twice) / 2


def _listed(entries: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    for number, entry in enumerate(entries):
        yield (b"," if number else b"") + b"\n" + _json(entry)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
