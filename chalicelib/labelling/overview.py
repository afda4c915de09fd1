"""What curators, and the doctors of a patient, see of cases; and what curators decide about them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from chalicelib.images import labels
from chalicelib.images import service as images
from chalicelib.images.model import Image
from chalicelib.images.store import LostStep
from chalicelib.labelling.assignment_store import AssignmentStore
from chalicelib.labelling.driving import case_of
from chalicelib.labelling.model import CLOSED, WAITING_LOOK, Assignment, Case, CaseState, Round
from chalicelib.labelling.reading import Point
from chalicelib.labelling.store import CaseStore, LostClaim
from chalicelib.people import readers as people
from chalicelib.people.model import Account, Caller, Reach
from chalicelib.people.readers import readers
from chalicelib.platform.errors import Conflict, NotFound
from chalicelib.platform.language import Text
from chalicelib.platform.runtime import Platform

NO_VERDICT: Final = Text(
    "По этому снимку ещё нет заключения экспертов. Загляните позже.",
    "There is no verdict on this image yet. Look again later.",
)
NOT_READABLE: Final = Text(
    "Экспертам отправляют снимок, который уже обработан и ещё не прочитан. Посмотрите его состояние.",
    "Only an image that is classified and not read yet can be sent to readers. See its state.",
)
NOT_GOLD: Final = Text(
    "Эталоном может быть только случай, подтверждённый гистологией или наблюдением.",
    "Only a case confirmed by histology or follow-up can be a gold one.",
)


def view_case(
    platform: Platform, *, caller: Caller, image_id: str
) -> tuple[Case, Sequence[Assignment]]:
    """A case and its readings; for a doctor of the patient, once there is a verdict.

    Raises `NotFound`, or `Conflict` while a doctor has to wait.
    """
    if caller.reach is not Reach.ANY:
        images.reachable(platform, caller, image_id)
    case = CaseStore(platform.labelling).get(image_id)
    if case is None or case.state is CaseState.WITHDRAWN:
        raise NotFound
    if caller.reach is not Reach.ANY and case.state not in CLOSED:
        raise Conflict("no_verdict", NO_VERDICT)
    slots = [(account, slot.assignment_id) for account, slot in case.slots.items()]
    held = AssignmentStore(platform.labelling).of_slots(slots) if slots else []
    return case, [each for each in held if each.reading is not None]


def outline_of(case: Case, held: Sequence[Assignment]) -> list[Point] | None:
    """The lesion's border: what two close outlines make together, else the senior's, if any."""
    if case.outlines is not None and case.outlines.merged:
        return list(case.outlines.merged)
    for each in held:
        if each.round is Round.ARBITRATION and each.reading and each.reading.outline:
            return list(each.reading.outline)
    return None


def send_to_readers(platform: Platform, *, caller: Caller, image_id: str) -> Image:
    """Have an image read that would not be by itself: a phone photograph, or an archive's. Three calls.

    Raises `NotFound`, or `Conflict` for an image that is not classified, or was read already.
    """
    image = images.reachable(platform, caller, image_id)
    due_at = platform.clock.now() + WAITING_LOOK
    try:
        image = labels.send_to_readers(platform, image, by=caller.account_id, due_at=due_at)
    except LostStep:
        raise Conflict("not_readable", NOT_READABLE) from None
    platform.labelling_queue.send({"image_id": image_id})
    return image


def make_gold(platform: Platform, *, image_id: str, gold: bool) -> Case:
    """Mix a case of known truth into hands, or no longer. It may be one that nobody was to read.

    Raises `NotFound`, or `Conflict` where the truth is not known.
    """
    cases = CaseStore(platform.labelling)
    case = cases.get(image_id) or case_of(platform, image_id)
    while True:
        if case.state is CaseState.WITHDRAWN or not (case.writer or gold):
            raise NotFound
        if gold and (case.truth is None or case.state not in CLOSED):
            raise Conflict("not_gold", NOT_GOLD)
        if not case.writer:
            case = cases.open(case, due_at=None)
            continue
        if case.gold is gold:
            return case
        # What may follow from its verdict still is looked at once more.
        due_at = platform.clock.now() if case.slots else None
        try:
            return cases.replace(case, replace(case, gold=gold), due_at=due_at)
        except LostClaim as lost:
            case = lost.found


def list_readers(platform: Platform) -> list[Account]:
    """Everybody who may be given cases, and what is planned of him."""
    return sorted(readers(platform), key=lambda reader: reader.login)


def plan_reader(
    platform: Platform,
    account_id: str,
    *,
    planned: int | None,
    paused: bool | None,
    reason: str | None,
) -> Account:
    """Change what is planned of a reader; None leaves it. Raises `NotFound`."""
    reader = people.reader(platform, account_id)
    because = reader.paused_because if paused is None else reason if paused else None
    account = people.plan(
        platform,
        account_id,
        planned=reader.planned_readings if planned is None else planned,
        paused_because=because,
    )
    if paused is False:
        platform.labelling_queue.send({"reader_id": account_id})
    return account
