"""Who calls, which operations the table allows him, and real records for their paths."""

import random
from collections.abc import Mapping

from chalicelib.people.model import Role
from chalicelib.people.permissions import PUBLIC, TABLE
from infra.local.accounts import ACCOUNTS
from tests.datasets.planning import CALIBRATION
from tests.evaluation.taking import ALGORITHM
from tests.flows.cases import new_lesion, slot_form
from tests.flows.staff import new_person
from tests.stack import PASSWORD, RunningStack

ANONYMOUS = "anonymous"
PATIENT = "patient"
"""The patient: his real login is made by the system when a code opens his account."""
LOGINS = {
    role: PATIENT if role is Role.PATIENT else next(a.login for a in ACCOUNTS if a.role is role)
    for role in Role
}
LEAVING = ("POST", "/v1/me/consent/withdraw")
"""After this the patient's token admits to nothing, so it is asked last, and apart from the others."""
CALLERS = (ANONYMOUS, *LOGINS.values())
OPERATIONS = sorted({*TABLE, *PUBLIC}, key=lambda route: (route[1], route[0]))
_ROLES = {login: role for role, login in LOGINS.items()}


def _clinic_of(login: str) -> str:
    return next((account.clinic_id for account in ACCOUNTS if account.login == login), "")


def allowed(login: str, method: str, path: str) -> bool:
    """Whether the permission table lets this caller use the operation."""
    return (method, path) in PUBLIC or _ROLES.get(login) in TABLE.get((method, path), {})


def pairs(*, admitted: bool) -> list[tuple[str, str, str]]:
    """Every caller with every operation that he may use, or may not."""
    return [
        (login, method, path)
        for login in CALLERS
        for method, path in OPERATIONS
        if (login, (method, path)) != (PATIENT, LEAVING)
        if allowed(login, method, path) is admitted
    ]


def token(stack: RunningStack, login: str) -> str:
    """The caller's access token; empty for who has none."""
    if login == ANONYMOUS:
        return ""
    if login == PATIENT:
        return patient_token(stack)
    stack.sign_in(login)
    return stack.tokens[login]


def patient_token(stack: RunningStack) -> str:
    """The token of a patient of the doctor's, who has opened an account with his code; the same each time."""
    if PATIENT not in stack.tokens:
        doctor = stack.sign_in("doctor")
        patient_id = new_lesion(doctor)["patient_id"]
        given = doctor.post(f"/api/v1/patients/{patient_id}/access")
        assert given.status_code == 201, given.text
        body = {"code": given.json()["code"], "password": PASSWORD}
        opened = stack.client().post("/api/v1/access/redeem", json=body)
        assert opened.status_code == 201, opened.text
        login = opened.json()["login"]
        stack.sign_in(login)
        stack.tokens[PATIENT] = stack.tokens[login]
    return stack.tokens[PATIENT]


def own_ids(stack: RunningStack) -> Mapping[str, str]:
    """A mole and an awaited photograph of the patient's own. Nothing is classified here, so he has asked
    nothing."""
    patient = stack.client(patient_token(stack))
    marked = patient.post("/api/v1/me/lesions", json={"site": "arms"})
    assert marked.status_code == 201, marked.text
    form = slot_form(random.Random(2).randbytes(40), "image/jpeg", "macroscopic")
    del form["kind"]
    lesion_id = marked.json()["lesion_id"]
    slot = patient.post(f"/api/v1/me/lesions/{lesion_id}/images", json=form)
    assert slot.status_code == 201, slot.text
    return {
        "lesion_id": lesion_id,
        "image_id": slot.json()["image_id"],
        "question_id": "nobodys-question",
    }


def ids_for(path: str, ids: Mapping[str, str]) -> Mapping[str, str]:
    """The records that stand in this path: under `/me` the patient's own."""
    own = {name[3:]: one for name, one in ids.items() if name.startswith("me ")}
    return {**ids, **own} if path.startswith("/v1/me/") else ids


def real_ids(stack: RunningStack) -> Mapping[str, str]:
    """A patient, lesion, survey, treatment, histology and awaited image of the doctor's clinic, a
    referral to it, an import, a spare account, a dataset, an algorithm."""
    doctor = stack.sign_in("doctor")
    case = new_lesion(doctor)
    form = slot_form(random.Random(1).randbytes(40), "image/jpeg", "dermoscopic")
    slot = doctor.post(f"/api/v1/lesions/{case['lesion_id']}/images", json=form)
    assert slot.status_code == 201, slot.text
    done = {"what": "observed", "done_on": "2025-06-03"}
    treated = doctor.post(f"/api/v1/lesions/{case['lesion_id']}/treatments", json=done)
    assert treated.status_code == 201, treated.text
    other = stack.sign_in("doctor2")
    referred = other.post(
        f"/api/v1/patients/{new_lesion(other)['patient_id']}/referrals",
        json={"clinic_id": _clinic_of("doctor"), "consent": True},
    )
    assert referred.status_code == 201, referred.text
    spare = new_person(stack, "expert")
    source = dict.fromkeys(("name", "legal_basis", "licence", "attribution"), "An atlas")
    opened = stack.sign_in("curator").post("/api/v1/imports", json=source)
    assert opened.status_code == 201, opened.text
    # Nobody listens at port 1 of this machine.
    receiver = {"url": "http://127.0.0.1:1/", "events": ["label.completed"]}
    registered = stack.sign_in("curator").post("/api/v1/webhooks", json=receiver)
    assert registered.status_code == 201, registered.text
    named = {"name": {"ru": "Пустая", "en": "Empty"}, "city": "Орёл"}
    spare_clinic = stack.sign_in("admin").post("/api/v1/clinics", json=named)
    assert spare_clinic.status_code == 201, spare_clinic.text
    planned = stack.sign_in("curator").post("/api/v1/datasets", json=CALIBRATION)
    assert planned.status_code == 201, planned.text
    registered_algorithm = stack.sign_in("vendor").post("/api/v1/algorithms", json=ALGORITHM)
    assert registered_algorithm.status_code == 201, registered_algorithm.text
    result = {"diagnosis": "nevus", "reported_on": "2025-06-20"}
    histology = doctor.post(f"/api/v1/lesions/{case['lesion_id']}/histology", json=result)
    assert histology.status_code == 201, histology.text
    return {
        **case,
        "histology_id": histology.json()["histology_id"],
        "image_id": slot.json()["image_id"],
        **{f"me {name}": one for name, one in own_ids(stack).items()},
        "question_id": "nobodys-question",
        "treatment_id": treated.json()["treatment_id"],
        "referral_id": referred.json()["referral_id"],
        "account_id": spare.account_id,
        "import_id": opened.json()["import_id"],
        # Nothing is classified here, so no hand has anything in it.
        "assignment_id": "nobodys-assignment",
        "pair_id": "nobodys-pair",
        "code": planned.json()["code"],
        "version": "1.0.0",
        "grant_id": "nobodys-grant",
        "algorithm_id": registered_algorithm.json()["algorithm_id"],
        # No hidden set is published here, so no test can begin.
        "evaluation_id": "nobodys-evaluation",
        "webhook_id": registered.json()["webhook_id"],
        # A closed clinic's doctors are refused, so it is one that nobody works at.
        "clinic_id": spare_clinic.json()["clinic_id"],
        "name": "nobodys-model",
        "queue": "labelling",
        "letter_id": "nobodys-letter",
    }
