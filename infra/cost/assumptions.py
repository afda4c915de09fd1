"""What the bill assumes: `assumptions.yaml` as one typed object, each value with its reason."""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

import yaml

ASSUMPTIONS: Final = Path(__file__).with_name("assumptions.yaml")


@dataclass(frozen=True, kw_only=True)
class Assumptions:
    """One field for each entry of the file; units stand in the names or in the reasons."""

    image_bytes: float
    thumbnail_bytes: float
    images_per_survey: float
    images_per_doctor: float
    readings_per_reader: float
    to_senior: float
    undone: float
    declined: float
    renewed: float
    receivers: float
    least_doctors: float
    least_readers: float
    other_people: float
    images_per_doctor_session: float
    readings_per_reader_session: float
    largest_clinic: float
    lists_per_session: float
    looks_at_patient: float
    looks_at_image: float
    pictures_per_image: float
    thumbnails_per_image: float
    looks_at_hand: float
    pictures_per_reading: float
    requests_per_authorization: float
    working_hours: float
    busiest_hour: float
    busiest_second: float
    overdue_per_image: float
    warm_minutes: float
    dynamodb_ms: float
    dynamodb_page_ms: float
    receiver_ms: float
    s3_ms: float
    sqs_ms: float
    kms_ms: float
    figures_megabytes: float
    figures_case_bytes: float
    releases_a_year: float
    released_share: float
    selections_a_release: float
    fetched_a_release: float
    tests_a_year: float
    units_a_test: float
    built_megabytes_s: float
    candidate_ms: float
    candidate_read_units: float
    selection_megabytes: float
    candidate_bytes: float
    platform_log_bytes: float
    access_log_bytes: float
    stored_log_share: float
    bucket_key_share: float
    table_key_minutes: float
    sqs_pollers: float

    def milliseconds(self, service: str) -> float:
        """How long a call to a service takes."""
        return float(getattr(self, f"{service}_ms"))


@dataclass(frozen=True)
class Stated:
    """One entry as it is written."""

    name: str
    value: float
    reason: str


def stated(path: Path = ASSUMPTIONS) -> list[Stated]:
    """The entries in their order. Raises `ValueError` for one without a value and a reason."""
    entries: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    for name, entry in entries.items():
        if set(entry) != {"value", "reason"} or not str(entry["reason"]).strip():
            raise ValueError(f"{name} needs a value and a reason, and nothing else")
    return [Stated(name, entry["value"], entry["reason"]) for name, entry in entries.items()]


def load(path: Path = ASSUMPTIONS) -> Assumptions:
    """The values. Raises `ValueError` when an entry is missing or nobody uses one."""
    values = {entry.name: entry.value for entry in stated(path)}
    wanted = {field.name for field in fields(Assumptions)}
    if wanted != set(values):
        raise ValueError(f"missing or unknown: {', '.join(sorted(wanted ^ set(values)))}")
    return Assumptions(**values)
