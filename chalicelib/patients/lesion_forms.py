"""What is asked and answered of a lesion apart from its surveys."""

from typing import Annotated

from pydantic import Field

from chalicelib.patients.choices import Site
from chalicelib.patients.spot_forms import SpotAnswer, SpotForm
from chalicelib.platform.http.fields import Answer, Form

Note = Annotated[
    str, Field(max_length=2000, description="In the doctor's own words; never exported.")
]


class LesionForm(Form):
    """A place on the skin to be watched."""

    site: Annotated[Site, Field(description="Where the lesion is.")]
    note: Note | None = None
    spot: Annotated[SpotForm | None, Field(description="Where on the body.")] = None


class LesionChange(Form):
    """Another spot or note; null takes it away, what is left out stays."""

    spot: SpotForm | None = None
    note: Note | None = None


class ChangedLesion(Answer):
    """What a doctor may change of a lesion, as it now is."""

    lesion_id: str
    spot: SpotAnswer | None
    note: str | None


class LesionCreated(Answer):
    lesion_id: str
