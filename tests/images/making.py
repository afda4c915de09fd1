"""Images in the states that tests need, and files uploaded for them."""

import hashlib

from chalicelib.images.model import (
    LOOK_AFTER,
    Capture,
    Declared,
    Image,
    Kind,
    State,
    Subject,
    upload_key,
)
from chalicelib.images.store import ImageStore
from chalicelib.platform.clock import timestamp
from tests.world import World


def awaited_image(
    world: World,
    data: bytes,
    *,
    image_id: str = "image1",
    kind: Kind = Kind.DERMOSCOPIC,
    content_type: str = "image/jpeg",
    lesion_id: str = "lesion1",
    patient_id: str = "patient1",
    uploaded_by: str = "doctor1",
    spacing_mm: float | None = None,
) -> Image:
    """An image whose slot is open for `data`."""
    now = world.clock.now()
    image = Image(
        image_id=image_id,
        lesion_id=lesion_id,
        patient_id=patient_id,
        clinic_id="clinic1",
        uploaded_by=uploaded_by,
        kind=kind,
        state=State.AWAITING_UPLOAD,
        created_at=now,
        declared=Declared(
            content_type="image/png" if content_type == "image/png" else "image/jpeg",
            bytes=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
        ),
        subject=Subject(site="torso", age=51, sex="female", treated_by=("doctor1",)),
        capture=Capture(taken_on="2026-03-01", pixel_spacing_mm=spacing_mm),
        fingerprint="fingerprint",
        history=({"state": State.AWAITING_UPLOAD.value, "at": timestamp(now)},),
    )
    return ImageStore(world.platform.cases).create(image, due_at=now + LOOK_AFTER)


def upload(world: World, data: bytes, *, image_id: str = "image1") -> str:
    """Put a file where the image is awaited; the version that S3 gave it."""
    answer = world.platform.client("s3").put_object(
        Bucket=world.platform.settings.bucket_uploads, Key=upload_key(image_id), Body=data
    )
    return str(answer["VersionId"])


def image_of(world: World, image_id: str = "image1") -> Image:
    """The image as it stands."""
    image = ImageStore(world.platform.cases).get(image_id)
    assert image is not None
    return image


def states_of(image: Image) -> list[str]:
    return [step["state"] for step in image.history]
