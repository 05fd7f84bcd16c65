"""Which hosts may be spoken to. A stranger's text must not lead us into the owner's own network.

The check is made where the connection is made, on the very address that is then connected to: a name
that answers differently the second time, or a redirect, gains nothing.
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
from urllib.parse import urlsplit

from leumund.errors import ForbiddenAddressError, ServerUnreachableError, UnknownServerError
from leumund.locale import _

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_COMPATIBLE = ipaddress.IPv6Network("::/96")


def place(url: str) -> str:
    """Host and port of an address, as they are allowed by name.

    >>> place("https://Example.social/@anna"), place("http://127.0.0.1:3110")
    ('example.social:443', '127.0.0.1:3110')
    """
    parts = urlsplit(url)
    port = parts.port or {"http": 80, "https": 443, "ws": 80, "wss": 443}.get(parts.scheme, 0)
    return f"{(parts.hostname or '').lower()}:{port}"


def is_public(address: Address) -> bool:
    """Whether an address belongs to the open internet, the IPv4 address within an IPv6 one looked at too.

    >>> [is_public(ipaddress.ip_address(a)) for a in ("1.1.1.1", "10.0.0.1", "::1", "::ffff:127.0.0.1")]
    [True, False, False, False]
    """
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64 or address in _COMPATIBLE:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if address.teredo:
            return False
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast and not address.is_reserved


def connect(host: str, port: int, *, allowed: frozenset[str], timeout: float) -> socket.socket:
    """A connection to a host that may be spoken to.

    allowed: places (`host:port`) that may lie in a private network because the owner said so.

    Raises:
        ForbiddenAddressError: one of its addresses is private and the owner did not allow it.
        UnknownServerError: there is no such host. ServerUnreachableError: nobody answers there.
    """
    name = host.strip("[]").lower()
    try:
        found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        raise UnknownServerError(host) from error
    if f"{name}:{port}" not in allowed:
        for *_rest, told in found:
            if not is_public(ipaddress.ip_address(str(told[0]).partition("%")[0])):
                raise ForbiddenAddressError(host)
    failure: OSError | None = None
    for family, kind, protocol, _name, told in found:
        opened = socket.socket(family, kind, protocol)
        try:
            opened.settimeout(timeout)
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            opened.connect(told)
        except OSError as error:
            failure = error
            with contextlib.suppress(OSError):
                opened.close()
        else:
            return opened
    raise ServerUnreachableError(host, _("nobody answers there")) from failure
