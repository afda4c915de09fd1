"""Whatever readers do, whatever is lost and whoever dies: labelling keeps its promises after every step.

Steps are drawn by Hypothesis, which finds the shortest history that breaks one. The checks are those of
`tests/simulation`, on its state of AWS.
"""

from contextlib import ExitStack
from functools import partial
from random import Random
from typing import Any, Final

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from chalicelib.people.model import Role
from tests.labelling.making import classified_image
from tests.simulation.checks import LABELLING_CHECKS
from tests.simulation.curators import Curators
from tests.simulation.evidence import Evidence
from tests.simulation.faults import Fault
from tests.simulation.history import History, Work
from tests.simulation.lambdas import Lambdas
from tests.simulation.plan import Action
from tests.simulation.readers import Readers
from tests.simulation.settling import Peace
from tests.simulation.stage import YOUNG_SENIOR, new_stage, raise_reader
from tests.simulation.tables import Tables

EXPERTS: Final = {"expert-1": 2, "expert-2": 3, "expert-3": 3, "uploader": 3}
SENIORS: Final = {"senior": 3}
ALWAYS: Final = (
    "two_readers",
    "the_senior_was_neither",
    "a_final_reading_stays",
    "steps_follow_the_tables",
    "an_undo_is_within_its_minute",
    "readers_are_blind",
)
"""Checks that hold at any moment; all of them hold at rest."""

any_one = st.integers(0, 7)
deaths = st.none() | st.tuples(
    st.integers(0, 30), st.sampled_from([Fault.DIES_BEFORE, Fault.DIES_AFTER])
)
"""At which call the worker dies, before or after it is carried out."""
diagnoses = st.sampled_from(["nevus", "melanoma", "unknown"])


class Labelling(RuleBasedStateMachine):
    @initialize(seed=st.integers(1, 4))
    def begin(self, seed: int) -> None:
        self.open = ExitStack()
        self.stage = self.open.enter_context(new_stage(seed, EXPERTS, SENIORS))
        name, self.history = self.stage.platform.settings.labelling_queue_name, History()
        self.lambdas = Lambdas(name, lambda: self.stage.true_time)
        roles = dict.fromkeys(EXPERTS, Role.EXPERT)
        roles |= dict.fromkeys([*SENIORS, YOUNG_SENIOR], Role.SENIOR_EXPERT)
        self.readers = Readers(self.stage, self.history, self.lambdas, roles)
        self.curators = Curators(self.stage, self.history, self.lambdas)
        self.keys = 0
        for _ in range(2):
            self.arrive(lost=False)

    # --- the queue, the schedule and time -----------------------------------------------------------

    @precondition(lambda self: len(self.history.arrived) < 4)
    @rule(lost=st.booleans())
    def arrive(self, lost: bool) -> None:
        image_id = f"image-{len(self.history.arrived)}"
        self.history.arrived.append(image_id)
        classified_image(self.stage.world, image_id, uploaded_by="uploader")
        if not lost:
            self.lambdas.send(f'{{"image_id": "{image_id}"}}')
        self.deliver(None)

    @rule(dies=deaths)
    def deliver(self, dies: Any) -> None:
        """A batch of what may be delivered now; it comes again when the worker dies."""
        self._run(dies, partial(self.lambdas.deliver_messages, Random(1)))

    @rule(copies=st.booleans())
    def lose_or_copy(self, copies: bool) -> None:
        if copies:
            self.lambdas.messages *= 2
        else:
            self.lambdas.messages.clear()

    @rule(dies=deaths)
    def sweep(self, dies: Any) -> None:
        self._run(dies, self.lambdas.sweep)

    @rule(seconds=st.sampled_from([1, 30, 61, 300]))
    def wait(self, seconds: int) -> None:
        self.stage.clock.advance(seconds=seconds)

    @rule(days=st.sampled_from([1, 3]))
    def wait_long(self, days: int) -> None:
        self.stage.clock.advance(days=days)

    # --- people -------------------------------------------------------------------------------------

    @rule()
    def look(self) -> None:
        for account_id in self.readers.roles:
            self.readers.look_of(account_id)

    @precondition(lambda self: self.history.work)
    @rule(one=any_one, diagnosis=diagnoses, dies=deaths)
    def read(self, one: int, diagnosis: str, dies: Any) -> None:
        """In time or late, again or for the first time."""
        self.keys += 1
        self._read(self._work(one), diagnosis, f"key-{self.keys}", dies)

    @precondition(lambda self: self.history.work)
    @rule(diagnosis=diagnoses, seconds=st.sampled_from([0, 61]))
    def read_all(self, diagnosis: str, seconds: int) -> None:
        for work in list(self.history.work.values()):
            if not work.is_done_with:
                self.keys += 1
                self._read(work, diagnosis, f"key-{self.keys}", None)
        self.stage.clock.advance(seconds=seconds)
        self.deliver(None)

    @precondition(lambda self: self.history.work)
    @rule(one=any_one, dies=deaths)
    def read_twice(self, one: int, dies: Any) -> None:
        """A double click: the same request again."""
        work = self._work(one)
        sent = [deed for deed in work.deeds if deed.act == "read"]
        if sent:
            self._read(work, str(sent[-1].said["diagnosis"]), sent[-1].key, dies)

    @precondition(lambda self: self.history.work)
    @rule(one=any_one, dies=deaths)
    def undo(self, one: int, dies: Any) -> None:
        self._run(dies, partial(self.readers.take_back, self._work(one)))

    @precondition(lambda self: self.history.work)
    @rule(one=any_one, dies=deaths)
    def decline(self, one: int, dies: Any) -> None:
        self._run(dies, partial(self.readers.give_back, self._work(one)))

    @precondition(lambda self: self.history.work)
    @rule(one=any_one, dies=deaths)
    def renew(self, one: int, dies: Any) -> None:
        self._run(dies, partial(self.readers.ask_for_time, self._work(one)))

    @precondition(lambda self: self.readers.roles["expert-1"] is Role.EXPERT)
    @rule()
    def rise(self) -> None:
        raise_reader(self.stage.platform, "expert-1")
        self.readers.roles["expert-1"] = Role.SENIOR_EXPERT

    @rule(one=any_one)
    def prove(self, one: int) -> None:
        self.curators.prove(Random(one))

    # --- what holds ---------------------------------------------------------------------------------

    @invariant()
    def promises_are_kept(self) -> None:
        seen = Evidence(self.stage, self.history, True, Tables(self.stage))
        assert [told for name in ALWAYS for told in LABELLING_CHECKS[name](seen)] == []

    def teardown(self) -> None:
        """In peace everything comes to its end, and then all the checks hold."""
        with self.open:
            settled = Peace(self.stage, self.lambdas, self.curators, self._in_peace).settle()
            seen = Evidence(self.stage, self.history, settled, Tables(self.stage))
            broken = [told for check in LABELLING_CHECKS.values() for told in check(seen)]
            assert (settled, broken) == (True, [])

    def _in_peace(self, action: Action) -> None:
        if action is Action.SWEEP:
            self.lambdas.sweep()
        else:
            self.lambdas.deliver_messages(Random(0))
        self.lambdas.gather_messages()

    def _read(self, work: Work, diagnosis: str, key: str, dies: Any) -> None:
        self._run(dies, partial(self.readers.say, work, {"diagnosis": diagnosis}, key))

    def _work(self, one: int) -> Work:
        known = list(self.history.work.values())
        return known[-1 - one % len(known)]

    def _run(self, dies: Any, act: Any) -> None:
        met = {} if dies is None else {dies[0]: dies[1]}
        with self.stage.cloud.invocation(met):
            act()
        self.lambdas.gather_messages()


Labelling.TestCase.settings = settings(
    max_examples=40,
    stateful_step_count=25,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestLabelling = Labelling.TestCase
