"""Cases read to the end by readers who forget and click twice, on a system that keeps dying.

Unlike the campaign it has set rates, and it ends only when every case has its verdict.
"""

import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Final

from chalicelib.labelling.model import CaseState
from chalicelib.people.model import Role
from tests.labelling.making import classified_image
from tests.simulation.checks import LABELLING_CHECKS, failures
from tests.simulation.curators import Curators
from tests.simulation.evidence import Evidence, Failure
from tests.simulation.faults import Fault
from tests.simulation.history import History, Work
from tests.simulation.lambdas import Lambdas
from tests.simulation.outside import new_key
from tests.simulation.plan import Action
from tests.simulation.readers import Readers, said
from tests.simulation.settling import Peace
from tests.simulation.stage import Stage, new_stage
from tests.simulation.tables import Tables

LAPSED: Final = 0.10
"""Which share of what lies in hands is forgotten until its lease has ended."""
TWICE: Final = 0.10
"""Which share of readings is sent twice."""
UNDONE: Final = 0.03
DECLINED: Final = 0.02
CRASHES: Final = 0.24
"""In which share of invocations a worker is to die at one of its first calls. A third of them make fewer."""
COPIED: Final = 0.1
LOST: Final = 0.05
HAND: Final = 4
"""Small hands, so that cases wait and probes are mixed in."""
REQUEST: Final = range(4)
FUNCTION: Final = range(24)
"""At which call a request, or a run of a function, dies."""
DAYS: Final = 120
"""Within which every case must have its verdict."""
SITTINGS: Final = 3
"""How often a day each reader sits down."""
DOUBLED: Final = frozenset({"two_readers", "the_senior_was_neither", "a_final_reading_stays"})


@dataclass
class Clinic:
    """Cases, readers who read them, and a system that dies under them."""

    stage: Stage
    draw: Random
    cases: int
    arriving: int
    """Within so many days the cases come."""
    history: History = field(default_factory=History)
    done: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        stage, name = self.stage, self.stage.platform.settings.labelling_queue_name
        self.lambdas = Lambdas(name, lambda: stage.true_time)
        accounts = Tables(stage).accounts.items()
        roles = {account_id: Role(row["role"]) for account_id, row in accounts}
        self.readers = Readers(stage, self.history, self.lambdas, roles)
        self.curators = Curators(stage, self.history, self.lambdas)

    def run(self) -> None:
        """Let the cases come within days, and people read until none is left."""
        for day in range(DAYS):
            if day < self.arriving:
                self._arrive(self.cases * (day + 1) // self.arriving)
            for _ in range(SITTINGS):
                self._sitting()
                self.stage.clock.advance(hours=24 / SITTINGS)
            if day >= self.arriving and not self._unfinished():
                break
        self.done["days"] = day + 1

    def settle(self) -> bool:
        return Peace(self.stage, self.lambdas, self.curators, self._in_peace).settle()

    def _arrive(self, until: int) -> None:
        for number in range(len(self.history.arrived), until):
            image_id, melanoma = f"image-{number}", round(self.draw.random(), 3)
            classified_image(self.stage.world, image_id, melanoma=melanoma)
            self.history.arrived.append(image_id)
            if self.draw.random() >= LOST:
                self.lambdas.send(json.dumps({"image_id": image_id}))

    def _sitting(self) -> None:
        """Each reader looks at his hand and reads what is in it, while messages come and go."""
        people = list(self.readers.roles)
        for account_id in self.draw.sample(people, len(people)):
            self._invoke(partial(self.readers.look_of, account_id))
            own = [w for w in self.history.work.values() if w.account_id == account_id]
            for work in own:
                self._consider(work)
            self._deliver()
            self.stage.clock.advance(seconds=self.draw.choice([5, 30, 90]))
        for _ in range(4):
            self.stage.clock.advance(minutes=5)
            self._invoke(self.lambdas.sweep, FUNCTION)
            self._deliver()

    def _consider(self, work: Work) -> None:
        """Read one image of the hand, or decline, or forget it."""
        if work.left_alone or work.is_done_with:
            return
        lot, again = self.draw.random(), bool(work.deeds)
        if not again and lot < LAPSED:
            work.left_alone = True
            self.done["leases let lapse"] += 1
        elif not again and lot > 1 - DECLINED:
            self._invoke(lambda: self.readers.give_back(work))
        else:
            self._read(work)

    def _read(self, work: Work) -> None:
        what, key = said(self.draw), new_key(self.draw)
        if work.deeds and work.deeds[-1].unheard and work.deeds[-1].act == "read":
            what, key = dict(work.deeds[-1].said), work.deeds[-1].key
        self._invoke(lambda: self.readers.say(work, what, key))
        self.stage.clock.advance(seconds=self.draw.choice([2, 5, 10]))
        if self.draw.random() < TWICE:
            self.done["readings sent twice"] += 1
            self._invoke(lambda: self.readers.say(work, what, key))
        if work.is_read and self.draw.random() < UNDONE:
            self._invoke(lambda: self.readers.take_back(work))

    def _deliver(self) -> None:
        self.lambdas.gather_messages()
        for message in list(self.lambdas.messages):
            lot = self.draw.random()
            if lot < LOST:
                self.lambdas.messages.remove(message)
            elif lot < LOST + COPIED:
                self.lambdas.messages.append(message)
        while self.lambdas.ready:
            self._invoke(lambda: self.lambdas.deliver_messages(self.draw), FUNCTION)
            self.lambdas.gather_messages()

    def _invoke(self, act: Callable[[], object], calls: range = REQUEST) -> None:
        """One request, or one run of a function; in some of them the worker dies."""
        self.done["invocations"] += 1
        met: dict[int, Fault] = {}
        if self.draw.random() < CRASHES:
            fault = self.draw.choice([Fault.DIES_BEFORE, Fault.DIES_AFTER])
            met = {self.draw.choice(calls): fault}
        with self.stage.cloud.invocation(met):
            act()

    def _in_peace(self, action: Action) -> None:
        if action is Action.SWEEP:
            self.lambdas.sweep()
        else:
            self.lambdas.deliver_messages(Random(0))
        self.lambdas.gather_messages()

    def _unfinished(self) -> int:
        cases = Tables(self.stage).cases
        closed = {CaseState.AGREED, CaseState.ARBITRATED, CaseState.DISPUTED}
        return self.cases - sum(case.state in closed for case in cases.values())


@dataclass(frozen=True)
class Outcome:
    figures: dict[str, float]
    failures: list[Failure]


def read_all(cases: int, experts: int, seniors: int, *, days: int, seed: int) -> Outcome:
    """Let so many cases, which come within so many days, be read by so many people, and hold what came of
    it to the promises."""
    began = time.perf_counter()
    readers = {f"expert-{n}": HAND for n in range(experts)}
    with new_stage(seed, readers, {f"senior-{n}": HAND for n in range(seniors)}) as stage:
        clinic = Clinic(stage, Random(seed), cases, days)
        clinic.run()
        settled = clinic.settle()
        seen = Evidence(stage, clinic.history, settled, Tables(stage))
        found = failures(seen, LABELLING_CHECKS)
        states = Counter(case.state for case in seen.tables.cases.values())
        unfinished = clinic._unfinished()
        return Outcome(
            {
                "cases": len(seen.tables.cases),
                "experts": experts,
                "seniors": seniors,
                "agreed": states[CaseState.AGREED],
                "arbitrated": states[CaseState.ARBITRATED],
                "disputed": states[CaseState.DISPUTED],
                "without a verdict": unfinished,
                "days": clinic.done["days"],
                "assignments": len(seen.tables.assignments),
                "probes": sum(each.probe is not None for each in seen.tables.assignments),
                "leases let lapse": clinic.done["leases let lapse"],
                "readings sent twice": clinic.done["readings sent twice"],
                "readings undone": sum(
                    deed.act == "undo" and deed.well
                    for work in clinic.history.work.values()
                    for deed in work.deeds
                ),
                "declined": sum(each.state == "declined" for each in seen.tables.assignments),
                "invocations": clinic.done["invocations"],
                "crashes": sum(stage.cloud.happened.values()),
                "AWS calls": stage.cloud.calls,
                "lost": unfinished + sum(f.check not in DOUBLED for f in found),
                "doubled": sum(failure.check in DOUBLED for failure in found),
                "failed checks": len(found),
                "seconds": round(time.perf_counter() - began, 1),
            },
            found,
        )
