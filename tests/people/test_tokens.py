"""Which tokens speak for somebody, and which do not (bad input 19)."""

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given
from hypothesis import strategies as st
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from chalicelib.people.issuer_keys import IssuerKeys, read_keys
from chalicelib.people.tokens import BadToken, Expected, Reason, SignIn, bearer_token, verify
from tests.people.issuer import ACCOUNT_ID, EXPECTED, Issuer, claims, jwks, unsigned
from tests.world import START as NOW


def refusal(token: str, keys: IssuerKeys, expected: Expected = EXPECTED) -> Reason:
    with pytest.raises(BadToken) as refused:
        verify(token, expected=expected, keys=keys, now=NOW)
    return refused.value.reason


def test_a_good_token_tells_who_signed_in_and_when(issuer: Issuer) -> None:
    token = issuer.sign(claims(NOW))
    found = verify(token, expected=EXPECTED, keys=issuer.keys(), now=NOW + timedelta(minutes=29))
    assert found == SignIn(ACCOUNT_ID, NOW, as_patient=False)


def test_a_token_of_the_patients_client_is_good_and_tells_so(issuer: Issuer) -> None:
    token = issuer.sign(claims(NOW, client_id=EXPECTED.patient_client_id))
    found = verify(token, expected=EXPECTED, keys=issuer.keys(), now=NOW)
    assert found == SignIn(ACCOUNT_ID, NOW, as_patient=True)


def test_a_renewed_token_remembers_when_its_bearer_signed_in(issuer: Issuer) -> None:
    signed_in = NOW - timedelta(hours=3)
    token = issuer.sign(claims(NOW, auth_time=int(signed_in.timestamp())))
    found = verify(token, expected=EXPECTED, keys=issuer.keys(), now=NOW)
    assert found.began == signed_in


def test_algorithm_none_is_refused(issuer: Issuer) -> None:
    for name in ("none", "None", "NONE", ""):
        token = unsigned({"alg": name, "kid": issuer.key_id}, claims(NOW))
        assert refusal(token, issuer.keys()) is Reason.WRONG_ALGORITHM


def test_hs256_with_the_public_key_is_refused(issuer: Issuer) -> None:
    # Signed by hand: PyJWT itself refuses a PEM as an HMAC secret.
    half = unsigned({"alg": "HS256", "kid": issuer.key_id}, claims(NOW)).rpartition(".")[0]
    for secret in (issuer.public_pem, json.dumps(issuer.published).encode()):
        mac = hmac.new(secret, half.encode(), hashlib.sha256).digest()
        token = f"{half}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"
        assert refusal(token, issuer.keys()) is Reason.WRONG_ALGORITHM


@pytest.mark.parametrize("algorithm", ["RS384", "RS512", "PS256"])
def test_even_another_algorithm_with_the_right_key_is_refused(
    issuer: Issuer, algorithm: str
) -> None:
    token = jwt.encode(
        claims(NOW), issuer.private_key, algorithm=algorithm, headers={"kid": issuer.key_id}
    )
    assert refusal(token, issuer.keys()) is Reason.WRONG_ALGORITHM


def test_another_pools_key_is_refused(issuer: Issuer, another_issuer: Issuer) -> None:
    token = another_issuer.sign(claims(NOW))
    assert refusal(token, issuer.keys()) is Reason.BAD_SIGNATURE


@pytest.mark.parametrize("name", ["https://issuer.example/other", f"{EXPECTED.issuer}/", "", None])
def test_another_pools_token_is_refused_though_its_key_were_known(
    issuer: Issuer, name: str | None
) -> None:
    token = issuer.sign(claims(NOW, iss=name))
    assert refusal(token, issuer.keys()) is Reason.WRONG_ISSUER


def test_the_key_that_everybody_can_download_is_refused_in_production() -> None:
    moto = Issuer("dummy")
    token = moto.sign(claims(NOW))
    for stage in ("prod", "dev", "staging"):
        expected = replace(EXPECTED, stage=stage)
        assert refusal(token, moto.keys(), expected) is Reason.PUBLISHED_KEY
    for stage in ("local", "test"):
        expected = replace(EXPECTED, stage=stage)
        assert verify(token, expected=expected, keys=moto.keys(), now=NOW).account_id == ACCOUNT_ID


def test_an_id_token_is_no_access_token(issuer: Issuer) -> None:
    id_token = claims(NOW, token_use="id", aud=EXPECTED.client_id, client_id=None)
    assert refusal(issuer.sign(id_token), issuer.keys()) is Reason.WRONG_USE
    assert refusal(issuer.sign(claims(NOW, token_use=None)), issuer.keys()) is Reason.WRONG_USE


def test_a_token_of_another_client_is_refused(issuer: Issuer) -> None:
    for client_id in ("other", "", None, ["client"], ["patients-client"]):
        token = issuer.sign(claims(NOW, client_id=client_id))
        assert refusal(token, issuer.keys()) is Reason.WRONG_CLIENT
    for audience in (EXPECTED.client_id, EXPECTED.patient_client_id):
        token = issuer.sign(claims(NOW, client_id=None, aud=audience))
        assert refusal(token, issuer.keys()) is Reason.WRONG_CLIENT


def test_a_token_is_over_at_the_second_it_names(issuer: Issuer) -> None:
    at = int(NOW.timestamp())
    token = issuer.sign(claims(NOW - timedelta(hours=1), exp=at))
    assert refusal(token, issuer.keys()) is Reason.EXPIRED
    live = issuer.sign(claims(NOW - timedelta(hours=1), exp=at + 1))
    assert verify(live, expected=EXPECTED, keys=issuer.keys(), now=NOW)


def test_a_token_of_tomorrow_is_refused_and_a_clock_a_little_ahead_forgiven(
    issuer: Issuer,
) -> None:
    at = int(NOW.timestamp())
    for early in ({"nbf": at + 31}, {"iat": at + 31}, {"iat": at + 86400, "exp": at + 90000}):
        token = issuer.sign(claims(NOW, **early))
        assert refusal(token, issuer.keys()) is Reason.NOT_YET_VALID
    forgiven = issuer.sign(claims(NOW, iat=at + 29, nbf=at + 29))
    assert verify(forgiven, expected=EXPECTED, keys=issuer.keys(), now=NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"sub": None},
        {"sub": ""},
        {"sub": "a b"},
        {"sub": "x" * 65},
        {"exp": None},
        {"iat": None},
        {"exp": True},
        {"exp": "2000000000"},
        {"exp": 10**30},
        {"exp": 1e300},
        {"iat": -1},
        {"auth_time": "now"},
        {"nbf": []},
    ],
)
def test_claims_of_the_wrong_shape_are_refused_even_signed(
    issuer: Issuer, changes: dict[str, Any]
) -> None:
    # Signed as bytes, since PyJWT would not write some of these itself.
    payload = json.dumps(claims(NOW, **changes)).encode()
    token = jwt.PyJWS().encode(
        payload, issuer.private_key, algorithm="RS256", headers={"kid": issuer.key_id}
    )
    assert refusal(token, issuer.keys()) is Reason.MALFORMED


def test_a_claim_that_two_readers_would_read_differently_is_refused(issuer: Issuer) -> None:
    twice = json.dumps(claims(NOW))[:-1] + ', "sub": "somebody-else"}'
    token = jwt.PyJWS().encode(
        twice.encode(), issuer.private_key, algorithm="RS256", headers={"kid": issuer.key_id}
    )
    assert refusal(token, issuer.keys()) is Reason.MALFORMED


def test_one_changed_letter_anywhere_spoils_a_token(issuer: Issuer) -> None:
    token = issuer.sign(claims(NOW))
    keys = issuer.keys()
    # The last letter of a part carries unused bits, so the ones before it are changed.
    for place in (*range(0, len(token) - 2, 7), len(token) - 3):
        if token[place] == ".":
            continue
        letter = "A" if token[place] != "A" else "B"
        with pytest.raises(BadToken):
            verify(
                token[:place] + letter + token[place + 1 :], expected=EXPECTED, keys=keys, now=NOW
            )


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "RS256"},
        {"alg": "RS256", "kid": 7},
        {"alg": "RS256", "kid": "key-1", "crit": ["exp"]},
        {"alg": "RS256", "kid": "key-1", "b64": False},
        ["RS256"],
        "RS256",
        None,
    ],
)
def test_a_header_that_asks_for_more_or_less_is_refused(issuer: Issuer, header: object) -> None:
    assert refusal(unsigned(header, claims(NOW)), issuer.keys()) is Reason.MALFORMED


def test_a_key_that_the_token_brings_along_is_not_used(
    issuer: Issuer, another_issuer: Issuer
) -> None:
    token = another_issuer.sign(claims(NOW), jwk=another_issuer.published)
    assert refusal(token, issuer.keys()) is Reason.BAD_SIGNATURE
    elsewhere = another_issuer.sign(claims(NOW), kid="theirs", jku="https://evil.example/jwks")
    assert refusal(elsewhere, issuer.keys()) is Reason.UNKNOWN_KEY


def test_an_enormous_or_deep_token_is_refused_before_it_is_read(issuer: Issuer) -> None:
    deep = base64.urlsafe_b64encode(b"[" * 4000).decode()
    for token in (
        "." * 100_000,
        "a.b." + "c" * 10_000,
        f"{deep}.e30.AA",
        "",
        "..",
        "a.b",
        "a.b.c.d",
    ):
        assert refusal(token, issuer.keys()) is Reason.MALFORMED


def test_a_token_larger_than_any_of_ours_is_refused_even_signed(issuer: Issuer) -> None:
    token = issuer.sign(claims(NOW, scope="x" * 8000))
    assert refusal(token, issuer.keys()) is Reason.MALFORMED


@given(text=st.text())
def test_any_text_is_refused_without_an_accident(issuer: Issuer, text: str) -> None:
    with pytest.raises(BadToken):
        verify(text, expected=EXPECTED, keys=issuer.keys(), now=NOW)


@given(
    header=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x)
    )
    | st.fixed_dictionaries(
        {"alg": st.sampled_from(["RS256", "none"]) | st.text(), "kid": st.text() | st.integers()}
    ),
    payload=st.dictionaries(st.text(), st.none() | st.integers() | st.text() | st.floats())
    | st.just({"iss": EXPECTED.issuer}),
    signature=st.binary(),
)
def test_any_three_parts_are_refused_without_an_accident(
    issuer: Issuer, header: object, payload: object, signature: bytes
) -> None:
    with pytest.raises(BadToken):
        verify(unsigned(header, payload, signature), expected=EXPECTED, keys=issuer.keys(), now=NOW)


@pytest.mark.parametrize(
    "header", [None, 7, "", "Bearer", "Bearer ", "Basic dXNlcjpwdw==", "token", "Bearertoken", b"B"]
)
def test_a_header_without_a_bearer_token_is_refused(header: object) -> None:
    with pytest.raises(BadToken) as refused:
        bearer_token(header)
    assert refused.value.reason is Reason.MISSING


def test_the_scheme_may_be_written_in_any_case() -> None:
    assert bearer_token("bearer a.b.c") == bearer_token("BEARER a.b.c") == "a.b.c"


def test_only_rsa_keys_long_enough_are_read_from_the_issuer(issuer: Issuer) -> None:
    curve = ECAlgorithm.to_jwk(ec.generate_private_key(ec.SECP256R1()).public_key(), as_dict=True)
    short = rsa.generate_private_key(65537, key_size=1024).public_key()  # noqa: S505
    entries = [
        {**curve, "kid": "curve"},
        {**RSAAlgorithm.to_jwk(short, as_dict=True), "kid": "short"},
        {**issuer.published, "use": "enc", "kid": "encryption"},
        {**issuer.published, "kid": None},
        {**issuer.published, "n": "", "kid": "empty"},
        {"kty": "oct", "k": "c2VjcmV0", "kid": "secret", "alg": "HS256"},
        "not a key",
        issuer.published,
    ]
    assert set(read_keys(json.dumps({"keys": entries}).encode())) == {issuer.key_id}
    for document in (b"", b"[]", b'{"keys": []}', b'{"keys": 7}', b"<html>"):
        with pytest.raises(ValueError, match=r"."):
            read_keys(document)
    assert set(read_keys(jwks(issuer))) == {issuer.key_id}
