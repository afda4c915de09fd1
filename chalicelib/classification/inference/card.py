"""A model's card: what the file beside the weights says about them, as far as running needs it.

The card is a JSON document; training data, licence and metrics in it are for people and for the
registry, and are left unread here.
"""

from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

TRAINED_CLASSES: Final = (
    "nevus",
    "melanoma",
    "actinic_keratosis",
    "basal_cell_carcinoma",
    "benign_keratosis",
    "dermatofibroma",
    "squamous_cell_carcinoma",
    "vascular_lesion",
)
# The ninth class of the domain is the model's honest answer, never something it was trained on.
UNKNOWN: Final = "unknown"


class BadModel(Exception):
    """The model's files do not fit together; nothing may be classified with them."""


class Preprocessing(BaseModel):
    """The size of the model's input, in pixels."""

    model_config = ConfigDict(frozen=True)

    height: Annotated[int, Field(ge=16, le=4096)]
    width: Annotated[int, Field(ge=16, le=4096)]


class Abstention(BaseModel):
    """Below this largest probability the model says `unknown`."""

    model_config = ConfigDict(frozen=True)

    threshold: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class NearDuplicate(BaseModel):
    """From which cosine of two embeddings on two pictures of alike perceptual hashes are near."""

    model_config = ConfigDict(frozen=True)

    cosine: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]


class Card(BaseModel):
    """Name and version, the classes in the order of the scores, input size, threshold, SHA-256."""

    model_config = ConfigDict(frozen=True)

    name: Annotated[str, Field(min_length=1)]
    version: Annotated[str, Field(min_length=1)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    classes: tuple[str, ...]
    preprocessing: Preprocessing
    abstention: Abstention
    near_duplicate: NearDuplicate | None = None

    @property
    def near_cosine(self) -> float | None:
        return self.near_duplicate.cosine if self.near_duplicate else None

    @field_validator("classes")
    @classmethod
    def _every_trained_class_once(cls, classes: tuple[str, ...]) -> tuple[str, ...]:
        if sorted(classes) != sorted(TRAINED_CLASSES):
            raise ValueError(f"expected each of {', '.join(TRAINED_CLASSES)} once")
        return classes

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a card from its JSON file. Raises `BadModel` naming what is missing or wrong."""
        try:
            return cls.model_validate_json(path.read_bytes())
        except (OSError, ValidationError) as error:
            raise BadModel(f"the model card {path.name} cannot be used: {error}") from error
