"""How the built pages are served, in one place for the local front and the CDN's bucket."""

import mimetypes
from pathlib import Path
from typing import Final

WEB: Final = Path(__file__).parents[1] / "web" / "dist"
HASHED: Final = "assets/"
"""Built files carry a hash of their content in their names."""

# Not left to the machine's own table, which may call a script text/plain.
mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("application/manifest+json", ".webmanifest")


def cache_control(path: str) -> str:
    """How long a browser may keep the file at `path`, relative to `web/dist`."""
    return "public, max-age=31536000, immutable" if path.startswith(HASHED) else "no-cache"


def content_type(path: str) -> str:
    """By its ending; text is UTF-8."""
    found = mimetypes.guess_type(path)[0] or "application/octet-stream"
    return f"{found}; charset=utf-8" if found.startswith("text/") else found
