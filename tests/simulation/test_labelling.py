"""Sixty cases are read to the end, and every verdict is what its readings come to."""

from tests.simulation.clinic import read_all


def test_every_case_gets_the_verdict_of_its_readings_whatever_dies_lapses_or_comes_twice() -> None:
    outcome = read_all(cases=60, experts=8, seniors=2, days=2, seed=2)
    assert outcome.failures == []
    figures = outcome.figures
    assert figures["cases"] == figures["agreed"] + figures["arbitrated"] + figures["disputed"] == 60
    assert figures["lost"] == figures["doubled"] == figures["without a verdict"] == 0
    assert figures["crashes"] >= 0.12 * figures["invocations"]
    for name in (
        "leases let lapse",
        "readings sent twice",
        "readings undone",
        "declined",
        "probes",
    ):
        assert figures[name] > 0, name
