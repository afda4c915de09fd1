"""Promise 3: everything happens once, whatever is delivered twice."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise

from chalicelib.images.model import FOLLOWS, State
from chalicelib.labelling.model import FIRST_READERS, AssignmentState
from tests.simulation.evidence import Evidence
from tests.simulation.stage import READERS


def one_life(seen: Evidence) -> Iterator[str]:
    """The states of an image follow the transition table, none of them twice."""
    for image in seen.tables.images.values():
        states = [State(step["state"]) for step in image.history]
        if len(set(states)) < len(states):
            yield f"image {image.image_id} was twice in a state: {states}"
        for before, after in pairwise(states):
            if after not in FOLLOWS[before]:
                yield f"image {image.image_id} went from {before} to {after}"
        if states[-1] is not image.state:
            yield f"image {image.image_id} is {image.state}, its history ends in {states[-1]}"


def the_pinned_version_decides(seen: Evidence) -> Iterator[str]:
    """What was made of an image was made of the version that is pinned, and of one that was sent."""
    for image in seen.tables.images.values():
        photo = seen.history.photos.get(image.image_id)
        if image.version is None or photo is None:
            continue
        pinned = photo.uploads.get(image.version)
        if pinned is None:
            yield f"image {image.image_id} is pinned to a version that nobody sent"
        elif image.intake is not None and pinned != photo.file.data:
            yield f"image {image.image_id} was made of other bytes than those pinned"
        elif pinned == photo.file.data and image.problem not in {
            photo.file.problem,
            "not_processed",
        }:
            yield f"image {image.image_id}: {image.problem}, not {photo.file.problem}"


def two_readers(seen: Evidence) -> Iterator[str]:
    """A case has at most two readers, each independent, each with one open assignment of it."""
    tables = seen.tables
    open_ones: dict[str, list[str]] = {}
    for assignment in tables.assignments:
        if assignment.state is AssignmentState.OPEN:
            open_ones.setdefault(assignment.image_id, []).append(assignment.account_id)
        if tables.stored(assignment.image_key) is None:
            yield f"assignment {assignment.assignment_id} has no image"
    for image_id, case in tables.cases.items():
        readers = open_ones.get(image_id, [])
        if len(case.slots) > FIRST_READERS:
            yield f"case {image_id} has {len(case.slots)} readers"
        if sorted(readers) != sorted(case.slots):
            yield f"case {image_id}: slots of {sorted(case.slots)}, open are {sorted(readers)}"
        independent = set(READERS) - {tables.images[image_id].uploaded_by}
        if unfit := {*case.slots, *readers} - independent:
            yield f"case {image_id} is read by {sorted(unfit)}"
    yield from _overfull_hands(open_ones)


def _overfull_hands(open_ones: Mapping[str, list[str]]) -> Iterator[str]:
    held = Counter(each for readers in open_ones.values() for each in readers)
    for account_id, many in held.items():
        # Two workers may fill the last place of a hand at the same moment.
        if many > READERS.get(account_id, many) + 1:
            yield f"{account_id} holds {many} cases"


def no_case_starves(seen: Evidence) -> Iterator[str]:
    """A case lacks a reader only where none that may read it has room."""
    tables = seen.tables
    held = Counter(
        each.account_id for each in tables.assignments if each.state is AssignmentState.OPEN
    )
    for image_id, case in tables.cases.items():
        for account_id, hand in READERS.items():
            has_room = held[account_id] < hand and case.may_be_read_by(account_id)
            if case.open_slots > 0 and has_room:
                yield f"case {image_id} waits, and {account_id} has room"
