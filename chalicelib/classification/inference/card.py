"""A model's card: what the file beside the weights says about them, as far as running needs it.

The card is a JSON document; training data, licence and metrics in it are for people and for the
registry, and are left unread here.
"""

from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from chalicelib.classification.inference.reliability import Bin, Share, check_bins

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
DERMATOSCOPIC: Final = "dermatoscopic"
KINDS: Final = (DERMATOSCOPIC, "photograph", "skin", "other")
"""What a picture may be: the kind that is judged; a phone's; skin without a lesion; anything else."""

Factor = Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)]


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

    threshold: Share


class MelanomaAlert(BaseModel):
    """From this probability of melanoma on the model warns of one, whatever class is likeliest."""

    model_config = ConfigDict(frozen=True)

    threshold: Share


class Kinds(BaseModel):
    """The order of the kinds' probabilities; below `threshold` a picture is not dermatoscopic."""

    model_config = ConfigDict(frozen=True)

    names: tuple[str, ...]
    threshold: Share

    @field_validator("names")
    @classmethod
    def _every_kind_once(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if sorted(names) != sorted(KINDS):
            raise ValueError(f"expected each of {', '.join(KINDS)} once")
        return names


class Measuring(BaseModel):
    """How far what is measured on this model's outlines can be trusted, on lesions held out of its training.

    The first four say how many times the doubtful part of a map (`measure.doubtful`) covers 95 of 100
    deviations: of area and longest diameter from those of an expert's outline, and from those in another
    photograph of the lesion. `repeat_distance`: 95 of 100 pairs of photographs of one lesion have embeddings
    with a smaller cosine distance. The figures here are rodinka-1's; `training.measuring` finds a model's own.
    """

    model_config = ConfigDict(frozen=True)

    area: Factor = 2.1
    diameter: Factor = 1.2
    area_repeat: Factor = 1.5
    diameter_repeat: Factor = 0.8
    repeat_distance: Annotated[float, Field(gt=0, le=2, allow_inf_nan=False)] = 0.4


class NearDuplicate(BaseModel):
    """From which cosine of two embeddings on two pictures of alike perceptual hashes are near."""

    model_config = ConfigDict(frozen=True)

    cosine: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]


class Card(BaseModel):
    """Name and version, the classes in the order of the scores, input size, threshold, SHA-256.

    Models that tell what a picture is have `kinds`; the alert and the bins of `reliability` are told
    with the answer where the card has them.
    """

    model_config = ConfigDict(frozen=True)

    name: Annotated[str, Field(min_length=1)]
    version: Annotated[str, Field(min_length=1)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    classes: tuple[str, ...]
    preprocessing: Preprocessing
    abstention: Abstention
    melanoma_alert: MelanomaAlert | None = None
    kinds: Kinds | None = None
    reliability: tuple[Bin, ...] = ()
    measuring: Measuring = Measuring()
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

    @model_validator(mode="after")
    def _bins_fit(self) -> Self:
        check_bins(self.reliability, self.classes)
        return self

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a card from its JSON file. Raises `BadModel` naming what is missing or wrong."""
        try:
            return cls.model_validate_json(path.read_bytes())
        except (OSError, ValidationError) as error:
            raise BadModel(f"the model card {path.name} cannot be used: {error}") from error
