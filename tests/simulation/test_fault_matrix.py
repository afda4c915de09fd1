"""Every call to AWS of every flow meets every fault once; what comes of it is what comes without any."""

from itertools import product

import pytest

from tests.simulation.faults import Fault
from tests.simulation.flows import FLOWS, Flow
from tests.simulation.scenes import Bench
from tests.simulation.stage import new_stage, open_reader

MET = (
    (Fault.DIES_BEFORE, Fault.DIES_AFTER),
    (Fault.REPLY_LOST, Fault.REPLY_LOST_ONCE),
    (Fault.THROTTLED, Fault.FAILED),
)


@pytest.mark.parametrize("met", MET, ids="-".join)
@pytest.mark.parametrize("flow", FLOWS, ids=str)
def test_a_fault_at_any_call_changes_nothing_in_the_end(flow: Flow, met: tuple[Fault, ...]) -> None:
    with new_stage(1) as stage:
        for number in range(4):
            open_reader(stage.platform, f"many-{number}", 10_000)
        bench = Bench(stage)
        scene = flow.begin(bench.fresh())
        with stage.cloud.invocation() as calls:
            flow.act(scene)
        flow.finish(scene)
        expected = flow.end(scene)
        assert calls, "a flow that makes no call meets no fault"
        for fault, nth in product(met, range(len(calls))):
            scene = flow.begin(bench.fresh())
            with stage.cloud.invocation({nth: fault}):
                flow.attempt(scene)
            flow.finish(scene)
            assert flow.end(scene) == expected, f"{fault} at call {nth} ({calls[nth]})"
