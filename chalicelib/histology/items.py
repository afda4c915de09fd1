"""Results as items of the `cases` table, and back."""

from datetime import date
from typing import Any

from chalicelib.histology.model import Correction, Findings, Histology, TakenBack
from chalicelib.patients.pathology import ClarkLevel, Margins, Method, Stage
from chalicelib.platform.clock import moment, timestamp
from chalicelib.platform.lesion_classes import LesionClass
from chalicelib.platform.table import Item


def written_histology(one: Histology) -> Item:
    """The item of a new result, without its keys and its deadline."""
    return {
        "histology_id": one.histology_id,
        "lesion_id": one.lesion_id,
        "patient_id": one.patient_id,
        "clinic_id": one.clinic_id,
        "patient_order": f"histology#{timestamp(one.recorded_at)}#{one.histology_id}",
        "recorded_by": one.recorded_by,
        "recorded_at": timestamp(one.recorded_at),
        "findings": one.findings.json(),
        "fingerprint": one.fingerprint,
        "revision": one.revision,
        "history": [],
        "trace": one.trace or None,
        "stirred_at": timestamp(one.stirred_at),
    }


def written_correction(done: Correction) -> Item:
    return {"at": timestamp(done.at), "by": done.by, "reason": done.reason, "was": dict(done.was)}


def read_findings(item: dict[str, Any]) -> Findings:
    return Findings(
        diagnosis=LesionClass(item["diagnosis"]),
        reported_on=date.fromisoformat(item["reported_on"]),
        icd10=item.get("icd10"),
        method=Method(item["method"]) if item.get("method") else None,
        margins=Margins(item["margins"]) if item.get("margins") else None,
        breslow_mm=item.get("breslow_mm"),
        clark_level=ClarkLevel(item["clark_level"]) if item.get("clark_level") else None,
        ulceration=item.get("ulceration"),
        mitotic_rate=item.get("mitotic_rate"),
        pt_stage=Stage(item["pt_stage"]) if item.get("pt_stage") else None,
    )


def read_histology(item: Item) -> Histology:
    """The result in an item of the table."""
    back = item.get("taken_back")
    return Histology(
        histology_id=item["histology_id"],
        lesion_id=item["lesion_id"],
        patient_id=item["patient_id"],
        clinic_id=item["clinic_id"],
        recorded_by=item["recorded_by"],
        recorded_at=moment(item["recorded_at"]),
        findings=read_findings(item["findings"]),
        fingerprint=item["fingerprint"],
        revision=item["revision"],
        history=tuple(
            Correction(at=moment(done["at"]), by=done["by"], reason=done["reason"], was=done["was"])
            for done in item["history"]
        ),
        taken_back=TakenBack(at=moment(back["at"]), by=back["by"], reason=back["reason"])
        if back
        else None,
        trace=item.get("trace", ""),
        stirred_at=moment(item["stirred_at"]),
        writer=item["writer"],
    )
