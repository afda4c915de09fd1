"""What lies in the tables and buckets at the end of a run, read past all faults."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from boto3.dynamodb.types import TypeDeserializer
from moto.s3.models import s3_backends

from chalicelib.images.items import read_image
from chalicelib.images.model import Image
from chalicelib.labelling.items import read_assignment, read_case
from chalicelib.labelling.model import Assignment, AssignmentState, Case
from infra.provision import ACCOUNT_ID
from tests.simulation import dynamodb
from tests.simulation.history import Act
from tests.simulation.stage import Stage

Row = dict[str, Any]


@dataclass(frozen=True)
class Tables:
    """Everything kept, as values of the domain."""

    stage: Stage
    about: frozenset[str] | None = None
    """Only what names one of these: an image, or the account of who did it."""

    @cached_property
    def images(self) -> dict[str, Image]:
        return {row["image_id"]: read_image(row) for row in self._of("cases", "image")}

    @cached_property
    def image_rows(self) -> dict[str, Row]:
        return {row["image_id"]: row for row in self._of("cases", "image")}

    @cached_property
    def lesions(self) -> dict[str, Row]:
        """Without promises: notes of a key's use, at the place of a lesion that was not made."""
        kept = (row for row in self._of("cases", "lesion") if "promised_to" not in row)
        return {row["lesion_id"]: row for row in kept}

    @cached_property
    def patients(self) -> dict[str, Row]:
        return {row["patient_id"]: row for row in self._of("cases", "patient")}

    @cached_property
    def registered(self) -> set[str]:
        """Patients who stand in the register of codes."""
        codes = self._of("cases", "code")
        return {each for row in codes for sex in ("male", "female") for each in row.get(sex, ())}

    @cached_property
    def cases(self) -> dict[str, Case]:
        return {row["image_id"]: read_case(row) for row in self._of("labelling", "case")}

    @cached_property
    def assignments(self) -> list[Assignment]:
        rows = self._rows("labelling")
        return [read_assignment(row) for row in rows if row["sk"].startswith("assignment#")]

    @cached_property
    def case_rows(self) -> dict[str, Row]:
        return {row["image_id"]: row for row in self._of("labelling", "case")}

    @cached_property
    def counting(self) -> dict[str, list[Assignment]]:
        """By image, the assignments that enter its verdict: in hand or read, and no probes."""
        found: dict[str, list[Assignment]] = {}
        for each in self.assignments:
            if each.probe is None and each.state in _COUNTING:
                found.setdefault(each.image_id, []).append(each)
        return found

    @cached_property
    def accounts(self) -> dict[str, Row]:
        return {row["account_id"]: row for row in self._of("people", "account")}

    @cached_property
    def due(self) -> list[Row]:
        return [
            row for name in ("cases", "labelling") for row in self._rows(name) if "due_at" in row
        ]

    @cached_property
    def acts(self) -> Counter[Act]:
        return Counter((row["actor"], row["act"], row["on"]) for row in self._of("audit", "record"))

    @cached_property
    def unsealed(self) -> int:
        return sum("unsealed_shard" in row for row in self._of("audit", "record"))

    def stored(self, key: str) -> bytes | None:
        """The bytes at a key of the images bucket."""
        bucket = self.stage.platform.settings.bucket_images
        found = s3_backends[ACCOUNT_ID]["aws"].get_object(bucket, key)
        return bytes(found.value) if found is not None else None

    def _of(self, table: str, kind: str) -> Iterator[Row]:
        return (row for row in self._rows(table) if row["sk"] == kind)

    def _rows(self, table: str) -> list[Row]:
        name = getattr(self.stage.platform.settings, f"table_{table}")
        rows = dynamodb.rows(name)
        return [_plain(item) for item in rows if self.about is None or self._tells_of(item)]

    def _tells_of(self, item: dict[str, Any]) -> bool:
        assert self.about is not None
        return any(name in item and item[name].get("S") in self.about for name in _NAMING)


_COUNTING: Final = {AssignmentState.OPEN, AssignmentState.READ, AssignmentState.FINAL}
_NAMING: Final = ("image_id", "on", "actor", "created_by")
_deserialize = TypeDeserializer().deserialize


def _plain(item: dict[str, Any]) -> Row:
    return {name: _numbers(_deserialize(value)) for name, value in item.items()}


def _numbers(value: Any) -> Any:
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case dict():
            return {name: _numbers(part) for name, part in value.items()}
        case list():
            return [_numbers(part) for part in value]
        case _:
            return value
