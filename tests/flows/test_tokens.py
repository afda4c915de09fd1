"""Forged, borrowed and outlived tokens at the running stack's door."""

import base64
import gzip
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import RSAAlgorithm

from tests.flows.staff import NEW_PASSWORD, Person, new_doctor, new_person, refusal
from tests.stack import RunningStack

Claims = dict[str, Any]


@cache
def published_key() -> RSAPrivateKey:
    """moto's private key, with which anybody can sign for the local stack."""
    packed = files("moto.cognitoidp").joinpath("resources/jwks-private.json.gz").read_bytes()
    key = RSAAlgorithm.from_jwk(gzip.decompress(packed).decode())
    assert isinstance(key, RSAPrivateKey)
    return key


def signed(claims: Claims, **headers: Any) -> str:
    return jwt.encode(
        claims, published_key(), algorithm="RS256", headers={"kid": "dummy"} | headers
    )


def signed_with_the_public_key(claims: Claims) -> str:
    public = published_key().public_key()
    password = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    parts = [{"alg": "HS256", "kid": "dummy", "typ": "JWT"}, claims]
    text = b".".join(
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts
    )
    mac = hmac.new(password, text, hashlib.sha256).digest()
    return (text + b"." + base64.urlsafe_b64encode(mac).rstrip(b"=")).decode()


def with_an_expiry_as_text(claims: Claims) -> str:
    payload = json.dumps(claims | {"exp": str(claims["exp"])}).encode()
    return jwt.PyJWS().encode(payload, published_key(), "RS256", headers={"kid": "dummy"})


@pytest.fixture(scope="module")
def doctor(stack: RunningStack) -> Person:
    return new_doctor(stack)


def claims_of(person: Person) -> Claims:
    claims: Claims = jwt.decode(person.tokens["AccessToken"], options={"verify_signature": False})
    return claims


def ask(stack: RunningStack, token: str) -> httpx.Response:
    return stack.client(token).get("/api/v1/patients")


def test_the_forger_of_these_tests_can_sign_a_good_one(stack: RunningStack, doctor: Person) -> None:
    assert ask(stack, signed(claims_of(doctor))).status_code == 200


FORGERIES: dict[str, Callable[[Claims], str]] = {
    "no algorithm": lambda c: jwt.encode(c, "", algorithm="none", headers={"kid": "dummy"}),
    "HS256 with the public key": signed_with_the_public_key,
    "expired": lambda c: signed(c | {"exp": int(time.time()) - 1}),
    "no expiry": lambda c: signed({name: c[name] for name in c if name != "exp"}),
    "expiry as text": with_an_expiry_as_text,
    "not yet valid": lambda c: signed(c | {"nbf": int(time.time()) + 600}),
    "issued in the future": lambda c: signed(c | {"iat": int(time.time()) + 600}),
    "another pool's": lambda c: signed(c | {"iss": c["iss"] + "x"}),
    "another client's": lambda c: signed(c | {"client_id": "another"}),
    "an id token by its use": lambda c: signed(c | {"token_use": "id"}),
    "an unknown key": lambda c: signed(c, kid="another"),
    "a critical extension": lambda c: signed(c, crit=["exp"]),
    "nobody's": lambda c: signed(c | {"sub": "00000000-0000-0000-0000-000000000000"}),
    "a path for a subject": lambda c: signed(c | {"sub": "../x"}),
    "tampered": lambda c: signed(c)[:-8] + "AAAAAAAA",
    "huge": lambda _: "a" * 9000,
    "no token at all": lambda _: "a.b.c",
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_token_that_is_not_good_is_401(stack: RunningStack, doctor: Person, forgery: str) -> None:
    answer = ask(stack, FORGERIES[forgery](claims_of(doctor)))
    assert (answer.status_code, refusal(answer)["code"]) == (401, "unauthorized")


@pytest.mark.parametrize("kind", ["IdToken", "RefreshToken"])
def test_the_other_tokens_of_a_sign_in_open_nothing(
    stack: RunningStack, doctor: Person, kind: str
) -> None:
    assert ask(stack, doctor.tokens[kind]).status_code == 401


def test_a_token_in_the_address_opens_nothing(stack: RunningStack, doctor: Person) -> None:
    token = doctor.tokens["AccessToken"]
    for query in ({"access_token": token}, {"token": token}):
        assert stack.client().get("/api/v1/patients", params=query).status_code == 401


def test_an_ended_session_opens_nothing_and_cannot_be_renewed_into_one(
    stack: RunningStack,
) -> None:
    doctor, admin = new_doctor(stack), stack.sign_in("admin")
    assert doctor.client.get("/api/v1/patients").status_code == 200
    ended = admin.post(f"/api/v1/accounts/{doctor.account_id}/sessions/revoke")
    assert ended.status_code == 204
    assert doctor.client.get("/api/v1/patients").status_code == 401
    renewed = stack.initiate_auth(
        "REFRESH_TOKEN_AUTH", {"REFRESH_TOKEN": doctor.tokens["RefreshToken"]}
    )
    if renewed.status_code == 200:
        token = renewed.json()["AuthenticationResult"]["AccessToken"]
        assert ask(stack, token).status_code == 401


def test_who_signs_in_again_right_after_his_session_was_ended_is_admitted(
    stack: RunningStack,
) -> None:
    doctor, admin = new_doctor(stack), stack.sign_in("admin")
    for _ in range(3):
        admin.post(f"/api/v1/accounts/{doctor.account_id}/sessions/revoke")
        password = {"USERNAME": doctor.login, "PASSWORD": NEW_PASSWORD}
        signed_in = stack.initiate_auth("USER_PASSWORD_AUTH", password).json()
        assert ask(stack, signed_in["AuthenticationResult"]["AccessToken"]).status_code == 200


@pytest.mark.parametrize(
    "change", [{"role": "vendor"}, {"role": "curator"}, {"state": "closed"}], ids=str
)
def test_a_demoted_or_closed_expert_reads_nothing_more(
    stack: RunningStack, change: dict[str, str]
) -> None:
    expert, admin = new_person(stack, "expert"), stack.sign_in("admin")
    assert expert.client.get("/api/v1/labelling/assignments").status_code == 200
    changed = admin.patch(f"/api/v1/accounts/{expert.account_id}", json=change)
    assert changed.status_code == 200, changed.text
    assert expert.client.get("/api/v1/labelling/assignments").status_code in {401, 403}
    admin.patch(f"/api/v1/accounts/{expert.account_id}", json={"state": "closed"})


ROUTES = [
    ("GET", "/api/v1/patients", {"doctor"}),
    ("POST", "/api/v1/surveys", {"doctor"}),
    ("PATCH", "/api/v1/surveys/x", {"doctor"}),
    ("POST", "/api/v1/patients/lookup", {"doctor"}),
    ("GET", "/api/v1/patients/x", {"doctor"}),
    ("POST", "/api/v1/patients/x/lesions", {"doctor"}),
    ("POST", "/api/v1/lesions/x/images", {"doctor"}),
    ("POST", "/api/v1/images/x/upload", {"doctor"}),
    ("GET", "/api/v1/images/x", {"doctor", "curator"}),
    ("GET", "/api/v1/labelling/assignments", {"expert1", "senior"}),
    ("GET", "/api/v1/accounts", {"admin"}),
    ("POST", "/api/v1/accounts", {"admin"}),
    ("PATCH", "/api/v1/accounts/x", {"admin"}),
    ("POST", "/api/v1/accounts/x/sessions/revoke", {"admin"}),
    ("POST", "/api/v1/accounts/x/password", {"admin"}),
    ("GET", "/api/v1/clinics", {"admin"}),
    ("POST", "/api/v1/clinics", {"admin"}),
]


@pytest.mark.parametrize("login", ["doctor", "expert1", "senior", "curator", "vendor", "admin"])
def test_a_route_of_others_is_403_before_its_body_is_looked_at(
    stack: RunningStack, login: str
) -> None:
    client = stack.sign_in(login)
    headers = {"Content-Type": "application/json"}
    for method, path, admitted in ROUTES:
        answer = client.request(method, path, content=b"{broken", headers=headers)
        if login in admitted:
            assert answer.status_code in {200, 400, 404}, (method, path)
        else:
            assert (answer.status_code, refusal(answer)["code"]) == (403, "forbidden")
