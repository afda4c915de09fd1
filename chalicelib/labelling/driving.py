"""What a message of the queue, or the sweep, does with a case or an assignment."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from chalicelib.images.model import LABELLABLE, Image, State
from chalicelib.images.store import ImageStore, LostStep
from chalicelib.labelling.assignment_store import AssignmentStore
from chalicelib.labelling.concluding import Merge, conclude
from chalicelib.labelling.finding import find_readers
from chalicelib.labelling.following import follow, stepped
from chalicelib.labelling.model import (
    PLACING,
    UNFINISHED,
    Assignment,
    AssignmentState,
    Case,
    CaseState,
    Facts,
)
from chalicelib.labelling.placing import tell
from chalicelib.labelling.proof import Truth
from chalicelib.labelling.store import CaseStore, LostClaim
from chalicelib.labelling.urgency import priority
from chalicelib.platform import logging
from chalicelib.platform.errors import NotFound
from chalicelib.platform.metrics import count
from chalicelib.platform.runtime import Platform

OPINION: Final = ("model", "probabilities", "top", "abstained")
"""What a case keeps of the model's opinion: its priority follows from it, and it is scored."""


def assign_case(platform: Platform, image_id: str, merge: Merge | None = None) -> Case | None:
    """Open the case of a classified image and drive it on; None when it is not to be read."""
    images = ImageStore(platform.cases)
    image = images.get(image_id)
    if image is None or not _to_be_read(image):
        return None
    logging.follow(image.trace)
    now = platform.clock.now()
    case = CaseStore(platform.labelling).open(_case_of(image, now), due_at=now + PLACING)
    if case.state is CaseState.WITHDRAWN:
        return None
    if image.state is State.CLASSIFIED:
        try:
            image = images.step(image, State.IN_LABELLING, now=now)
            count("CasesOpened")
        except LostStep as lost:
            count("ImagesOvertaken")  # the same message was here before, or the image was moved
            if lost.found is None or not _to_be_read(lost.found):
                return None  # consent was taken back, and the erasure closes the case
            image = lost.found
    if case != _like(case, image):  # it was moved between the reading of it and this
        return follow_image(platform, image_id)
    return drive_on(platform, case, merge)


def drive_on(platform: Platform, case: Case, merge: Merge | None = None) -> Case:
    """Bring a case to what follows from its assignments and look for readers, as often as needed.

    Functions with the numeric layer pass what merges outlines; the others leave that to them.
    When others change it at the same time, they have the last word.
    """
    logging.follow(case.trace)
    case = follow(platform, case)
    if case.state is CaseState.WITHDRAWN:
        return case
    try:
        found = find_readers(platform, case)
        # Another worker may have claimed a slot meanwhile and died before he placed its assignment.
        return conclude(platform, found if found == case else follow(platform, found), merge)
    except LostClaim as lost:
        return lost.found


def settle(platform: Platform, image_id: str, merge: Merge | None = None) -> Case | None:
    """Bring a case to its verdict, if its readings are complete; None where there is no case."""
    case = CaseStore(platform.labelling).get(image_id)
    return case and drive_on(platform, case, merge)


def drive_on_assignment(
    platform: Platform, assignment: Assignment, merge: Merge | None = None
) -> None:
    """An assignment that is overdue: its case follows, or it was a probe that no case waits for."""
    assignments, now = AssignmentStore(platform.labelling), platform.clock.now()
    if assignment.state is AssignmentState.OPEN:
        assignments.expire(assignment, now=now)
        return
    if assignment.probe is None:
        settle(platform, assignment.image_id, merge)
    held: Assignment | None = assignment
    if assignment.state is AssignmentState.READ:
        held = assignments.finalize(assignment)
    if held is not None and held.probe is not None and held.state is AssignmentState.FINAL:
        CaseStore(platform.labelling).note_probe(held, held.reading)
    assignments.followed(assignment.account_id, assignment.assignment_id)


def follow_image(platform: Platform, image_id: str) -> Case | None:
    """Let a case follow its image; None when it has none yet. Doing it again changes nothing more.

    What has proved true of the image becomes the case's truth. Of an unfinished case, facts and
    exclusions become the image's too: a reader who is excluded now loses the assignment, and another
    one is looked for; the other readers are told the new facts. A case whose readings are complete
    stays as it was read.
    """
    cases = CaseStore(platform.labelling)
    case = cases.get(image_id)
    while case is not None and case.state is not CaseState.WITHDRAWN:
        # Read after the case, whose condition then keeps an older move from undoing a newer one.
        image = ImageStore(platform.cases).get(image_id)
        if image is None or image.state not in LABELLABLE:
            return case
        after = _like(case, image)
        if case.truth != after.truth:
            after = stepped(platform, after)
        try:
            if after != case:
                due_at = platform.clock.now() + PLACING
                case = cases.replace(case, after, due_at=due_at)
        except LostClaim as lost:
            case = lost.found
            continue
        case = follow(platform, case)
        if case.state in UNFINISHED:
            tell(platform, case)
        return drive_on(platform, case)
    return case


def case_of(platform: Platform, image_id: str) -> Case:
    """A new case of an image whose truth is known, which nobody is to read. Raises `NotFound`."""
    image = ImageStore(platform.cases).get(image_id)
    if image is None or image.intake is None or image.state not in LABELLABLE:
        raise NotFound
    return replace(_case_of(image, platform.clock.now()), state=CaseState.OVERRIDDEN)


def _to_be_read(image: Image) -> bool:
    return (
        image.state in LABELLABLE - {State.DISPUTED}
        and image.goes_to_readers
        and image.intake is not None
    )


def _excluded(image: Image) -> frozenset[str]:
    """Who must not read the image blind: who uploaded it, and who treats the patient."""
    return frozenset({image.uploaded_by, *image.subject.treated_by})


def _facts(image: Image) -> Facts:
    return Facts(
        kind=image.kind.value,
        site=image.subject.site,
        age=image.subject.age,
        sex=image.subject.sex,
    )


def _like(case: Case, image: Image) -> Case:
    """The case with what it takes from its image."""
    if case.state not in UNFINISHED:
        return replace(case, truth=_truth(image))
    return replace(case, facts=_facts(image), excluded=_excluded(image), truth=_truth(image))


def _case_of(image: Image, now: datetime) -> Case:
    if image.intake is None:
        raise ValueError("an image without a clean picture has no case")
    said = image.classification or {}
    opinion = {name: said[name] for name in OPINION if name in said} or None
    return Case(
        image_id=image.image_id,
        state=CaseState.WAITING,
        created_at=now,
        since=now,
        priority=priority(image.classification),
        clean_key=image.intake.clean_key,
        clinic_id=image.clinic_id,
        aspect=round(image.intake.width / image.intake.height, 4),
        opinion=opinion,
        facts=_facts(image),
        excluded=_excluded(image),
        truth=_truth(image),
        trace=image.trace,
    )


def _truth(image: Image) -> Truth | None:
    """What has proved true of the image, as its label says."""
    return Truth.of_label(image.proven, otherwise_at=image.since) if image.proven else None
