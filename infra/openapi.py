"""Writes the OpenAPI document from the routes: `make openapi`. A test keeps the two equal."""

import json
import os
from importlib import import_module
from typing import Any

from chalicelib.people.permissions import ROUTES
from chalicelib.platform.http.openapi import document
from chalicelib.platform.routes import OPENAPI_FILE


def generated() -> dict[str, Any]:
    """The document as the routes of today would have it."""
    parts = (import_module(f"chalicelib.{part}.routes").routes for part in ROUTES)
    return document(operation for routes in parts for operation in routes.operations)


def written() -> str:
    """The document as it is committed."""
    return json.dumps(generated(), ensure_ascii=False, indent=1) + os.linesep


if __name__ == "__main__":
    OPENAPI_FILE.write_text(written())
    print(f"{OPENAPI_FILE.relative_to(OPENAPI_FILE.parents[3])}: {len(generated()['paths'])} paths")
