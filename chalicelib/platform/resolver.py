"""Names of hosts, and the addresses that the network's name service has for them."""

import socket
import threading
from collections.abc import Callable, Sequence
from typing import Final

Resolver = Callable[[str], Sequence[str]]
"""The IP addresses of a host. Raises `Unresolved`."""

PATIENCE_SECONDS: Final = 3.0


class Unresolved(Exception):
    """No name service knows the host, or none answered in time."""


def addresses(host: str) -> Sequence[str]:
    """The IP addresses of `host`, as the system's resolver orders them. Raises `Unresolved`.

    The system's resolver takes no time limit and may try for half a minute; so it works in a thread
    of its own, which is left behind when patience ends.
    """
    found: list[str] = []

    def ask() -> None:
        try:
            answers = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return
        found.extend(dict.fromkeys(str(answer[4][0]) for answer in answers))

    asking = threading.Thread(target=ask, name="resolver", daemon=True)
    asking.start()
    asking.join(PATIENCE_SECONDS)
    if asking.is_alive() or not found:
        raise Unresolved
    return found
