"""Generated patients and pictures, entered by the demo doctors through the public HTTP API.

Nothing here is taken from a data set or a person. The pictures are drawn by `demo_pictures`.
"""

import base64
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

import httpx

from infra.local.accounts import PASSWORD, PATIENT
from infra.local.demo_patient import enter_moles
from infra.local.demo_pictures import Lesion, draw

BROWN, DARK, TAN, RED, GREY = (
    (126, 78, 52),
    (62, 40, 34),
    (172, 124, 84),
    (172, 44, 58),
    (104, 104, 128),
)


@dataclass(frozen=True, slots=True)
class DemoCase:
    """One lesion of one invented patient: answers of the survey, and what to draw."""

    doctor: str
    code: str
    sex: str
    site: str
    lesion: Lesion
    answers: dict[str, Any] = field(default_factory=dict)

    @property
    def born(self) -> date:
        return date(int(self.code[8:]), int(self.code[6:8]), int(self.code[4:6]))


CASES = (
    DemoCase("doctor", "010229031975", "female", "torso", Lesion(BROWN, network=0.25)),
    DemoCase(
        "doctor",
        "481507111958",
        "male",
        "head_neck",
        Lesion(DARK, 0.3, 0.14, second_colour=GREY, network=0.35, hairs=4),
        {"histology_required": True, "diagnosis": "melanoma", "family_history": ["parent"]},
    ),
    DemoCase("doctor", "733019061990", "female", "legs", Lesion(TAN, 0.16, hairs=6)),
    DemoCase(
        "doctor",
        "260402021967",
        "male",
        "arms",
        Lesion(RED, 0.18, 0.05, second_colour=DARK),
        {"diagnosis": "hemangioma", "skin_type": "III"},
    ),
    DemoCase(
        "doctor2",
        "915823091982",
        "female",
        "torso",
        Lesion(TAN, 0.28, 0.1, second_colour=BROWN, hairs=2),
        {"sunburns": ["redness", "pain"], "mole_count": "over_20"},
    ),
    DemoCase(
        "doctor2",
        "377014121949",
        "male",
        "head_neck",
        Lesion(BROWN, 0.24, 0.12, second_colour=DARK, network=0.3),
        {"histology_required": True, "freckles": True},
    ),
)


def enter(
    url: str,
    *,
    today: date,
    open_patient: Callable[[str], None],
    stopped: Callable[[], bool],
    say: Callable[[str], None],
) -> None:
    """Enter every case, and what the first one's patient does with his account, saying how far it has come.
    Ends early when `stopped`.

    `open_patient` opens the demo patient's account, by his id. Raises `httpx.HTTPError` when the system refuses,
    which is a fault of one of the two.
    """
    say(f"Demo data: entering {len(CASES)} generated patients …")
    with httpx.Client(base_url=url, timeout=30) as client:
        patients: list[str] = []
        for patient_id in _enter_cases(client, today):
            patients.append(patient_id)
            if stopped():
                return
            say(f"Demo data: {len(patients)} of {len(CASES)}")
        open_patient(patients[0])
        enter_moles(
            client,
            partial(_created, client),
            patient=_authorized(sign_in(client, PATIENT)),
            doctor=_authorized(sign_in(client, CASES[0].doctor)),
            today=today,
            stopped=stopped,
        )
        say(f"Demo data: moles of `{PATIENT}`, one question answered and one open")


def _enter_cases(client: httpx.Client, today: date) -> Iterator[str]:
    tokens = {doctor: sign_in(client, doctor) for doctor in {case.doctor for case in CASES}}
    for number, case in enumerate(CASES):
        authorized = _authorized(tokens[case.doctor])
        survey = _created(client, "/api/v1/surveys", survey_of(case, today), authorized)
        picture = draw(case.lesion, seed=number)
        slot = _created(
            client,
            f"/api/v1/lesions/{survey['lesion_id']}/images",
            {
                "kind": "dermoscopic",
                "content_type": "image/jpeg",
                "bytes": len(picture),
                "sha256": hashlib.sha256(picture).hexdigest(),
                "taken_on": today.isoformat(),
            },
            authorized,
        )
        upload = slot["upload"]
        file = {"file": ("picture.jpg", picture, "image/jpeg")}
        client.post(upload["url"], data=upload["fields"], files=file).raise_for_status()
        yield str(survey["patient_id"])


def survey_of(case: DemoCase, today: date) -> dict[str, Any]:
    """The body of `POST /surveys`: the case's own answers over usual ones."""
    born = case.born
    birthday_passed = (today.month, today.day) >= (born.month, born.day)
    return {
        "patient_code": case.code,
        "consent": {"research": True, "publication": True},
        "age": today.year - born.year - (not birthday_passed),
        "sex": case.sex,
        "hair": "brown",
        "skin_type": "II",
        "site": case.site,
        "mole_count": "5_to_20",
        "family_history": ["none"],
        "immunosuppressed": False,
        "freckles": False,
        "race": "caucasian",
        "sunburns": [],
        "large_moles": "none",
        "histology_required": False,
        "examined_on": today.isoformat(),
        **case.answers,
    }


def sign_in(client: httpx.Client, login: str) -> str:
    """An access token for a demo account, as a browser gets one."""
    config = client.get("/api/v1/config").raise_for_status().json()
    answer = client.post(
        config["auth"]["endpoint"],
        headers={
            "X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth",
            "Content-Type": "application/x-amz-json-1.1",
        },
        json={
            "AuthFlow": "USER_PASSWORD_AUTH",
            "ClientId": config["auth"]["client_id"],
            "AuthParameters": {"USERNAME": login, "PASSWORD": PASSWORD},
        },
    ).raise_for_status()
    return str(answer.json()["AuthenticationResult"]["AccessToken"])


def _authorized(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _created(
    client: httpx.Client, path: str, body: dict[str, Any], headers: Mapping[str, str]
) -> dict[str, Any]:
    # The key is the content's own, so that nothing is entered twice.
    digest = hashlib.sha256(repr((path, body)).encode()).digest()
    key = base64.urlsafe_b64encode(digest[:15]).decode()
    answer = client.post(path, json=body, headers={**headers, "Idempotency-Key": key})
    found: dict[str, Any] = answer.raise_for_status().json()
    return found
