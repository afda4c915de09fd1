"""Where a webhook may go: to public addresses only, whatever its name says today.

A curator's address makes a function of ours open a connection. So the name is resolved here, every
address it has must be public, and the connection then goes to the very address that was judged
(`posting`): a name that answers otherwise a moment later changes nothing.
"""

import ipaddress
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

from chalicelib.platform.language import Text
from chalicelib.platform.resolver import Resolver, Unresolved
from chalicelib.webhooks.model import Fault

LONGEST: Final = 500
PORT: Final = 443
LOOPBACK: Final = "127.0.0.1"

BAD: Final = Text(
    "Укажите адрес вида https://имя/путь: латиницей, без имени пользователя, пароля и знака #.",
    "Give an address like https://name/path: in Latin letters, without user, password and #.",
)
NOT_HTTPS: Final = Text(
    "Адрес должен начинаться с https://.", "The address must begin with https://."
)
OTHER_PORT: Final = Text(
    "Уберите номер порта: уведомления отправляются только на порт 443.",
    "Remove the port: events are sent to port 443 only.",
)
UNKNOWN: Final = Text(
    "Такого имени нет в DNS. Проверьте адрес.", "DNS has no such name. Check the address."
)
NOT_PUBLIC: Final = Text(
    "Адрес ведёт не в открытый интернет. Укажите общедоступный адрес получателя.",
    "The address does not lead to the public internet. Give one that anybody can reach.",
)

_VISIBLE: Final = re.compile(r"[!-\[\]-~]+")
"""ASCII without spaces and the backslash, which browsers take for a slash."""
_NAME: Final = re.compile(
    r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]"
)
"""A host's name. Its last part begins with a letter: `127.1` and `0x7f.1` are numbers in disguise."""
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_TUNNELS: Final = tuple(
    map(
        ipaddress.IPv6Network,
        ("::/96", "::ffff:0:0/96", "64:ff9b:1::/48", "2001::/32", "2002::/16"),
    )
)
"""IPv6 addresses that stand for IPv4 ones: compatible, mapped, local NAT64, Teredo, 6to4."""

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


class BadAddress(Exception):
    """Nothing is sent there; `text` says why, to whoever gave the address."""

    def __init__(self, text: Text, fault: Fault = Fault.ADDRESS_REFUSED) -> None:
        super().__init__(fault.value)
        self.text = text
        self.fault = fault


@dataclass(frozen=True)
class Target:
    """One address to connect to, and what to say there."""

    host: str
    address: str
    port: int
    path: str
    """With the query."""
    tls: bool = True

    @property
    def named(self) -> str:
        """The host as the Host header has it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = PORT if self.tls else 80
        return host if self.port == usual else f"{host}:{self.port}"


def target(url: str, resolve: Resolver, *, to_loopback: bool = False) -> Target:
    """Where `url` leads now. Raises `BadAddress`.

    With `to_loopback` also `http://127.0.0.1` on any port, and nothing else beside.
    """
    if len(url) > LONGEST or not _VISIBLE.fullmatch(url):
        raise BadAddress(BAD)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadAddress(BAD) from None
    if parts.scheme not in ("http", "https") or "#" in url or "@" in parts.netloc:
        raise BadAddress(BAD)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if to_loopback and parts.scheme == "http" and parts.hostname == LOOPBACK:
        return Target(LOOPBACK, LOOPBACK, port or 80, path, tls=False)
    if parts.scheme != "https":
        raise BadAddress(NOT_HTTPS)
    if port not in (None, PORT):
        raise BadAddress(OTHER_PORT)
    host = _host(parts)
    return Target(host, _public_address(host, resolve), PORT, path)


def is_public(address: IPAddress) -> bool:
    """Whether an address belongs to somebody on the public internet."""
    if isinstance(address, ipaddress.IPv6Address):
        if address in _NAT64:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF))
        if any(address in tunnel for tunnel in _TUNNELS):
            return False
    return address.is_global and not (
        address.is_multicast
        or address.is_reserved
        or address.is_unspecified
        or address.is_loopback
        or address.is_link_local
        or address.is_private
    )


def _host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    if not (_NAME.fullmatch(host) or _literal(host)):
        raise BadAddress(BAD)
    return host


def _literal(host: str) -> IPAddress | None:
    if "%" in host:  # a zone of this machine
        return None
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _public_address(host: str, resolve: Resolver) -> str:
    """The address to connect to, IPv4 before IPv6; each one that the host has must be public."""
    try:
        found = [host] if _literal(host) else list(resolve(host))
    except Unresolved:
        found = []
    if not found:
        raise BadAddress(UNKNOWN, Fault.HOST_UNKNOWN)
    addresses = [_literal(each) for each in found]
    if not all(address is not None and is_public(address) for address in addresses):
        raise BadAddress(NOT_PUBLIC)
    return min(found, key=lambda each: ":" in each)
