"""Promises 1 and 2: what was acknowledged is kept, and every upload comes to its end."""

from collections.abc import Iterator
from typing import Final

from chalicelib.images.model import Image, Kind, State
from chalicelib.labelling.model import UNFINISHED, AssignmentState, CaseState
from chalicelib.platform.clock import moment
from tests.simulation.evidence import Evidence


def acknowledged_is_kept(seen: Evidence) -> Iterator[str]:
    """Whatever a 2xx said was made is there, with all that belongs to it."""
    tables = seen.tables
    for survey in seen.history.surveys():
        made = survey.made
        if made is None:
            continue
        suffix = made["survey_id"].rpartition(".")[2]
        lesion = tables.lesions.get(made["lesion_id"])
        if lesion is None or suffix not in lesion["surveys"]:
            yield f"survey {made['survey_id']} is gone"
        if made["patient_id"] not in tables.patients:
            yield f"patient {made['patient_id']} is gone"
        if made["patient_id"] not in tables.registered:
            yield f"patient {made['patient_id']} is in no register"
    for photo in seen.history.photos.values():
        if photo.image_id not in tables.images:
            yield f"image {photo.image_id} is gone"


def one_key_one_thing(seen: Evidence) -> Iterator[str]:
    """The same key gave the same answer, and refused another body."""
    for creation in seen.history.creations:
        good = [each for each in creation.answers if each is not None and each.status == 201]
        ids = {
            tuple(sorted((k, v) for k, v in each.body.items() if k.endswith("_id")))
            for each in good
        }
        if len(ids) > 1:
            yield f"key {creation.key} made {len(ids)} things"
        for answer in creation.changed:
            if answer is not None and answer.status < 400:
                yield f"key {creation.key} took another body"
    slots = sum(each.file is not None for each in seen.history.creations)
    if len(seen.tables.images) > slots:
        yield f"{len(seen.tables.images)} images of {slots} slots"
    kept = sum(len(lesion["surveys"]) for lesion in seen.tables.lesions.values())
    asked = sum(1 for _ in seen.history.surveys())
    if kept > asked:
        yield f"{kept} surveys of {asked} requests"


def every_upload_ends(seen: Evidence) -> Iterator[str]:
    """At rest nothing is unfinished, and each image is where its upload must have brought it."""
    if not seen.settled:
        yield "the sweep is never done"
    for image in seen.tables.images.values():
        expected = _end(seen, image)
        if image.state is not expected:
            yield f"image {image.image_id} is {image.state}, not {expected}"
        elif image.intake is None or image.image_id in seen.history.truths:
            continue  # what proved true of a photograph may be mixed into hands, and has a case then
        elif (image.image_id in seen.tables.cases) is not image.goes_to_readers:
            yield f"image {image.image_id} is {image.state}, and its case is not so"


def _end(seen: Evidence, image: Image) -> State:
    photo = seen.history.photos.get(image.image_id)
    if photo is None or not photo.uploads:
        return State.ABANDONED
    if image.problem == "not_processed":
        return State.REJECTED  # so many workers died or failed on it
    pinned = photo.uploads.get(image.version or "")
    if pinned != photo.file.data or photo.file.problem is not None:
        return State.REJECTED
    if image.image_id in seen.history.truths:
        return State.LABELLED
    case = seen.tables.cases.get(image.image_id)
    by_case = _BY_CASE.get(case.state, State.IN_LABELLING) if case else State.IN_LABELLING
    return State.CLASSIFIED if image.kind is Kind.MACROSCOPIC else by_case


_BY_CASE: Final = {
    CaseState.AGREED: State.LABELLED,
    CaseState.ARBITRATED: State.LABELLED,
    CaseState.DISPUTED: State.DISPUTED,
}


def nothing_is_forgotten(seen: Evidence) -> Iterator[str]:
    """Whoever is finished has left the `due` index; whoever waits stands in it, and is not overdue."""
    now = seen.stage.clock.now()
    due = {row["pk"] for row in seen.tables.due}
    own = {row["sk"] for row in seen.tables.due}
    for row in seen.tables.due:
        if row["sk"] == "image":
            yield f"{row['pk']} is {row['state']} and still due"
        elif (now - moment(row["due_at"])).total_seconds() > 15 * 60:
            yield f"{row['pk']} has been overdue since {row['due_at']}"
    for image_id, case in seen.tables.cases.items():
        if (f"case#{image_id}" in due) is not (case.state in UNFINISHED):
            yield f"case {image_id} is {case.state}: its deadline is wrong"
    for each in seen.tables.assignments:
        waits = each.probe is not None and each.state is AssignmentState.OPEN
        if (f"assignment#{each.assignment_id}" in own) is not waits:
            yield f"assignment {each.assignment_id} is {each.state}: its deadline is wrong"


def what_is_called_done_is_done(seen: Evidence) -> Iterator[str]:
    """A function that did not fail left no upload unseen and no case unopened for the sweep to find."""
    yield from seen.history.left_behind
