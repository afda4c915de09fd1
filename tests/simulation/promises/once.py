"""Promise 3: everything happens once, whatever is delivered twice."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from chalicelib.images.model import FOLLOWS, State
from chalicelib.labelling.model import FIRST_READERS, AssignmentState
from tests.simulation.evidence import Evidence


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
    """A case has at most two first readers, each independent, none of them with two assignments of
    it; and nobody's hand is too full."""
    tables = seen.tables
    for assignment in tables.assignments:
        if tables.stored(assignment.image_key) is None:
            yield f"assignment {assignment.assignment_id} has no image"
    for image_id, held in tables.counting.items():
        readers = Counter(each.account_id for each in held)
        case, uploader = tables.cases[image_id], tables.images[image_id].uploaded_by
        if sum(each.round == "first" for each in held) > FIRST_READERS:
            yield f"case {image_id} is read by {sorted(readers)}"
        if twice := [each for each, times in readers.items() if times > 1]:
            yield f"{twice} have {image_id} twice"
        if unfit := sorted(set(readers) & {uploader, *case.excluded, *case.declined}):
            yield f"case {image_id} is read by {unfit}"
    yield from _overfull_hands(seen)


def _overfull_hands(seen: Evidence) -> Iterator[str]:
    held = Counter(
        each.account_id for each in seen.tables.assignments if each.state is AssignmentState.OPEN
    )
    for account_id, many in held.items():
        # Two workers may fill the last place of a hand at the same moment, and two more another time.
        if many > seen.tables.accounts[account_id]["hand_size"] + 2:
            yield f"{account_id} holds {many} cases"
