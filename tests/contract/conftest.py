"""A stack of its own: what is generated here changes accounts and opens hundreds of slots."""

from collections.abc import Iterator, Mapping

import pytest

from tests.contract.callers import real_ids
from tests.stack import RunningStack, start_stack


@pytest.fixture(scope="package")
def contract_stack() -> Iterator[RunningStack]:
    running = start_stack("--no-demo", "--requests-per-second", "1000")
    yield running
    assert running.stop() == 0, running.output.lines[-20:]
    printed = "\n".join(running.output.lines)
    assert "Traceback" not in printed
    assert '"level":"ERROR"' not in printed


@pytest.fixture(scope="package")
def ids(contract_stack: RunningStack) -> Mapping[str, str]:
    """What stands in the braces of paths, of records that are really there."""
    return real_ids(contract_stack)
