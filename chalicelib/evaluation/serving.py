"""Giving out the units of a test: one by one under a clock, or all of them for a results file.

What a vendor sees of a unit is a random id and its picture. The copy's key begins with a tag of the
image, by which an erasure finds all copies of it (`copies_of`).
"""

from dataclasses import dataclass
from typing import Final

from botocore.exceptions import ClientError

from chalicelib.evaluation.finishing import ask_for_report
from chalicelib.evaluation.hidden import still_there
from chalicelib.evaluation.model import COMPUTED_BY, Evaluation, Mode, Serving, State, TestUnit
from chalicelib.evaluation.runs import read_order
from chalicelib.evaluation.store import EvaluationStore, LostStep
from chalicelib.images.model import LINK_LIFE
from chalicelib.platform.errors import Conflict, NotFound
from chalicelib.platform.ids import Ids
from chalicelib.platform.language import Text
from chalicelib.platform.runtime import Platform

AHEAD: Final = 25
"""So many units are looked at for one that was not withdrawn."""
PAGE: Final = 25
"""Each image of a page is copied when it is first shown, so pages of units are no longer than this."""

ALL_ANSWERED: Final = Text(
    "Все единицы отвечены. Отчёт появится здесь же, как только будет рассчитан.",
    "All units are answered. The report appears with the test as soon as it is computed.",
)
EXPIRED: Final = Text(
    "Срок испытания истёк {deadline}. Начните новое.",
    "The test's deadline was {deadline}. Begin a new one.",
)
FILE_MODE: Final = Text(
    "Единицы этого испытания выданы списком. Пришлите один файл результатов.",
    "The units of this test were given out as a list. Send one results file.",
)
NOT_YET_LISTED: Final = Text(
    "Сначала получите список единиц: GET …/units. С ним испытание перестаёт измерять время.",
    "Get the list of units first: GET …/units. With it the test no longer measures time.",
)


@dataclass(frozen=True)
class Listed:
    """One unit of the list of all."""

    unit_id: str
    key: str
    content_type: str


def unit_id_of(ids: Ids, evaluation_id: str, number: int) -> str:
    """The unit's id in this run: random to whoever has not the system's key."""
    return ids.derived("tested unit", evaluation_id, str(number))


def copies_of(ids: Ids, image_id: str) -> str:
    """What the names of all copies of an image begin with, up to the first dot."""
    return f"tested/{ids.derived('tested image', image_id)}"


def next_unit(platform: Platform, evaluation: Evaluation) -> tuple[Evaluation, Serving]:
    """The unit to be answered now. Its clock starts when it is first asked for, and runs on.

    Four calls to AWS at most, after the test was read, and three more for each image that goes at
    this very moment; units whose image was taken back are passed over. Raises `Conflict` when there
    is none.
    """
    while True:
        require_open(platform, evaluation, Mode.ONE_BY_ONE)
        try:
            evaluation = _served(platform, evaluation)
        except LostStep as lost:  # another worker of the vendor was faster, and got the same unit
            if lost.found is None:
                raise NotFound from None
            evaluation = lost.found
        if evaluation.serving is not None:
            return evaluation, evaluation.serving


def list_units(
    platform: Platform, evaluation: Evaluation, *, limit: int, cursor: str | None
) -> tuple[list[Listed], str | None]:
    """A page of all units in the run's order. From the first page on no time is measured, and
    results come in one file.

    Four calls to AWS, and one for each image that is copied. A page may be shorter than `limit`.
    Raises `Conflict` when the test is over, `Invalid` for a cursor of another list.
    """
    scope = f"units {evaluation.evaluation_id}"
    start = (platform.cursors.open(cursor, scope=scope) or {"number": 0})["number"]
    require_open(platform, evaluation, None)
    store = EvaluationStore(platform.catalogue)
    if evaluation.mode is not Mode.FILE:
        try:
            evaluation = store.open_file(evaluation)
        except LostStep as lost:
            require_open(platform, lost.found or evaluation, Mode.FILE)
    order = read_order(platform, evaluation.evaluation_id)
    end = min(start + min(limit, PAGE), len(order))
    numbers = range(start, end)
    there = still_there(platform, [order[number].image_id for number in numbers])
    listed = []
    for number in numbers:
        unit, key = order[number], _key(platform, evaluation, order[number], number)
        if unit.image_id not in there:
            continue
        if number >= evaluation.copied and not _copied(platform, unit, key):
            continue
        unit_id = unit_id_of(platform.ids, evaluation.evaluation_id, number)
        listed.append(Listed(unit_id, key, unit.content_type))
    if start <= evaluation.copied < end:
        store.note_copied(evaluation, end)
    following = {"number": end} if end < len(order) else None
    return listed, platform.cursors.seal(following, scope=scope)


def require_open(platform: Platform, evaluation: Evaluation, mode: Mode | None) -> None:
    """Raises `Conflict` with what stands against another answer."""
    if evaluation.state in (State.COMPUTING, State.COMPLETE):
        raise Conflict("all_answered", ALL_ANSWERED)
    if evaluation.state is State.EXPIRED or platform.clock.now() >= evaluation.deadline:
        when = evaluation.deadline.strftime("%Y-%m-%d %H:%M UTC")
        raise Conflict("test_expired", EXPIRED.filled(deadline=when))
    if mode is Mode.ONE_BY_ONE and evaluation.mode is Mode.FILE:
        raise Conflict("file_mode", FILE_MODE)
    if mode is Mode.FILE and evaluation.mode is Mode.ONE_BY_ONE:
        raise Conflict("units_not_listed", NOT_YET_LISTED)


def link(platform: Platform, key: str) -> str:
    """A link to a unit's picture."""
    return platform.images.link(key, seconds=int(LINK_LIFE.total_seconds()))


def _served(platform: Platform, evaluation: Evaluation) -> Evaluation:
    """One step: the same unit still, the next one, or past some that were withdrawn."""
    serving, gone = evaluation.serving, set(evaluation.skipped)
    position = evaluation.position
    if serving is not None:
        if still_there(platform, [serving.image_id]):
            return evaluation
        gone.add(serving.number)
        position = serving.number + 1
    order = read_order(platform, evaluation.evaluation_id)
    ahead = order[position : position + AHEAD]
    there = still_there(platform, [unit.image_id for unit in ahead]) if ahead else frozenset()
    store = EvaluationStore(platform.catalogue)
    for number, unit in enumerate(ahead, position):
        key = _key(platform, evaluation, unit, number)
        if unit.image_id in there and _copied(platform, unit, key):
            given = Serving(
                number=number,
                unit_id=unit_id_of(platform.ids, evaluation.evaluation_id, number),
                image_id=unit.image_id,
                key=key,
                content_type=unit.content_type,
                started_at=platform.clock.now(),
            )
            return store.serve(evaluation, given, frozenset(gone))
        gone.add(number)
    now = platform.clock.now()
    moved = store.advance(
        evaluation, position + len(ahead), frozenset(gone), now=now, ask_at=now + COMPUTED_BY
    )
    if moved.state is State.COMPUTING:
        ask_for_report(platform, moved.evaluation_id)
    return moved


def _key(platform: Platform, evaluation: Evaluation, unit: TestUnit, number: int) -> str:
    unit_id = unit_id_of(platform.ids, evaluation.evaluation_id, number)
    suffix = unit.clean_key.rpartition(".")[2]
    return f"{copies_of(platform.ids, unit.image_id)}.{unit_id}.{suffix}"


def _copied(platform: Platform, unit: TestUnit, key: str) -> bool:
    """Copy the clean image for this unit; False where it has just been erased."""
    try:
        platform.images.copy(unit.clean_key, key)
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"NoSuchKey", "404"}:
            raise
        return False
    return True
