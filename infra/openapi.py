"""Writes the OpenAPI document from the routes: `make openapi`. A test keeps the two equal."""

import json
import os
from typing import Any

from chalicelib.images.routes import routes as images
from chalicelib.labelling.routes import routes as labelling
from chalicelib.patients.routes import routes as patients
from chalicelib.people.routes import routes as people
from chalicelib.platform.http.openapi import document
from chalicelib.platform.routes import OPENAPI_FILE
from chalicelib.platform.routes import routes as public

BLUEPRINTS = (public, people, patients, images, labelling)


def generated() -> dict[str, Any]:
    """The document as the routes of today would have it."""
    return document(operation for routes in BLUEPRINTS for operation in routes.operations)


def written() -> str:
    """The document as it is committed."""
    return json.dumps(generated(), ensure_ascii=False, indent=1) + os.linesep


if __name__ == "__main__":
    OPENAPI_FILE.write_text(written())
    print(f"{OPENAPI_FILE.relative_to(OPENAPI_FILE.parents[3])}: {len(generated()['paths'])} paths")
