"""One run: a plan played on a stage in one thread, and then left in peace until everything has settled."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Final, TypeVar

from chalicelib.images.model import UPLOADS, State
from chalicelib.platform import keys
from tests.labelling.making import classified_image
from tests.simulation import dynamodb
from tests.simulation.checks import CHECKS, failures
from tests.simulation.curators import Curators
from tests.simulation.evidence import Check, Evidence, Failure
from tests.simulation.faults import Fault
from tests.simulation.history import History
from tests.simulation.lambdas import Lambdas, reader_message
from tests.simulation.people import People
from tests.simulation.plan import Action, Step, faults
from tests.simulation.readers import Readers
from tests.simulation.settling import Peace
from tests.simulation.stage import Stage, new_stage
from tests.simulation.tables import Tables

T = TypeVar("T")

FUNCTIONS: Final = frozenset(
    {Action.DELIVER_EVENT, Action.DELIVER_MESSAGES, Action.SWEEP, Action.SEAL}
)


@dataclass
class Simulation:
    """Plays steps. Whatever a step draws comes from its own chance, and from how things stand."""

    stage: Stage
    history: History = field(default_factory=History)
    settled: bool = False
    """Whether the deadlines ran out of work in the peace afterwards."""

    def __post_init__(self) -> None:
        stage, name = self.stage, self.stage.platform.settings.labelling_queue_name
        self.lambdas = Lambdas(name, lambda: stage.true_time)
        self.people = People(stage, self.history, self.lambdas)
        self.readers = Readers(stage, self.history, self.lambdas)
        self.curators = Curators(stage, self.history, self.lambdas)

    def play(self, steps: Iterable[Step]) -> None:
        for step in steps:
            draw = Random(step.chance)
            self._act(step.action, draw, faults(step.action, draw))

    def _act(self, action: Action, draw: Random, met: Mapping[int, Fault]) -> None:
        cloud = self.stage.cloud
        cloud.meanwhile = lambda: self._meanwhile(action, draw)
        with cloud.invocation(met) as made:
            outcome = self._acts[action](draw)
        self.lambdas.gather_messages()
        self._look_after()
        if outcome is None:
            return
        self.history.counts[action] += 1
        self.history.note(action, outcome, len(made), self.stage.clock.now())

    def _look_after(self) -> None:
        """Hold a function to what it called done: an upload is seen, a case has been opened."""
        images = self.stage.platform.settings.table_cases
        for kind, told in self.lambdas.take_done():
            name = (
                told.removeprefix(UPLOADS) if kind == "event" else json.loads(told).get("image_id")
            )
            item = dynamodb.found(images, keys.image(str(name)))
            if item is None:
                continue
            waiting = State.AWAITING_UPLOAD if kind == "event" else State.CLASSIFIED
            if item["state"]["S"] == waiting:
                self.history.left_behind.append(f"the {kind} of {name} changed nothing")

    def _meanwhile(self, action: Action, draw: Random) -> None:
        """While one worker is held up another may do the same, or what comes next, and time passes."""
        cloud = self.stage.cloud
        cloud.meanwhile = lambda: None
        if draw.random() < 0.4:
            self.stage.clock.advance(minutes=draw.choice([1, 3, 10]))
        self.lambdas.gather_messages()
        other = draw.choice([*_RIVALS, action])
        if other is Action.DELIVER_EVENT and self.lambdas.seen:
            self.lambdas.events.append(self.lambdas.seen[-1])
        with cloud.invocation():
            outcome = self._acts[other](draw)
        if outcome is not None:
            self.history.counts[other] += 1
            self.history.note("meanwhile", other, outcome)

    # --- the steps that are nobody's but the cloud's ------------------------------------------------

    @property
    def _acts(self) -> Mapping[Action, Callable[[Random], object]]:
        people, lambdas = self.people, self.lambdas
        readers, curators = self.readers, self.curators
        return {
            Action.ARRIVE: self._arrive,
            Action.ENTER_SURVEY: people.enter_survey,
            Action.OPEN_SLOT: people.open_slot,
            Action.REPEAT_REQUEST: people.repeat_request,
            Action.CHANGE_REQUEST: people.change_request,
            Action.RENEW_SLOT: people.renew_slot,
            Action.UPLOAD: people.upload,
            Action.OVERWRITE: people.overwrite,
            Action.LOOK: people.look,
            Action.CORRECT_SURVEY: people.correct_survey,
            Action.READ_HAND: readers.look,
            Action.READ: readers.read,
            Action.REPEAT_READING: readers.repeat_reading,
            Action.UNDO: readers.undo,
            Action.DECLINE: readers.decline,
            Action.RENEW_LEASE: readers.renew,
            Action.RISE: readers.rise,
            Action.PROVE: curators.prove,
            Action.MAKE_GOLD: curators.make_gold,
            Action.LOOK_AT_CASE: curators.look,
            Action.DELIVER_EVENT: lambdas.deliver_event,
            Action.COPY_EVENT: self._copy_event,
            Action.LOSE_EVENT: self._lose_event,
            Action.DELIVER_MESSAGES: lambdas.deliver_messages,
            Action.COPY_MESSAGE: self._copy_message,
            Action.LOSE_MESSAGE: self._lose_message,
            Action.ASK_FOR_CASES: self._ask_for_cases,
            Action.SWEEP: lambda _: lambdas.sweep(),
            Action.SEAL: lambda _: lambdas.seal(),
            Action.WAIT: self._wait,
            Action.WAIT_LONG: self._wait_long,
            Action.SET_CLOCK_BACK: self._set_clock_back,
        }

    def _arrive(self, draw: Random) -> str:
        """An image that is classified already, and the message that says so."""
        image_id = f"image-{len(self.history.arrived)}"
        self.history.arrived.append(image_id)
        by = draw.choice(["doctor-1", "doctor-2", "reader-d"])
        with self.stage.cloud.invocation():
            classified_image(
                self.stage.world, image_id, uploaded_by=by, melanoma=round(draw.random(), 3)
            )
        self.lambdas.send(json.dumps({"image_id": image_id}))
        return "arrived"

    def _copy_event(self, draw: Random) -> str | None:
        if not self.lambdas.seen:
            return None
        self.lambdas.events.append(draw.choice(self.lambdas.seen[-40:]))
        return "copied"

    def _lose_event(self, draw: Random) -> str | None:
        return _lose(self.lambdas.events, draw)

    def _copy_message(self, draw: Random) -> str | None:
        if not self.lambdas.messages:
            return None
        self.lambdas.messages.append(draw.choice(self.lambdas.messages))
        return "copied"

    def _lose_message(self, draw: Random) -> str | None:
        return _lose(self.lambdas.messages, draw)

    def _ask_for_cases(self, draw: Random) -> str:
        self.lambdas.send(reader_message(draw.choice(list(self.readers.roles))))
        return "asked"

    def _wait(self, draw: Random) -> str:
        if draw.random() < 0.2:
            self.stage.set_clock_right()
        self.stage.clock.advance(seconds=draw.choice([1, 5, 20, 60, 100, 400]))
        return "waited"

    def _wait_long(self, draw: Random) -> str:
        self.stage.clock.advance(hours=draw.choice([2, 24, 80]))
        return "waited"

    def _set_clock_back(self, draw: Random) -> str:
        self.stage.set_clock_back()
        return "set back"

    def settle(self) -> None:
        """Leave everything in peace until it has come to its end."""
        self.settled = Peace(self.stage, self.lambdas, self.curators, self.step).settle()
        for account_id in self.readers.roles:
            self.readers.look_of(account_id)
        self.stage.clock.advance(minutes=1)
        self.step(Action.SEAL)

    def step(self, action: Action) -> None:
        """One step that no fault meets."""
        self._act(action, Random(0), {})


_RIVALS: Final = (
    Action.DELIVER_EVENT,
    Action.DELIVER_EVENT,
    Action.DELIVER_MESSAGES,
    Action.SWEEP,
    Action.SWEEP,
    Action.REPEAT_REQUEST,
    Action.READ,
    Action.REPEAT_READING,
    Action.UNDO,
)


def _lose(waiting: list[T], draw: Random) -> str | None:
    if not waiting:
        return None
    waiting.pop(draw.randrange(len(waiting)))
    return "lost"


@dataclass(frozen=True)
class Run:
    """What came of one run."""

    failures: list[Failure]
    digest: str
    """Of the history and of what lies in the tables in the end."""
    counts: Counter[str]
    faults: Counter[Fault]
    images: int
    deliveries: int
    """Records of events, messages and ticks handed to functions."""
    invocations: int
    calls: int


def run(seed: int, steps: Iterable[Step], held_to: Mapping[str, Check] = CHECKS) -> Run:
    """Play `steps` in a world of that seed, let it settle, and check it. The same gives the same."""
    with new_stage(seed) as stage:
        simulation = Simulation(stage)
        simulation.play(steps)
        simulation.settle()
        seen = Evidence(stage, simulation.history, simulation.settled, Tables(stage))
        note_tables(simulation)
        counts = simulation.history.counts
        return Run(
            failures=failures(seen, held_to),
            digest=simulation.history.digest,
            counts=counts,
            faults=stage.cloud.happened,
            images=len(simulation.history.photos) + len(simulation.history.arrived),
            deliveries=simulation.lambdas.handed,
            invocations=sum(counts[action] for action in FUNCTIONS),
            calls=stage.cloud.calls,
        )


def note_tables(simulation: Simulation) -> None:
    """Add what lies in the tables to the history, but for forms: boto3 signs them by the machine's clock."""
    settings = simulation.stage.platform.settings
    for name in (settings.table_cases, settings.table_labelling, settings.table_audit):
        for item in sorted(dynamodb.rows(name), key=lambda row: (row["pk"]["S"], row["sk"]["S"])):
            kept = {key: value for key, value in item.items() if key != "form"}
            simulation.history.note(json.dumps(kept, sort_keys=True))
