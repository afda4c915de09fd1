"""Where on the body a lesion is: a point in the drawing of one view of it."""

from dataclasses import dataclass

from chalicelib.platform.labelled import Labelled
from chalicelib.platform.table import Item


class View(Labelled):
    """A drawing of the body, or of a part of it."""

    FRONT = "front", "Спереди", "Front"
    BACK = "back", "Сзади", "Back"
    HEAD = "head", "Голова", "Head"
    PALMS = "palms", "Ладони", "Palms"
    SOLES = "soles", "Подошвы", "Soles"


@dataclass(frozen=True)
class Spot:
    """A point in the drawing of a view, in fractions of its width (x, from the left) and height (y, from
    the top)."""

    view: View
    x: float
    y: float


def spot_item(spot: Spot) -> Item:
    return {"view": str(spot.view), "x": spot.x, "y": spot.y}


def read_spot(item: Item | None) -> Spot | None:
    return Spot(View(item["view"]), float(item["x"]), float(item["y"])) if item else None
