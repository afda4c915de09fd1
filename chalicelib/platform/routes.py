"""What anybody may ask: is it alive, how to sign in and upload, and the contract itself."""

from functools import cache
from pathlib import Path
from typing import Final

from pydantic import ConfigDict, RootModel

from chalicelib.platform.http.fields import Answer
from chalicelib.platform.http.routes import Call, NoBody, NoQuery, Routes
from chalicelib.platform.language import LANGUAGES, Text
from chalicelib.platform.uploads import CONTENT_TYPES, MAX_UPLOAD_BYTES
from chalicelib.platform.version import VERSION

OPENAPI_FILE: Final = Path(__file__).parent / "http" / "openapi.json"

routes = Routes()


class Health(Answer):
    status: str
    version: str


class SignIn(Answer):
    issuer: str
    client_id: str
    patient_client_id: str
    """By which a patient signs in on his own phone, for longer; it is none of the staff's."""
    endpoint: str


class UploadRules(Answer):
    max_bytes: int
    content_types: list[str]


class Config(Answer):
    version: str
    region: str
    auth: SignIn
    upload: UploadRules
    languages: list[str]


class Document(RootModel[dict[str, object]]):
    """The OpenAPI 3.1 document."""

    model_config = ConfigDict(frozen=True)


@routes.route("/v1/health", summary=Text("Жива ли система", "Is the system alive"), answers=Health)
def health(call: Call[NoBody, NoQuery]) -> Health:
    return Health(status="ok", version=VERSION)


@routes.route(
    "/v1/config",
    summary=Text("Как войти и что можно загружать", "How to sign in and what may be uploaded"),
    answers=Config,
)
def config(call: Call[NoBody, NoQuery]) -> Config:
    settings = call.platform.settings
    return Config(
        version=VERSION,
        region=call.platform.region,
        auth=SignIn(
            issuer=settings.issuer,
            client_id=settings.client_id,
            patient_client_id=settings.patient_client_id,
            endpoint=settings.auth_endpoint,
        ),
        upload=UploadRules(max_bytes=MAX_UPLOAD_BYTES, content_types=list(CONTENT_TYPES)),
        languages=list(LANGUAGES),
    )


@routes.route(
    "/v1/openapi.json",
    summary=Text("Этот договор в машинном виде", "This contract, for machines"),
    answers=Document,
)
def openapi(call: Call[NoBody, NoQuery]) -> Document:
    return _committed_document()


@cache
def _committed_document() -> Document:
    """The document as committed; a test keeps it equal to the one generated from the routes."""
    return Document.model_validate_json(OPENAPI_FILE.read_bytes())
