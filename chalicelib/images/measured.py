"""What is measured of a lesion in one dermatoscopic image, and how it is stored. No numpy."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

COLOURS: Final = ("white", "red", "light_brown", "dark_brown", "blue_grey", "black")
"""The six colours of the ABCD rule (Stolz et al. 1994)."""
PRESENT: Final = 0.05
"""The share of the lesion from which on a colour counts."""
SHAPE_ASYMMETRIC: Final = 0.1
"""The share of the area outside its own mirror image from which on an axis is asymmetric in shape."""
COLOUR_ASYMMETRIC: Final = 9.0
"""The mean colour difference (ΔE*ab) of mirrored places from which on an axis is asymmetric in colour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A lesion's size, shape and colours.

    Lengths are in widths of the picture, areas in shares of it; so they say nothing of millimetres. The
    four errors are half-widths of 95 % intervals, as parts of the value: `_error` of the value against an
    expert's outline, `_repeat` of the value against another photograph of the same lesion.
    """

    area: float
    diameter: float
    area_error: float
    diameter_error: float
    area_repeat: float
    diameter_repeat: float
    cut: bool
    """The lesion goes on beyond the picture: area and diameter are lower bounds."""
    shape_asymmetry: tuple[float, float]
    """For two perpendicular axes, the share of the area outside its own mirror image."""
    colour_asymmetry: tuple[float, float]
    """For the same axes, the mean colour difference (ΔE*ab, CIE 1976) of mirrored places."""
    axis: float
    """The angle of the first axis in degrees, 0 to 180, from the picture's width downwards."""
    compactness: float
    abrupt_segments: int
    """In how many of eight segments the pigment ends abruptly."""
    colours: Mapping[str, float]
    """The share of the lesion that has each of the six colours; what looks like skin has none."""
    repeat_distance: float
    """Photographs of one lesion have embeddings nearer than this in 95 of 100 cases."""

    @property
    def asymmetric_axes(self) -> int:
        """A of the ABCD rule, without structures: 0, 1 or 2 axes asymmetric in shape or colour."""
        pairs = zip(self.shape_asymmetry, self.colour_asymmetry, strict=True)
        return sum(
            shape >= SHAPE_ASYMMETRIC or colour >= COLOUR_ASYMMETRIC for shape, colour in pairs
        )

    @property
    def present(self) -> list[str]:
        """C of the ABCD rule: which of the six colours are there."""
        return [name for name in COLOURS if self.colours.get(name, 0.0) >= PRESENT]

    def written(self, *, width: int, height: int, spacing_mm: float | None) -> dict[str, Any]:
        """As it is stored and answered, of a picture of so many pixels.

        Millimetres only where `spacing_mm`, from pixel to pixel, is known; it is taken as exact.
        """
        written: dict[str, Any] = {
            "area_share": _digits(self.area),
            "diameter_widths": _digits(self.diameter),
            "cut": self.cut,
            "relative_error": {
                "area": _digits(self.area_error),
                "diameter": _digits(self.diameter_error),
                "area_repeat": _digits(self.area_repeat),
                "diameter_repeat": _digits(self.diameter_repeat),
            },
            "asymmetry": {
                "axes": self.asymmetric_axes,
                "shape": [_digits(share) for share in self.shape_asymmetry],
                "colour": [_digits(difference) for difference in self.colour_asymmetry],
                "axis": round(self.axis, 1),
            },
            "border": {
                "compactness": _digits(self.compactness),
                "abrupt_segments": self.abrupt_segments,
            },
            "colours": {name: _digits(self.colours.get(name, 0.0)) for name in COLOURS},
            "colours_present": self.present,
            "repeat_distance": _digits(self.repeat_distance),
        }
        if spacing_mm is not None:
            diameter = self.diameter * width * spacing_mm
            area = self.area * width * height * spacing_mm**2
            written["diameter_mm"] = _quantity(diameter, self.diameter_error)
            written["area_mm2"] = _quantity(area, self.area_error)
        return written


def _quantity(value: float, error: float) -> dict[str, float]:
    return {"value": _digits(value), "error": _digits(value * error)}


def _digits(value: float) -> float:
    """Four significant digits, which is more than any of the errors leaves."""
    return float(f"{value:.4g}")
