"""An issuer of tokens with an RSA key of its own, to sign what is right and what is not."""

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from chalicelib.people.issuer_keys import IssuerKeys
from chalicelib.people.tokens import Expected

EXPECTED = Expected("https://issuer.example/pool", "client", "patients-client", "prod")
ACCOUNT_ID = "4f9e6f3c-7d2f-4a68-9b5e-3a2b1c0d9e8f"


@dataclass(frozen=True)
class Issuer:
    """Signs with one key, published under one key id."""

    key_id: str = "key-1"

    @cached_property
    def private_key(self) -> rsa.RSAPrivateKey:
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)

    @property
    def public_pem(self) -> bytes:
        return self.private_key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    @property
    def published(self) -> dict[str, Any]:
        """This key's entry in a JWKS document."""
        key = RSAAlgorithm.to_jwk(self.private_key.public_key(), as_dict=True)
        return {**key, "kid": self.key_id, "alg": "RS256", "use": "sig"}

    def keys(self) -> IssuerKeys:
        return IssuerKeys(lambda: jwks(self))

    def sign(self, claims: dict[str, Any], **header: Any) -> str:
        return jwt.encode(
            claims, self.private_key, algorithm="RS256", headers={"kid": self.key_id, **header}
        )


def jwks(*issuers: Issuer) -> bytes:
    """The JWKS document with the keys of these issuers."""
    return json.dumps({"keys": [issuer.published for issuer in issuers]}).encode()


def claims(now: datetime, **changes: Any) -> dict[str, Any]:
    """What Cognito's access tokens say, issued at `now` for half an hour; None leaves a claim out."""
    issued = int(now.timestamp())
    said = {
        "iss": EXPECTED.issuer,
        "client_id": EXPECTED.client_id,
        "sub": ACCOUNT_ID,
        "token_use": "access",
        "scope": "aws.cognito.signin.user.admin",
        "iat": issued,
        "auth_time": issued,
        "exp": issued + 1800,
        "username": "expert1",
        **changes,
    }
    return {name: value for name, value in said.items() if value is not None}


def unsigned(header: object, payload: object, signature: bytes = b"") -> str:
    """Three parts as they stand, whatever they are."""
    return ".".join(
        base64.urlsafe_b64encode(part).decode().rstrip("=")
        for part in (json.dumps(header).encode(), json.dumps(payload).encode(), signature)
    )
