"""The price table: what one unit costs, in tiers where AWS has tiers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final, Self

import yaml

PRICES: Final = Path(__file__).with_name("prices.yaml")


@dataclass(frozen=True)
class Price:
    """Dollars for `per` units. `tiers` are (monthly amount up to which it holds, price); the last
    one holds for everything beyond, so its amount is infinite."""

    name: str
    unit: str
    source: str
    tiers: tuple[tuple[float, float], ...]
    per: float = 1
    note: str = ""

    def cost(self, amount: float) -> float:
        """Dollars for a month's `amount` of units."""
        total, below = 0.0, 0.0
        for up_to, price in self.tiers:
            total += max(0.0, min(amount, up_to) - below) * price / self.per
            below = up_to
        return total


@dataclass(frozen=True)
class Prices:
    """The whole table of one region."""

    region: str
    currency: str
    as_of: date
    of: Mapping[str, Price]

    @classmethod
    def load(cls, path: Path = PRICES) -> Self:
        """Raises `KeyError` for a line without unit, source and price."""
        table: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
        return cls(
            region=table["region"],
            currency=table["currency"],
            as_of=table["as_of"],
            of={name: _price(name, line) for name, line in table["prices"].items()},
        )

    def cost(self, name: str, amount: float) -> float:
        """Dollars for a month's `amount` of what `name` stands for."""
        return self.of[name].cost(amount)

    def instead(self, name: str, other: str) -> "Prices":
        """The same table in which `name` costs what `other` does."""
        return replace(self, of={**self.of, name: self.of[other]})


def _price(name: str, line: Mapping[str, Any]) -> Price:
    tiers = line["tiers"] if "tiers" in line else [{"price": line["price"]}]
    return Price(
        name=name,
        unit=line["unit"],
        source=line["source"],
        tiers=tuple((float(tier.get("up_to", "inf")), float(tier["price"])) for tier in tiers),
        per=line.get("per", 1),
        note=line.get("note", ""),
    )
