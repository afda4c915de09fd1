"""The routes of datasets over HTTP."""

from chalicelib.datasets import looks_routes
from chalicelib.platform.http.routes import Routes

routes = Routes()
routes.include(looks_routes.routes)
