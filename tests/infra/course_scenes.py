"""Lesions are treated, and patients are seen by another clinic; also where a step was cut short."""

from chalicelib.patients.store import PatientStore
from chalicelib.platform import keys
from chalicelib.platform.table import Change
from tests.erasure.journeys import withdraw
from tests.infra.daily_scenes import done
from tests.infra.whole_life import Life
from tests.merging.clinic import two_lesions, two_patients
from tests.patients.asking import Client
from tests.patients.referring import TwoClinics, amend, slot, treat, treatments, view_image


def both(life: Life) -> TwoClinics:
    """The clinic and another one, which the administrator has opened."""
    body = {"name": {"ru": "Другая", "en": "Another"}, "city": "Орёл"}
    opened = done(life.admin.ask("POST", "/v1/clinics", body, key="another"))
    return TwoClinics(life.doctor, Client(life.world, "doctor2", opened["clinic_id"]))


def lesions_are_treated(life: Life) -> None:
    """One of them was entered before there were treatments, and is merged with another."""
    kept, twice = two_lesions(life.clinic)
    with life.recorder.by_others():
        for each in (kept, twice):
            old = Change(remove=["treatments", "amendments"])
            life.world.platform.cases.update(keys.lesion(each["lesion_id"]), old)
    made = done(treat(life.doctor, twice["lesion_id"]))["treatment_id"]
    done(amend(life.doctor, made, outcome="healed"))
    done(treatments(life.doctor, twice["lesion_id"]))
    done(life.clinic.merge_lesions(kept["lesion_id"], twice["lesion_id"]))


def patients_are_referred(life: Life) -> None:
    """The offer, the acceptance, the end; what lies between; and an offer that nobody takes."""
    clinics, case = both(life), life.patient()
    done(life.doctor.ask("GET", "/v1/referrals/clinics"))
    taken = clinics.accepted(case.patient_id, lesion_ids=[case.lesion_id])
    for _ in range(2):
        done(slot(clinics.away, case.lesion_id))
    done(treat(clinics.away, case.lesion_id))
    done(view_image(clinics.away, case.image_id))
    done(clinics.away.view(case.patient_id))
    done(clinics.away.patients())
    for calls in (1, 3, 5):
        with life.recorder.dies_after(calls):
            clinics.end(taken)
        life.sweep(minutes=3)
    done(clinics.end(taken))
    offered = clinics.offered(case.patient_id)
    with life.recorder.dies_after(3):
        clinics.accept(offered)
    life.sweep(minutes=3)
    clinics.end(offered)
    clinics.offered(case.patient_id)
    with life.recorder.dies_after(4):  # in both lists, and not on the patient
        clinics.offer(life.patient().patient_id)
    life.sweep(days=31)
    assert {one["state"] for one in clinics.incoming()} == {"ended", "expired"}
    clinics.outgoing()


def referred_patients_are_merged_and_erased(life: Life) -> None:
    """By the request, and by the sweep after one that died."""
    clinics = both(life)
    for calls in (None, 16):
        kept, twice = two_patients(life.clinic)
        taken = clinics.accepted(twice["patient_id"])
        with life.recorder.dies_after(calls):
            life.clinic.merge_patients(kept["patient_id"], twice["patient_id"])
        life.sweep(minutes=10)
        clinics.away.patients()
        life.sweep(minutes=10)
        patient = PatientStore(life.world.platform.cases).get(kept["patient_id"])
        assert patient is not None
        assert taken in patient.referrals
        with life.recorder.dies_after(calls and 8):
            withdraw(life.doctor, kept["patient_id"])
        life.sweep(minutes=61)
        assert taken not in {one["referral_id"] for one in clinics.incoming()}
