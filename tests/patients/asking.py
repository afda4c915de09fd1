"""Requests to the patients' routes as Lambda gets them from API Gateway, after its authorizer."""

from dataclasses import dataclass, replace
from typing import Any

from boto3.dynamodb.types import TypeDeserializer

from chalicelib.people.model import Role
from tests.asking import Answered, as_caller, ask
from tests.world import World

CODE = "010229031975"
"""Born on 29.03.1975: 50 when a test begins, and 51 four weeks later."""

SURVEY: dict[str, Any] = {
    "patient_code": CODE,
    "consent": {"research": True, "publication": False},
    "age": 50,
    "sex": "female",
    "hair": "light_brown",
    "skin_type": "II",
    "site": "torso",
    "mole_count": "5_to_20",
    "family_history": ["grandparent", "parent"],
    "immunosuppressed": False,
    "freckles": True,
    "race": "caucasian",
    "sunburns": ["redness"],
    "large_moles": "one_or_two",
    "histology_required": False,
    "diagnosis": "nevus",
    "examined_on": "2026-03-01",
}


@dataclass(frozen=True)
class Client:
    """One signed-in person."""

    world: World
    account_id: str
    clinic_id: str
    code: str = CODE
    role: Role = Role.DOCTOR
    language: str = "en"

    def colleague(self) -> "Client":
        """Another doctor of the same clinic."""
        return replace(self, account_id=f"colleague-of-{self.account_id}")

    def stranger(self) -> "Client":
        """A doctor of another clinic."""
        return replace(
            self, account_id=f"rival-of-{self.account_id}", clinic_id=f"not-{self.clinic_id}"
        )

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        query: dict[str, str] | None = None,
        **path_values: str,
    ) -> Answered:
        """The answer to a request. `body` may be text, to send what is not JSON."""
        headers = {"accept-language": self.language}
        if key is not None:
            headers["idempotency-key"] = key
        return ask(
            method,
            path,
            caller=as_caller(self.role.value, self.account_id, self.clinic_id),
            body=None if isinstance(body, str) else body,
            raw=body if isinstance(body, str) else None,
            query=query,
            headers=headers,
            ids=path_values,
        )

    def enter(self, key: str | None = None, **changes: Any) -> Answered:
        """POST the survey with changes; a change to `...` leaves the field out."""
        form = {**SURVEY, "patient_code": self.code, **changes}
        body = {name: value for name, value in form.items() if value is not ...}
        return self.ask("POST", "/v1/surveys", body, key=key)

    def amend(self, survey_id: str, /, **changes: Any) -> Answered:
        return self.ask("PATCH", "/v1/surveys/{survey_id}", changes, survey_id=survey_id)

    def view(self, patient_id: str) -> Answered:
        return self.ask("GET", "/v1/patients/{patient_id}", patient_id=patient_id)

    def patients(self, **query: str) -> Answered:
        return self.ask("GET", "/v1/patients", query=query)

    def look_up(self, code: str | None = None) -> Answered:
        form = {"patient_code": code or self.code}
        return self.ask("POST", "/v1/patients/lookup", form)

    def open_lesion(self, patient_id: str, /, *, key: str | None = None, **body: Any) -> Answered:
        return self.ask(
            "POST", "/v1/patients/{patient_id}/lesions", body, key=key, patient_id=patient_id
        )

    def items(self, kind: str) -> list[dict[str, Any]]:
        """The clinic's items of a kind in the `cases` table, as they lie."""
        table = self.world.platform.settings.table_cases
        ours = "sk = :kind AND (clinic_id = :clinic OR begins_with(pk, :code))"
        code = f"code#{self.clinic_id}#"
        return self._rows(table, ours, {":kind": kind, ":clinic": self.clinic_id, ":code": code})

    def surveys(self) -> list[str]:
        """The suffixes of all the clinic's surveys."""
        return sorted(suffix for item in self.items("lesion") for suffix in item["surveys"])

    def acts(self) -> list[tuple[str, str]]:
        """What the audit trail says this person did: which act on what."""
        table = self.world.platform.settings.table_audit
        rows = self._rows(table, "actor = :actor", {":actor": self.account_id})
        return sorted((row["act"], row["on"]) for row in rows)

    def _rows(self, table: str, where: str, values: dict[str, str]) -> list[dict[str, Any]]:
        rows = self.world.platform._dynamodb.scan(
            TableName=table,
            FilterExpression=where,
            ExpressionAttributeValues={name: {"S": value} for name, value in values.items()},
        )["Items"]
        return [{name: _read(value) for name, value in row.items()} for row in rows]


_read = TypeDeserializer().deserialize
