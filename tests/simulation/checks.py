"""The named checks of a history: what promises 1 to 4, 6 and 15 say of everything kept and answered."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final
from urllib.parse import urlsplit

from chalicelib.classification.inference import metadata
from chalicelib.images.model import FOLLOWS, Image, Kind, State
from chalicelib.labelling.model import FIRST_READERS, AssignmentState
from chalicelib.platform.clock import moment
from chalicelib.platform.lesion_classes import LesionClass
from tests.pictures import SECRET
from tests.simulation.history import History
from tests.simulation.stage import READERS, Stage
from tests.simulation.tables import Tables


@dataclass(frozen=True)
class Failure:
    """A check that did not hold."""

    check: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.check}: {self.sentence}"


@dataclass(frozen=True)
class Evidence:
    """What a check looks at."""

    stage: Stage
    history: History
    settled: bool
    tables: Tables


Check = Callable[[Evidence], Iterator[str]]


def failures(stage: Stage, history: History, settled: bool) -> list[Failure]:
    """Every check on one history; empty when all hold."""
    evidence = Evidence(stage, history, settled, Tables(stage))
    return [
        Failure(name, sentence) for name, check in CHECKS.items() for sentence in check(evidence)
    ]


# --- promise 1 ------------------------------------------------------------------------------------


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


# --- promise 2 ------------------------------------------------------------------------------------


def every_upload_ends(seen: Evidence) -> Iterator[str]:
    """At rest nothing is unfinished, and each image is where its upload must have brought it."""
    if not seen.settled:
        yield "the sweep is never done"
    for image in seen.tables.images.values():
        expected = _end(seen, image)
        if image.state is not expected:
            yield f"image {image.image_id} is {image.state}, not {expected}"
        elif (image.image_id in seen.tables.cases) is not (expected is State.IN_LABELLING):
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
    return State.CLASSIFIED if image.kind is Kind.MACROSCOPIC else State.IN_LABELLING


def nothing_is_forgotten(seen: Evidence) -> Iterator[str]:
    """Whoever is finished has left the `due` index; whoever waits stands in it, and is not overdue."""
    now = seen.stage.clock.now()
    due = {row["pk"] for row in seen.tables.due}
    for row in seen.tables.due:
        if row["sk"] == "image":
            yield f"{row['pk']} is {row['state']} and still due"
        elif (now - moment(row["due_at"])).total_seconds() > 15 * 60:
            yield f"{row['pk']} has been overdue since {row['due_at']}"
    for image_id in seen.tables.cases:
        if f"case#{image_id}" not in due:
            yield f"case {image_id} has no deadline"


def what_is_called_done_is_done(seen: Evidence) -> Iterator[str]:
    """A function that did not fail left no upload unseen and no case unopened for the sweep to find."""
    yield from seen.history.left_behind


# --- promise 3 ------------------------------------------------------------------------------------


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


# --- promise 4 ------------------------------------------------------------------------------------


def clean_images_are_clean(seen: Evidence) -> Iterator[str]:
    """Clean picture and thumbnail are there and hold nothing but pixels."""
    for image in seen.tables.images.values():
        if image.intake is None:
            continue
        for key in (image.intake.clean_key, image.intake.thumbnail_key):
            data = seen.tables.stored(key)
            if data is None:
                yield f"{key} is not there"
            elif SECRET.encode() in data or _foreign(data):
                yield f"{key} carries more than pixels"


_known: dict[bytes, bool] = {}


def _foreign(data: bytes) -> bool:
    if data not in _known:
        _known[data] = bool(metadata.foreign_parts(data))
    return _known[data]


def nothing_is_served_from_uploads(seen: Evidence) -> Iterator[str]:
    """No link that anybody was given leads to what somebody uploaded."""
    uploads = seen.stage.platform.settings.bucket_uploads
    links = [link for _, image in seen.history.images_shown for link in image["urls"].values()]
    links += [item["image_url"] for _, items in seen.history.hands for item in items]
    for link in links:
        if link is not None and uploads in f"{urlsplit(link).netloc}{urlsplit(link).path}":
            yield f"a link leads to {urlsplit(link).path}"


# --- promise 6 ------------------------------------------------------------------------------------

_HAND_FIELDS: Final = {
    "assignment_id",
    "round",
    "kind",
    "site",
    "age",
    "sex",
    "image_url",
    "leased_until",
}


def readers_are_blind(seen: Evidence) -> Iterator[str]:
    """What a reader was shown names no image, patient, lesion, model, opinion or other reader."""
    tables = seen.tables
    assigned = {each.assignment_id: each for each in tables.assignments}
    classes = re.compile("|".join(LesionClass))
    for account_id, items in seen.history.hands:
        for item in items:
            if set(item) != _HAND_FIELDS:
                yield f"a reader is shown {sorted(set(item) ^ _HAND_FIELDS)}"
            image = tables.images[assigned[item["assignment_id"]].image_id]
            told = repr(item)
            secrets = [image.image_id, image.patient_id, image.lesion_id, image.uploaded_by]
            secrets += ["stand-in", *(other for other in READERS if other != account_id)]
            if any(secret in told for secret in secrets) or classes.search(told):
                yield f"assignment {item['assignment_id']} tells {account_id} more than the picture"
            if item["leased_until"][14:19] != "00:00":
                yield f"the lease of {item['assignment_id']} tells when it was made"
    urls = Counter(each.image_key for each in tables.assignments)
    if any(times > 1 for times in urls.values()):
        yield "two assignments share one picture"


def no_hand_is_in_the_order_of_the_cases(seen: Evidence) -> Iterator[str]:
    """The order of a hand tells neither urgency nor age of its cases."""
    assigned = {each.assignment_id: each for each in seen.tables.assignments}
    cases = seen.tables.cases
    long_hands = [items for _, items in seen.history.hands if len(items) >= 12]
    ages = [
        [cases[assigned[item["assignment_id"]].image_id].created_at for item in items]
        for items in long_hands
    ]
    urgencies = [
        [-cases[assigned[item["assignment_id"]].image_id].priority for item in items]
        for items in long_hands
    ]
    orders: list[list[Any]] = [*ages, *urgencies]
    for order in orders:
        if len(set(order)) > 4 and order in (sorted(order), sorted(order, reverse=True)):
            yield f"a hand of {len(order)} is in order"


# --- promise 15 -----------------------------------------------------------------------------------

_ONCE: Final = {
    "survey.created",
    "image.slot_opened",
    "image.classified",
    "image.rejected",
}


def every_act_is_recorded(seen: Evidence) -> Iterator[str]:
    """Each act that was acknowledged has its record: exactly one where it is one act."""
    recorded = seen.tables.acts
    for (actor, act, on), times in seen.history.acknowledged.items():
        found = recorded[actor, act, on]
        if found < (1 if act in _ONCE else times):
            yield f"{actor} did {act} {times} times, recorded are {found}"
    for (actor, act, on), found in recorded.items():
        if act in _ONCE and found > 1:
            yield f"{actor}'s {act} of {on} is recorded {found} times"
    for image in seen.tables.images.values():
        if image.state in {State.ABANDONED, State.AWAITING_UPLOAD, State.RECEIVED}:
            continue
        end = State.REJECTED if image.state is State.REJECTED else State.CLASSIFIED
        if recorded["classify", f"image.{end}", image.image_id] != 1:
            yield f"image {image.image_id} is {end} without one record"


def the_chain_holds(seen: Evidence) -> Iterator[str]:
    """All records are sealed, and the chain of blocks verifies."""
    yield from seen.stage.platform.audit.verify()
    if seen.tables.unsealed:
        yield f"{seen.tables.unsealed} records are not sealed"


CHECKS: Final[Mapping[str, Check]] = {
    check.__name__: check
    for check in (
        acknowledged_is_kept,
        one_key_one_thing,
        every_upload_ends,
        nothing_is_forgotten,
        what_is_called_done_is_done,
        one_life,
        the_pinned_version_decides,
        two_readers,
        no_case_starves,
        clean_images_are_clean,
        nothing_is_served_from_uploads,
        readers_are_blind,
        no_hand_is_in_the_order_of_the_cases,
        every_act_is_recorded,
        the_chain_holds,
    )
}
