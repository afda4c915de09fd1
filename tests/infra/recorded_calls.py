"""Which function makes which calls to AWS: seen where boto3 makes them, and where it signs for browsers."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import app
from chalicelib.events.models import classifier
from chalicelib.people.permissions import Route
from chalicelib.platform.http.routes import FUNCTION as API_HANDLER
from tests.world import World

ROOT: Final = Path(app.__file__).parent
CODE: Final = str(ROOT / "chalicelib")
EVENT_FUNCTIONS: Final = ("authorize", "classify", "assign_reader", "sweep", "seal_audit")
ABSENT: Final = frozenset({"NoSuchKey", "NoSuchVersion", "404"})

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
    """The calls made so far inside any function; what tests do themselves is not recorded."""

    calls: list[Call] = field(default_factory=list)
    places: dict[Place, set[str]] = field(default_factory=dict)
    """Every line of ours that was at work when a call was made, and in which functions."""
    answered: set[Route] = field(default_factory=set)
    """The routes that did what they were asked for."""
    _function: str | None = None

    def inside(self, function: str, entry: Callable[..., Any]) -> Callable[..., Any]:
        """`entry`, the entry point of `function`, so that what it does is recorded."""

        def entered(event: Any, context: Any) -> Any:
            outside, self._function = self._function, function
            # Each function has containers of its own, and a model that it has loaded itself.
            classifier.cache_clear()
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

    def about_to_call(self, params: Any, context: Any, **_: Any) -> None:
        """Keep the parameters until the answer is there."""
        context["told"] = dict(params)

    def called(self, model: Any, context: Any, parsed: Any, **_: Any) -> None:
        code = str(parsed.get("Error", {}).get("Code"))
        service, operation = model.service_model.service_name, model.name
        self._note(service, operation, context["told"], absent=code in ABSENT)

    def signed(self, request: Any, operation_name: str, **_: Any) -> None:
        """A link or a form for a browser: nothing is called now, but it will be, with our rights."""
        policy = request.context.get("s3-presign-post-policy")
        if policy is not None:
            said = [each for each in policy["conditions"] if isinstance(each, dict)]
            values = {name: value for each in said for name, value in each.items()}
            told = {"Bucket": values["bucket"], "Key": values["key"]}
        elif request.context.get("is_presign_request"):
            told = request.context["told"]
        else:
            return
        self._note("s3", operation_name, told, signed=True)

    def _note(self, service: str, operation: str, told: Any, **more: bool) -> None:
        if self._function is None:
            return
        self.calls.append(Call(self._function, service, operation, told, **more))
        frame = inspect.currentframe()
        while frame is not None:
            if frame.f_code.co_filename.startswith(CODE):
                place = frame.f_code.co_filename.removeprefix(f"{ROOT}/"), frame.f_lineno
                self.places.setdefault(place, set()).add(self._function)
            frame = frame.f_back


@contextmanager
def recording(world: World) -> Iterator[Recorder]:
    """Let the app's functions work in `world`, which has made no call yet, and record theirs."""
    recorder = Recorder()
    events = world.platform.__dict__["_session"].events
    # First: a worker may die right after a call.
    events.register_first("provide-client-params", recorder.about_to_call)
    events.register_first("after-call", recorder.called)
    events.register("before-sign.s3", recorder.signed)
    with ExitStack() as patched:
        for name in ("app.platform", "chalicelib.platform.http.routes.platform"):
            patched.enter_context(patch(name, lambda: world.platform))
        patched.enter_context(patch("app.app", recorder.inside(API_HANDLER, app.app)))
        for name in EVENT_FUNCTIONS:
            entry = recorder.inside(name, getattr(app, name))
            patched.enter_context(patch(f"app.{name}", entry))
        yield recorder
