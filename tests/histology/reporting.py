"""What a doctor does with histology over HTTP."""

import hashlib
from typing import Any

from chalicelib.histology import intake
from chalicelib.histology.reports import Report
from chalicelib.histology.store import HistologyStore
from chalicelib.platform import keys
from chalicelib.platform.table import Item
from tests.asking import Answered
from tests.merging.clinic import Clinic
from tests.world import World

LESION = "/v1/lesions/{lesion_id}/histology"
ONE = "/v1/histology/{histology_id}"
REASON = "Read the report again"


def record(clinic: Clinic, lesion_id: str, key: str | None = None, **said: Any) -> Answered:
    body = {"diagnosis": "melanoma", "reported_on": "2026-03-02", **said}
    told = {name: value for name, value in body.items() if value is not ...}
    return clinic.doctor.ask("POST", LESION, told, key=key, lesion_id=lesion_id)


def recorded(clinic: Clinic, lesion_id: str, **said: Any) -> str:
    """The id of a new result."""
    answer = record(clinic, lesion_id, **said)
    assert answer.status == 201, answer.body
    return str(answer.body["histology_id"])


def shown(clinic: Clinic, lesion_id: str) -> Any:
    answer = clinic.doctor.ask("GET", LESION, lesion_id=lesion_id)
    assert answer.status == 200, answer.body
    return answer.body


def correct(clinic: Clinic, histology_id: str, **changes: Any) -> Answered:
    body = {"reason": REASON, **changes}
    return clinic.doctor.ask("PATCH", ONE, body, histology_id=histology_id)


def take_back(clinic: Clinic, histology_id: str) -> Answered:
    body = {"reason": "Another lesion's"}
    return clinic.doctor.ask("DELETE", ONE, body, histology_id=histology_id)


def due(clinic: Clinic, **query: str) -> Any:
    answer = clinic.doctor.ask("GET", "/v1/histology/due", query=query)
    assert answer.status == 200, answer.body
    return answer.body


def waiting(clinic: Clinic) -> list[str]:
    """The lesions that wait for histology, who asked first coming first."""
    return [one["lesion_id"] for one in due(clinic)["items"]]


def announced(data: bytes, content_type: str = "application/pdf") -> dict[str, Any]:
    return {
        "content_type": content_type,
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }


def with_report(data: bytes, content_type: str = "application/pdf") -> dict[str, Any]:
    return {"report": announced(data, content_type), "names_covered": True}


def another_slot(clinic: Clinic, histology_id: str, data: bytes, **other: Any) -> Answered:
    body = {**announced(data), "names_covered": True, **other}
    return clinic.doctor.ask("POST", f"{ONE}/report", body, histology_id=histology_id)


def put(world: World, key: str, data: bytes) -> str:
    """Put a file where a report is awaited; the version that S3 gave it."""
    bucket = world.platform.settings.bucket_uploads
    answer = world.platform.client("s3").put_object(Bucket=bucket, Key=key, Body=data)
    return str(answer["VersionId"])


def sent(clinic: Clinic, lesion_id: str, data: bytes, **said: Any) -> tuple[str, Report]:
    """Record a result with a report, send its file, and take it in."""
    answer = record(clinic, lesion_id, **{**with_report(data), **said})
    assert answer.status == 201, answer.body
    return str(answer.body["histology_id"]), taken_in(clinic.world, answer, data)


def taken_in(world: World, slot: Answered, data: bytes) -> Report:
    key = slot.body["upload"]["fields"]["key"]
    report = intake.take_in(world.platform, key=key, version=put(world, key, data), trace="t")
    assert report is not None
    return report


def unfinished(world: World, *histology_ids: str) -> list[str]:
    """Which of the results and reports are still due."""
    wanted = [key(one) for one in histology_ids for key in (keys.histology, keys.report)]
    return [item["sk"] for item in world.platform.cases.get_many(wanted) if "due_at" in item]


def item_of(world: World, histology_id: str) -> Item:
    item = world.platform.cases.get(keys.histology(histology_id))
    assert item is not None
    return item


def files_of(world: World, histology_id: str) -> list[str]:
    """Every version of every file of a result's report, wherever it is."""
    found = [
        *world.platform.images.versions(f"reports/{histology_id}"),
        *world.platform.uploads.versions(f"uploads/report-{histology_id}"),
    ]
    return [version.key for version in found]


def is_known(world: World, histology_id: str) -> bool:
    return HistologyStore(world.platform.cases).get(histology_id) is not None
