"""Settings: one validated, frozen object read from the environment, and the only place that reads it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)

PREFIX: Final = "RODINKA_"
LAMBDA_MODEL_DIR: Final = Path("/opt/model")
CHECKOUT_MODEL_DIR: Final = Path(__file__).parents[2] / "layers" / "inference" / "model"

LOCAL_STAGES: Final = frozenset({"local", "test"})
"""Stages of one machine, which nobody may deploy: what is safe there is not safe on AWS."""

Filled = Annotated[str, Field(min_length=1)]


class SettingsError(RuntimeError):
    """The environment does not describe a system; the sentence says what to set."""


class Settings(BaseModel):
    """Where this function finds its neighbours. One field, one `RODINKA_*` variable."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stage: Filled
    table_cases: Filled
    table_labelling: Filled
    table_catalogue: Filled
    table_people: Filled
    table_audit: Filled
    bucket_uploads: Filled
    bucket_images: Filled
    bucket_releases: Filled
    queue_labelling: Annotated[str, Field(pattern=r"^https?://.+/.+$")]
    queue_webhooks: Annotated[str, Field(pattern=r"^https?://.+/.+$")]
    queue_builds: Annotated[str, Field(pattern=r"^https?://.+/.+$")]
    queue_evaluations: Annotated[str, Field(pattern=r"^https?://.+/.+$")]
    code_keys: Annotated[str, Field(pattern=r"^[A-Za-z0-9_]+=[^,=]+(,[A-Za-z0-9_]+=[^,=]+)*$")]
    signing_key: Annotated[str, Field(min_length=32, repr=False)]
    issuer: Annotated[str, Field(pattern=r"^https?://.+[^/]$")]
    client_id: Filled
    patient_client_id: Filled
    auth_endpoint: Annotated[str, Field(pattern=r"^https?://.+$")]
    jwks_url: Annotated[str, Field(pattern=r"^https?://.+$")] | None = None
    public_s3_endpoint: Annotated[str, Field(pattern=r"^https?://.+$")] | None = None
    model_dir: Path | None = None
    training_lists: Path | None = None
    """Folder of the lists of pictures that models were trained on, in place of the shipped ones."""
    utc_offset_hours: Annotated[int, Field(ge=-12, le=14)] = 3
    """Of the easternmost clinic, where a day begins first; Oryol's by default."""
    webhooks_to_loopback: bool = False
    """Whether receivers of events may be at http://127.0.0.1, any port. Never on AWS."""

    @field_validator("webhooks_to_loopback")
    @classmethod
    def _only_on_one_machine(cls, allowed: bool, info: ValidationInfo) -> bool:
        if allowed and info.data.get("stage") not in LOCAL_STAGES:
            raise ValueError("only in the stages local and test")
        return allowed

    senior_after_years: Annotated[int, Field(ge=0, le=60)] = 5
    """Only a senior expert who has practised for more years than this settles disagreements."""
    probe_share: Annotated[float, Field(ge=0, le=0.5)] = 0.05
    """How often a reading is followed by a case that only probes its reader."""
    reread_after_days: Annotated[int, Field(ge=1, le=3650)] = 60
    """After how long a reader has forgotten an image and may be given it again."""

    web_url: Annotated[str, Field(pattern=r"^https?://.+[^/]$")] | None = None
    """Where the pages are, for addresses that are told to people; none: by their path alone."""
    access_code_days: Annotated[int, Field(ge=1, le=60)] = 7
    """How long a patient's one-time code is good."""
    answer_within_days: Annotated[int, Field(ge=1, le=30)] = 3
    """By when a doctor is to have answered a patient's question."""

    @classmethod
    def load(cls, environ: Mapping[str, str]) -> Self:
        """Read `RODINKA_*` from `environ`. Raises `SettingsError` naming every variable amiss."""
        values = {
            name: environ[PREFIX + name.upper()]
            for name in cls.model_fields
            if environ.get(PREFIX + name.upper())
        }
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            # The values stay out of the sentence: a signing key is among them.
            amiss = "; ".join(
                f"{PREFIX}{str(problem['loc'][0]).upper()}: {problem['msg']}"
                for problem in error.errors(include_input=False, include_url=False)
            )
            raise SettingsError(
                f"The environment is not complete. Set or mend: {amiss}. "
                "docs/running.md lists every variable."
            ) from None

    @property
    def labelling_queue_name(self) -> str:
        return self.queue_labelling.rsplit("/", 1)[-1]

    @property
    def webhooks_queue_name(self) -> str:
        return self.queue_webhooks.rsplit("/", 1)[-1]

    @property
    def builds_queue_name(self) -> str:
        return self.queue_builds.rsplit("/", 1)[-1]

    @property
    def evaluations_queue_name(self) -> str:
        return self.queue_evaluations.rsplit("/", 1)[-1]

    def dead_queue(self, name: str) -> str:
        """The queue of what was given up on: of the queue of this name, or of the function `classify`."""
        return f"{self.queue_labelling.removesuffix('labelling')}{name}-dead"

    @property
    def code_key_ids(self) -> dict[str, str]:
        """HMAC key id by version, newest first."""
        return dict(pair.split("=", 1) for pair in self.code_keys.split(","))

    @property
    def keys_url(self) -> str:
        """Where the issuer publishes the keys that sign its tokens."""
        return self.jwks_url or f"{self.issuer}/.well-known/jwks.json"

    @property
    def models(self) -> Path:
        """The folder of model files: the layer on Lambda, the checkout elsewhere."""
        if self.model_dir is not None:
            return self.model_dir
        return LAMBDA_MODEL_DIR if LAMBDA_MODEL_DIR.is_dir() else CHECKOUT_MODEL_DIR
