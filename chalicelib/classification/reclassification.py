"""Stored images get the opinion of the model that was activated, a few at each sweep.

Every image is one conditional write, so that a run that dies, runs twice or is overtaken does nothing
wrong: what it did is met again and passed over. Only the opinion changes; state, label and labelling stay.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from PIL.Image import Image as Picture

from chalicelib.classification import registry
from chalicelib.classification.campaign import (
    PAUSE,
    Campaign,
    CampaignStore,
    Overtaken,
    next_walk,
)
from chalicelib.classification.every_image import walk
from chalicelib.classification.inference.classifier import BadOutput, Classifier
from chalicelib.classification.inference.perceptual import perceptual_hash
from chalicelib.classification.inference.picture import BadImage
from chalicelib.classification.inference.pixels import decode
from chalicelib.classification.opinion import opinion
from chalicelib.classification.service import Model
from chalicelib.images.likeness import likeness
from chalicelib.images.model import Image
from chalicelib.images.opinions import Opinion, OpinionStore, has_opinion, kept_opinion
from chalicelib.images.pixels import PixelIndex
from chalicelib.images.store import LostStep
from chalicelib.platform import logging
from chalicelib.platform.audit import Act
from chalicelib.platform.metrics import count
from chalicelib.platform.runtime import Platform

IMAGES_A_RUN: Final = 60
"""Of each sweep, so of each minute: 86,400 in a day. One takes 0.03 to 0.13 s of a vCPU (a photograph of 0.3
to 12 megapixels, the first shipped model) and four calls to AWS, together about 0.15 s; so they take 9 of
the 40 seconds that a sweep has, and the rest belongs to what people wait for."""
RUN: Final = timedelta(seconds=10)
"""No further image is begun after this time of a run: the sweep takes up items for 40 seconds, and is stopped
after 60."""


class NoPicture(RuntimeError):
    """The clean picture of an image is not there, as when it is being erased."""


class OtherModel(RuntimeError):
    """This container still runs the model before."""


def drive_on(platform: Platform, model: Model, campaign: Campaign, *, trace: str) -> None:
    """One run: at most `IMAGES_A_RUN` images, and no new one after `RUN`.

    In a container that still runs another model nothing is done, and the campaign stays overdue.
    """
    store, now = CampaignStore(platform.cases), platform.clock.now()
    active = registry.active(platform)
    if active is None or (active.file, active.since) != (campaign.file, campaign.activated_at):
        _go_on(store, campaign, replace(campaign, finished_at=now, overtaken=True), None)
        return
    work = _Run(platform, model, campaign, trace, until=now + RUN)
    due_at: datetime | None = None
    try:
        ended = work.go()
        now = platform.clock.now()
        after, due_at = next_walk(work.campaign, now=now) if ended else (work.campaign, now + PAUSE)
    except OtherModel as error:
        logging.error("not re-classified", error, model=campaign.file)
        after = work.campaign
    _go_on(store, campaign, after, due_at)


def _go_on(
    store: CampaignStore, campaign: Campaign, after: Campaign, due_at: datetime | None
) -> None:
    try:
        store.go_on(campaign, after, due_at=due_at)
    except Overtaken:
        return  # what this run did stays; the walk goes on as the other one left it
    if not after.is_going_on:
        counts = vars(after.counts)
        logging.info("re-classified", model=campaign.file, overtaken=after.overtaken, **counts)


class _Run:
    """What one run does; `campaign` is as far as it has come."""

    def __init__(
        self, platform: Platform, model: Model, campaign: Campaign, trace: str, *, until: datetime
    ) -> None:
        self.campaign = campaign
        self._platform, self._model, self._trace, self._until = platform, model, trace, until
        self._left = IMAGES_A_RUN
        self._opinions = OpinionStore(platform.cases)

    def go(self) -> bool:
        """Walk on; whether the end of the walk was reached. Raises `OtherModel`."""
        for met in walk(self._platform, self.campaign.position):
            for image in met.images:
                if has_opinion(image) and not self._has_ours(image):
                    if not self._left or self._platform.clock.now() >= self._until:
                        return False
                    self._left -= 1
                    self._replace(image)
            self.campaign = replace(self.campaign, position=met.position)
            if self._platform.clock.now() >= self._until:
                return False
        return True

    def _has_ours(self, image: Image) -> bool:
        return (image.classification or {}).get("model") == self.campaign.model

    def _replace(self, image: Image) -> None:
        kept = kept_opinion(image, self.campaign.model)
        judged = (kept, _hash_of(image)) if kept else self._formed(image)
        if judged is None:
            self._count(failed=1)
            return
        formed, seen = judged
        # Before the write, so that a crash between the two leaves no act unrecorded.
        act = Act("sweep", "system", "image.reclassified", image.image_id)
        self._platform.audit.record(
            act, request_id=self._trace, once=True, step=self.campaign.campaign_id
        )
        self.campaign = replace(self.campaign, changed=True)
        self._compare_anew(image, formed, seen)
        try:
            self._opinions.replace(image, formed, perceptual_hash=seen)
        except LostStep as lost:  # withdrawn meanwhile, or another run was first
            found = lost.found
            logging.info("overtaken", image_id=image.image_id, state=found.state if found else None)
            return
        self._count(restored=1) if kept else self._count(formed=1)

    def _compare_anew(self, image: Image, formed: Opinion, seen: str | None) -> None:
        """Have the picture compared with all others as this model sees them.

        Before the opinion is written: after a crash between the two the image is met again as it was,
        and gets both.
        """
        if image.intake is not None and seen is not None:
            PixelIndex(self._platform.cases).look_anew(
                image.intake.pixel_hash, likeness(seen, formed), at=self._platform.clock.now()
            )

    def _formed(self, image: Image) -> tuple[Opinion, str] | None:
        """The model's opinion of the stored clean picture, and the hash of its looks; None where they
        cannot be had."""
        session = self._session()
        try:
            picture = self._picture(image)
            prediction = session.classify(picture)
        except (NoPicture, BadImage, BadOutput) as error:
            logging.error("not re-classified", error, image_id=image.image_id)
            return None
        formed = opinion(
            prediction,
            size=picture.size,
            spacing_mm=image.capture.pixel_spacing_mm,
            at=self._platform.clock.now(),
        )
        return formed, _hash_of(image) or perceptual_hash(picture)

    def _picture(self, image: Image) -> Picture:
        """The stored pixels, as the model is shown them. Raises `NoPicture` and `BadImage`."""
        intake = image.intake
        stored = self._platform.images.get(intake.clean_key) if intake else None
        if intake is None or stored is None:
            raise NoPicture(image.image_id)
        picture = decode(stored.data, (intake.width, intake.height))
        return picture if picture.mode == "RGB" else picture.convert("RGB")

    def _session(self) -> Classifier:
        session = self._model()
        here = {"name": session.card.name, "version": session.card.version}
        if here != self.campaign.model:
            raise OtherModel(f"{here['name']} {here['version']}")
        return session

    def _count(self, *, formed: int = 0, restored: int = 0, failed: int = 0) -> None:
        before = self.campaign.counts
        counts = replace(
            before,
            formed=before.formed + formed,
            restored=before.restored + restored,
            failed=before.failed + failed,
        )
        self.campaign = replace(self.campaign, counts=counts)
        count("OpinionsFormed", formed)
        count("OpinionsRestored", restored)
        count("NotReclassified", failed)


def _hash_of(image: Image) -> str | None:
    """The hash of its looks, where the intake or an earlier re-classification noted it."""
    return image.intake.perceptual_hash if image.intake else None
