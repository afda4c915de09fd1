"""Plots of a test's report: ROC, confusion, calibration, subgroups. Each says its message in words."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from matplotlib.colors import LinearSegmentedColormap

from chalicelib.documents import words
from chalicelib.documents.blocks import Drawing
from chalicelib.documents.drawing import (
    BLUE,
    INK,
    LINE,
    ORANGE,
    PALE_BLUE,
    SOFT,
    plot,
    shortened,
)
from chalicelib.documents.numbers import between, decimal, percent, tongue, whole
from chalicelib.platform.language import Language

Report = Mapping[str, Any]
NEEDED_AUC: Final = 0.81
"""The second paper's threshold of a calibration test."""
_BLUES: Final = LinearSegmentedColormap.from_list("blues", ["#ffffff", BLUE])


def titles(report: Report, language: Language) -> dict[str, str]:
    """What the set's classes are called, by key."""
    told = report["confusion"]
    pairs = zip(told["labels"], told["titles"], strict=True)
    return {key: title[language] for key, title in pairs}


def roc(report: Report, language: Language) -> Drawing:
    """The curve of target against the rest, with the points of both thresholds."""
    say, area = tongue(language), report["auc"]["target"]
    points = report["roc"]["target"]
    with plot(3.1, 3.5) as drawn:
        axes = drawn.panel()
        axes.plot([0, 1], [0, 1], color=LINE, linewidth=0.8, zorder=1)
        axes.plot(
            [x for x, _ in points], [y for _, y in points], color=BLUE, linewidth=1.6, zorder=2
        )
        marks = (("claimed", "o", say("заявленный порог", "claimed threshold")),
                 ("youden", "D", say("порог Юдена", "Youden's threshold")))  # fmt: skip
        for key, mark, label in marks:
            found = report["thresholds"][key]
            if found is None:
                continue
            x, y = 1 - found["specificity"]["value"], found["sensitivity"]["value"]
            low_x, high_x = 1 - found["specificity"]["high"], 1 - found["specificity"]["low"]
            axes.errorbar(
                x,
                y,
                xerr=[[max(0.0, x - low_x)], [max(0.0, high_x - x)]],
                yerr=[
                    [max(0.0, y - found["sensitivity"]["low"])],
                    [max(0.0, found["sensitivity"]["high"] - y)],
                ],
                fmt=mark,
                color=ORANGE,
                markersize=6,
                markerfacecolor=ORANGE if key == "claimed" else "white",
                elinewidth=0.9,
                label=label,
                zorder=3,
            )
        axes.set(xlim=(-0.01, 1.01), ylim=(-0.01, 1.01), aspect="equal")
        axes.set_xlabel(say("1 − специфичность", "1 − specificity"))
        axes.set_ylabel(say("чувствительность", "sensitivity"))
        _ticks(axes, language)
        axes.legend(loc="lower right")
    low, high = area["delong"]
    interval = between(low, high, 3, language)
    value = decimal(area["value"], 4, language, down=True)
    return Drawing(
        drawn.svg,
        say(
            f"AUC целевого класса равна {value} (95\u00a0% ДИ {interval}); для зачёта нужно {decimal(NEEDED_AUC, 2, language)}.",
            f"The AUC of the target is {value} (95% CI {interval}); "
            f"{decimal(NEEDED_AUC, 2, language)} is needed to pass.",
        ),
        say(
            "Отрезки у точек — 95\u00a0% доверительные интервалы чувствительности и специфичности.",
            "Bars at the points are 95% confidence intervals of sensitivity and specificity.",
        ),
        floats=True,
    )


def confusion(report: Report, language: Language) -> Drawing:
    """What units are against what the service called them: rows are the truth."""
    say = tongue(language)
    named = titles(report, language)
    labels = [named[one] for one in report["confusion"]["labels"]]
    counts: list[list[int]] = report["confusion"]["counts"]
    sums = [sum(row) for row in counts]
    shares = [
        [number / total if total else 0.0 for number in row]
        for row, total in zip(counts, sums, strict=True)
    ]
    columns = len(labels)
    with plot(0.75 + 0.24 * len(labels), min(6.37, 2.6 + 0.42 * columns)) as drawn:
        axes = drawn.panel()
        axes.imshow(shares, cmap=_BLUES, vmin=0, vmax=1, aspect="auto")
        for y, row in enumerate(counts):
            for x, number in enumerate(row):
                axes.text(
                    x, y, whole(number) if number else "·", ha="center", va="center",
                    color="white" if shares[y][x] > 0.55 else INK, fontsize=9,
                )  # fmt: skip
        axes.set_yticks(
            range(len(labels)),
            [f"{shortened(words.sentence(one), 30)}  {n}" for n, one in enumerate(labels, 1)],
        )
        axes.set_xticks(range(columns), [str(number + 1) for number in range(columns)])
        axes.set_ylabel(say("верификация", "verified class"))
        axes.set_xlabel(
            say("ответ сервиса, по номерам строк", "the service's answer, by the rows' numbers")
        )
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
    right = sum(counts[place][place] for place in range(columns))
    total = sum(sums)
    worst = _worst(counts, labels)
    message = say(
        f"Верно названы {whole(right)} из {whole(total)} единиц ({percent(right / total if total else None, language)}).",
        f"{whole(right)} of {whole(total)} units are called right ({percent(right / total if total else None, language)}).",
    )
    if worst is not None:
        truth, answer, number = worst
        message += say(
            f" Чаще всего путаются: «{truth}» названо «{answer}» ({whole(number)}).",
            f" Most often confused: “{truth}” called “{answer}” ({whole(number)}).",
        )
    return Drawing(
        drawn.svg,
        message,
        say(
            "Чем темнее клетка, тем больше доля строки.",
            "The darker, the larger the share of the row.",
        ),
        floats=True,
    )


def reliability(report: Report, language: Language) -> Drawing:
    """Told probability against how often it was true, by bins."""
    say = tongue(language)
    bins = report["calibration"]["bins"]
    with plot(2.55, 3.5) as drawn:
        upper, lower = drawn.figure.subplots(2, 1, sharex=True, height_ratios=[4, 1])
        upper.plot([0, 1], [0, 1], color=LINE, linewidth=0.8)
        upper.plot([one["mean"] for one in bins], [one["observed"] for one in bins],
                   color=BLUE, marker="o", markersize=4.5, linewidth=1.2)  # fmt: skip
        upper.set(ylim=(-0.02, 1.02), xlim=(-0.01, 1.01))
        upper.set_ylabel(say("доля верных", "observed share"))
        lower.bar(
            [(one["from"] + one["to"]) / 2 for one in bins],
            [one["units"] for one in bins],
            width=[(one["to"] - one["from"]) * 0.9 for one in bins],
            color=PALE_BLUE,
        )
        lower.set_ylabel(say("единиц", "units"))
        lower.set_xlabel(say("вероятность, названная сервисом", "probability told by the service"))
        lower.yaxis.get_major_locator().set_params(integer=True, nbins=2)
        _ticks(upper, language)
        lower.set_xticks([0, 0.2, 0.4, 0.6, 0.8, 1], _tenths(language))
    off = decimal(100 * report["calibration"]["ece"], 1, language)
    return Drawing(
        drawn.svg,
        say(
            f"Вероятности сервиса расходятся с частотами в среднем на {off}\u00a0п.\u00a0п.",
            f"The service's probabilities differ from frequencies by {off} percentage points on average.",
        ),
        say("На диагонали они бы совпали. Внизу — сколько единиц в каждом интервале.",
            "On the diagonal they would agree. Below: how many units are in each bin."),
    )  # fmt: skip


def forest(report: Report, language: Language) -> Drawing:
    """The AUC of each subgroup with its interval beside that of all."""
    say, groups = tongue(language), report["subgroups"]
    area = report["auc"]["target"]["value"]
    labels = [
        f"{words.value(str(one['value']), language)}, n = {whole(one['units'])}" for one in groups
    ]
    heads = _heads(groups)
    rows: list[tuple[str, Mapping[str, Any] | None]] = []
    for number, (label, one) in enumerate(zip(labels, groups, strict=True)):
        if number in heads:
            rows.append((words.sentence(words.dimension(one["by"], language)), None))
        rows.append((f"   {shortened(label, 44)}", one))
    with plot(0.75 + 0.22 * len(rows)) as drawn:
        axes = drawn.panel()
        axes.axvline(
            area, color=BLUE, linewidth=0.9, linestyle="--", label=say("все единицы", "all units")
        )
        axes.axvline(
            NEEDED_AUC, color=SOFT, linewidth=0.9, linestyle=":", label=say("порог", "threshold")
        )
        for place, (_, one) in enumerate(rows):
            if one is None:
                continue
            axes.plot([one["low"], one["high"]], [place, place], color=INK, linewidth=1.1)
            axes.plot(
                one["auc"], place, "s", color=ORANGE if one["high"] < area else BLUE, markersize=5
            )
            told = f"{decimal(one['auc'], 2, language)} ({between(one['low'], one['high'], 2, language)})"
            axes.text(
                1.015, place, told, transform=axes.get_yaxis_transform(), va="center", fontsize=9
            )
        lowest = min(one["low"] for one in groups)
        axes.set_xlim(min(lowest, NEEDED_AUC, area) - 0.02, 1.005)
        axes.set_yticks(range(len(rows)), [label for label, _ in rows], ha="left")
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0, pad=150)
        axes.spines["left"].set_visible(False)
        axes.set_xlabel("AUC")
        axes.xaxis.set_major_formatter(lambda value, _: decimal(value, 2, language))
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    return Drawing(drawn.svg, _lowest(groups, area, language), say(
        "Квадрат — AUC подгруппы, отрезок — 95\u00a0% доверительный интервал.",
        "Squares are AUCs of subgroups, lines their 95% confidence intervals.",
    ))  # fmt: skip


def _lowest(groups: Sequence[Mapping[str, Any]], area: float, language: Language) -> str:
    say = tongue(language)
    below = [one for one in groups if one["high"] < area]
    if not below:
        return say(
            "Ни в одной подгруппе интервал не лежит целиком ниже общей AUC.",
            "In no subgroup does the interval lie below the AUC of all.",
        )
    worst = min(below, key=lambda one: float(one["auc"]))
    name = (
        f"{words.dimension(worst['by'], language)} — {words.value(str(worst['value']), language)}"
    )
    return say(
        f"Ниже общей AUC лежит интервал подгруппы «{name}»: {decimal(worst['auc'], 2, language)}.",
        f"The interval of the subgroup “{name}” lies below the AUC of all: {decimal(worst['auc'], 2, language)}.",
    )


def _heads(groups: Sequence[Mapping[str, Any]]) -> set[int]:
    """Where a new dimension begins."""
    return {
        number
        for number, one in enumerate(groups)
        if number == 0 or groups[number - 1]["by"] != one["by"]
    }


def _worst(counts: Sequence[Sequence[int]], labels: Sequence[str]) -> tuple[str, str, int] | None:
    found = [
        (number, labels[y], labels[x])
        for y, row in enumerate(counts)
        for x, number in enumerate(row)
        if x != y and number
    ]
    if not found:
        return None
    number, truth, answer = max(found, key=lambda one: one[0])
    return truth, answer, number


def _tenths(language: Language) -> list[str]:
    return [decimal(tenth / 10, 1, language) for tenth in range(0, 11, 2)]


def _ticks(axes: Any, language: Language) -> None:
    places = [tenth / 10 for tenth in range(0, 11, 2)]
    axes.set_xticks(places, _tenths(language))
    axes.set_yticks(places, _tenths(language))
