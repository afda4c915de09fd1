"""The OpenAPI 3.1 document, made from the operations and their pydantic models.

Used by `make openapi` and by the test that keeps the committed document equal; never at run time.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from chalicelib.people.permissions import TABLE
from chalicelib.platform.http.routes import NoBody, NoQuery, Operation
from chalicelib.platform.version import VERSION

REFS: Final = "#/components/schemas/{model}"

DESCRIPTIONS: Final = {
    200: "Done.",
    201: "Created; or the same answer again for the same Idempotency-Key.",
    202: "Taken on; it is done in a moment.",
    204: "Done; there is nothing to say.",
    400: "The body is not strict JSON (no NaN, no key twice, bounded depth and size).",
    401: "No access token, or not a good one.",
    403: "The role may not do this.",
    404: "Absent, or not yours: the two answer alike.",
    409: "The state forbids it; `error.code` says what.",
    413: "The body is too large.",
    415: "The body must be application/json.",
    422: "Fields are wrong; `error.fields` names each with a sentence.",
    429: "Over quota, or too many requests at once; see Retry-After.",
    500: "A fault of ours; report `error.request_id`.",
}
ERROR: Final = {
    "type": "object",
    "description": "Every refusal. `message` and `fields` are in the language of Accept-Language.",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "fields", "request_id"],
            "properties": {
                "code": {"type": "string", "description": "For programs, in snake_case."},
                "message": {"type": "string", "description": "A sentence a person can act on."},
                "fields": {
                    "type": "object",
                    "additionalProperties": {"type": "string"},
                    "description": "A sentence by the path of the field.",
                },
                "request_id": {"type": "string"},
            },
        }
    },
}
RETRY_AFTER: Final = {
    "required": True,
    "schema": {"type": "integer", "minimum": 1},
    "description": "Seconds until it is worth asking again.",
}
IDENTIFIER: Final = {"type": "string", "pattern": "^[A-Za-z0-9_.-]{1,128}$"}
"""What `routes` looks for; everything else is not there."""
LANGUAGE: Final = {
    "name": "Accept-Language",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "default": "ru"},
    "description": "`ru` or `en`.",
}
REQUEST_ID: Final = {
    "description": "Id of this request: its log lines and audit records carry it as their trace.",
    "schema": {"type": "string"},
}
"""The header `X-Request-Id` of every answer."""
IDEMPOTENCY_KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
    "description": "The same key and body give the same answer again; another body, 409.",
}


def document(operations: Iterable[Operation]) -> dict[str, Any]:
    """The document of these operations, in a fixed order."""
    ordered = sorted(operations, key=lambda op: (op.path, op.method))
    definitions, names = _schemas(ordered)
    paths: dict[str, Any] = {}
    for operation in ordered:
        described = _operation(operation, names, definitions)
        paths.setdefault(operation.path, {})[operation.method.lower()] = described
    for operation in ordered:
        definitions.pop(operation.asks.__name__, None)  # said parameter by parameter instead
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Rodinka",
            "version": VERSION,
            "summary": "A platform for dermatoscopic images of skin lesions.",
            "description": "For research use; not a medical device.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/api"}],
        "security": [{"access_token": []}],
        "tags": [{"name": name} for name in sorted({_tag(op) for op in ordered})],
        "paths": paths,
        "components": {
            "schemas": {"Error": ERROR, **definitions},
            "headers": {"RequestId": REQUEST_ID},
            "securitySchemes": {
                "access_token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
            },
        },
    }


Names = Mapping[tuple[Any, JsonSchemaMode], dict[str, Any]]


def _schemas(operations: list[Operation]) -> tuple[dict[str, Any], Names]:
    wanted: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {}
    for operation in operations:
        wanted[operation.takes, "validation"] = None
        wanted[operation.asks, "validation"] = None
        if operation.answers is not None:
            wanted[operation.answers, "serialization"] = None
    names, top = models_json_schema(
        [key for key in wanted if key[0] not in (NoBody, NoQuery)], ref_template=REFS
    )
    return top.get("$defs", {}), names


def _operation(operation: Operation, names: Names, definitions: dict[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": _operation_id(operation),
        "summary": operation.summary.en,
        "description": f"{operation.summary.ru}.\n\n{_who(operation)}",
        "tags": [_tag(operation)],
        "parameters": [*_parameters(operation, definitions), LANGUAGE],
        "responses": _responses(operation, names),
    }
    if operation.creates:
        described["parameters"].append(IDEMPOTENCY_KEY)
    if operation.takes is not NoBody:
        schema = names[operation.takes, "validation"]
        described["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schema}},
        }
    if operation.public:
        described["security"] = []
    return described


def _parameters(operation: Operation, definitions: dict[str, Any]) -> list[dict[str, Any]]:
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": IDENTIFIER}
        for name in re.findall(r"{(\w+)}", operation.path)
    ]
    asked = definitions.get(operation.asks.__name__, {}).get("properties", {})
    for name, schema in asked.items():
        parameters.append({"name": name, "in": "query", "required": False, "schema": schema})
    return parameters


def _responses(operation: Operation, names: Names) -> dict[str, Any]:
    headers = {"X-Request-Id": {"$ref": "#/components/headers/RequestId"}}
    done: dict[str, Any] = {"description": DESCRIPTIONS[operation.status], "headers": headers}
    if operation.answers is not None:
        schema = names[operation.answers, "serialization"]
        done["content"] = {"application/json": {"schema": schema}}
    refused = {
        str(status): {
            "description": _refusal(operation, status),
            "headers": headers | ({"Retry-After": RETRY_AFTER} if status == 429 else {}),
            "content": {"application/json": {"schema": {"$ref": REFS.format(model="Error")}}},
        }
        for status in sorted(_refusals(operation))
    }
    return {str(operation.status): done, **refused}


def _refusals(operation: Operation) -> set[int]:
    # Every operation refuses a query that it does not know; the gateway, too many requests at once.
    statuses = {422, 429, 500}
    if not operation.public:
        statuses |= {401, 403}
    if operation.takes is not NoBody:
        statuses |= {400, 413, 415}
    if "{" in operation.path:
        statuses.add(404)
    for code in operation.refusals:
        statuses.add(STATUS_OF.get(code, 409))
    return statuses


STATUS_OF: Final = {"not_found": 404, "too_many": 429}


def _refusal(operation: Operation, status: int) -> str:
    codes = [code for code in operation.refusals if STATUS_OF.get(code, 409) == status]
    named = f" Codes: {', '.join(f'`{code}`' for code in codes)}." if codes else ""
    return DESCRIPTIONS[status] + named


def _who(operation: Operation) -> str:
    if operation.public:
        return "Public."
    rows = TABLE[operation.method, operation.path]
    reach = {"any": "any", "own_clinic": "own clinic", "own": "own"}
    return "Roles: " + ", ".join(f"{role} ({reach[rows[role]]})" for role in rows) + "."


def _tag(operation: Operation) -> str:
    return operation.path.split("/")[2].partition(".")[0]


def _operation_id(operation: Operation) -> str:
    words = re.sub(r"\W+", "_", operation.path.removeprefix("/v1/")).strip("_")
    return f"{operation.method.lower()}_{words}"
