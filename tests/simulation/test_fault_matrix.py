"""Every call to AWS of every flow meets every fault once; what comes of it is what comes without any."""

from itertools import product

import pytest

from chalicelib.people.model import Role
from tests.simulation.faults import Fault
from tests.simulation.flows import FLOWS, Flow
from tests.simulation.reading_flows import READING_FLOWS
from tests.simulation.reading_scenes import ReadingScene
from tests.simulation.scenes import Bench, Scene
from tests.simulation.stage import new_stage, open_reader

MET = (
    (Fault.DIES_BEFORE, Fault.DIES_AFTER),
    (Fault.REPLY_LOST, Fault.REPLY_LOST_ONCE),
    (Fault.THROTTLED, Fault.FAILED),
)


@pytest.mark.parametrize("met", MET, ids="-".join)
@pytest.mark.parametrize("flow", FLOWS, ids=str)
def test_a_fault_at_any_call_changes_nothing_in_the_end(flow: Flow, met: tuple[Fault, ...]) -> None:
    _meet(flow, met, Scene)


@pytest.mark.parametrize("flow", READING_FLOWS, ids=str)
def test_a_fault_at_any_call_changes_no_reading(flow: Flow) -> None:
    # Who dies before a call has died after the one before it.
    _meet(flow, (Fault.DIES_AFTER, Fault.REPLY_LOST_ONCE), ReadingScene)


def _meet(flow: Flow, met: tuple[Fault, ...], kind: type[Scene]) -> None:
    with new_stage(1, settings={"probe_share": 0.0}) as stage:
        for number in range(4):
            open_reader(stage.platform, f"many-{number}", 10_000)
        open_reader(stage.platform, "many-seniors", 10_000, Role.SENIOR_EXPERT)
        bench = Bench(stage)
        scene = flow.begin(bench.fresh(kind))
        with stage.cloud.invocation() as calls:
            flow.act(scene)
        flow.finish(scene)
        expected = flow.end(scene)
        assert calls, "a flow that makes no call meets no fault"
        for fault, nth in product(met, range(len(calls))):
            scene = flow.begin(bench.fresh(kind))
            with stage.cloud.invocation({nth: fault}):
                flow.attempt(scene)
            flow.finish(scene)
            assert flow.end(scene) == expected, f"{fault} at call {nth} ({calls[nth]})"
