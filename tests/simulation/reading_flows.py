"""The flows of reading, one by one: what a reader does, and what a case comes to."""

from typing import Final

from tests.simulation import stage as functions
from tests.simulation.flows import Flow
from tests.simulation.reading_scenes import ReadingScene


def _sweep(scene: ReadingScene) -> None:
    functions.sweep()


def _nothing_in_time(scene: ReadingScene) -> ReadingScene:
    """Both have read, and every message was lost."""
    return scene.read("nevus", "nevus").later(minutes=4)


READING_FLOWS: Final = (
    Flow("submit", ReadingScene.in_hands, lambda s: s.say(0), ReadingScene.standing),
    Flow("submit the second", lambda s: s.read("nevus"), lambda s: s.say(1), ReadingScene.standing),
    Flow("undo", lambda s: s.read("nevus"), ReadingScene.undo, ReadingScene.standing),
    Flow("decline", ReadingScene.in_hands, ReadingScene.decline, ReadingScene.standing),
    Flow(
        "renew",
        lambda s: s.in_hands().later(hours=40),
        ReadingScene.renew,
        ReadingScene.after_the_old_lease,
    ),
    Flow(
        "settle after both",
        lambda s: s.read("melanoma", "melanoma").later(seconds=61),
        ReadingScene.settle,
        ReadingScene.standing,
    ),
    Flow("settle by the sweep only", _nothing_in_time, _sweep, ReadingScene.standing),
    Flow(
        "call a senior",
        lambda s: s.read("nevus", "melanoma").later(seconds=61),
        ReadingScene.settle,
        ReadingScene.standing,
    ),
    Flow(
        "arbitration",
        lambda s: s.settled("nevus", "melanoma"),
        lambda s: s.say(2, "melanoma"),
        ReadingScene.standing,
    ),
    Flow(
        "confirm a truth",
        lambda s: s.settled("nevus", "melanoma"),
        ReadingScene.prove,
        ReadingScene.standing,
    ),
    Flow(
        "confirm what was read",
        lambda s: s.settled("nevus", "nevus"),
        ReadingScene.prove,
        ReadingScene.standing,
    ),
    Flow("read a probe", ReadingScene.probed, lambda s: s.say(2), ReadingScene.standing),
)
