"""The question whether a patient is somebody the clinic knows, and who may be meant."""

from collections.abc import Iterable
from typing import Any, Final

from chalicelib.patients.choices import Sex
from chalicelib.patients.store import PatientStore
from chalicelib.platform.errors import Conflict
from chalicelib.platform.language import Text
from chalicelib.platform.runtime import Platform

SAME_PERSON: Final = Text(
    "В клинике уже есть пациент с этим кодом. Если это он, повторите запрос с его patient_id; "
    "если другой человек — с new_patient.",
    "The clinic has a patient with this code already. If it is he, repeat with his patient_id; "
    "if it is another person, with new_patient.",
)


class SamePerson(Conflict):
    """Patients known under the code; the client says which of them it is, or none."""

    def __init__(self, candidates: list[dict[str, Any]]) -> None:
        super().__init__("same_person", SAME_PERSON, details={"candidates": candidates})
        self.patient_ids = [candidate["patient_id"] for candidate in candidates]


def candidates(
    platform: Platform, bearers: Iterable[tuple[str, Sex]], *, birth_year: int
) -> list[dict[str, Any]]:
    """Patients as `same_person` shows them. One who stands in the register alone, because his
    first survey was cut short, has no last visit. Who took the consent back is not shown."""
    store = PatientStore(platform.cases)
    shown: dict[str, dict[str, Any]] = {}
    for bearer_id, sex in bearers:
        patient = store.get(bearer_id)
        if patient is None and store.standing(bearer_id) is not None:
            continue
        # One who was merged may still stand here; he is shown as the one he was merged into.
        patient_id = patient.patient_id if patient else bearer_id
        shown[patient_id] = {
            "patient_id": patient_id,
            "sex": str(patient.sex if patient else sex),
            "birth_year": birth_year,
            "last_visit": patient.last_visit.isoformat() if patient else None,
        }
    return list(shown.values())
