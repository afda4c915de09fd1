"""The life of an image: its states, what may follow what, and the values it carries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum, auto
from typing import Any, Final, Protocol

from chalicelib.platform.clock import moment
from chalicelib.platform.uploads import ContentType


class State(StrEnum):
    AWAITING_UPLOAD = auto()
    RECEIVED = auto()
    CLASSIFIED = auto()
    IN_LABELLING = auto()
    LABELLED = auto()
    DISPUTED = auto()
    REJECTED = auto()
    ABANDONED = auto()
    WITHDRAWN = auto()


class Kind(StrEnum):
    DERMOSCOPIC = auto()
    MACROSCOPIC = auto()


FOLLOWS: Final[Mapping[State, frozenset[State]]] = {
    State.AWAITING_UPLOAD: frozenset({State.RECEIVED, State.ABANDONED, State.WITHDRAWN}),
    State.RECEIVED: frozenset({State.CLASSIFIED, State.REJECTED, State.WITHDRAWN}),
    State.CLASSIFIED: frozenset({State.IN_LABELLING, State.LABELLED, State.WITHDRAWN}),
    State.IN_LABELLING: frozenset({State.LABELLED, State.DISPUTED, State.WITHDRAWN}),
    State.DISPUTED: frozenset({State.LABELLED, State.WITHDRAWN}),
    # Back to where it was, when the histology that labelled it is taken back.
    State.LABELLED: frozenset(
        {State.DISPUTED, State.IN_LABELLING, State.CLASSIFIED, State.WITHDRAWN}
    ),
    State.REJECTED: frozenset({State.WITHDRAWN}),
    # An import's image has one id for ever, so a slot that nobody used can be opened again.
    State.ABANDONED: frozenset({State.AWAITING_UPLOAD, State.WITHDRAWN}),
    State.WITHDRAWN: frozenset(),
}
"""The transition table. Nothing else decides what may follow what."""

UNCLASSIFIED: Final = frozenset({State.AWAITING_UPLOAD, State.RECEIVED})
LABELLABLE: Final = frozenset(
    {State.CLASSIFIED, State.IN_LABELLING, State.DISPUTED, State.LABELLED}
)
"""States in which an image may be given a label."""

SLOT_LIFE: Final = timedelta(minutes=5)
"""How long an upload form lets its holder in."""
LOOK_AFTER: Final = SLOT_LIFE + timedelta(minutes=1)
"""When the bucket is searched for an upload whose event did not come."""
ABANDON_AFTER: Final = timedelta(hours=24)
"""When a slot that nobody used is closed."""
WORK_LEASE: Final = timedelta(seconds=90)
"""How long one worker has an image to himself: longer than the function may run."""
MAX_ATTEMPTS: Final = 8
"""An image that so many workers could not finish is refused; the last waits are hours long."""
PIXELS_NOTE: Final = "pixels"
"""The note beside a thumbnail that holds its image's pixel hash."""
FOLLOWED_BY: Final = timedelta(minutes=2)
"""When what follows from a move is finished by the sweep, if it was cut short."""
MAX_CHANGES: Final = 100
"""How often one image is moved by hand."""
LINK_LIFE: Final = timedelta(minutes=10)
"""How long a link to an image works."""


def lease_length(attempts: int) -> timedelta:
    """How long the next worker has, after so many before him: each wait doubles."""
    return timedelta(seconds=WORK_LEASE.total_seconds() * 2.0**attempts)


class ForbiddenStep(Exception):
    """A step that the transition table does not have; a mistake of ours, never of a user."""


def require_step(before: State, after: State) -> None:
    """Raise `ForbiddenStep` unless `after` may follow `before`."""
    if after not in FOLLOWS[before]:
        raise ForbiddenStep(f"{before} → {after}")


@dataclass(frozen=True, kw_only=True)
class Declared:
    """What the sender said of the file before sending it; the intake holds him to it."""

    content_type: ContentType
    bytes: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Subject:
    """Whose skin and where, as far as readers and selections may know. Copied from the survey;
    None where an archive did not record it."""

    site: str | None
    age: int | None
    sex: str | None
    treated_by: tuple[str, ...] = ()
    """Accounts that must not read this image blind: they know the patient."""


@dataclass(frozen=True, kw_only=True)
class Filing:
    """Where an image is filed from now on, and the entry of its `changes` that says why."""

    lesion_id: str
    patient_id: str
    subject: Subject
    change: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Capture:
    """How the photograph was taken, as far as the sender told."""

    taken_on: str | None = None
    device: Mapping[str, str] | None = None
    pixel_spacing_mm: float | None = None
    contact: bool | None = None
    polarized: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Intake:
    """What the intake made of the upload: where the clean picture is, and what it is like."""

    clean_key: str
    thumbnail_key: str
    content_type: str
    width: int
    height: int
    pixel_hash: str
    duplicate: str | None
    """`same_lesion`, `same_patient` or `another_patient` has the very same pixels."""
    perceptual_hash: str | None = None
    """64 hex digits that change little when the picture does; see `inference/perceptual.py`."""
    bytes: int | None = None
    """Size of the clean picture; None where it was taken in before sizes were noted."""


@dataclass(frozen=True, kw_only=True)
class Image:
    """One image, from its slot to its label."""

    image_id: str
    lesion_id: str
    patient_id: str
    clinic_id: str
    uploaded_by: str
    kind: Kind
    state: State
    created_at: datetime
    declared: Declared
    subject: Subject
    capture: Capture
    fingerprint: str
    history: tuple[Mapping[str, str], ...]
    version: str | None = None
    """The version of the upload that was pinned at first sight; later ones change nothing."""
    attempts: int = 0
    """How many workers began on it."""
    intake: Intake | None = None
    classification: Mapping[str, Any] | None = None
    """The model's opinion; what each key holds is in docs/data-model.md."""
    earlier_opinions: tuple[Mapping[str, Any], ...] = ()
    """Of models that were active before, each with all it had, the one replaced last at the end."""
    label: Mapping[str, Any] | None = None
    problem: str | None = None
    form: Mapping[str, Any] | None = None
    """The first upload form, for who asks for the same slot again while it lives."""
    trace: str = ""
    """Id of the request that opened the slot: logs, audit and messages of the image carry it."""
    to_labelling: bool = True
    """Whether readers are wanted; of an imported image, only when its curator asked."""
    sent_by: str | None = None
    """Who asked for it to be read, of an image that would not be by itself."""
    source: Mapping[str, Any] | None = None
    """Of an imported image: its import, the ids it had there, and what was recorded of it."""
    deletion: Mapping[str, str] | None = None
    """Of an image taken back as wrong: `reason`, `at`, `by` which account, `as` which role."""
    changes: tuple[Mapping[str, Any], ...] = ()
    """Where it was filed before: `at`, `by`, `what`, `was` (lesion and patient) and `reason`."""
    by_patient: bool = False
    """Whether the patient himself sent it."""
    marks: Mapping[str, Any] | None = None
    """The circles that its sender drew into it (`images/marks.py`)."""
    following: Mapping[str, Any] | None = None
    """Set while what follows from its last move is not finished: `change`, the number of that
    move, and `due_at`, the deadline to go back to afterwards, if there was one."""
    due_at: str | None = field(default=None, compare=False)
    """When it is looked at again, as it was read; the store's, not the image's own."""

    @property
    def goes_to_readers(self) -> bool:
        """Whether it is queued for labelling once the model has seen it."""
        by_itself = self.to_labelling and self.kind is Kind.DERMOSCOPIC
        return by_itself or self.sent_by is not None

    @property
    def proven(self) -> Mapping[str, Any]:
        """Its label where a confirmed diagnosis gave it, which outranks readers; else nothing."""
        label = self.label or {}
        return label if label.get("verification") == "high" else {}

    @property
    def since(self) -> datetime:
        """When it came into its present state."""
        return moment(self.history[-1]["at"])

    @property
    def upload_key(self) -> str:
        return upload_key(self.image_id)


class Filed(Protocol):
    """An image, as far as where it is filed goes."""

    @property
    def lesion_id(self) -> str: ...
    @property
    def patient_id(self) -> str: ...


@dataclass(frozen=True)
class Shown:
    """One of the images that show the same pixels, and where it is filed."""

    patient_id: str
    lesion_id: str
    image_id: str

    @property
    def entry(self) -> str:
        """As it stands among the images of one pixel hash."""
        return f"{self.patient_id} {self.lesion_id} {self.image_id}"


def nearest_duplicate(image: Filed, others: Iterable[Filed]) -> str | None:
    """How near the nearest of the `others`, which have the same pixels, is to `image`."""
    others = tuple(others)
    if not others:
        return None
    if any(other.lesion_id == image.lesion_id for other in others):
        return "same_lesion"
    if any(other.patient_id == image.patient_id for other in others):
        return "same_patient"
    return "another_patient"


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far an image is, in brief."""

    image_id: str
    state: State
    problem: str | None


@dataclass(frozen=True, kw_only=True)
class Place:
    """Whether an image still awaits its file, and until when its form lets one in."""

    awaits: bool
    until: datetime | None


UPLOADS: Final = "uploads/"


def upload_key(image_id: str) -> str:
    """Where in the uploads bucket this image is awaited."""
    return UPLOADS + image_id


def image_of_upload(key: str) -> str | None:
    """The image that an uploads key belongs to; None for a key that is no slot of ours."""
    image_id = key.removeprefix(UPLOADS)
    is_ours = key.startswith(UPLOADS) and image_id.isascii() and image_id.isalnum()
    return image_id if is_ours else None
