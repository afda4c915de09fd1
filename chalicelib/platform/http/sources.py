"""Where a request came from, for counting what one place tries: ids made of addresses, never addresses.

The pages stand behind a CDN, so API Gateway is connected to by an edge that serves many people. The edge adds
whom it serves to `X-Forwarded-For`, and the gateway adds the edge; what stands before those two the sender
could write himself. Who goes to the gateway directly can make up the viewer, but not his own connection.
"""

from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any, Final, NamedTuple

from chalicelib.platform.ids import Ids


class Origin(NamedTuple):
    """The addresses of whom a request came from: the viewer of the pages, and who connected."""

    viewer: str
    connection: str


NOWHERE: Final = Origin("", "")


def origin(context: Mapping[str, Any], headers: Mapping[str, str]) -> Origin:
    """As API Gateway and the CDN told it; the viewer is the connection where nobody stands between."""
    connection = str((context.get("identity") or {}).get("sourceIp") or "")
    forwarded = [one.strip() for one in (headers.get("x-forwarded-for") or "").split(",")]
    return Origin(forwarded[-2] if len(forwarded) > 1 else connection, connection)


def sources(ids: Ids, origin: Origin) -> tuple[str, str]:
    """The viewer and the connection, each as an id."""
    viewer, connection = (
        ids.derived("source", kind, _place(address)) for kind, address in origin._asdict().items()
    )
    return viewer, connection


def _place(address: str) -> str:
    """The network that one person has: of IPv6 a /64, since he has all its addresses."""
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address):
        return str(ip_network(f"{found}/64", strict=False))
    return str(found)
