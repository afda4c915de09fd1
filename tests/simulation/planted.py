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
from chalicelib.labelling import driving
from chalicelib.patients.store import PatientStore
from chalicelib.platform.audit import Audit
from chalicelib.platform.http.routes import Call
from chalicelib.platform.objects import ObjectStore
from tests.simulation import stage
from tests.simulation.mistakes import (
    any_body,
    comment_kept,
    created_although,
    dated_anew,
    errors_swallowed,
    first_record,
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
    of_labelling: bool = False
    """Whether it is looked for where people read more than anything else."""

    def __str__(self) -> str:
        return self.what.replace(" ", "-")

    def grow(self) -> Any:
        """A context in which the platform has this fault."""
        return patch(self.target, self.value)


def plant(
    what: str,
    owner: Any,
    name: str,
    wrapper: Callable[..., Any],
    caught_by: str,
    *,
    of_labelling: bool = False,
) -> Planted:
    """`wrapper` gets the original and its arguments."""
    place = (
        owner.__module__ + "." + owner.__qualname__ if isinstance(owner, type) else owner.__name__
    )
    value = in_place_of(getattr(owner, name), wrapper)
    return Planted(what, f"{place}.{name}", value, caught_by, of_labelling)


PLANTED: Final = (
    plant("a step without its condition", ImageStore, "step", step_anyhow, "one_life"),
    plant("a version pinned without condition", ImageStore, "pin", pin_anyhow, "one_life"),
    plant(
        "the latest version read instead of the pinned one",
        ObjectStore,
        "get",
        latest_version,
        "the_pinned_version_decides",
    ),
    plant(
        "only the first record of an event",
        uploads,
        "arrived",
        first_record,
        "what_is_called_done_is_done",
    ),
    plant(
        "a failed message called handled",
        driving,
        "assign_case",
        errors_swallowed,
        "what_is_called_done_is_done",
    ),
    plant(
        "a failed upload called taken in",
        classification,
        "take_in",
        errors_swallowed,
        "what_is_called_done_is_done",
    ),
    plant(
        "a comment kept in the clean picture",
        stage,
        "examined_once",
        comment_kept,
        "clean_images_are_clean",
    ),
    plant(
        "a classified image without a deadline", ImageStore, "step", never_due, "every_upload_ends"
    ),
    plant(
        "an image out of the index before it is driven on",
        classification,
        "resume",
        undue_first,
        "every_upload_ends",
    ),
    plant(
        "slots abandoned without a look into the bucket",
        ObjectStore,
        "current_version",
        nothing_there,
        "every_upload_ends",
    ),
    plant(
        "a slot acknowledged before it is written",
        ImageStore,
        "create",
        created_although,
        "acknowledged_is_kept",
    ),
    plant(
        "a survey acknowledged before its patient is written",
        PatientStore,
        "visit",
        visit_although,
        "acknowledged_is_kept",
    ),
    plant("a key that takes any body", ImageStore, "create", any_body, "one_key_one_thing"),
    plant(
        "the Idempotency-Key ignored",
        Call,
        "creation_id",
        lambda original, self, kind: self.platform.ids.new(),
        "one_key_one_thing",
    ),
    plant(
        "a link to the upload itself",
        images,
        "view_image",
        upload_shown,
        "nothing_is_served_from_uploads",
    ),
    plant("an act recorded twice", Audit, "record", more_than_once, "every_act_is_recorded"),
    plant("a record lost quietly", Audit, "record", errors_swallowed, "every_act_is_recorded"),
    plant("a record changed after its sealing", Audit, "_mark", dated_anew, "the_chain_holds"),
)
