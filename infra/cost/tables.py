"""The tables of the bill and of the quotas, as rows of text for the terminal and for the page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from infra.cost import figures
from infra.cost.assumptions import Assumptions
from infra.cost.bill import SERVICES, Line, bill, total
from infra.cost.load import Load
from infra.cost.prices import Prices
from infra.cost.quotas import Quotas, met_at, share, waiting_cases
from infra.cost.usage import Usage

LOADS: Final = (1_000, 100_000, 10_000_000)
"""Images a year."""
YEARS: Final = (1, 5)
"""Ends of which years are told."""

OWNERS: Final = {"people": "people", "ours": "a limit of ours", "aws": "a quota of AWS"}

Rows = list[list[str]]


@dataclass(frozen=True)
class Sources:
    """Everything that a table is made from."""

    usage: Usage
    assumed: Assumptions
    prices: Prices
    quotas: Quotas

    def load(self, images: float) -> Load:
        return Load(images, self.usage, self.assumed)

    def bill(self, images: float, years: float = 1) -> list[Line]:
        return bill(self.load(images), self.prices, years=years)


def by_service(sources: Sources, years: float) -> Rows:
    """Dollars a month by service and load, their sum, and what one image costs."""
    bills = [sources.bill(images, years) for images in LOADS]
    rows = [["service", *(f"{images:,}" for images in LOADS)]]
    for service in SERVICES:
        rows.append([service, *(figures.dollars(total(lines, service)) for lines in bills)])
    rows.append(["together", *(figures.dollars(total(lines)) for lines in bills)])
    pieces = (total(lines) * 12 / images for lines, images in zip(bills, LOADS, strict=True))
    rows.append(["for one image", *map(figures.a_piece, pieces)])
    return rows


def by_line(sources: Sources) -> Rows:
    """Every line of the bills after a year: amounts and dollars."""
    bills = [sources.bill(images) for images in LOADS]
    head = [part for images in LOADS for part in (f"at {images:,}", "USD")]
    rows = [["service", "what", "unit", *head]]
    for lines in zip(*bills, strict=True):
        first = lines[0]
        unit = sources.prices.of[first.price].unit
        said = [
            part
            for line in lines
            for part in (figures.count(line.amount), figures.dollars(line.dollars))
        ]
        rows.append([first.service, first.what, unit, *said])
    return rows


def by_act(sources: Sources) -> Rows:
    """What one act uses: calls to AWS, units, our own work on a whole core, and the time billed."""
    load = sources.load(LOADS[0])
    rows = [["act", "by", "calls", "write units", "read units", "work, ms", "billed, ms"]]
    for name, act in sources.usage.acts.items():
        writes, reads = sum(act.write_units.values()), sum(act.read_units.values())
        rows.append(
            [
                name,
                f"`{act.function}`" if act.function else "browser",
                f"{sum(act.calls.values())}",
                f"{writes:g}",
                f"{reads:g}",
                f"{act.compute_ms:.0f}" if act.function else "",
                f"{1000 * load.seconds(act):.0f}" if act.function else "",
            ]
        )
    return rows


def what_if(sources: Sources) -> Rows:
    """How the bill after a year changes with single assumptions and choices."""
    rows = [["if", *(f"{images:,}" for images in LOADS)]]
    for name, other in _variants(sources):
        rows.append([name, *(figures.dollars(total(other.bill(images))) for images in LOADS)])
    return rows


def _variants(sources: Sources) -> list[tuple[str, Sources]]:
    def assuming(**changes: float) -> Sources:
        return replace(sources, assumed=replace(sources.assumed, **changes))

    def paying(name: str, other: str) -> Sources:
        return replace(sources, prices=sources.prices.instead(name, other))

    return [
        ("as above", sources),
        ("images of 22 KB, as HAM10000's", assuming(image_bytes=22_230)),
        ("images of 3 MB, a 12-megapixel camera's", assuming(image_bytes=3_000_000)),
        (
            "a hand's ten pictures are fetched anew for each reading",
            assuming(pictures_per_reading=10),
        ),
        ("the page looks at an image 4 times, not 8", assuming(looks_at_image=4)),
        ("a release is fetched by a hundred groups, not ten", assuming(fetched_a_release=100)),
        ("Cognito's plan Lite", paying("cognito.user", "cognito.user_lite")),
        ("functions on Arm", paying("lambda.gb_second", "lambda.gb_second_arm")),
    ]


def by_quota(sources: Sources) -> Rows:
    """The quotas by the load that meets them, and what the three loads take of them."""
    load = sources.load(LOADS[0])
    found = sorted(((met_at(quota, load), quota) for quota in sources.quotas.of_load), key=_place)
    rows = [["met at, images a year", "limit", "is", *(f"{n:,} take" for n in LOADS), "what to do"]]
    for place, quota in found:
        taken = (figures.percent(share(quota, sources.load(images))) for images in LOADS)
        limit = f"{quota.limit:,g} {quota.unit}"
        rows.append([figures.count(place), quota.what, limit, *taken, quota.advice])
    return rows


def _place(entry: tuple[float, object]) -> float:
    return entry[0]


def first_met(sources: Sources) -> str:
    """The first limit of each kind, in a sentence."""
    load = sources.load(LOADS[0])
    places = sorted(((met_at(quota, load), quota) for quota in sources.quotas.of_load), key=_place)
    firsts: dict[str, str] = {}
    for place, quota in places:
        where = f"{OWNERS[quota.whose]} at {figures.count(place)} images a year ({quota.what})"
        firsts.setdefault(quota.whose, where)
    return f"First of each kind: {'; '.join(firsts.values())}."


def waiting(sources: Sources) -> Rows:
    """How many cases may wait without a reader before the sweep falls behind."""
    rows = [["images a year", "readers", "cases that may wait"]]
    for images in LOADS:
        load = sources.load(images)
        said = [f"{images:,}", f"{load.readers:,.0f}", figures.count(waiting_cases(load))]
        rows.append(said)
    return rows


def printed(rows: Rows, *, only: Sequence[int] | None = None) -> str:
    """Rows for a terminal: the first row is the head; numbers to the right."""
    kept = [[row[i] for i in only] if only else row for row in rows]
    widths = [max(map(len, column)) for column in zip(*kept, strict=True)]
    lines = [_aligned(row, widths) for row in kept]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def _aligned(row: list[str], widths: list[int]) -> str:
    cells = (
        text.rjust(width) if text[:1].isdigit() or text[:1] in "<" else text.ljust(width)
        for text, width in zip(row, widths, strict=True)
    )
    return "  ".join(cells).rstrip()


def markdown(rows: Rows) -> str:
    """Rows as a table of the page."""
    head, *body = ([cell.replace("|", "\\|") for cell in row] for row in rows)
    lines = [head, ["---"] * len(head), *body]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
