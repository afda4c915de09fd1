"""The contract, read by others' validators."""

import json
from typing import Any

import openapi_spec_validator
import pytest

from chalicelib.people.permissions import PUBLIC
from chalicelib.platform.routes import OPENAPI_FILE

DOCUMENT = json.loads(OPENAPI_FILE.read_bytes())
OPERATIONS = [
    (method.upper(), path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]


def test_the_document_is_valid_openapi_3_1() -> None:
    assert DOCUMENT["openapi"] == "3.1.0"
    openapi_spec_validator.validate(DOCUMENT)


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
def test_every_operation_is_described_in_both_languages_with_its_refusals(
    method: str, path: str, operation: dict[str, Any]
) -> None:
    assert operation["summary"].isascii()
    assert not operation["description"].isascii(), "the Russian sentence comes first"
    assert "500" in operation["responses"]
    if (method, path) not in PUBLIC:
        assert {"401", "403"} <= set(operation["responses"])
    if "{" in path:
        assert "404" in operation["responses"]
    if "requestBody" in operation:
        assert {"400", "413", "415", "422"} <= set(operation["responses"])


def test_operation_ids_are_unique() -> None:
    ids = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(ids) == len(set(ids))


def test_each_shape_has_a_name_that_no_other_shape_has() -> None:
    # Two classes of one name are told apart by their modules, which are nothing to a client.
    names = DOCUMENT["components"]["schemas"]
    assert [name for name in names if name.startswith("chalicelib__")] == []
