"""Requests by which the demo data are entered: each may be repeated, and enters nothing twice."""

import base64
import hashlib
from typing import Any

import httpx

from infra.local.accounts import PASSWORD


def sign_in(client: httpx.Client, login: str) -> dict[str, str]:
    """The header that a demo account sends, signed in as a browser does."""
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
    return {"Authorization": f"Bearer {answer.json()['AuthenticationResult']['AccessToken']}"}


def created(
    client: httpx.Client, path: str, body: dict[str, Any], headers: dict[str, str]
) -> dict[str, Any]:
    """What a POST answers. Raises `httpx.HTTPStatusError`."""
    # The key is the content's own, so that nothing is entered twice.
    digest = hashlib.sha256(repr((path, body)).encode()).digest()
    key = base64.urlsafe_b64encode(digest[:15]).decode()
    answer = client.post(path, json=body, headers={**headers, "Idempotency-Key": key})
    found: dict[str, Any] = answer.raise_for_status().json() if answer.content else {}
    return found


def send_picture(
    client: httpx.Client,
    path: str,
    picture: bytes,
    about: dict[str, Any],
    headers: dict[str, str],
) -> str:
    """Ask for a slot and send the JPEG; the image's id."""
    declared = {
        "content_type": "image/jpeg",
        "bytes": len(picture),
        "sha256": hashlib.sha256(picture).hexdigest(),
    }
    slot = created(client, path, {**about, **declared}, headers)
    upload = slot["upload"]
    file = {"file": ("picture.jpg", picture, "image/jpeg")}
    client.post(upload["url"], data=upload["fields"], files=file).raise_for_status()
    return str(slot["image_id"])
