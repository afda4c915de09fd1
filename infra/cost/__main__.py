"""`make cost`: measure, compute, print, and write `docs/cost.md` and its plot."""

import sys

from infra.cost import assumptions, page, tables
from infra.cost.plot import draw
from infra.cost.prices import Prices
from infra.cost.quotas import Quotas
from infra.cost.tables import LOADS, YEARS, Sources, printed
from infra.cost.usage import Usage

TO_THE_TERMINAL = range(6)
"""Columns of the quotas; what to do stands in the page."""


def main() -> int:
    # The environment that the app is imported in; no call leaves the process.
    import tests.conftest  # noqa: F401
    from benchmarks import usage

    usage.write()
    sources = Sources(Usage.load(), assumptions.load(), Prices.load(), Quotas.load())
    for years in YEARS:
        print(f"US dollars a month by images a year, at the end of year {years}\n")
        print(printed(tables.by_service(sources, years)), end="\n\n")
    print(f"If one thing is otherwise, at the end of year {YEARS[0]}\n")
    print(printed(tables.what_if(sources)), end="\n\n")
    print(f"Where limits are met ({', '.join(f'{n:,}' for n in LOADS)} images a year take)\n")
    print(printed(tables.by_quota(sources), only=TO_THE_TERMINAL), end="\n\n")
    print(tables.first_met(sources))
    draw(sources, page.PLOT)
    page.PAGE.write_text(page.put(page.generated(sources), page.PAGE.read_text("utf-8")), "utf-8")
    print(f"\nMore in {page.PAGE.relative_to(page.ROOT)} and {page.PLOT.relative_to(page.ROOT)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
