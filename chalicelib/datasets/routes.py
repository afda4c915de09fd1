"""Datasets over HTTP: parse, one call, answer."""

from chalicelib.datasets import release_routes
from chalicelib.platform.http.routes import Routes

routes = Routes()
routes.include(release_routes.routes)
