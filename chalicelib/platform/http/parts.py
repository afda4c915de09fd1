"""The routes of each part as Chalice registers them; the part itself is loaded by its first request.

The permission table says which routes there are. So the cold start of the HTTP function does not
grow with the number of parts, and a route without a row does not exist.
"""

from importlib import import_module
from typing import Any, Final, cast

from chalice.app import Blueprint, Response

from chalicelib.people.permissions import ROUTES, Route

ANYTHING: Final = ["*/*"]
"""What Chalice is told to accept: the answer 415 is ours, in our form and in two languages."""


class Part(Blueprint):
    """One part of the platform; its views stand in `chalicelib/<name>/routes.py`."""

    def __init__(self, name: str, authorizer: Any) -> None:
        super().__init__(f"chalicelib.{name}.routes")
        for route, row in ROUTES[name].items():
            self._register(route, {"authorizer": authorizer} if row is not None else {})

    def _register(self, route: Route, options: dict[str, Any]) -> None:
        method, path = route

        def answer(**path_values: str) -> Response:
            routes = import_module(self._import_name).routes
            return cast(Response, routes.answer(self.current_request, route, path_values))

        self.route(
            path, methods=[method], name=f"{method} {path}", content_types=ANYTHING, **options
        )(answer)
