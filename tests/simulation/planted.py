"""Faults planted into the platform, one at a time, each with the check that must catch it.

Each is a mistake that somebody might well make. A campaign that lets one of them pass proves nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from unittest.mock import patch

from chalicelib.classification import service as classification
from chalicelib.events import uploads
from chalicelib.images import service as images
from chalicelib.images.store import ImageStore
from chalicelib.labelling import routes
from chalicelib.labelling import service as labelling
from chalicelib.labelling.model import Case
from chalicelib.labelling.store import AssignmentStore, CaseStore
from chalicelib.patients.store import PatientStore
from chalicelib.platform.audit import Audit
from chalicelib.platform.http.routes import Call
from chalicelib.platform.objects import ObjectStore
from tests.simulation import stage
from tests.simulation.mistakes import (
    any_body,
    claimed_anyhow,
    comment_kept,
    created_although,
    dated_anew,
    errors_swallowed,
    first_record,
    image_told,
    in_order_of_cases,
    in_place_of,
    latest_version,
    more_than_once,
    never_due,
    nothing_there,
    pin_anyhow,
    step_anyhow,
    undue_first,
    upload_shown,
    visit_although,
)


@dataclass(frozen=True)
class Planted:
    """What is wrong, where it is planted, and the check that must say so."""

    what: str
    target: str
    value: Any
    caught_by: str

    def __str__(self) -> str:
        return self.what.replace(" ", "-")

    def grow(self) -> Any:
        """A context in which the platform has this fault."""
        return patch(self.target, self.value)


def _plant(
    what: str, owner: Any, name: str, wrapper: Callable[..., Any], caught_by: str
) -> Planted:
    """`wrapper` gets the original and its arguments."""
    place = (
        owner.__module__ + "." + owner.__qualname__ if isinstance(owner, type) else owner.__name__
    )
    return Planted(what, f"{place}.{name}", in_place_of(getattr(owner, name), wrapper), caught_by)


PLANTED: Final = (
    _plant("a step without its condition", ImageStore, "step", step_anyhow, "one_life"),
    _plant("a version pinned without condition", ImageStore, "pin", pin_anyhow, "one_life"),
    _plant(
        "the latest version read instead of the pinned one",
        ObjectStore,
        "get",
        latest_version,
        "the_pinned_version_decides",
    ),
    _plant(
        "only the first record of an event",
        uploads,
        "arrived",
        first_record,
        "what_is_called_done_is_done",
    ),
    _plant(
        "a failed message called handled",
        labelling,
        "assign_case",
        errors_swallowed,
        "what_is_called_done_is_done",
    ),
    _plant(
        "a failed upload called taken in",
        classification,
        "take_in",
        errors_swallowed,
        "what_is_called_done_is_done",
    ),
    _plant(
        "a comment kept in the clean picture",
        stage,
        "examined_once",
        comment_kept,
        "clean_images_are_clean",
    ),
    _plant(
        "a classified image without a deadline", ImageStore, "step", never_due, "every_upload_ends"
    ),
    _plant(
        "an image out of the index before it is driven on",
        classification,
        "resume",
        undue_first,
        "every_upload_ends",
    ),
    _plant(
        "slots abandoned without a look into the bucket",
        ObjectStore,
        "current_version",
        nothing_there,
        "every_upload_ends",
    ),
    _plant(
        "a slot acknowledged before it is written",
        ImageStore,
        "create",
        created_although,
        "acknowledged_is_kept",
    ),
    _plant(
        "a survey acknowledged before its patient is written",
        PatientStore,
        "visit",
        visit_although,
        "acknowledged_is_kept",
    ),
    _plant("a key that takes any body", ImageStore, "create", any_body, "one_key_one_thing"),
    _plant(
        "the Idempotency-Key ignored",
        Call,
        "creation_id",
        lambda original, self, kind: self.platform.ids.new(),
        "one_key_one_thing",
    ),
    _plant(
        "a slot claimed without condition", CaseStore, "put_slots", claimed_anyhow, "two_readers"
    ),
    _plant(
        "a claim that nobody mends",
        labelling,
        "mend",
        lambda original, platform, case: None,
        "two_readers",
    ),
    _plant(
        "a lease that ends for the case alone",
        AssignmentStore,
        "expire",
        lambda original, self, account_id, assignment_id: True,
        "two_readers",
    ),
    _plant(
        "the uploader as reader",
        Case,
        "may_be_read_by",
        lambda original, self, account_id: account_id not in self.slots,
        "two_readers",
    ),
    _plant(
        "a case looked for readers once only",
        labelling,
        "drive_on",
        lambda original, platform, case: case,
        "nothing_is_forgotten",
    ),
    _plant(
        "readers thought to have their hands full",
        labelling,
        "_room",
        lambda original, platform, reader: (
            original(platform, reader) if reader.account_id == "reader-e" else 0
        ),
        "no_case_starves",
    ),
    _plant(
        "a link to the upload itself",
        images,
        "view_image",
        upload_shown,
        "nothing_is_served_from_uploads",
    ),
    _plant("an image named to its reader", routes, "_answer", image_told, "readers_are_blind"),
    _plant(
        "a hand in the order of its cases",
        labelling,
        "hand",
        in_order_of_cases,
        "no_hand_is_in_the_order_of_the_cases",
    ),
    _plant("an act recorded twice", Audit, "record", more_than_once, "every_act_is_recorded"),
    _plant("a record lost quietly", Audit, "record", errors_swallowed, "every_act_is_recorded"),
    _plant("a record changed after its sealing", Audit, "_mark", dated_anew, "the_chain_holds"),
)
