"""`make bench`: every benchmark, as a table and as `benchmarks/results.json`."""

import json
import os
import platform
import sys
from pathlib import Path

from benchmarks.table import printed

RESULTS = Path(__file__).with_name("results.json")


def main() -> int:
    # The environment that the app is imported in; no call leaves the process.
    import tests.conftest  # noqa: F401
    from benchmarks import (
        agreement,
        calls,
        classification,
        cold_start,
        evaluation,
        growth,
        importing,
        matching,
        readings,
        releases,
        selection,
    )

    parts = (
        *(cold_start, calls, classification, agreement, evaluation, matching, selection),
        *(growth, importing, readings, releases),
    )
    rows = [row for part in parts for row in part.rows()]
    print(printed(rows))
    results = {
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "rows": [row.as_json() for row in rows],
    }
    RESULTS.write_text(json.dumps(results, indent=1) + "\n")
    return 0 if all(row.kept for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
