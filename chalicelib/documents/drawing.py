"""How plots are drawn: without a display, in two colours that all eyes tell apart, as SVG of the same bytes.

Blue is what is not sought, orange the target; both always stand with words or another shape.
"""

import io
import os
import re
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

# On Lambda nothing but the temporary folder may be written, and matplotlib looks for a place when it loads.
os.environ.setdefault("MPLCONFIGDIR", str(Path(tempfile.gettempdir()) / "matplotlib"))

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

INK, SOFT, LINE, PAPER = "#1b1d20", "#54585e", "#c9cbc8", "#ffffff"
BLUE, ORANGE, GREY = "#16578c", "#d9822b", "#9aa0a6"
PALE_BLUE, PALE_ORANGE = "#a9c4dc", "#f3cf9f"
ROLE_COLOURS: Final = {"positive": ORANGE, "negative": BLUE, "defect": GREY}
_NOT_XML: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML 1.0 may have; the name of a device may."""
WIDTH: Final = 6.37
"""The text's width in inches: 459 points."""
STYLE: Final[Any] = {
    "svg.hashsalt": "rodinka",
    "svg.fonttype": "path",
    "font.family": ["STIXGeneral", "DejaVu Sans"],
    # A dollar in the name of a device is a dollar.
    "text.parse_math": False,
    "font.size": 9.5,
    "axes.titlesize": 10,
    "axes.labelsize": 9.5,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "legend.fontsize": 9,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": SOFT,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": SOFT,
    "ytick.color": INK,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "axes.unicode_minus": True,
    "legend.frameon": False,
    "figure.facecolor": PAPER,
}


class Plot:
    """A figure that is being drawn; `svg` when it is done."""

    def __init__(self, width: float, height: float) -> None:
        self.figure = Figure(figsize=(width, height), layout="constrained")
        self.svg = b""

    def panel(self) -> Axes:
        return self.figure.subplots()

    def panels(self, rows: int, columns: int, **shared: Any) -> list[Axes]:
        """Row by row."""
        grid = self.figure.subplots(rows, columns, squeeze=False, **shared)
        return [axes for row in grid for axes in row]


@contextmanager
def plot(height: float, width: float = WIDTH) -> Iterator[Plot]:
    """Draw within; inches. Nothing of the moment or the machine gets into the file."""
    with mpl.rc_context(STYLE), warnings.catch_warnings():
        # Scripts that neither face has (of a device's name, say) are drawn as boxes, and no more to do.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        drawn = Plot(width, height)
        yield drawn
        target = io.BytesIO()
        canvas: Any = FigureCanvasSVG(drawn.figure)
        canvas.print_svg(target, metadata={"Date": None, "Creator": None})
        # matplotlib writes what it draws into comments as well.
        drawn.svg = _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", target.getvalue().decode()).encode()


def shortened(text: str, most: int) -> str:
    """Names in plots have little room: the whole one stands in the tables."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def bare(axes: Axes) -> None:
    """Only what is drawn, and the names of rows: for bars that carry their own numbers."""
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    axes.tick_params(left=False, bottom=False, labelbottom=False)
