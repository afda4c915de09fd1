"""Readers, and images that wait for them."""

from datetime import timedelta

from boto3.dynamodb.conditions import Key as Where

from chalicelib.images.model import Intake, Kind, State
from chalicelib.images.store import ImageStore
from chalicelib.labelling.assignment_store import AssignmentStore
from chalicelib.labelling.items import read_assignment
from chalicelib.labelling.model import Assignment, Case
from chalicelib.labelling.protocols import FIRST
from chalicelib.labelling.store import CaseStore
from chalicelib.people import service as people
from chalicelib.people.model import HAND_SIZE, Account, Role
from chalicelib.people.readers import accept_protocol
from chalicelib.people.readers import reader as account_of_reader
from tests import pictures
from tests.images.making import awaited_image
from tests.world import World

PHOTO = pictures.jpeg(pictures.photograph(160, 120))


def reader(
    world: World, login: str, *, role: Role = Role.EXPERT, hand_size: int = HAND_SIZE
) -> str:
    """Open an account for a reader, who accepts the protocol; its id."""
    opened = people.open_account(
        world.platform,
        login=login,
        role=role,
        qualified_since=2010,
        hand_size=hand_size,
        password="Rodinka-test-1",
    )
    accept_protocol(world.platform, opened.account.account_id, FIRST.version)
    return opened.account.account_id


def classified_image(
    world: World,
    image_id: str,
    *,
    uploaded_by: str = "doctor1",
    melanoma: float = 0.2,
    kind: Kind = Kind.DERMOSCOPIC,
) -> str:
    """An image as `classify` leaves it, with this probability of melanoma; its id."""
    store = ImageStore(world.platform.cases)
    now = world.clock.now()
    image = awaited_image(world, PHOTO, image_id=image_id, uploaded_by=uploaded_by, kind=kind)
    received = store.pin(image.image_id, "v1", now=now, until=now + timedelta(seconds=90))
    intake = taken_in(world, image_id, "0" * 64)
    probabilities = {"melanoma": melanoma, "nevus": 1 - melanoma}
    values = {
        "intake": vars(intake),
        "classification": {
            "model": {"name": "rodinka", "version": "1.0.0"},
            "probabilities": probabilities,
            "top": "nevus",
            "abstained": False,
        },
    }
    store.step(
        received, State.CLASSIFIED, now=now, values=values, due_at=now + timedelta(minutes=5)
    )
    return image_id


def taken_in(world: World, image_id: str, pixel_hash: str, duplicate: str | None = None) -> Intake:
    """What `classify` keeps of `PHOTO`, with its clean picture in the bucket."""
    key = f"clean/{image_id}.jpg"
    world.platform.images.put(key, PHOTO, content_type="image/jpeg")
    return Intake(
        clean_key=key,
        thumbnail_key=f"thumbnails/{image_id}.jpg",
        content_type="image/jpeg",
        width=160,
        height=120,
        pixel_hash=pixel_hash,
        duplicate=duplicate,
    )


def case_of(world: World, image_id: str) -> Case:
    case = CaseStore(world.platform.labelling).get(image_id)
    assert case is not None
    return case


def hand_of(world: World, account_id: str) -> list[Assignment]:
    return AssignmentStore(world.platform.labelling).hand(account_id)


def all_assignments(world: World, account_id: str) -> list[Assignment]:
    """Every assignment a reader ever had, ended ones too."""
    items = world.platform.labelling.query_all(Where("pk").eq(f"reader#{account_id}"))
    return [read_assignment(item) for item in items]


def account_of(world: World, account_id: str) -> Account:
    return account_of_reader(world.platform, account_id)
