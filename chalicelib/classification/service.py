"""The intake: what the upload's event sets going, and what the sweep finishes when no event came.

Each step is one conditional write on the image's item, so that an event delivered twice, late, out
of order or never changes nothing in the end:

    awaiting_upload ──pin the version, take a lease──▶ received ──clean, classify──▶ classified
                                                          └──a file nobody can use──▶ rejected
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Final

from chalicelib.classification.inference.classifier import Classifier
from chalicelib.classification.inference.examination import Examined, examine
from chalicelib.classification.inference.picture import BadImage, Declared, Limits
from chalicelib.classification.opinion import opinion
from chalicelib.images.likeness import likeness
from chalicelib.images.model import (
    ABANDON_AFTER,
    MAX_ATTEMPTS,
    PIXELS_NOTE,
    WORK_LEASE,
    Image,
    Intake,
    Kind,
    State,
    image_of_upload,
    lease_length,
    nearest_duplicate,
)
from chalicelib.images.pixels import PixelIndex
from chalicelib.images.problems import Problem
from chalicelib.images.selectable import selectable
from chalicelib.images.store import ImageStore, LostStep
from chalicelib.platform import logging
from chalicelib.platform.audit import Act
from chalicelib.platform.due import overdue_at
from chalicelib.platform.metrics import count, seconds
from chalicelib.platform.runtime import Platform
from chalicelib.platform.uploads import MAX_UPLOAD_BYTES

LIMITS: Final = Limits(max_bytes=MAX_UPLOAD_BYTES)
QUEUED_BY: Final = timedelta(minutes=5)
"""When a classified image whose message was lost is queued for labelling again."""

Model = Callable[[], Classifier]
"""Gives the session of the active model; makes it at the first dermatoscopic image."""


def take_in(
    platform: Platform, model: Model, *, key: str, version: str | None, trace: str
) -> Image | None:
    """Carry one uploaded object to its end. At most 8 calls to AWS.

    `version` is the object's version where the event named one; `trace` names the event, for an
    image that has no trace of its own. Returns the image as it now stands, or None when the object
    belongs to no slot of ours.
    """
    image_id = image_of_upload(key)
    if image_id is None:
        return None
    if version is None:
        version = platform.uploads.current_version(key)
        if version is None:
            return None
    images = ImageStore(platform.cases)
    try:
        image = _pin(images, image_id, version, platform.clock.now())
        return _work(platform, images, model, image, trace)
    except LostStep as error:
        return _overtaken(error)


def resume(platform: Platform, model: Model, image: Image, *, trace: str) -> Image | None:
    """Drive on an overdue image: look for an upload without an event, take over from a dead worker."""
    images = ImageStore(platform.cases)
    now = platform.clock.now()
    try:
        if image.state is State.RECEIVED:
            leased = _take_over(images, image, now)
            if leased.attempts > MAX_ATTEMPTS:
                return _reject(platform, images, leased, Problem.NOT_PROCESSED, trace)
            return _work(platform, images, model, leased, trace)
        if image.state is not State.AWAITING_UPLOAD:
            return image
        version = platform.uploads.current_version(image.upload_key)
        if version is not None:
            return take_in(platform, model, key=image.upload_key, version=version, trace=trace)
        given_up_at = image.since + ABANDON_AFTER
        # A form given meanwhile has moved the deadline, and what it lets in must be looked for.
        if now < given_up_at:
            return images.postpone(image, given_up_at, when=overdue_at(now))
        return images.step(image, State.ABANDONED, now=now, when=overdue_at(now))
    except LostStep as error:
        return _overtaken(error)


def _overtaken(lost: LostStep) -> Image | None:
    """Another worker is at it, or was first; his result stands, and ours is the same or nothing."""
    if lost.found is not None:
        logging.follow(lost.found.trace)
        logging.info("overtaken", image_id=lost.found.image_id, state=lost.found.state)
    return lost.found


def queue_for_labelling(platform: Platform, image: Image) -> None:
    """Tell the labelling queue of an image. The queue makes it fast; the `due` index, certain."""
    message = {"image_id": image.image_id}
    platform.labelling_queue.send({**message, "trace": image.trace} if image.trace else message)


def _pin(images: ImageStore, image_id: str, version: str, now: datetime) -> Image:
    """Hold the image to the first version seen. Raises `LostStep` when there is nothing to do."""
    try:
        return images.pin(image_id, version, now=now, until=now + WORK_LEASE)
    except LostStep as error:
        found = error.found
        if found is None or found.state is not State.RECEIVED or found.version != version:
            raise
        # The same version again: a repeated event, or the retry of a worker that died.
        return _take_over(images, found, now)


def _take_over(images: ImageStore, image: Image, now: datetime) -> Image:
    leased = images.lease(image, now=now, until=now + lease_length(image.attempts))
    count("IntakeRetries")
    return leased


def _work(platform: Platform, images: ImageStore, model: Model, image: Image, trace: str) -> Image:
    logging.follow(image.trace)
    stored = platform.uploads.get(image.upload_key, version=image.version)
    data = stored.data if stored is not None else b""
    wants_model = image.kind is Kind.DERMOSCOPIC
    try:
        examined = examine(
            data,
            declared=Declared(**asdict(image.declared)),
            limits=LIMITS,
            classifier=model() if wants_model else None,
        )
    except BadImage as error:
        return _reject(platform, images, image, error.code, trace)
    seconds("GateSeconds", examined.gate_seconds)
    if examined.model_seconds is not None:
        seconds("ModelSeconds", examined.model_seconds)
    return _accept(platform, images, image, examined, trace)


def _reject(
    platform: Platform, images: ImageStore, image: Image, problem: Problem, trace: str
) -> Image:
    _audit(platform, image, State.REJECTED, trace)
    rejected = images.step(
        image,
        State.REJECTED,
        now=platform.clock.now(),
        values={"problem": problem.value},
        remove=["lease_until"],
    )
    count("ImagesRejected")
    return rejected


def _accept(
    platform: Platform, images: ImageStore, image: Image, examined: Examined, trace: str
) -> Image:
    now, prediction, picture = platform.clock.now(), examined.prediction, examined.picture
    said: dict[str, Any] | None = None
    if prediction is not None:
        said = opinion(
            prediction,
            size=(picture.width, picture.height),
            spacing_mm=image.capture.pixel_spacing_mm,
            at=now,
        )
    intake = _keep(platform, images, image, examined, said, now)
    values: dict[str, Any] = {"intake": asdict(intake), **selectable(image.image_id)}
    if said is not None:
        values["classification"] = said
    to_readers = image.goes_to_readers
    _audit(platform, image, State.CLASSIFIED, trace)
    try:
        classified = images.step(
            image,
            State.CLASSIFIED,
            now=now,
            values=values,
            remove=["lease_until"],
            due_at=now + QUEUED_BY if to_readers else None,
        )
    except LostStep as error:
        if error.found is not None and error.found.state is State.WITHDRAWN:
            _take_back(platform, images, image, intake)
        raise
    if to_readers:
        queue_for_labelling(platform, classified)
    count("ImagesClassified" if image.kind is Kind.DERMOSCOPIC else "PhotographsCleaned")
    return classified


def _keep(
    platform: Platform,
    images: ImageStore,
    image: Image,
    examined: Examined,
    said: Mapping[str, Any] | None,
    now: datetime,
) -> Intake:
    """Store the clean picture and its thumbnail, look who has the same pixels, and have it compared
    with what looks alike."""
    picture, seen = examined.picture, likeness(examined.perceptual_hash, said)
    suffix = "jpg" if picture.content_type == "image/jpeg" else "png"
    clean_key = f"clean/{image.image_id}.{suffix}"
    thumbnail_key = f"thumbnails/{image.image_id}.jpg"
    platform.images.put(clean_key, picture.data, content_type=picture.content_type)
    # The hash beside the thumbnail lets an erasure find what the next call enters, should this
    # worker die there. Thumbnails are never copied for readers.
    noted = {PIXELS_NOTE: picture.pixel_hash}
    platform.images.put(thumbnail_key, picture.thumbnail, content_type="image/jpeg", metadata=noted)
    return Intake(
        clean_key=clean_key,
        thumbnail_key=thumbnail_key,
        content_type=picture.content_type,
        width=picture.width,
        height=picture.height,
        pixel_hash=picture.pixel_hash,
        duplicate=nearest_duplicate(
            image,
            PixelIndex(images.table).enter(image, picture.pixel_hash, seen, at=now),
        ),
        perceptual_hash=examined.perceptual_hash,
        bytes=len(picture.data),
    )


def _take_back(platform: Platform, images: ImageStore, image: Image, intake: Intake) -> None:
    """Consent was taken back while we worked: nothing of it stays. Should this worker die on the
    way, the last pass of the erasure finds the rest."""
    PixelIndex(images.table).leave(intake.pixel_hash, image.image_id)
    for key in (intake.clean_key, intake.thumbnail_key):
        platform.images.erase(platform.images.versions(key))


def _audit(platform: Platform, image: Image, outcome: State, trace: str) -> None:
    """One record for each end, before the step: a crash between the two leaves no act unrecorded."""
    act = Act("classify", "system", f"image.{outcome.value}", image.image_id)
    platform.audit.record(act, request_id=image.trace or trace, once=True)
