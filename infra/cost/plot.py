"""The plot of the bill: cost of one image over load, and what the bill is made of.

Drawn without a display and with nothing of the moment in it: the same figures give the same bytes.
"""

import hashlib
import json
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from infra.cost import figures
from infra.cost.bill import SERVICES, total
from infra.cost.tables import LOADS, YEARS, Sources

INK, SOFT, LINE, PAPER = "#1b1d20", "#54585e", "#d6d7d4", "#ffffff"
STYLES: Final = (("#16578c", "-", "o"), ("#97420a", "--", "s"))
"""Of the lines: colour, stroke and mark, each enough to tell them apart."""
COLOURS: Final = {
    "Lambda": "#e69f00",
    "API Gateway": "#56b4e9",
    "DynamoDB": "#16578c",
    "S3": "#009e73",
    "Data transfer": "#7fc8a9",
    "Cognito": "#cc79a7",
    "CloudWatch": "#d55e00",
    "KMS and secrets": "#7b8188",
    "SQS": "#f0e442",
}
"""After Okabe and Ito (2008), which people with every kind of colour vision tell apart."""
DARK: Final = frozenset({"DynamoDB"})
"""On these, letters are white."""
STYLE: Final[Any] = {
    "svg.hashsalt": "rodinka",
    "font.size": 9.0,
    "text.color": INK,
    "axes.edgecolor": SOFT,
}
BETWEEN: Final = 20
"""Points of a line between two loads."""
NAMED_FROM: Final = 0.08
"""Shares below it are too narrow for a number."""
PLACES: Final = (
    (((-9, -5), "right"), ((-9, -9), "right"), ((0, -17), "center")),
    (
        ((9, 2), "left"),
        ((4, 9), "left"),
        ((0, 9), "center"),
    ),
)
"""Where the number of a mark stands beside it, in points, by line and load."""


def digest(sources: Sources) -> str:
    """Of the figures that are drawn: it stands in the file, so that an old plot shows."""
    drawn = [
        [years, images, service, f"{total(sources.bill(images, years), service):.4g}"]
        for years in YEARS
        for images in LOADS
        for service in SERVICES
    ]
    return hashlib.sha256(json.dumps(drawn).encode()).hexdigest()


def draw(sources: Sources, target: Path) -> None:
    """Write the plot as SVG."""
    about = {"Date": None, "Creator": None, "Description": f"sha256 {digest(sources)}"}
    with mpl.rc_context():  # a user's own settings are left out
        mpl.rcdefaults()
        mpl.rcParams.update(STYLE)
        figure = figure_of(sources)
        FigureCanvasSVG(figure)
        figure.savefig(target, format="svg", metadata=about)


def figure_of(sources: Sources) -> Figure:
    """Both parts of the plot."""
    figure = Figure(figsize=(10, 4.2), facecolor=PAPER, layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.25))
    _cost_of_an_image(left, sources)
    _shares(right, sources)
    return figure


def _cost_of_an_image(axes: Any, sources: Sources) -> None:
    low, high = LOADS[0], LOADS[-1]
    points = BETWEEN * (len(LOADS) - 1)
    grid = [low * (high / low) ** (i / points) for i in range(points + 1)]
    for years, (colour, stroke, mark), places in zip(YEARS, STYLES, PLACES, strict=True):
        costs = [12 * total(sources.bill(images, years)) / images for images in grid]
        line = {"color": colour, "linewidth": 2, "marker": mark, "markevery": BETWEEN}
        axes.loglog(grid, costs, stroke, label=f"end of year {years}", **line)
        marks = zip(grid[::BETWEEN], costs[::BETWEEN], places, strict=True)
        for images, cost, (offset, aligned) in marks:
            axes.annotate(
                f"${figures.a_piece(cost)}",
                (images, cost),
                xytext=offset,
                textcoords="offset points",
                ha=aligned,
                color=colour,
            )
    axes.set_title("Cost of one image", loc="left", fontweight="bold", color=INK)
    axes.set_xlabel("images a year", color=SOFT)
    axes.set_ylabel("US dollars", color=SOFT)
    axes.set_xlim(low / 20, high * 5)
    axes.set_ylim(0.0005, 1)
    axes.set_xticks(LOADS, [figures.count(images) for images in LOADS])
    axes.set_yticks([0.001, 0.01, 0.1, 1], ["0.001", "0.01", "0.1", "1"])
    axes.minorticks_off()
    axes.grid(color=LINE, linewidth=0.6)
    axes.tick_params(colors=SOFT)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, labelcolor=INK)


def _shares(axes: Any, sources: Sources) -> None:
    for place, images in enumerate(LOADS):
        lines = sources.bill(images)
        whole = total(lines)
        parts = [total(lines, service) / whole for service in SERVICES]
        ends = [0.0]
        for part in parts:
            ends.append(ends[-1] + part)
        for service, (begin, end) in zip(SERVICES, pairwise(ends), strict=True):
            label = service if place == 0 else None
            colour = COLOURS[service]
            axes.barh(place, end - begin, left=begin, color=colour, edgecolor=PAPER, label=label)
            if end - begin >= NAMED_FROM:
                letters = "white" if service in DARK else INK
                middle = (begin + end) / 2
                text = f"{100 * (end - begin):.0f} %"
                axes.text(middle, place, text, ha="center", va="center", color=letters)
    totals = [figures.dollars(total(sources.bill(images))) for images in LOADS]
    names = [
        f"{figures.count(images)} images a year\n${month} a month"
        for images, month in zip(LOADS, totals, strict=True)
    ]
    axes.set_yticks(range(len(LOADS)), names)
    axes.invert_yaxis()
    axes.set_xlim(0, 1)
    axes.set_xticks([])
    axes.tick_params(colors=INK, length=0)
    axes.spines[:].set_visible(False)
    axes.set_title(
        f"A month's bill by service, end of year {YEARS[0]}",
        loc="left",
        fontweight="bold",
        color=INK,
    )
    axes.legend(loc="upper center", bbox_to_anchor=(0.45, -0.02), ncols=5, frameon=False)
