"""Over everything that the flows do to the common stack: it prints nothing personal."""

import re
from collections.abc import Iterator

import pytest

from tests import pictures
from tests.stack import RunningStack

CODE = re.compile(r"\b\d{4}(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])(19|20)\d\d\b")
TOKEN = re.compile(r"eyJ[\w-]+\.[\w-]+")


@pytest.fixture(scope="session", autouse=True)
def a_stack_that_prints_nothing_personal(stack: RunningStack) -> Iterator[None]:
    yield
    printed = "\n".join(stack.output.lines)
    assert pictures.SECRET not in printed
    assert not CODE.search(printed)
    assert not TOKEN.search(printed)
    assert "Traceback" not in printed
    assert '"level":"ERROR"' not in printed
