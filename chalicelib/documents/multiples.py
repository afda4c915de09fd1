"""Small multiples: the same bars once for each class, or each split, side by side on one scale."""

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from matplotlib.ticker import MaxNLocator

from chalicelib.documents.drawing import GREY, SOFT, bare, plot, shortened
from chalicelib.documents.numbers import percent, whole
from chalicelib.platform.language import Language

_BAR: Final = 0.19
"""Height of a lying bar with its room, in inches."""
_LETTERS: Final = 19
"""So many fit over a panel on one line, of four side by side."""


@dataclass(frozen=True)
class Panel:
    """What stands in one panel: `units` by value, in the order of the labels."""

    title: str
    colour: str
    units: Sequence[int]

    @property
    def shares(self) -> list[float]:
        total = sum(self.units)
        return [number / total if total else 0.0 for number in self.units]


def lying(
    panels: Sequence[Panel], labels: Sequence[str], missing: int | None, language: Language
) -> bytes:
    """Bars to the right, each with its number. `missing`: which of the labels is what nobody recorded."""
    columns, rows = _grid(len(panels))
    titles, lines = _titles(panels)
    height = rows * (0.2 + 0.13 * lines + _BAR * max(len(labels), 2))
    with plot(height) as drawn:
        for axes, one, title in zip(
            drawn.panels(rows, columns, sharex=True, sharey=True), panels, titles, strict=False
        ):
            axes.barh(range(len(labels)), one.shares, color=_colours(one, missing), height=0.72)
            for place, (number, share) in enumerate(zip(one.units, one.shares, strict=True)):
                axes.text(share + 0.03, place, whole(number), va="center", fontsize=8.5, color=SOFT)
            axes.set_title(title, loc="left", fontsize=9, linespacing=0.92, pad=3)
            axes.set_yticks(range(len(labels)), labels)
            axes.set_xlim(0, 1.35)
            axes.set_ylim(len(labels) - 0.4, -0.6)
            bare(axes)
        _hide_rest(drawn.figure, len(panels))
    return drawn.svg


def upright(
    panels: Sequence[Panel], labels: Sequence[str], missing: int | None, language: Language
) -> bytes:
    """Bars upwards, for many bands in order: every third is named, the scale tells shares."""
    columns, rows = _grid(len(panels))
    titles, lines = _titles(panels)
    most = max((share for one in panels for share in one.shares), default=0) or 1
    with plot(rows * (0.85 + 0.13 * lines) + 0.55) as drawn:
        for axes, one, title in zip(
            drawn.panels(rows, columns, sharex=True, sharey=True), panels, titles, strict=False
        ):
            axes.bar(range(len(labels)), one.shares, color=_colours(one, missing), width=0.8)
            axes.set_title(title, loc="left", fontsize=9, linespacing=0.92, pad=3)
            shown = [place for place in range(len(labels)) if place % 3 == 0 and place != missing]
            if missing is not None:
                # The last named band gives way where it would run into the words beside it.
                shown = [place for place in shown if missing - place > 2] + [missing]
            axes.set_xticks(shown, [labels[place] for place in shown], rotation=90, fontsize=8)
            axes.set_ylim(0, most * 1.05)
            axes.yaxis.set_major_locator(MaxNLocator(nbins=3))
            axes.yaxis.set_major_formatter(lambda value, _: percent(value, language))
            axes.tick_params(axis="y", labelsize=8)
        _hide_rest(drawn.figure, len(panels))
    return drawn.svg


def _grid(number: int) -> tuple[int, int]:
    """Columns and rows: at most four side by side, as even as they go."""
    rows = max(1, math.ceil(number / 4))
    return max(1, math.ceil(number / rows)), rows


def _titles(panels: Sequence[Panel]) -> tuple[list[str], int]:
    """Each with its number of units, on as many lines as the longest needs."""
    wide = _LETTERS if len(panels) > 2 else 3 * _LETTERS
    made = []
    for one in panels:
        lines = textwrap.wrap(one.title, wide, break_long_words=True)
        if len(lines) > 2:
            lines = [lines[0], shortened(" ".join(lines[1:]), wide)]
        made.append("\n".join([*lines, f"n = {whole(sum(one.units))}"]))
    return made, max((title.count("\n") + 1 for title in made), default=1)


def _colours(one: Panel, missing: int | None) -> list[str]:
    return [GREY if place == missing else one.colour for place in range(len(one.units))]


def _hide_rest(figure: Any, used: int) -> None:
    for axes in figure.axes[used:]:
        axes.set_visible(False)
