"""A patient and his doctor, who ask over HTTP."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.classification.inference.classifier import Classifier
from chalicelib.classification.service import take_in
from chalicelib.images.model import upload_key
from chalicelib.people.logins import Logins
from chalicelib.people.model import Role
from chalicelib.people.store import PeopleStore
from tests.asking import Answered, as_caller, ask
from tests.images.making import upload
from tests.patients.asking import Client
from tests.pictures import jpeg, photograph
from tests.world import World

PASSWORD = "Moles-and-more-7"
ANSWERS = {"itching": "no", "bleeding": "no", "growth": "no", "colour": "no"}
MOLE = {"x": 0.3, "y": 0.3, "diameter": 0.1}
COIN = {"object": "rub_2", "x": 0.7, "y": 0.3, "diameter": 0.46}


def no_model() -> Classifier:
    raise AssertionError("a model was asked about a photograph of a phone")


def redeem(code: str, password: str = PASSWORD, **headers: str) -> Answered:
    body = {"code": code, "password": password}
    return ask("POST", "/v1/access/redeem", caller=None, body=body, headers=headers)


@dataclass(frozen=True)
class Patient:
    """A signed-in patient."""

    world: World
    login: str
    account_id: str
    context: dict[str, str]

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        query: dict[str, str] | None = None,
        ids: Mapping[str, str] | None = None,
        **path_values: str,
    ) -> Answered:
        headers = {"idempotency-key": key} if key else {}
        return ask(
            method,
            path,
            caller=self.context,
            body=body,
            query=query,
            headers=headers,
            ids={**(ids or {}), **path_values},
        )

    def mark(self, site: str = "torso", **body: Any) -> str:
        """A lesion of his own; its id."""
        made = self.ask("POST", "/v1/me/lesions", {"site": site, **body})
        assert made.status == 201, made.body
        return str(made.body["lesion_id"])

    def slot(self, lesion_id: str, data: bytes, *, key: str | None = None, **told: Any) -> Answered:
        body = {
            "content_type": "image/jpeg",
            "bytes": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
            **told,
        }
        path = "/v1/me/lesions/{lesion_id}/images"
        return self.ask("POST", path, body, key=key, lesion_id=lesion_id)

    def photograph(self, lesion_id: str, *, seed: int = 1, **told: Any) -> str:
        """A photograph of a lesion, sent and taken in; its id."""
        data = jpeg(photograph(320, 240, seed=seed))
        made = self.slot(lesion_id, data, **told)
        assert made.status == 201, made.body
        image_id = str(made.body["image_id"])
        version = upload(self.world, data, image_id=image_id)
        taken = take_in(
            self.world.platform, no_model, key=upload_key(image_id), version=version, trace="event"
        )
        assert taken is not None
        assert taken.state == "classified"
        return image_id

    def question(
        self, lesion_id: str, *image_ids: str, key: str | None = None, **said: str
    ) -> Answered:
        body = {
            "lesion_id": lesion_id,
            "image_ids": list(image_ids),
            "answers": {**ANSWERS, **said},
        }
        return self.ask("POST", "/v1/me/questions", body, key=key)


def give_code(doctor: Client, patient_id: str, *, key: str | None = None) -> Answered:
    path = "/v1/patients/{patient_id}/access"
    return doctor.ask("POST", path, key=key, patient_id=patient_id)


def signed_in(world: World, login: str) -> Patient:
    """The patient as the authorizer would know him."""
    account_id = Logins(world.platform).find(login)
    assert account_id is not None
    account = PeopleStore(world.platform.people).account(account_id)
    assert account is not None
    assert account.role is Role.PATIENT
    context = as_caller("patient", account_id, account.clinic_id)
    return Patient(world, login, account_id, {**context, "patient_id": account.patient_id})


def opened(doctor: Client, patient_id: str) -> Patient:
    """The patient with an account, after his doctor's code."""
    given = give_code(doctor, patient_id)
    assert given.status == 201, given.body
    done = redeem(given.body["code"])
    assert done.status == 201, done.body
    return signed_in(doctor.world, done.body["login"])
