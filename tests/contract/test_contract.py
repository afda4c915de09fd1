"""The OpenAPI document against the running system: for every role, with good and with bad data.

Schemathesis makes the requests from the document; their number and choice are fixed. Whatever comes
of it is a status that the document names, in the shape that it names, and never a 5xx. Data that
the document does not allow are never taken.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.contract.callers import ANONYMOUS, CALLERS, LEAVING, PATIENT, ids_for, pairs, token
from tests.stack import RunningStack
from tests.thorough import THOROUGH

GOOD, BAD = (5, 10) if THOROUGH else (2, 4)
"""Examples for each caller and operation that he may use; `make test THOROUGH=1` sends more."""
PLAIN = 3
"""Examples for each that takes neither body nor query; who may not use one sends a single example."""
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
Request = Case[Any]
Send = Callable[[Request, str], int]
Make = Callable[[str, str, GenerationMode], list[Request]]


@pytest.fixture(scope="module")
def schema(contract_stack: RunningStack) -> Any:
    document = requests.get(f"{contract_stack.url}/api/v1/openapi.json", timeout=30).json()
    # Every request is sent with its caller's own token: tokens are tried elsewhere.
    del document["security"], document["components"]["securitySchemes"]
    return schemathesis.openapi.from_dict(document)


@pytest.fixture(scope="module")
def send(contract_stack: RunningStack) -> Iterator[Send]:
    tokens = {login: token(contract_stack, login) for login in CALLERS}
    url = f"{contract_stack.url}/api"
    with requests.Session() as session:

        def sent(case: Request, login: str) -> int:
            headers = {"Authorization": f"Bearer {tokens[login]}"} if tokens[login] else {}
            answer = case.call(base_url=url, session=session, headers=headers, timeout=30)
            case.validate_response(answer, checks=CHECKS)
            return answer.status_code

        yield sent


@pytest.fixture(scope="module")
def made(schema: Any, ids: Mapping[str, str]) -> Make:
    """Requests of an operation; every caller sends the same ones, so they are made once."""

    @cache
    def make(method: str, path: str, mode: GenerationMode) -> list[Request]:
        operation = schema[path][method]
        varies = bool(operation.body or operation.query)
        if mode is GenerationMode.NEGATIVE:
            return requests_of(operation, mode, ids, BAD) if varies else []
        return requests_of(operation, mode, ids, GOOD if varies else PLAIN)

    return make


def requests_of(
    operation: Any, mode: GenerationMode, ids: Mapping[str, str], number: int
) -> list[Request]:
    """So many requests of the operation, the same ones each time."""
    real = ids_for(operation.path, ids)
    known = {p.name: real[p.name] for p in operation.path_parameters}
    cases = operation.as_strategy(generation_mode=mode, path_parameters=known)
    found: list[Request] = []

    @settings(
        max_examples=number,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(cases)
    def each(case: Request) -> None:
        found.append(case)

    each()
    return found


@pytest.mark.parametrize(("login", "method", "path"), pairs(admitted=True))
def test_who_may_use_an_operation_gets_what_the_document_says(
    made: Make, send: Send, login: str, method: str, path: str
) -> None:
    good = made(method, path, GenerationMode.POSITIVE)
    assert good
    for case in (*good, *made(method, path, GenerationMode.NEGATIVE)):
        send(case, login)


@pytest.mark.parametrize(("login", "method", "path"), pairs(admitted=False))
def test_who_may_not_use_an_operation_is_refused_whatever_he_sends(
    made: Make, send: Send, login: str, method: str, path: str
) -> None:
    expected = 401 if login == ANONYMOUS else 403
    first = made(method, path, GenerationMode.POSITIVE)[0]
    assert send(first, login) == expected


def test_a_patient_leaves_as_the_document_says_and_is_let_in_no_more(
    made: Make, send: Send
) -> None:
    method, path = LEAVING
    leave = made(method, path, GenerationMode.POSITIVE)[0]
    assert send(leave, PATIENT) == 200
    assert send(leave, PATIENT) in (401, 403)
