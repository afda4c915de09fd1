"""The smoke test of a deployment, against the local stack: it passes on a whole system, and only there."""

import pytest

from infra.steps import smoke
from infra.steps.deployment import Refused
from tests.stack import RunningStack


def test_a_whole_system_passes(stack: RunningStack) -> None:
    assert smoke.amiss(stack.url) == []


@pytest.mark.parametrize(
    ("answer", "noticed"),
    [
        (smoke.Answer(502, {}, b""), set(smoke.CHECKS)),
        # As a CDN does that sends everything to the pages.
        (
            smoke.Answer(200, {}, b"<!doctype html><html></html>"),
            set(smoke.CHECKS)
            - {"/api/v1/health answers 200", "every address of the pages shows them"},
        ),
    ],
)
def test_a_broken_one_is_told_what_is_broken(
    monkeypatch: pytest.MonkeyPatch, answer: smoke.Answer, noticed: set[str]
) -> None:
    monkeypatch.setattr(smoke, "ask", lambda *_, **__: answer)
    told = smoke.amiss("http://127.0.0.1:1")
    assert {problem.partition(" (")[0] for problem in told} == noticed


def test_nobody_there_is_refused_after_some_tries() -> None:
    waited: list[float] = []
    with pytest.raises(Refused, match="health"):
        smoke.until_it_answers("http://127.0.0.1:1", waited.append)
    assert len(waited) == smoke.TRIES - 1
