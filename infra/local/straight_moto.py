"""DynamoDB's most frequent calls, handed by boto3's clients to moto's operations in the same process.

What botocore makes of a call, checks it by and writes as JSON stays as it is, and so do its events
before and after the call. Left out is the way between the two: signature, headers, HTTP, the search
for the operation, and the answer's way back. It took most of the time of a call to moto.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, Final

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.endpoint import Endpoint, convert_to_response_dict
from moto.core.botocore_stubber import MockRawResponse
from moto.core.models import DEFAULT_ACCOUNT_ID, botocore_stubber
from moto.dynamodb.responses import DynamoHandler

OPERATIONS: Final[Mapping[str, str]] = {
    "BatchGetItem": "batch_get_item",
    "DeleteItem": "delete_item",
    "GetItem": "get_item",
    "PutItem": "put_item",
    "Query": "query",
    "UpdateItem": "update_item",
}
"""Those that go straight, with their names in moto."""
_BYTES: Final = (b'"B":', b'"BS":')
"""What holds bytes, which JSON does not: such a call goes the long way."""

_in_full: Final[Any] = Endpoint.make_request
_served: Final[dict[str, AbstractContextManager[Any]]] = {}
"""Addresses at which this process serves moto, each with the lock that lets one request through."""
_closed: Final[list[str]] = []
"""Not empty while nothing may go straight."""


def go_straight() -> None:
    """Put this into botocore, for this process. Doing it again changes nothing."""
    sending: Any = Endpoint
    sending.make_request = _make_request


def go_straight_to(url: str, lock: AbstractContextManager[Any]) -> None:
    """Also for calls to moto's server at `url`, which is this process's own."""
    _served[f"{url}/"] = lock
    go_straight()


@contextmanager
def the_long_way() -> Iterator[None]:
    """Inside the block every call is signed, sent and read, as where somebody measures what that takes."""
    _closed.append("")
    try:
        yield
    finally:
        _closed.pop()


def _make_request(endpoint: Any, operation: Any, request: dict[str, Any]) -> Any:
    """As `Endpoint.make_request`: the HTTP response, and what it says."""
    name = operation.name
    frequent = name in OPERATIONS and operation.service_model.service_name == "dynamodb"
    region = request["context"]["client_region"]
    turn = _turn(request["url"], region) if frequent and not _closed else None
    if turn is None or any(kind in request["body"] for kind in _BYTES):
        return _in_full(endpoint, operation, request)
    handler: Any = DynamoHandler()
    handler.region, handler.current_account = region, DEFAULT_ACCOUNT_ID
    handler.body = handler.params = json.loads(request["body"])
    try:
        with turn:
            result = getattr(handler, OPERATIONS[name])().result
    except Exception as error:
        return _refused(endpoint, operation, request, handler, error)
    members = operation.output_shape.members
    said = {name: value for name, value in result.items() if name in members and value is not None}
    said["ResponseMetadata"] = {"HTTPStatusCode": 200, "HTTPHeaders": {}, "RetryAttempts": 0}
    return AWSResponse(request["url"], 200, HTTPHeaders(), MockRawResponse(b"")), said


def _turn(url: str, region: str) -> AbstractContextManager[Any] | None:
    """What to hold during the call; None where somebody else than this process's moto is asked."""
    if botocore_stubber.enabled and url == f"https://dynamodb.{region}.amazonaws.com/":
        return nullcontext()
    return _served.get(url)


def _refused(
    endpoint: Any, operation: Any, request: dict[str, Any], handler: Any, error: Exception
) -> Any:
    """What moto makes of an error, read as botocore reads it."""

    def fail() -> None:
        raise error

    setattr(handler, OPERATIONS[operation.name], fail)
    handler.headers, handler.querystring = request["headers"], {}
    handler.response_headers = {}
    status, headers, body = handler.call_action()
    http = AWSResponse(request["url"], int(status), headers, MockRawResponse(body))
    answer = convert_to_response_dict(http, operation)
    parser = endpoint._response_parser_factory.create_parser(
        operation.service_model.resolved_protocol
    )
    said = parser.parse(answer, operation.output_shape)
    endpoint._add_modeled_error_fields(answer, said, operation, parser)
    return http, said
