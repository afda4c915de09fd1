"""The generated part of `docs/cost.md`."""

from pathlib import Path
from typing import Final

from infra.cost import figures, tables
from infra.cost.assumptions import Stated, stated
from infra.cost.tables import LOADS, YEARS, Rows, Sources, markdown

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = ROOT / "docs" / "cost.md"
PLOT: Final = ROOT / "docs" / "cost.svg"
BEGIN: Final = "<!-- made by `make cost`: do not edit from here -->"
END: Final = "<!-- to here -->"


def put(text: str, page: str) -> str:
    """`page` with `text` between its two marks. Raises `ValueError` when it lacks them."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError("the page has lost its marks")
    return f"{before}{BEGIN}\n\n{text.strip()}\n\n{END}{after}"


def generated(sources: Sources) -> str:
    """Everything between the marks."""
    prices, quotas = sources.prices, sources.quotas
    parts = [
        f"Prices of {prices.region} as of {prices.as_of}, in {prices.currency} a month; quotas as of "
        f"{quotas.as_of}.",
        "![Cost of one image over load, and what the bill is made of](cost.svg)",
        *(
            f"### At the end of year {years}\n\n{markdown(tables.by_service(sources, years))}"
            for years in YEARS
        ),
        f"### If one thing is otherwise (end of year {YEARS[0]})\n\n"
        f"{markdown(tables.what_if(sources))}",
        f"### Line by line (end of year {YEARS[0]})\n\n{markdown(tables.by_line(sources))}",
        f"## Where limits are met\n\n{tables.first_met(sources)} A load takes its share in its busiest "
        f"second, {sources.load(LOADS[0]).peak:.0f} times its mean one; what is worked off in minutes, "
        "in its busiest hour.",
        markdown(tables.by_quota(sources)),
        "When every hand is full, a case without a reader is offered again every hour, and each "
        "look asks for ten readers' hands. So many cases may wait before the sweep falls behind:",
        markdown(tables.waiting(sources)),
        "What no number of images meets:",
        markdown(_others(sources)),
        f"## What was measured\n\n{markdown(tables.by_act(sources))}",
        f"## What is assumed\n\n{markdown(_assumed(stated()))}",
        f"## Prices\n\n{markdown(_prices(sources))}",
        f"## Where the limits are from\n\n{markdown(_quota_sources(sources))}",
    ]
    return "\n\n".join(parts)


def _others(sources: Sources) -> Rows:
    rows = [["limit", "is", "ours"]]
    return rows + [[other.what, other.limit, other.ours] for other in sources.quotas.others]


def _assumed(entries: list[Stated]) -> Rows:
    rows = [["assumption", "value", "why"]]
    return rows + [[f"`{e.name}`", f"{e.value:,g}", " ".join(e.reason.split())] for e in entries]


def _prices(sources: Sources) -> Rows:
    rows = [["for", "US dollars", "source", "note"]]
    for price in sources.prices.of.values():
        per = f"{price.per:,} {price.unit}" if price.per > 1 else price.unit
        tiers = ", ".join(
            figures.price(dollars) + ("" if up_to == float("inf") else f" (to {up_to:,.0f})")
            for up_to, dollars in price.tiers
        )
        rows.append([f"`{price.name}`, {per}", tiers, price.source, price.note])
    return rows


def _quota_sources(sources: Sources) -> Rows:
    rows = [["limit", "source"]]
    return rows + [[quota.what, quota.source] for quota in sources.quotas.of_load]
