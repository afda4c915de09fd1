"""What curators send of near-duplicates, and what they are answered."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from chalicelib.duplicates.model import Decision, Relation, Standing
from chalicelib.duplicates.service import MOST_IMAGES, View
from chalicelib.images.model import Shown
from chalicelib.platform.clock import timestamp
from chalicelib.platform.http.fields import Answer, Form, Listed, Reason


class DuplicatesQuery(Listed):
    state: Annotated[Standing, Field(description="Whether they wait for a decision.")] = (
        Standing.OPEN
    )
    relation: Annotated[
        Relation | None,
        Field(description="How far apart the images are filed; left out: all. Pages may be short."),
    ] = None


class DecisionForm(Form):
    decision: Annotated[
        Decision, Field(description="Whether both pictures are the same photograph.")
    ]
    reason: Reason | None = None


class DuplicateImage(Answer):
    """An image that shows the picture; its links work for 10 minutes."""

    image_id: str
    lesion_id: str
    patient_id: str
    image: str | None
    thumbnail: str | None


class PictureAnswer(Answer):
    """One of the two pictures."""

    images: Annotated[list[DuplicateImage], Field(description="At most four that show it.")]
    more: Annotated[int, Field(description="How many others show it.")]


class DecisionStep(Answer):
    decision: Decision
    at: str
    by: Annotated[str, Field(description="The account that decided.")]
    reason: str | None = None


class DuplicateAnswer(Answer):
    """Two pictures that look like one photograph; one picture, where several images have its pixels."""

    pair_id: str
    state: Standing
    relation: Annotated[
        Relation, Field(description="Of the two images that are filed farthest apart.")
    ]
    same_pixels: bool
    distance: Annotated[
        int, Field(description="Bits of 256 in which the perceptual hashes differ.")
    ]
    cosine: Annotated[
        float | None, Field(description="Of the embeddings, where one model gave both.")
    ]
    found_at: str
    decision: Decision | None
    reason: str | None
    pictures: list[PictureAnswer]
    history: list[DecisionStep]


class DuplicatesAnswer(Answer):
    """One page of the list."""

    items: list[DuplicateAnswer]
    next: str | None
    open: Annotated[
        int | None,
        Field(description="How many wait for a decision, up to 1,000; on the first page only."),
    ]


def duplicate_answer(view: View) -> DuplicateAnswer:
    """A pair as curators get it."""
    pair, sides = view.flagged.pair, view.flagged.sides
    same = len(pair.pictures) == 1
    return DuplicateAnswer(
        pair_id=pair.pair_id,
        state=pair.standing,
        relation=view.flagged.relation,
        same_pixels=same,
        distance=pair.distance,
        cosine=pair.cosine,
        found_at=timestamp(pair.found_at),
        decision=pair.decision,
        reason=pair.reason,
        pictures=[_picture(view, side) for side in (sides[:1] if same else sides)],
        history=[DecisionStep.model_validate(step) for step in pair.history],
    )


def _picture(view: View, side: Sequence[Shown]) -> PictureAnswer:
    images = [
        DuplicateImage(
            image_id=one.image_id,
            lesion_id=one.lesion_id,
            patient_id=one.patient_id,
            image=view.links.get(one.image_id, {}).get("image"),
            thumbnail=view.links.get(one.image_id, {}).get("thumbnail"),
        )
        for one in side[:MOST_IMAGES]
    ]
    return PictureAnswer(images=images, more=len(side) - len(images))
