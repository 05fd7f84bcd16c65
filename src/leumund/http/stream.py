"""Messages of a websocket, under the same rules as requests: addresses looked at, limits on size and silence.

Who reads slowly is waited for: what has not been taken is not read from the line, so memory stays flat and the
server notices (back-pressure).
"""

from __future__ import annotations

import ssl
from collections.abc import Generator, Iterator
from urllib.parse import urlsplit

import truststore
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, WebSocketException
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from leumund.errors import (
    InsecureAddressError,
    RateLimitedError,
    ServerRefusedError,
    ServerUnreachableError,
    StrangeAnswerError,
)
from leumund.http import addresses
from leumund.http.client import Client, user_agent
from leumund.http.words import Stopped, bare, host_of
from leumund.locale import _

_LONGEST_MESSAGE = 4 << 20
_CONNECT_S = 15.0
_WAITING = 64  # messages taken off the line ahead of whoever reads


def messages(
    client: Client, url: str, *, subprotocol: str = "", tick_s: float = 0.5
) -> Generator[bytes | None]:
    """The messages of a stream as they come; None whenever nothing came for `tick_s`.

    url: wss://, or ws:// where the owner allowed that server.

    Raises:
        ServerUnreachableError: it cannot be reached, or broke off. ServerRefusedError, RateLimitedError: it says no.
        ForbiddenAddressError, InsecureAddressError; Stopped.
    """
    parts = urlsplit(url)
    place = addresses.place(url)
    if parts.scheme not in {"ws", "wss"} or not parts.hostname:
        raise StrangeAnswerError(bare(url), _("this is no address"))
    if parts.scheme == "ws" and place not in client.allowed:
        raise InsecureAddressError(host_of(url))
    port = int(place.rpartition(":")[2])
    opened = addresses.connect(parts.hostname, port, allowed=client.allowed, timeout=_CONNECT_S)
    opened.settimeout(None)
    client.requests += 1
    try:
        with connect(
            url, sock=opened, ssl=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if parts.scheme == "wss" else None,
            server_hostname=parts.hostname if parts.scheme == "wss" else None, open_timeout=_CONNECT_S,
            close_timeout=1.0, max_size=_LONGEST_MESSAGE, max_queue=_WAITING, proxy=None,
            user_agent_header=user_agent(), subprotocols=[Subprotocol(subprotocol)] if subprotocol else None,
        ) as line:  # fmt: skip
            yield from _read(line, client, tick_s)
    except InvalidStatus as error:
        opened.close()
        status = error.response.status_code
        if status == 429:
            raise RateLimitedError(host_of(url), None) from None
        if status >= 500:
            raise ServerUnreachableError(host_of(url), _("it has a problem of its own")) from None
        raise ServerRefusedError(
            bare(url), status, error.response.body.decode("utf-8", "replace")[:200]
        ) from None
    except ConnectionClosed as error:
        if error.rcvd is not None and error.rcvd.code == 1008:  # it does not want us, and says why
            raise ServerRefusedError(bare(url), 1008, error.rcvd.reason[:200]) from None
        raise ServerUnreachableError(host_of(url), _("the connection broke off")) from None
    except TimeoutError:
        raise ServerUnreachableError(host_of(url), _("it took too long to answer")) from None
    except (InvalidHandshake, WebSocketException, OSError, EOFError):
        raise ServerUnreachableError(host_of(url), _("the connection broke off")) from None


def _read(line: ClientConnection, client: Client, tick_s: float) -> Iterator[bytes | None]:
    while True:
        if client.stop.is_set():
            raise Stopped
        try:
            yield line.recv(timeout=tick_s, decode=False)
        except TimeoutError:
            yield None
