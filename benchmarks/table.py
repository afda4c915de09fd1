"""Rows of figures: one claim each, with what it is compared to and the bound it must keep."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """One claim. `ratio` is measured / baseline where there is one, else the measured count."""

    name: str
    measured: float
    baseline: float | None
    unit: str
    bound: float
    at_least: bool = False
    """Whether the ratio must reach the bound, rather than stay within it."""

    @property
    def ratio(self) -> float:
        return self.measured / self.baseline if self.baseline else self.measured

    @property
    def kept(self) -> bool:
        return self.ratio >= self.bound if self.at_least else self.ratio <= self.bound

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "ratio": round(self.ratio, 3), "kept": self.kept}


def printed(rows: list[Row]) -> str:
    """The rows as a table for people."""
    head = f"{'claim':44} {'measured':>12} {'baseline':>12} {'ratio':>7} {'bound':>7}  kept"
    lines = [head, "-" * len(head)]
    for row in rows:
        measured = f"{row.measured:.4g} {row.unit}"
        baseline = f"{row.baseline:.4g} {row.unit}" if row.baseline else "-"
        ratio = f"{row.ratio:.2f}" if row.baseline else f"{row.ratio:g}"
        kept = "yes" if row.kept else "NO"
        bound = f"{'≥' if row.at_least else '≤'} {row.bound:g}"
        lines.append(f"{row.name:44} {measured:>12} {baseline:>12} {ratio:>7} {bound:>7}  {kept}")
    return "\n".join(lines)
