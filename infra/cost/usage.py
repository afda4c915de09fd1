"""What was measured, as `make cost` wrote it down last (`benchmarks/usage.json`)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

USAGE: Final = Path(__file__).parents[2] / "benchmarks" / "usage.json"


@dataclass(frozen=True, kw_only=True)
class Act:
    """One invocation of a function, or one thing a browser does at AWS by itself (no function)."""

    function: str | None
    calls: Mapping[str, float]
    """By `service.Operation place`."""
    write_units: Mapping[str, float]
    """By table, and by `table.index`."""
    read_units: Mapping[str, float]
    metrics: Mapping[str, int]
    """Values written, by name, function and further dimensions."""
    stored_bytes: Mapping[str, int]
    """By how much tables and indexes grow."""
    log_bytes: int
    answer_bytes: int
    compute_ms: float
    """Our own work on one whole core of the machine that measured."""

    def calls_of(self, *operations: str) -> float:
        """How many calls were one of these operations (`s3.PutObject`)."""
        return sum(n for call, n in self.calls.items() if call.split(" ")[0] in operations)

    @property
    def records(self) -> float:
        """Audit records that it writes, or (below zero) seals."""
        entries = self.calls.get("dynamodb.PutItem audit", 0)
        sealed = self.calls.get("dynamodb.UpdateItem audit", 0) - entries
        return -sealed if self.function == "seal_audit" else entries

    @property
    def tables(self) -> set[str]:
        """The tables it uses."""
        places = (call.split(" ")[1] for call in self.calls if call.startswith("dynamodb."))
        return {place.split(".")[0] for place in places}


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What stands in the account whatever the load."""

    alarms: int
    """Metrics that alarms watch."""
    dashboards: int
    keys: int
    rotating_keys: int
    secrets: int
    uploads_days: int
    """How long the bytes of an upload are kept, as a version that is no more current too."""
    assigned_days: int
    log_days: int


@dataclass(frozen=True, kw_only=True)
class Pages:
    """One visit of the web pages with an empty cache, the API's reference left out."""

    requests: int
    bytes: int


@dataclass(frozen=True, kw_only=True)
class Usage:
    """Everything measured."""

    readers: int
    """How many readers there were."""
    account_bytes: int
    """Of one reader's account, which every search for readers reads."""
    case_bytes: int
    """Of a closed case, which every computation of the figures reads."""
    case_ms: float
    """Our own work for it there, on one whole core."""
    acts: Mapping[str, Act]
    start_ms: Mapping[str, float]
    """From the start of a process to its first answer, by function."""
    megabytes: Mapping[str, int]
    """Memory that each function is given."""
    standing: Standing
    pages: Pages

    @classmethod
    def load(cls, path: Path = USAGE) -> Self:
        found = json.loads(path.read_text("utf-8"))
        return cls(
            readers=found["readers"],
            account_bytes=found["account_bytes"],
            case_bytes=found["case_bytes"],
            case_ms=found["case_ms"],
            acts={name: Act(**act) for name, act in found["acts"].items()},
            start_ms=found["start_ms"],
            megabytes=found["megabytes"],
            standing=Standing(**found["standing"]),
            pages=Pages(**found["pages"]),
        )
