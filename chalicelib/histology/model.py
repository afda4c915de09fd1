"""What a pathologist found in a lesion: the values, and what stands of them over time."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from chalicelib.patients.icd10 import IN_SITU, OF_CLASS, is_under
from chalicelib.patients.pathology import ClarkLevel, Margins, Method, Stage
from chalicelib.patients.results import Result
from chalicelib.platform.lesion_classes import LesionClass

MAX_CORRECTIONS: Final = 50
"""Of one result."""
SETTLING: Final = timedelta(minutes=3)
"""How long after a change the lesion's images are told once more: by then no function is left that
had begun before it, and the index shows all images."""
SPREAD_AGAIN: Final = timedelta(minutes=3)
"""When the sweep tells images again while there is a reason to."""


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What the report says. Thickness in millimetres, mitoses a square millimetre."""

    diagnosis: LesionClass
    reported_on: date
    icd10: str | None = None
    method: Method | None = None
    margins: Margins | None = None
    breslow_mm: float | None = None
    clark_level: ClarkLevel | None = None
    ulceration: bool | None = None
    mitotic_rate: int | None = None
    pt_stage: Stage | None = None

    @property
    def is_melanoma(self) -> bool:
        return self.diagnosis is LesionClass.MELANOMA

    @property
    def in_situ(self) -> bool:
        """Whether the tumour has not gone beyond the epidermis, as far as the code says."""
        return self.icd10 is not None and any(is_under(self.icd10, each) for each in IN_SITU)

    def coded(self) -> "Findings":
        """With the usual ICD-10 code of the diagnosis where none was given."""
        if self.icd10 is not None:
            return self
        if self.is_melanoma and (self.pt_stage is Stage.TIS or self.clark_level is ClarkLevel.I):
            return replace(self, icd10=IN_SITU[0])
        usual = OF_CLASS[self.diagnosis]
        return replace(self, icd10=usual[0]) if usual else self

    def json(self) -> dict[str, Any]:
        """As JSON values; what was not reported is left out."""
        said = {**asdict(self), "reported_on": self.reported_on.isoformat()}
        return {name: _plain(value) for name, value in said.items() if value is not None}

    def changes(self, corrected: "Findings") -> dict[str, Any]:
        """The values that `corrected` replaces, as JSON values; None for one that it adds."""
        before, after = self.json(), corrected.json()
        return {
            name: before.get(name)
            for name in (*before, *after)
            if before.get(name) != after.get(name)
        }


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, str) else value


@dataclass(frozen=True, kw_only=True)
class Correction:
    """Values that a correction replaced: who did it, when, why, and what stood there before."""

    at: datetime
    by: str
    reason: str
    was: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class TakenBack:
    """Who took a result back that was entered for the wrong lesion, when and why."""

    at: datetime
    by: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Histology:
    """One result of one lesion, from its first entry on."""

    histology_id: str
    lesion_id: str
    """As it was recorded; a lesion merged since forwards to the one that stands."""
    patient_id: str
    clinic_id: str
    recorded_by: str
    recorded_at: datetime
    findings: Findings
    fingerprint: str
    revision: int = 1
    history: tuple[Correction, ...] = ()
    taken_back: TakenBack | None = None
    trace: str = ""
    stirred_at: datetime
    """When there was last a reason to tell the lesion's images."""
    writer: str = field(default="", compare=False)
    """Of the item as it was read; the store's, not the result's own."""

    @property
    def result(self) -> Result:
        """As its lesion knows it."""
        return Result(
            histology_id=self.histology_id,
            diagnosis=self.findings.diagnosis,
            reported_on=self.findings.reported_on,
            recorded_at=self.recorded_at,
            revision=self.revision,
            taken_back=self.taken_back is not None,
        )
