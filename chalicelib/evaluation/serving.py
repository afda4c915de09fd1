"""Giving out the units of a test: one by one under a clock, or all of them for a results file.

What a vendor sees of a unit is a random id and its picture. The copy's key begins with a tag of the
image, by which an erasure finds all copies of it (`copies_of`).
"""

from dataclasses import dataclass
from typing import Final

from botocore.exceptions import ClientError

from chalicelib.evaluation.finishing import ask_for_report
from chalicelib.evaluation.hidden import Placed, order_of, still_there, units
from chalicelib.evaluation.model import COMPUTED_BY, Evaluation, Mode, RunState, Serving
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


def copies_of(ids: Ids, image_id: str) -> str:
    """What the names of all copies of an image begin with, up to the first dot."""
    return f"tested/{ids.derived('tested image', image_id)}"


def next_unit(platform: Platform, evaluation: Evaluation) -> tuple[Evaluation, Serving]:
    """The unit to be answered now. Its clock starts when it is first asked for, and runs on.

    Four calls to AWS after the test was read, and one more for each `AHEAD` units that were taken
    back: those are passed over. Raises `Conflict` when there is none.
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
    after = (platform.cursors.open(cursor, scope=scope) or {"place": ""})["place"]
    require_open(platform, evaluation, None)
    store = EvaluationStore(platform.catalogue)
    if evaluation.mode is not Mode.FILE:
        try:
            evaluation = store.open_file(evaluation)
        except LostStep as lost:
            evaluation = lost.found or evaluation
            require_open(platform, evaluation, Mode.FILE)
    order = [one for one in _order(platform, evaluation) if one.place > after]
    page = order[: min(limit, PAGE)]
    there = still_there(platform, [one.unit.image_id for one in page])
    listed = []
    for one in page:
        key = _key(platform, one)
        copied = one.place <= evaluation.copied_to
        if one.unit.image_id in there and (copied or _copied(platform, one, key)):
            listed.append(Listed(one.unit_id, key, one.unit.content_type))
    if page and after <= evaluation.copied_to < page[-1].place:
        store.note_copied(evaluation, page[-1].place)
    following = {"place": page[-1].place} if len(page) < len(order) else None
    return listed, platform.cursors.seal(following, scope=scope)


def require_open(platform: Platform, evaluation: Evaluation, mode: Mode | None) -> None:
    """Raises `Conflict` with what stands against another answer."""
    if evaluation.state in (RunState.COMPUTING, RunState.COMPLETE):
        raise Conflict("all_answered", ALL_ANSWERED)
    if evaluation.state is RunState.EXPIRED or platform.clock.now() >= evaluation.deadline:
        when = evaluation.deadline.strftime("%Y-%m-%d %H:%M UTC")
        raise Conflict("test_expired", EXPIRED.filled(deadline=when))
    if mode is Mode.ONE_BY_ONE and evaluation.mode is Mode.FILE:
        raise Conflict("file_mode", FILE_MODE)
    if mode is Mode.FILE and evaluation.mode is Mode.ONE_BY_ONE:
        raise Conflict("units_not_listed", NOT_YET_LISTED)


def link(platform: Platform, key: str) -> str:
    """A link to a unit's picture."""
    return platform.images.link(key, seconds=int(LINK_LIFE.total_seconds()))


def _order(platform: Platform, evaluation: Evaluation) -> list[Placed]:
    """The units of a run that were not withdrawn with their release's. One call."""
    found = units(platform, evaluation.release_id)
    return order_of(platform, evaluation.evaluation_id, found)


def _served(platform: Platform, evaluation: Evaluation) -> Evaluation:
    """One step: the same unit still, the next one, or none that is left."""
    order = _order(platform, evaluation)
    if evaluation.serving is not None:
        unit_id = evaluation.serving.unit_id
        given = [one.unit.image_id for one in order if one.unit_id == unit_id]
        if still_there(platform, given):
            return evaluation
    store = EvaluationStore(platform.catalogue)
    following = [one for one in order if one.place > evaluation.place]
    while following:
        ahead, following = following[:AHEAD], following[AHEAD:]
        there = still_there(platform, [one.unit.image_id for one in ahead])
        left = [one for one in ahead if one.unit.image_id in there]
        for number, one in enumerate(left, 1):
            key = _key(platform, one)
            if not _copied(platform, one, key):
                continue
            serving = Serving(
                number=evaluation.answered,
                unit_id=one.unit_id,
                key=key,
                content_type=one.unit.content_type,
                started_at=platform.clock.now(),
                last=not following and number == len(left),
            )
            return store.serve(evaluation, serving, one.place)
    now = platform.clock.now()
    finished = store.finish(evaluation, now=now, ask_at=now + COMPUTED_BY)
    ask_for_report(platform, evaluation.evaluation_id)
    return finished


def _key(platform: Platform, one: Placed) -> str:
    suffix = one.unit.clean_key.rpartition(".")[2]
    return f"{copies_of(platform.ids, one.unit.image_id)}.{one.unit_id}.{suffix}"


def _copied(platform: Platform, one: Placed, key: str) -> bool:
    """Copy the clean image for this unit; False where it has just been erased."""
    try:
        platform.images.copy(one.unit.clean_key, key)
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"NoSuchKey", "404"}:
            raise
        return False
    return True
