"""What doctors do with histology, and what follows, through the entry points of the functions."""

import hashlib
from typing import Any
from unittest.mock import patch
from urllib.parse import quote_plus

import app
from chalicelib.histology import intake
from chalicelib.histology.sandbox import clean_pdf
from tests.asking import Answered
from tests.erasure.journeys import Journey, open_slot
from tests.histology.papers import pdf
from tests.histology.reporting import LESION, ONE, announced, put, with_report
from tests.infra.daily_scenes import done, refused
from tests.infra.whole_life import Life
from tests.merging.clinic import two_lesions, two_patients

REPORT = pdf()


def _record(life: Life, lesion_id: str, *, key: str | None = None, **said: Any) -> Answered:
    body = {"diagnosis": "melanoma", "reported_on": "2026-03-02", **said}
    return life.doctor.ask("POST", LESION, body, key=key, lesion_id=lesion_id)


def _with_report(life: Life, case: Journey, data: bytes = REPORT) -> tuple[str, str, str]:
    """A result, the place that awaits its file, and the version that came."""
    slot = done(_record(life, case.lesion_id, **with_report(data)))
    key = slot["upload"]["fields"]["key"]
    return slot["histology_id"], key, put(life.world, key, data)


def _arrives(key: str, version: str | None) -> None:
    stored = {"key": quote_plus(key)} | ({"versionId": version} if version else {})
    app.classify({"Records": [{"s3": {"object": stored}}]}, None)


def histology_is_recorded(life: Life) -> None:
    """Recorded, repeated, corrected, taken back; asked for by surveys, and overdue."""
    entered = done(life.doctor.enter(patient_code="424229031975", histology_required=True))
    done(life.doctor.ask("GET", "/v1/histology/due"))
    life.sweep(days=31)
    again = done(life.doctor.amend(entered["survey_id"], histology_required=False))
    assert not again["histology_required"]
    case = life.classified()
    for _ in range(2):
        made = done(_record(life, case.lesion_id, key="one", **with_report(REPORT)))
    one = made["histology_id"]
    life.told({"histology_id": one})
    done(life.doctor.ask("GET", LESION, lesion_id=case.lesion_id))
    body = {"reason": "Misread", "diagnosis": "nevus"}
    done(life.doctor.ask("PATCH", ONE, body, histology_id=one))
    life.told({"histology_id": one})
    early = {"taken_on": "2026-02-01"}
    slot = {"kind": "dermoscopic", **announced(life.photo(), "image/jpeg"), **early}
    done(life.doctor.ask("POST", "/v1/lesions/{lesion_id}/images", slot, lesion_id=case.lesion_id))
    done(life.doctor.ask("DELETE", ONE, {"reason": "Another's"}, histology_id=one))
    life.told({"histology_id": one})
    for _ in range(3):
        life.sweep(minutes=10)
    done(open_slot(life.doctor, case.lesion_id, life.photo()))


def reports_arrive(life: Life) -> None:
    """Whole, unreadable, without a version or an event, beside a worker that died, or not at all."""
    case = life.patient()
    _, key, version = _with_report(life, case)
    _arrives(key, version)
    _arrives(key, version)
    _, key, _ = _with_report(life, case)
    _arrives(key, None)
    _arrives("uploads/report-nobody.1", None)
    bad = b"no report"
    one, key, version = _with_report(life, case, bad)
    _arrives(key, version)
    path = f"{ONE}/report"
    form = {**announced(REPORT), "names_covered": True}
    for _ in range(2):
        done(life.doctor.ask("POST", path, form, histology_id=one))
    bare = done(_record(life, case.lesion_id))["histology_id"]
    done(life.doctor.ask("POST", path, form, histology_id=bare))
    other = {**form, "sha256": hashlib.sha256(b"other").hexdigest()}
    done(life.doctor.ask("POST", path, other, histology_id=bare))
    for calls in (1, 2, 3, 4, 5):
        _, key, version = _with_report(life, case)
        with life.recorder.dies_after(calls):
            _arrives(key, version)
        life.world.clock.advance(minutes=2)
        _arrives(key, version)
    _with_report(life, case)  # its event is lost
    left, key, version = _with_report(life, case)
    with life.recorder.dies_after(1):
        _arrives(key, version)
    life.sweep(minutes=10)
    life.sweep(hours=25)
    done(life.doctor.ask("GET", LESION, lesion_id=case.lesion_id))
    refused(life.doctor.ask("POST", path, form, histology_id=left), "report_not_awaited")


def histology_is_erased(life: Life) -> None:
    """By the request, by the sweep, and while a worker has the report in hand."""
    for calls in (None, 8, 16, 24):
        case = life.classified()
        one, key, version = _with_report(life, case)
        _arrives(key, version)
        life.told({"histology_id": one})
        with life.recorder.dies_after(calls):
            case.withdraw()
        for _ in range(3):
            life.sweep(minutes=61)
        done(case.withdraw())
    for by_sweep in (False, True):
        case = life.patient()
        _, key, version = _with_report(life, case)

        def withdrawn_meanwhile(data: bytes, case: Journey = case) -> Any:
            with life.recorder.by_others():
                done(case.withdraw())
            return clean_pdf(data)

        with patch.object(intake, "clean_pdf", withdrawn_meanwhile):
            if by_sweep:
                life.sweep(minutes=10)
            else:
                _arrives(key, version)


def histology_follows_merges(life: Life) -> None:
    clinic = life.clinic
    for calls in (None, 18):
        kept, twice = two_lesions(clinic)
        for each in (kept, twice):
            done(_record(life, each["lesion_id"]))
            image_id = clinic.classified(each["lesion_id"])
        life.sweep(minutes=3)
        with life.recorder.dies_after(calls):
            clinic.merge_lesions(kept["lesion_id"], twice["lesion_id"])
        for _ in range(3):
            life.sweep(minutes=10)
    asked, twice = two_lesions(clinic)
    done(clinic.doctor.amend(asked["survey_id"], histology_required=True))
    done(clinic.merge_lesions(asked["lesion_id"], twice["lesion_id"]))
    other = clinic.lesion(kept["patient_id"])
    done(clinic.move(image_id, other))
    for calls in (None, 16):
        one, two = two_patients(clinic, histology_required=True)
        done(_record(life, two["lesion_id"]))
        with life.recorder.dies_after(calls):
            clinic.merge_patients(one["patient_id"], two["patient_id"])
        for _ in range(3):
            life.sweep(minutes=10)
