"""What the gallery asks and is answered."""

from typing import Annotated

from pydantic import Field, model_validator

from chalicelib.datasets.looks.model import MOST_AT_ONCE, TELLS_NOTHING, Look, Telling
from chalicelib.datasets.looks.service import Gallery, Taken
from chalicelib.platform.http.fields import Answer, Form, Listed, fault


class LooksQuery(Listed):
    dataset: Annotated[
        str,
        Field(
            pattern=r"^[A-Za-z0-9_.-]{1,128}$",
            description="The code of the dataset whose last preview is looked through.",
        ),
    ]
    limit: Annotated[int, Field(ge=1, le=MOST_AT_ONCE)] = 50


class LookForm(Form):
    """What a curator saw in one image."""

    image_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,128}$")]
    look: Look
    what: Annotated[
        Telling | None, Field(description="What tells whose it is, where something does.")
    ] = None

    @model_validator(mode="after")
    def _tells(self) -> "LookForm":
        if self.what is not None and self.look is not Look.IDENTIFYING:
            raise fault(TELLS_NOTHING)
        return self

    def taken(self) -> Taken:
        return Taken(self.image_id, self.look, self.what)


class LooksForm(Form):
    looks: Annotated[list[LookForm], Field(min_length=1, max_length=MOST_AT_ONCE)]


class WaitingImage(Answer):
    """An image to be looked at; its links work for 10 minutes."""

    image_id: str
    kind: str
    image: str
    thumbnail: str


class GalleryAnswer(Answer):
    """One page; those looked at meanwhile are left out, so it may be short."""

    items: list[WaitingImage]
    next: str | None
    listed: Annotated[int, Field(description="How many waited when the preview was computed.")]
    computed_at: str


class LooksAnswer(Answer):
    noted: Annotated[
        list[str], Field(description="Ids of the images of which it was not noted already.")
    ]


def waiting_answer(gallery: Gallery) -> GalleryAnswer:
    return GalleryAnswer(
        items=[WaitingImage(**vars(one)) for one in gallery.images],
        next=gallery.next,
        listed=gallery.listed,
        computed_at=gallery.computed_at,
    )
