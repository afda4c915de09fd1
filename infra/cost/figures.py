"""Numbers as people read them: no more digits than are known."""

from math import floor, isinf, log10


def dollars(amount: float) -> str:
    """`0.04`, `1.20`, `43`, `1,230`: three digits at most, cents below 10."""
    if amount < 0.005:
        return "0"
    if amount < 10:
        return f"{amount:.2f}"
    return f"{rounded(amount, 3):,.0f}"


def a_piece(amount: float) -> str:
    """Dollars for one of many things: two digits, `0.0052`, `0.20`."""
    return f"{amount:#.2g}".rstrip(".")


def price(amount: float) -> str:
    """A price as it is listed: `0.20`, `0.0000166667`."""
    exact = f"{amount:.10f}".rstrip("0")
    return exact if len(exact.partition(".")[2]) >= 2 else f"{amount:.2f}"


def count(amount: float) -> str:
    """A number with two digits, `34,000` or `3.4 million`; "never" beyond all bounds."""
    if isinf(amount):
        return "never"
    amount = rounded(amount, 2)
    for size, name in ((1e9, "billion"), (1e6, "million")):
        if amount >= size:
            return f"{amount / size:,.3g} {name}"
    return f"{amount:,.0f}" if amount >= 10 else f"{amount:.2g}"


def percent(share: float) -> str:
    """Of a limit: `0.02 %`, `4 %`, `230 %`."""
    part = 100 * share
    if part < 0.01:
        return "< 0.01 %"
    return f"{rounded(part, 2):,.2g} %" if part < 10 else f"{rounded(part, 2):,.0f} %"


def rounded(amount: float, digits: int) -> float:
    """Rounded to so many significant digits."""
    if amount == 0:
        return 0.0
    return round(amount, digits - 1 - floor(log10(abs(amount))))
