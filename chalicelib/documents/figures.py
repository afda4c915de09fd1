"""Plots of a release: its classes, and what each class is made of. Each says its message in words."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.documents import words
from chalicelib.documents.blocks import Drawing
from chalicelib.documents.comparison import OTHER, Row
from chalicelib.documents.drawing import (
    BLUE,
    INK,
    LINE,
    ORANGE,
    PALE_BLUE,
    ROLE_COLOURS,
    bare,
    plot,
    shortened,
)
from chalicelib.documents.multiples import Panel, lying, upright
from chalicelib.documents.numbers import percent, tongue, units, whole
from chalicelib.platform.language import Language

_MOST_BARS: Final = 8
"""More bands of age stand upright, as a histogram."""
_MOST_VALUES: Final = 14
"""More are drawn as one bar, "others": the table of the release has them all."""
_OTHERS: Final = "others"


@dataclass(frozen=True)
class ClassOf:
    """A class as plots name it."""

    key: str
    title: str
    role: str


def classes(counts: Mapping[str, int], named: Sequence[ClassOf], language: Language) -> Drawing:
    """Bars of units in each class; `counts` by class key, as `balance.counts` has them."""
    say = tongue(language)
    rows = sorted(named, key=lambda one: -counts.get(one.key, 0))
    numbers = [counts.get(one.key, 0) for one in rows]
    total, most = sum(numbers), max(numbers, default=0)
    with plot(max(0.6, 0.3 + 0.25 * len(rows))) as drawn:
        axes = drawn.panel()
        axes.barh(
            [shortened(one.title, 42) for one in _distinct(rows)],
            numbers,
            color=[ROLE_COLOURS.get(one.role, BLUE) for one in rows],
            height=0.68,
        )
        for place, number in enumerate(numbers):
            share = percent(number / total if total else None, language, 1)
            axes.text(number + most * 0.012, place, f"{whole(number)} ({share})", va="center")
        axes.set_xlim(0, most * 1.2 or 1)
        axes.invert_yaxis()
        bare(axes)
    if len(rows) == 1 or total == 0:
        message = say(
            f"В наборе один класс: {rows[0].title}." if rows else "В наборе нет классов.",
            f"The dataset has one class: {rows[0].title}." if rows else "There is no class.",
        )
    elif numbers[0] == numbers[-1]:
        message = say(
            f"В каждом классе поровну: {units(numbers[0], language)}.",
            f"All classes are alike: {units(numbers[0], language)} each.",
        )
    else:
        message = say(
            f"Чаще всего встречается класс «{rows[0].title}»: {percent(numbers[0] / total, language)} "
            f"из {whole(total)} единиц, реже всего — «{rows[-1].title}» ({whole(numbers[-1])}).",
            f"The most frequent class is “{rows[0].title}”: {percent(numbers[0] / total, language)} of "
            f"{units(total, language)}; the rarest is “{rows[-1].title}” ({whole(numbers[-1])}).",
        )
    defects = any(one.role == "defect" for one in rows)
    note = say(
        f"Оранжевым показаны целевые классы теста, синим — нецелевые{', серым — дефекты' * defects}.",
        f"Target classes of the test are orange, the others blue{', defects grey' * defects}.",
    )
    return Drawing(drawn.svg, message, note, floats=True)


def within(
    by: str,
    counts: Mapping[str, Mapping[str, int]],
    named: Sequence[ClassOf],
    language: Language,
) -> Drawing:
    """One panel a class: its units by the values of `by` (sex, age, site …), as shares of the class.

    `counts`: class key → value → units, as `balance.counts` has them under `by`.
    """
    values = _values(by, counts)
    panels = [
        Panel(one.title, ROLE_COLOURS.get(one.role, BLUE), _listed(counts[one.key], values))
        for one in named
        if sum(counts.get(one.key, {}).values())
    ]
    labels = [_named(value, language) for value in values]
    columns = by == "age" and len(values) > _MOST_BARS
    svg = (upright if columns else lying)(panels, labels, values.index(words.NOT_RECORDED)
           if words.NOT_RECORDED in values else None, language)  # fmt: skip
    say = tongue(language)
    note = say("Полосы — доли внутри класса", "Bars are shares within the class")
    note += "." if columns else say(", числа — единицы.", ", numbers are units.")
    return Drawing(svg, _message(by, counts, values, language), note, floats=True)


def splits(
    found: Mapping[str, Mapping[str, Any]], named: Sequence[ClassOf], language: Language
) -> Drawing:
    """One panel a split: its units by class. `found`: the manifest's `splits`."""
    say = tongue(language)
    panels = [
        Panel(
            words.sentence(words.value(key, language)),
            BLUE,
            [one["classes"].get(a.key, 0) for a in named],
        )
        for key, one in found.items()
        if one["units"]
    ]
    labels = [shortened(one.title, 32) for one in named]
    shares = {
        key: one["units"] / sum(each["units"] for each in found.values())
        for key, one in found.items()
    }
    told = ", ".join(
        f"{words.value(key, language)} — {percent(share, language)}"
        for key, share in shares.items()
    )
    return Drawing(
        lying(panels, labels, None, language),
        say(f"Доли частей: {told}.", f"Shares of the splits: {told}."),
        say("Полосы — доли классов внутри части, числа — единицы.",
            "Bars are shares of the classes within a split, numbers are units."),
    )  # fmt: skip


def public_sets(rows: Sequence[Row], language: Language) -> Drawing:
    """Nevi, melanomas and all images of each set on a scale of powers of ten; `rows` of `comparison`."""
    say = tongue(language)
    kinds = (
        (say("все снимки", "all images"), "|", INK, [row.images for row in rows]),
        (say("родинки", "nevi"), "o", BLUE, [row.counts.get("nevus") for row in rows]),
        (say("меланомы", "melanomas"), "D", ORANGE, [row.counts.get("melanoma") for row in rows]),
    )
    powers = range(max(5, math.ceil(math.log10(max(row.images for row in rows)))) + 1)
    with plot(0.75 + 0.23 * len(rows)) as drawn:
        axes = drawn.panel()
        for place, row in enumerate(rows):
            axes.axhline(place, color=LINE, linewidth=0.5, zorder=0)
            if row.ours:
                axes.axhspan(
                    place - 0.42, place + 0.42, color=PALE_BLUE, alpha=0.45, zorder=0, lw=0
                )
        for label, mark, colour, numbers in kinds:
            found = [(number, place) for place, number in enumerate(numbers) if number]
            axes.scatter(
                [number for number, _ in found],
                [place for _, place in found],
                marker=mark,
                color=colour,
                s=80 if mark == "|" else 30,
                linewidths=1.6 if mark == "|" else 0.5,
                label=label,
                zorder=3,
            )
        axes.set_xscale("log")
        axes.set_xticks([10**power for power in powers], [whole(10**power) for power in powers])
        axes.minorticks_off()
        axes.set_xlim(0.8, 10 ** powers[-1])
        axes.set_yticks(range(len(rows)), [shortened(row.name, 40) for row in rows])
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_xlabel(say("число снимков", "images"))
        axes.spines["left"].set_visible(False)
        axes.tick_params(left=False)
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, handletextpad=0.3)
    return Drawing(
        drawn.svg, _rank(rows, language), say("Шкала логарифмическая.", "The scale is logarithmic.")
    )


def _rank(rows: Sequence[Row], language: Language) -> str:
    say = tongue(language)
    ours = next(row for row in rows if row.ours)
    larger = sum(1 for row in rows if row.images > ours.images)
    place = say(
        f"По числу снимков этот набор {larger + 1}-й из {len(rows)}",
        f"By its number of images this set is number {larger + 1} of {len(rows)}",
    )
    found = ours.counts.get("melanoma")
    if found:
        return place + say(
            f"; меланом в нём {whole(found)}.", f"; it has {whole(found)} melanomas."
        )
    # Where classes join diagnoses, melanomas may be among them.
    if ours.counts.get(OTHER):
        return place + "."
    return place + say("; меланом в нём нет.", "; it has no melanoma.")


def _listed(found: Mapping[str, int], values: Sequence[str]) -> list[int]:
    listed = {value: found.get(value, 0) for value in values}
    if _OTHERS in listed:
        listed[_OTHERS] = sum(found.values()) - sum(listed.values())
    return list(listed.values())


def _named(value: str, language: Language) -> str:
    if value == _OTHERS:
        return tongue(language)("прочие", "others")
    return shortened(words.value(value, language), 26)


def _values(by: str, counts: Mapping[str, Mapping[str, int]]) -> list[str]:
    """As `words.ordered` has them; of too many, the rarest as one."""
    order = words.ordered(by, counts)
    if len(order) <= _MOST_VALUES or by in words.RANKED:
        return order
    missing = [value for value in order if value == words.NOT_RECORDED]
    return [*order[: _MOST_VALUES - 1 - len(missing)], _OTHERS, *missing]


def _message(
    by: str, counts: Mapping[str, Mapping[str, int]], values: Sequence[str], language: Language
) -> str:
    say, name = tongue(language), words.dimension(by, language)
    totals = {value: sum(found.get(value, 0) for found in counts.values()) for value in values}
    total = sum(number for found in counts.values() for number in found.values())
    known = {value: n for value, n in totals.items() if value not in (words.NOT_RECORDED, _OTHERS)}
    missing = totals.get(words.NOT_RECORDED, 0)
    if not any(known.values()):
        return say(f"{words.sentence(name)}: не указано ни для одной единицы.",
                   f"{words.sentence(name)}: recorded for no unit.")  # fmt: skip
    top = max(known, key=lambda value: known[value])
    share = percent(known[top] / total, language)
    told = f"{words.sentence(name)}: {say('чаще всего', 'most often')} {words.value(top, language)} ({share})"
    if missing:
        told += say(f"; не указано для {percent(missing / total, language, 1)} единиц",
                    f"; not recorded for {percent(missing / total, language, 1)} of units")  # fmt: skip
    return told + "."


def _distinct(rows: Sequence[ClassOf]) -> list[ClassOf]:
    """Titles that would look alike get marks of their own, or their bars would fall on one another."""
    seen: dict[str, int] = {}
    made = []
    for one in rows:
        short = shortened(one.title, 42)
        seen[short] = seen.get(short, 0) + 1
        made.append(
            one if seen[short] == 1 else ClassOf(one.key, f"{seen[short]}. {one.title}", one.role)
        )
    return made
