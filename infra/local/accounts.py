"""The demo clinics and accounts of the local stack, opened by the same service as everybody's."""

from dataclasses import replace
from typing import Final, NamedTuple

from chalicelib.access.service import open_account
from chalicelib.labelling.protocols import FIRST
from chalicelib.patients.store import PatientStore
from chalicelib.people import service
from chalicelib.people.model import READERS, Role
from chalicelib.people.readers import accept_protocol
from chalicelib.platform.language import Text
from chalicelib.platform.runtime import Platform

PASSWORD: Final = "Rodinka-demo-1"


class DemoClinic(NamedTuple):
    clinic_id: str
    name: Text
    city: str


class DemoAccount(NamedTuple):
    login: str
    role: Role
    clinic_id: str = ""
    qualified_since: int | None = None


CLINICS: Final = (
    DemoClinic("demo-orel", Text("Демонстрационный диспансер", "Demo dispensary"), "Орёл"),
    DemoClinic("demo-bolkhov", Text("Демонстрационная больница", "Demo hospital"), "Болхов"),
)

ACCOUNTS: Final = (
    DemoAccount("doctor", Role.DOCTOR, "demo-orel", 2012),
    DemoAccount("doctor2", Role.DOCTOR, "demo-bolkhov", 2018),
    DemoAccount("expert1", Role.EXPERT, qualified_since=2019),
    DemoAccount("expert2", Role.EXPERT, qualified_since=2016),
    DemoAccount("expert3", Role.EXPERT, qualified_since=2021),
    # Over five years of practice: he may settle what two experts disagree on.
    DemoAccount("senior", Role.SENIOR_EXPERT, qualified_since=2005),
    DemoAccount("curator", Role.CURATOR),
    DemoAccount("vendor", Role.VENDOR),
    DemoAccount("admin", Role.ADMIN),
)


PATIENT: Final = "patient"
"""The login of the demo patient; those of all other patients are made by the system."""


def open_demo_patient(platform: Platform, patient_id: str) -> None:
    """Open the account of a demo patient, as a code from his doctor would, but with a login of our choice."""
    since = platform.clock.now()
    patient = PatientStore(platform.cases).change(
        patient_id, lambda known: replace(known, logins={**known.logins, PATIENT: since})
    )
    open_account(platform, patient, PATIENT, PASSWORD)


def open_demo_accounts(platform: Platform) -> None:
    """Open the demo clinics and accounts, all with the same permanent password; the readers among them
    have accepted the labelling protocol."""
    for clinic in CLINICS:
        service.open_clinic(
            platform, name=clinic.name, city=clinic.city, clinic_id=clinic.clinic_id
        )
    for account in ACCOUNTS:
        opened = service.open_account(
            platform,
            login=account.login,
            role=account.role,
            clinic_id=account.clinic_id,
            qualified_since=account.qualified_since,
            password=PASSWORD,
        )
        if account.role in READERS:
            accept_protocol(platform, opened.account.account_id, FIRST.version)
