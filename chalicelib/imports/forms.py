"""What the imports' routes take and answer."""

from typing import Annotated

from pydantic import Field

from chalicelib.images.forms import ImageForm, capture, declared
from chalicelib.images.model import Progress, State
from chalicelib.images.problems import SENTENCES, Problem
from chalicelib.imports.model import Confirmation, External, Import, RetrospectiveLabel, Told
from chalicelib.patients.survey import SurveyParts
from chalicelib.platform.clock import timestamp
from chalicelib.platform.http.fields import Answer, Form
from chalicelib.platform.language import Language
from chalicelib.platform.lesion_classes import LesionClass

Line = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Passage = Annotated[
    str, Field(min_length=1, max_length=2000, pattern=r"^[^\x00-\x09\x0b-\x1f\x7f]+$")
]
ExternalId = Annotated[str, Field(min_length=1, max_length=128, pattern=r"^[^\x00-\x1f\x7f]+$")]


class ImportForm(Form):
    """An archive to be taken in."""

    name: Line
    legal_basis: Annotated[Passage, Field(description="What allows to keep these images.")]
    licence: Annotated[Line, Field(description="Under which the archive may be used.")]
    attribution: Annotated[
        Passage, Field(description="What derived works must say of its authors.")
    ]


class LabelForm(Form):
    """A diagnosis that the archive brings, and how it was confirmed there."""

    diagnosis: LesionClass
    confirmed_by: Confirmation


class ImportedImageForm(ImageForm):
    """One image of an archive; null, or left out: not recorded."""

    external_image_id: Annotated[ExternalId, Field(description="Private; never imported twice.")]
    external_lesion_id: Annotated[ExternalId | None, Field(description="Private.")] = None
    external_patient_id: Annotated[ExternalId | None, Field(description="Private.")] = None
    survey: SurveyParts | None = None  # type: ignore[valid-type]
    label: LabelForm | None = None
    to_labelling: Annotated[
        bool, Field(description="Whether readers are to read a dermoscopic image too.")
    ] = False

    def told(self) -> Told:
        """What the form says, as the service takes it."""
        survey: Form | None = self.survey
        recorded = survey.model_dump(mode="json", exclude_none=True) if survey else {}
        return Told(
            external=External(
                image=self.external_image_id,
                lesion=self.external_lesion_id,
                patient=self.external_patient_id,
            ),
            survey=recorded,
            label=RetrospectiveLabel(
                diagnosis=self.label.diagnosis, confirmed_by=self.label.confirmed_by
            )
            if self.label
            else None,
            to_labelling=self.to_labelling,
            kind=self.kind,
            declared=declared(self),
            capture=capture(self),
        )


class ImportAnswer(Answer):
    """One archive taken in."""

    import_id: str
    name: str
    legal_basis: str
    licence: str
    attribution: str
    created_at: str


class ImportedImageAnswer(Answer):
    """How far an imported image is; `GET /v1/images/{image_id}` tells the rest."""

    image_id: str
    state: State
    problem: Annotated[Problem | None, Field(description="Why it was rejected.")]
    message: Annotated[str | None, Field(description="The same, as a sentence.")]


def import_answer(one: Import) -> ImportAnswer:
    return ImportAnswer(
        import_id=one.import_id,
        name=one.name,
        legal_basis=one.legal_basis,
        licence=one.licence,
        attribution=one.attribution,
        created_at=timestamp(one.created_at),
    )


def image_answer(image: Progress, language: Language) -> ImportedImageAnswer:
    problem = Problem(image.problem) if image.problem else None
    return ImportedImageAnswer(
        image_id=image.image_id,
        state=image.state,
        problem=problem,
        message=SENTENCES[problem][language] if problem else None,
    )
