"""How far a patient's image may have come when consent is taken back."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.images.model import State
from chalicelib.people.model import Role
from tests import pictures
from tests.classification.taking_in import run_sweep, take_in
from tests.erasure.journeys import (
    Journey,
)
from tests.images.making import image_of, upload
from tests.labelling.making import case_of
from tests.labelling.reading import Reader, settled
from tests.world import WorkerDied

PHOTO = pictures.jpeg()


def awaiting(case: Journey) -> None:
    """The slot is open and nothing has come."""


def uploaded(case: Journey) -> None:
    """The file lies in the bucket, and its event has not come."""
    upload(case.world, case.data, image_id=case.image_id)


def received(case: Journey) -> None:
    """A worker has pinned the upload and died."""
    version = upload(case.world, case.data, image_id=case.image_id)
    case.world.crash_in = 2
    with pytest.raises(WorkerDied):
        take_in(case.world, version, case.image_id)
    case.world.crash_in = None


def classified(case: Journey) -> None:
    """The model has spoken, and the message waits in the queue."""
    case.take_in()


def in_labelling(case: Journey) -> None:
    """Two readers have it in their hands."""
    case.take_in()
    case.find_readers()


def read_once(case: Journey) -> None:
    """One of the two has read it, and his minute runs."""
    in_labelling(case)
    read(case, "melanoma", comment="Ask her about her brother")


def declined(case: Journey) -> None:
    """One of the two gave it back, with a reason."""
    in_labelling(case)
    [one, _] = holders(case)
    assert one.decline(one.held(case.image_id).assignment_id).status == 204


def disputed(case: Journey) -> None:
    """Both have read it, and no senior is there to settle it."""
    in_labelling(case)
    read(case, "melanoma", "nevus")
    settled(case.world, case.image_id)


def labelled(case: Journey) -> None:
    """Both have read it, with outlines; the verdict has fallen."""
    in_labelling(case)
    read(case, "nevus", "nevus", outline=[[0.2, 0.2], [0.8, 0.2], [0.5, 0.8]])
    settled(case.world, case.image_id)
    assert image_of(case.world, case.image_id).state is State.LABELLED


def holders(case: Journey) -> list[Reader]:
    held = case_of(case.world, case.image_id).slots
    return [Reader(case.world, account_id, "", role=Role.EXPERT) for account_id in held]


def read(case: Journey, *diagnoses: str, **more: Any) -> None:
    for one, said in zip(holders(case), diagnoses, strict=False):
        assert one.read(one.held(case.image_id).assignment_id, said, **more).status == 201


def expired(case: Journey) -> None:
    """One of the leases has ended, so that the assignment is no longer in its slot."""
    in_labelling(case)
    case.world.clock.advance(days=4)
    run_sweep(case.world)


def overwritten(case: Journey) -> None:
    """The form was used twice: the upload has two versions and a delete marker."""
    in_labelling(case)
    upload(case.world, case.data, image_id=case.image_id)
    platform = case.world.platform
    platform.client("s3").delete_object(
        Bucket=platform.settings.bucket_uploads, Key=f"uploads/{case.image_id}"
    )


def rejected(case: Journey) -> None:
    """The file was none that can be used."""
    take_in(case.world, upload(case.world, b"no picture", image_id=case.image_id), case.image_id)


def abandoned(case: Journey) -> None:
    """The slot was given up."""
    case.world.clock.advance(hours=25)
    run_sweep(case.world)


MOMENTS: list[Callable[[Journey], None]] = [
    *(awaiting, uploaded, received, classified, in_labelling),
    *(read_once, declined, disputed, labelled),
    *(expired, overwritten, rejected, abandoned),
]
