"""The gate of models: which of them passed a calibration test, and on what.

A test is of a file, by its SHA-256, and so holds whatever the model is called. It is told by the platform's
own evaluation when an algorithm with a model's SHA-256 passes, or comes with the model, as
`<name>.calibration.json` beside its card.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self, get_args

from boto3.dynamodb.conditions import Attr
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from chalicelib.platform import keys
from chalicelib.platform.clock import timestamp
from chalicelib.platform.runtime import Platform
from chalicelib.platform.table import ABSENT, Change, ConditionFailed

ENDING: Final = ".calibration.json"
CalibrationTest = Literal["KlT-I", "KlT-II"]
TESTS: Final = get_args(CalibrationTest)

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=1)]


class BadRecord(ValueError):
    """No record of a passed calibration test; the sentence says what is wrong."""


class Area(BaseModel):
    """An area under the ROC curve with its 95 % interval (DeLong)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: Share
    low: Share
    high: Share


class Reason(BaseModel):
    """One condition of the test, met, in both languages."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    passed: Literal[True]
    ru: str
    en: str


class Calibration(BaseModel):
    """A passed calibration test: of which model, on which set, with what result."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    test: CalibrationTest
    dataset: Annotated[str, Field(min_length=1)]
    version: Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$")]
    """Code and version of the release."""
    computed_at: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")]
    units: Count
    positives: Count
    negatives: Count
    auc: Area
    passed: Literal[True]
    reasons: Annotated[tuple[Reason, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if not self.auc.low <= self.auc.value <= self.auc.high:
            raise ValueError("the AUC lies outside its interval")
        if self.positives + self.negatives > self.units:
            raise ValueError("more positives and negatives than units")
        return self


def from_report(report: Mapping[str, Any]) -> Calibration:
    """What is kept of the report of an evaluation (`evaluation.report.compute`), whose algorithm has
    `model_sha256`. Raises `BadRecord`, also for a test that was not passed."""
    try:
        area = report["auc"]["target"]
        low, high = area["delong"]
        values = {name: report[name] for name in ("test", "computed_at", "units", "positives")}
        values |= {
            "model_sha256": report["algorithm"]["model_sha256"],
            "negatives": report["negatives"],
            "dataset": report["dataset"]["code"],
            "version": report["dataset"]["version"],
            "auc": {"value": area["value"], "low": low, "high": high},
            "passed": report["verdict"]["passed"],
            "reasons": report["verdict"]["reasons"],
        }
    except (KeyError, TypeError, ValueError) as error:
        raise BadRecord(f"it is no report of a test: {error!r}") from None
    return _checked(values)


def read(path: Path) -> Calibration:
    """The record in a file. Raises `BadRecord`."""
    try:
        return Calibration.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise BadRecord(f"{path.name}: {_amiss(error)}") from None


def admit_by(platform: Platform, report: Mapping[str, Any]) -> bool:
    """Admit the model of an evaluation that has just been computed, if it is the passed calibration test of
    an algorithm that is a model of the platform; whether it was."""
    is_model = bool(report["algorithm"].get("model_sha256"))
    if not (is_model and report["test"] in TESTS and report["verdict"]["passed"]):
        return False
    admit(platform, from_report(report))
    return True


def admit(platform: Platform, passed: Calibration) -> None:
    """Let the model that passed become active when an operator says so. Of several tests the latest
    is kept; repeating it changes nothing."""
    values = passed.model_dump(mode="json") | {"admitted_at": timestamp(platform.clock.now())}
    older = Attr("computed_at").lt(passed.computed_at)
    try:
        platform.catalogue.update(
            keys.calibration(passed.model_sha256), Change(set=values), when=ABSENT | older
        )
    except ConditionFailed:
        return


def admitted(platform: Platform, sha256: str) -> Calibration | None:
    """The latest passed test of the model with this SHA-256."""
    item = platform.catalogue.get(keys.calibration(sha256))
    if item is None:
        return None
    return Calibration.model_validate({name: item[name] for name in Calibration.model_fields})


def _checked(values: Mapping[str, Any]) -> Calibration:
    try:
        return Calibration.model_validate(values)
    except ValidationError as error:
        raise BadRecord(_amiss(error)) from None


def _amiss(error: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(map(str, each['loc']))}: {each['msg']}"
        for each in error.errors(include_url=False, include_input=False)
    )
