"""Photographs of one lesion as they stand after the model has seen them, for tests of its course."""

import struct
from dataclasses import replace
from datetime import UTC, datetime
from math import cos, pi, radians, sin, tau
from typing import Any

from chalicelib.images.measured import Measured
from chalicelib.images.model import (
    Capture,
    Declared,
    Image,
    Intake,
    Kind,
    State,
    Subject,
)

SPACING = 0.02
MODEL = {"name": "tiny", "version": "1.0.0"}
DEVICE = {"make": "DermLite", "model": "DL5"}


def measured(diameter_mm: float = 5.0, **changes: Any) -> Measured:
    """A round lesion of this diameter in a picture 12 mm wide."""
    diameter = diameter_mm / (600 * SPACING)
    facts: dict[str, Any] = {
        "area": pi / 4 * diameter**2 * 600 / 450,
        "diameter": diameter,
        "area_error": 0.12,
        "diameter_error": 0.06,
        "area_repeat": 0.08,
        "diameter_repeat": 0.04,
        "cut": False,
        "shape_asymmetry": (0.03, 0.04),
        "colour_asymmetry": (4.0, 5.0),
        "axis": 30.0,
        "compactness": 1.05,
        "abrupt_segments": 2,
        "colours": {"light_brown": 0.7, "dark_brown": 0.2},
        "repeat_distance": 0.4,
    }
    return Measured(**facts | changes)


def opinion(
    found: Measured | None,
    *,
    spacing_mm: float | None = SPACING,
    top: str = "nevus",
    embedding: tuple[float, ...] | None = (1.0, 0.0),
    outline: list[list[float]] | None = None,
    **changes: Any,
) -> dict[str, Any]:
    """A stored opinion of such a lesion."""
    named = top if top != "unknown" else "nevus"
    said: dict[str, Any] = {
        "model": MODEL,
        "probabilities": {named: 0.4 if top == "unknown" else 0.9, "unknown": 0.0},
        "top": top,
        "abstained": top == "unknown",
    }
    if found is not None:
        said["outline"] = outline or ellipse(found.diameter / 2)
        said["measurements"] = found.written(width=600, height=450, spacing_mm=spacing_mm)
    if embedding is not None:
        said["embedding"] = struct.pack(f"<{len(embedding)}e", *embedding)
    return said | changes


def ellipse(
    reach: float, *, ratio: float = 1.0, turned: float = 0.0, notch: float = 0.0
) -> list[list[float]]:
    """64 points of an ellipse in the middle of a picture of 4:3, `reach` in widths, turned clockwise by degrees,
    drawn in on one side by `notch`."""
    points = []
    for step in range(64):
        angle = step * tau / 64
        inward = 1 - notch * max(0.0, cos(angle)) ** 8
        along, across = reach * inward * cos(angle), reach * ratio * inward * sin(angle)
        c, s = cos(radians(turned)), sin(radians(turned))
        points.append([0.5 + along * c - across * s, 0.5 + (along * s + across * c) * 600 / 450])
    return points


def photograph(
    day: str | None,
    said: dict[str, Any] | None = None,
    *,
    image_id: str = "",
    came: datetime = datetime(2026, 1, 1, tzinfo=UTC),
    spacing_mm: float | None = SPACING,
    device: dict[str, str] | None = None,
    kind: Kind = Kind.DERMOSCOPIC,
    **changes: Any,
) -> Image:
    """An image taken on `day` (None: not told) whose clean picture is there."""
    image_id = image_id or f"image{day or 'untold'}"
    image = Image(
        image_id=image_id,
        lesion_id="lesion1",
        patient_id="patient1",
        clinic_id="clinic1",
        uploaded_by="doctor1",
        kind=kind,
        state=State.CLASSIFIED,
        created_at=came,
        declared=Declared(content_type="image/jpeg", bytes=1, sha256="00"),
        subject=Subject(site="torso", age=51, sex="female"),
        capture=Capture(taken_on=day, pixel_spacing_mm=spacing_mm, device=device),
        fingerprint="",
        history=({"state": "awaiting_upload", "at": "2026-01-01T00:00:00.000000Z"},),
        intake=Intake(
            clean_key=f"clean/{image_id}.jpg",
            thumbnail_key=f"thumbnails/{image_id}.jpg",
            content_type="image/jpeg",
            width=600,
            height=450,
            pixel_hash="",
            duplicate=None,
        ),
        classification=said,
    )
    return replace(image, **changes)


def of(day: str | None, diameter_mm: float = 5.0, **changes: Any) -> Image:
    """A photograph of a lesion of this diameter; `changes` of `measured` by their names, else of `opinion`."""
    names = Measured.__dataclass_fields__.keys()
    facts = {name: changes.pop(name) for name in list(changes) if name in names}
    for_image = {
        name: changes.pop(name) for name in ("image_id", "came", "device") if name in changes
    }
    spacing = changes.get("spacing_mm", SPACING)
    said = opinion(measured(diameter_mm, **facts), **changes)
    return photograph(day, said, spacing_mm=spacing, **for_image)
