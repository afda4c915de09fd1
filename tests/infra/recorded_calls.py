"""Which function makes which calls to AWS: seen where boto3 makes them, and where it signs for browsers."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch
from urllib.parse import unquote, urlsplit

import boto3
from botocore.exceptions import ClientError

import app
from chalicelib.events.models import forget
from chalicelib.people.permissions import Route
from chalicelib.platform.http.routes import FUNCTION as API_HANDLER
from infra.permissions import FUNCTIONS
from tests.simulation import dynamodb
from tests.simulation.expressions import NotUnderstood
from tests.world import REGION, WorkerDied, World

ROOT: Final = Path(app.__file__).parent
CODE: Final = str(ROOT / "chalicelib")
EVENT_FUNCTIONS: Final = tuple(name for name in FUNCTIONS if name != "api_handler")
ABSENT: Final = frozenset({"NoSuchKey", "NoSuchVersion", "404"})
SHORT_WAYS: Final[Mapping[str, Callable[[dict[str, Any]], Any]]] = {
    "GetItem": dynamodb.get_item,
    "BatchGetItem": dynamodb.batch_get_item,
    "PutItem": dynamodb.put_item,
    "UpdateItem": dynamodb.update_item,
    "DeleteItem": dynamodb.delete_item,
    "Query": dynamodb.query,
}
"""moto's tables without the wire: most calls are to them, and go through there ten times as fast."""

Place = tuple[str, int]
"""A file of ours, from the root of the repository, and a line in it."""


@dataclass(frozen=True)
class Call:
    """One call to AWS, or one that was signed for a browser to make."""

    function: str
    service: str
    operation: str
    values: Mapping[str, Any]
    """Its parameters as boto3 takes them."""
    absent: bool = False
    """S3 answered that there is no such object."""
    signed: bool = False
    """Not made, but signed for a browser to make."""


@dataclass
class Recorder:
    """Stands in for the session of a platform, and records what its clients do inside a function.

    What tests do themselves is not recorded.
    """

    session: boto3.Session
    calls: list[Call] = field(default_factory=list)
    places: set[Place] = field(default_factory=set)
    """Every line of ours that was at work when a call was made."""
    answered: set[Route] = field(default_factory=set)
    """The routes that did what they were asked for."""
    _function: str | None = None
    _dies_in: int | None = None
    _dies_at: tuple[str, str] | None = None

    @property
    def region_name(self) -> str:
        return REGION

    def client(self, service: str, **options: Any) -> Any:
        make: Any = self.session.client
        client = make(service, **options)
        long_way = client._make_api_call

        def call(operation: str, values: dict[str, Any]) -> Any:
            def carry_out() -> Any:
                if service == "dynamodb" and operation in SHORT_WAYS:
                    return _carried_out(operation, values, long_way)
                return long_way(operation, values)

            return self._recorded(service, operation, values, carry_out)

        client._make_api_call = call
        client.meta.events.register("before-sign.s3", self._signed)
        return client

    def inside(self, function: str, entry: Callable[..., Any]) -> Callable[..., Any]:
        """`entry`, the entry point of `function`, so that what it does is recorded."""

        def entered(event: Any, context: Any) -> Any:
            outside, self._function = self._function, function
            # Each function has containers of its own, and a model that it has loaded itself.
            forget()
            try:
                answer = entry(event, context)
            finally:
                self._function = outside
            if function == API_HANDLER and answer["statusCode"] < HTTPStatus.BAD_REQUEST:
                asked = event["requestContext"]
                self.answered.add((asked["httpMethod"], asked["resourcePath"]))
            return answer

        return entered

    @contextmanager
    def by_others(self) -> Iterator[None]:
        """What is done inside is nobody's of ours, though it happens while a function runs."""
        inside, self._function = self._function, None
        try:
            yield
        finally:
            self._function = inside

    @contextmanager
    def dies_after(self, calls: int | None) -> Iterator[None]:
        """A function inside dies after so many calls of its own; None: it lives."""
        self._dies_in = calls
        with suppress(WorkerDied):
            yield
        self._dies_in = None

    @contextmanager
    def dies_at(self, operation: str, beginning: str) -> Iterator[None]:
        """A function inside dies right after this operation of S3 on a key that begins so."""
        self._dies_at = operation, beginning
        with suppress(WorkerDied):
            yield
        died, self._dies_at = self._dies_at is None, None
        assert died, f"no {operation} on {beginning}"

    def _recorded(
        self, service: str, operation: str, values: dict[str, Any], carry_out: Callable[[], Any]
    ) -> Any:
        absent, told = False, dict(values)  # boto3 rewrites some
        try:
            return carry_out()
        except ClientError as error:
            absent = error.response["Error"]["Code"] in ABSENT
            raise
        finally:
            self._note(Call(self._function or "", service, operation, told, absent=absent))

    def _signed(self, request: Any, operation_name: str, **_: Any) -> None:
        """A link or a form for a browser: nothing is called now, but it will be, with our rights."""
        policy = request.context.get("s3-presign-post-policy")
        if policy is not None:
            said = [each for each in policy["conditions"] if isinstance(each, dict)]
            told = {name: value for each in said for name, value in each.items()}
            bucket, key = told["bucket"], told["key"]
        elif request.context.get("is_presign_request"):
            bucket, key = unquote(urlsplit(request.url).path)[1:].split("/", 1)
        else:
            return
        values = {"Bucket": bucket, "Key": key}
        self._note(Call(self._function or "", "s3", operation_name, values, signed=True))

    def _note(self, call: Call) -> None:
        if self._function is None:
            return
        self.calls.append(call)
        frame = inspect.currentframe()
        while frame is not None:
            path = frame.f_code.co_filename
            if path.startswith(CODE):
                self.places.add((path.removeprefix(f"{ROOT}/"), frame.f_lineno))
            frame = frame.f_back
        if self._dies_in is not None and not call.signed:
            self._dies_in -= 1
            if self._dies_in == 0:
                raise WorkerDied
        key = call.values.get("Key", call.values.get("Prefix", ""))
        operation, beginning = self._dies_at or (None, "")
        if call.operation == operation and key.startswith(beginning):
            self._dies_at = None
            raise WorkerDied


def _carried_out(operation: str, values: dict[str, Any], long_way: Callable[..., Any]) -> Any:
    """By the short way; by moto itself where an expression is used that the short ways do not know."""
    try:
        return SHORT_WAYS[operation](values)
    except NotUnderstood:
        pass
    if "Key" not in values:
        return long_way(operation, values)
    # moto can change items of its own form only, which the short ways are slow to read.
    name, key = values["TableName"], (values["Key"]["pk"]["S"], values["Key"]["sk"]["S"])
    there = dynamodb.found(name, key)
    if there is not None:
        dynamodb.table(name).put_item(there)
    try:
        return long_way(operation, values)
    finally:
        after = dynamodb.found(name, key)
        if after is not None:
            dynamodb.put_item({"TableName": name, "Item": after})


@contextmanager
def recording(world: World) -> Iterator[Recorder]:
    """Let the app's functions work in `world`, which has made no call yet, and record theirs."""
    recorder = Recorder(world.platform.__dict__["_session"])
    world.platform.__dict__["_session"] = recorder
    with ExitStack() as patched:
        for name in ("app.platform", "chalicelib.platform.http.routes.platform"):
            patched.enter_context(patch(name, lambda: world.platform))
        patched.enter_context(patch("app.app", recorder.inside(API_HANDLER, app.app)))
        for name in EVENT_FUNCTIONS:
            entry = recorder.inside(name, getattr(app, name))
            patched.enter_context(patch(f"app.{name}", entry))
        yield recorder
