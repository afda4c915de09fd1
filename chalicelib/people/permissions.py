"""The permission table: route × role × relation to the object. What is not in it is refused.

A service asks `caller.reaches_…` of the object it found; somebody else's object and a missing one
answer alike.
"""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.people.model import Caller, Reach, Role
from chalicelib.platform.errors import FORBIDDEN, UNAUTHORIZED, Forbidden, Unauthorized

Route = tuple[str, str]
"""Method and path, as Chalice knows them."""

ANY, OWN_CLINIC, OWN = Reach.ANY, Reach.OWN_CLINIC, Reach.OWN
DOCTOR, EXPERT, SENIOR = Role.DOCTOR, Role.EXPERT, Role.SENIOR_EXPERT
CURATOR, VENDOR, ADMIN, PATIENT = Role.CURATOR, Role.VENDOR, Role.ADMIN, Role.PATIENT
EVERYBODY: Final = dict.fromkeys(Role, OWN)
READER: Final = {EXPERT: OWN, SENIOR: OWN}
HIMSELF: Final = {PATIENT: OWN}

Row = Mapping[Role, Reach] | None
"""Who may use a route, and which objects he reaches there; None: anybody, without a token."""

ROUTES: Final[Mapping[str, Mapping[Route, Row]]] = {
    "platform": {
        ("GET", "/v1/health"): None,
        ("GET", "/v1/config"): None,
        ("GET", "/v1/openapi.json"): None,
    },
    "people": {
        ("GET", "/v1/account"): EVERYBODY,
        ("GET", "/v1/accounts"): {ADMIN: ANY},
        ("POST", "/v1/accounts"): {ADMIN: ANY},
        ("GET", "/v1/accounts/{account_id}"): {ADMIN: ANY},
        ("PATCH", "/v1/accounts/{account_id}"): {ADMIN: ANY},
        ("POST", "/v1/accounts/{account_id}/sessions/revoke"): {ADMIN: ANY},
        ("POST", "/v1/accounts/{account_id}/password"): {ADMIN: ANY},
        ("GET", "/v1/clinics"): {ADMIN: ANY},
        ("POST", "/v1/clinics"): {ADMIN: ANY},
        ("PATCH", "/v1/clinics/{clinic_id}"): {ADMIN: ANY},
    },
    "patients": {
        ("GET", "/v1/vocabularies"): None,
        ("POST", "/v1/surveys"): {DOCTOR: OWN_CLINIC},
        ("PATCH", "/v1/surveys/{survey_id}"): {DOCTOR: OWN_CLINIC},
        ("POST", "/v1/patients/lookup"): {DOCTOR: OWN_CLINIC},
        ("GET", "/v1/patients"): {DOCTOR: OWN_CLINIC},
        ("GET", "/v1/patients/{patient_id}"): {DOCTOR: OWN_CLINIC},
        ("POST", "/v1/patients/{patient_id}/lesions"): {DOCTOR: OWN_CLINIC},
        ("PATCH", "/v1/lesions/{lesion_id}"): {DOCTOR: OWN_CLINIC},
        # A referral that the clinic has accepted extends its reach: patients/service.py says how far.
        ("POST", "/v1/lesions/{lesion_id}/treatments"): {DOCTOR: OWN_CLINIC},
        ("GET", "/v1/lesions/{lesion_id}/treatments"): {DOCTOR: OWN_CLINIC},
        ("PATCH", "/v1/treatments/{treatment_id}"): {DOCTOR: OWN_CLINIC},
        ("POST", "/v1/patients/{patient_id}/referrals"): {DOCTOR: OWN_CLINIC},
        ("GET", "/v1/referrals"): {DOCTOR: OWN_CLINIC},
        ("GET", "/v1/referrals/clinics"): {DOCTOR: OWN_CLINIC},
        ("POST", "/v1/referrals/{referral_id}/accept"): {DOCTOR: OWN_CLINIC},
        ("POST", "/v1/referrals/{referral_id}/end"): {DOCTOR: OWN_CLINIC},
    },
    "access": {
        ("POST", "/v1/patients/{patient_id}/access"): {DOCTOR: OWN_CLINIC},
        # What it asks for is a one-time code, which is in the body.
        ("POST", "/v1/access/redeem"): None,
        ("PATCH", "/v1/me/consent"): HIMSELF,
    },
    "images": {
        ("POST", "/v1/lesions/{lesion_id}/images"): {DOCTOR: OWN_CLINIC},
        ("POST", "/v1/images/{image_id}/upload"): {DOCTOR: OWN_CLINIC},
        ("GET", "/v1/images/{image_id}"): {DOCTOR: OWN_CLINIC, CURATOR: ANY},
        ("GET", "/v1/lesions/{lesion_id}/timeline"): {DOCTOR: OWN_CLINIC},
    },
    "duplicates": {
        ("GET", "/v1/duplicates"): {CURATOR: ANY},
        ("GET", "/v1/duplicates/{pair_id}"): {CURATOR: ANY},
        ("POST", "/v1/duplicates/{pair_id}"): {CURATOR: ANY},
    },
    "imports": {
        ("GET", "/v1/imports"): {CURATOR: ANY},
        ("POST", "/v1/imports"): {CURATOR: ANY},
        ("GET", "/v1/imports/{import_id}"): {CURATOR: ANY},
        ("GET", "/v1/imports/{import_id}/images"): {CURATOR: ANY},
        ("POST", "/v1/imports/{import_id}/images"): {CURATOR: ANY},
    },
    "histology": {
        ("POST", "/v1/lesions/{lesion_id}/histology"): {DOCTOR: OWN_CLINIC},
        ("GET", "/v1/lesions/{lesion_id}/histology"): {DOCTOR: OWN_CLINIC},
        ("GET", "/v1/histology/due"): {DOCTOR: OWN_CLINIC},
        ("PATCH", "/v1/histology/{histology_id}"): {DOCTOR: OWN_CLINIC},
        ("DELETE", "/v1/histology/{histology_id}"): {DOCTOR: OWN_CLINIC},
        ("POST", "/v1/histology/{histology_id}/report"): {DOCTOR: OWN_CLINIC},
    },
    "erasure": {
        ("POST", "/v1/patients/{patient_id}/consent/withdraw"): {DOCTOR: OWN_CLINIC, CURATOR: ANY},
        ("DELETE", "/v1/images/{image_id}"): {DOCTOR: OWN_CLINIC, CURATOR: ANY},
    },
    "merging": {
        ("PATCH", "/v1/images/{image_id}"): {DOCTOR: OWN_CLINIC, CURATOR: ANY},
        ("POST", "/v1/lesions/merge"): {DOCTOR: OWN_CLINIC},
        ("POST", "/v1/patients/merge"): {DOCTOR: OWN_CLINIC},
    },
    "labelling": {
        ("GET", "/v1/labelling/assignments"): READER,
        ("POST", "/v1/labelling/assignments/{assignment_id}/reading"): READER,
        ("DELETE", "/v1/labelling/assignments/{assignment_id}/reading"): READER,
        ("POST", "/v1/labelling/assignments/{assignment_id}/decline"): READER,
        ("POST", "/v1/labelling/assignments/{assignment_id}/renew"): READER,
        ("GET", "/v1/labelling/statistics"): READER,
        ("GET", "/v1/labelling/agreement"): {CURATOR: ANY},
        ("GET", "/v1/labelling/protocol"): {**READER, CURATOR: ANY},
        ("POST", "/v1/labelling/protocol/accept"): READER,
        ("GET", "/v1/labelling/protocols"): {CURATOR: ANY},
        ("POST", "/v1/labelling/protocols"): {CURATOR: ANY},
        ("GET", "/v1/labelling/cases"): {CURATOR: ANY},
        ("POST", "/v1/labelling/cases"): {CURATOR: ANY, DOCTOR: OWN_CLINIC},
        ("GET", "/v1/labelling/gold"): {CURATOR: ANY},
        ("GET", "/v1/labelling/cases/{image_id}"): {CURATOR: ANY, DOCTOR: OWN_CLINIC},
        ("PATCH", "/v1/labelling/cases/{image_id}"): {CURATOR: ANY},
        ("GET", "/v1/labelling/readers"): {CURATOR: ANY},
        ("PATCH", "/v1/labelling/readers/{account_id}"): {CURATOR: ANY},
    },
    "datasets": {
        ("GET", "/v1/datasets"): {CURATOR: ANY},
        ("POST", "/v1/datasets"): {CURATOR: ANY},
        ("GET", "/v1/datasets/fields"): {CURATOR: ANY},
        ("GET", "/v1/datasets/{code}"): {CURATOR: ANY},
        ("PATCH", "/v1/datasets/{code}"): {CURATOR: ANY},
        ("GET", "/v1/datasets/{code}/preview"): {CURATOR: ANY},
        ("POST", "/v1/datasets/{code}/preview"): {CURATOR: ANY},
        ("GET", "/v1/looks"): {CURATOR: ANY},
        ("POST", "/v1/looks"): {CURATOR: ANY},
        ("GET", "/v1/datasets/{code}/releases"): {CURATOR: ANY},
        ("POST", "/v1/datasets/{code}/releases"): {CURATOR: ANY},
        ("GET", "/v1/datasets/{code}/releases/{version}"): {CURATOR: ANY},
        ("POST", "/v1/datasets/{code}/releases/{version}/deprecate"): {CURATOR: ANY},
        ("GET", "/v1/datasets/{code}/grants"): {CURATOR: ANY},
        ("POST", "/v1/datasets/{code}/grants"): {CURATOR: ANY},
        ("DELETE", "/v1/datasets/{code}/grants/{grant_id}"): {CURATOR: ANY},
        # What a controlled set asks for is a grant, which is in the body.
        ("POST", "/v1/downloads"): None,
        ("GET", "/v1/registry"): None,
        ("GET", "/v1/registry/{code}"): None,
    },
    "evaluation": {
        ("GET", "/v1/algorithms"): {VENDOR: OWN, CURATOR: ANY},
        ("POST", "/v1/algorithms"): {VENDOR: OWN},
        ("GET", "/v1/algorithms/{algorithm_id}"): {VENDOR: OWN, CURATOR: ANY},
        ("GET", "/v1/evaluations"): {VENDOR: OWN, CURATOR: ANY},
        ("POST", "/v1/evaluations"): {VENDOR: OWN},
        ("GET", "/v1/evaluations/{evaluation_id}"): {VENDOR: OWN, CURATOR: ANY},
        ("GET", "/v1/evaluations/{evaluation_id}/next"): {VENDOR: OWN},
        ("POST", "/v1/evaluations/{evaluation_id}/results"): {VENDOR: OWN},
        ("GET", "/v1/evaluations/{evaluation_id}/units"): {VENDOR: OWN},
        ("POST", "/v1/evaluations/{evaluation_id}/results-file"): {VENDOR: OWN},
        ("POST", "/v1/evaluations/{evaluation_id}/rerun"): {CURATOR: ANY},
    },
    "oversight": {
        ("GET", "/v1/overview"): {CURATOR: ANY, ADMIN: ANY},
        ("GET", "/v1/audit"): {ADMIN: ANY},
        ("GET", "/v1/audit/chain"): {ADMIN: ANY},
        ("GET", "/v1/models"): {CURATOR: ANY, ADMIN: ANY},
        ("POST", "/v1/models/{name}/{version}/activate"): {ADMIN: ANY},
        ("GET", "/v1/dead-letters"): {ADMIN: ANY},
        ("POST", "/v1/dead-letters/{queue}/redrive"): {ADMIN: ANY},
        ("DELETE", "/v1/dead-letters/{queue}/{letter_id}"): {ADMIN: ANY},
    },
    "advice": {
        ("GET", "/v1/questions"): {DOCTOR: OWN_CLINIC},
        ("GET", "/v1/questions/templates"): {DOCTOR: OWN_CLINIC},
        ("GET", "/v1/questions/{question_id}"): {DOCTOR: OWN_CLINIC},
        ("POST", "/v1/questions/{question_id}/advice"): {DOCTOR: OWN_CLINIC},
        ("PATCH", "/v1/questions/{question_id}/advice"): {DOCTOR: OWN_CLINIC},
        ("GET", "/v1/me/questions"): HIMSELF,
        ("POST", "/v1/me/questions"): HIMSELF,
        ("GET", "/v1/me/questions/{question_id}"): HIMSELF,
        ("POST", "/v1/me/questions/{question_id}/read"): HIMSELF,
    },
    # What a patient sees and does of his own. His account is nobody's but his: there is no id in the address.
    "pocket": {
        ("GET", "/v1/me"): HIMSELF,
        ("GET", "/v1/me/lesions"): HIMSELF,
        ("POST", "/v1/me/lesions"): HIMSELF,
        ("PATCH", "/v1/me/lesions/{lesion_id}"): HIMSELF,
        ("GET", "/v1/me/lesions/{lesion_id}/timeline"): HIMSELF,
        ("POST", "/v1/me/lesions/{lesion_id}/images"): HIMSELF,
        ("GET", "/v1/me/images/{image_id}"): HIMSELF,
        ("DELETE", "/v1/me/images/{image_id}"): HIMSELF,
        ("POST", "/v1/me/images/{image_id}/upload"): HIMSELF,
        ("POST", "/v1/me/consent/withdraw"): HIMSELF,
    },
    "webhooks": {
        ("GET", "/v1/webhooks"): {CURATOR: ANY, ADMIN: ANY},
        ("POST", "/v1/webhooks"): {CURATOR: ANY, ADMIN: ANY},
        ("GET", "/v1/webhooks/{webhook_id}"): {CURATOR: ANY, ADMIN: ANY},
        ("PATCH", "/v1/webhooks/{webhook_id}"): {CURATOR: ANY, ADMIN: ANY},
        ("DELETE", "/v1/webhooks/{webhook_id}"): {CURATOR: ANY, ADMIN: ANY},
        ("POST", "/v1/webhooks/{webhook_id}/secret"): {CURATOR: ANY, ADMIN: ANY},
        ("POST", "/v1/webhooks/{webhook_id}/test"): {CURATOR: ANY, ADMIN: ANY},
    },
}
"""By part of the platform: `chalicelib/<part>/routes.py` answers them."""

TABLE: Final[Mapping[Route, Mapping[Role, Reach]]] = {
    route: row for part in ROUTES.values() for route, row in part.items() if row is not None
}
PUBLIC: Final[frozenset[Route]] = frozenset(
    route for part in ROUTES.values() for route, row in part.items() if row is None
)


def admit(method: str, path: str, context: Mapping[str, Any]) -> Caller:
    """The caller of a route, from what the authorizer put into the request's context.

    Raises `Unauthorized` without such a context and `Forbidden` when the role has no row.
    """
    identity = context.get("authorizer") or {}
    try:
        account_id, role = identity["account_id"], Role(identity["role"])
    except (KeyError, ValueError):
        raise Unauthorized("unauthorized", UNAUTHORIZED) from None
    reach = TABLE.get((method, path), {}).get(role)
    if reach is None:
        raise Forbidden("forbidden", FORBIDDEN)
    clinic_id, patient_id = identity.get("clinic_id") or "", identity.get("patient_id") or ""
    return Caller(account_id, role, clinic_id, reach, patient_id)
