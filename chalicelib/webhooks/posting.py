"""One POST to one address, over before `TOTAL_SECONDS` whatever the other side does.

Of the answer only the status counts. The HTTP libraries we ship limit the time between two bytes, so a
receiver that sends one every few seconds would hold a function until Lambda ends it; one deadline
over the standard library's streams does not. Nothing is followed, and no proxy is asked.
"""

import asyncio
import re
import ssl
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Final

from botocore.httpsession import DEFAULT_CA_BUNDLE

from chalicelib.platform.version import VERSION
from chalicelib.webhooks.address import Target
from chalicelib.webhooks.model import Fault

CONNECT_SECONDS: Final = 3.0
TOTAL_SECONDS: Final = 10.0
MOST_BYTES: Final = 4096
"""Of a line of the answer."""
MOST_LINES: Final = 32
"""Read until the status; interim answers (1xx) may come before it, and have lines of their own."""
_STATUS: Final = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})(?: [^\r\n]*)?\r?\n")


class NotPosted(Exception):
    """There was no answer; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@cache
def trusted() -> ssl.SSLContext:
    """Whom we believe to be who they say: the authorities that botocore believes, too."""
    context = ssl.create_default_context(cafile=DEFAULT_CA_BUNDLE)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def post(
    target: Target, headers: Mapping[str, str], body: bytes, *, trust: ssl.SSLContext | None = None
) -> int:
    """Send `body`; the status of the answer. Raises `NotPosted`.

    The connection goes to `target.address`; name and certificate are those of `target.host`.
    """
    security = (trust or trusted()) if target.tls else None
    try:
        # In a thread of its own: the caller's may have a loop that runs already.
        with ThreadPoolExecutor(1) as alone:
            exchange = _exchange(target, _request(target, headers, body), security)
            return alone.submit(asyncio.run, exchange).result()
    except TimeoutError:
        raise NotPosted(Fault.TOO_SLOW) from None
    except ssl.SSLError:
        raise NotPosted(Fault.UNTRUSTED) from None
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
        raise NotPosted(Fault.NO_HTTP) from None
    except OSError:
        raise NotPosted(Fault.UNREACHABLE) from None


def _request(target: Target, headers: Mapping[str, str], body: bytes) -> bytes:
    all_headers = {
        "Host": target.named,
        "User-Agent": f"Rodinka/{VERSION}",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "Connection": "close",
        **headers,
    }
    lines = [f"POST {target.path} HTTP/1.1", *(f"{k}: {v}" for k, v in all_headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("ascii") + body


async def _exchange(target: Target, request: bytes, security: ssl.SSLContext | None) -> int:
    async with asyncio.timeout(TOTAL_SECONDS):
        async with asyncio.timeout(CONNECT_SECONDS):
            reader, writer = await asyncio.open_connection(
                target.address,
                target.port,
                ssl=security,
                server_hostname=target.host if security else None,
                limit=MOST_BYTES,
            )
        try:
            writer.write(request)
            await writer.drain()
            return await _status(reader)
        finally:
            writer.transport.abort()
            await asyncio.sleep(0)  # the transport closes in the loop's next turn


async def _status(reader: asyncio.StreamReader) -> int:
    interim = False
    for _ in range(MOST_LINES):
        line = await reader.readuntil(b"\n")
        if interim:
            interim = bool(line.strip())
            continue
        found = _STATUS.fullmatch(line)
        if found is None:
            break
        status = int(found[1])
        if status >= 200:
            return status
        interim = True
    raise ValueError("no answer of HTTP/1.1")
