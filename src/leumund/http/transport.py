"""Bytes over the wire: urllib3, with our own look at every address, limits on time and size, and plain words for errors."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import NoReturn

import truststore
import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from leumund.errors import ServerUnreachableError, StrangeAnswerError
from leumund.http import addresses
from leumund.http.words import Stopped, bare, host_of
from leumund.locale import _

_CHUNK = 1 << 16


class Transport:
    """Sends one request at a time. allowed: places in a private network that may be spoken to.

    connect_s, read_s: longest silence while connecting and between two pieces; all_s: longest time for the whole.
    """

    def __init__(
        self, *, allowed: frozenset[str], connect_s: float, read_s: float, all_s: float, stop: threading.Event
    ) -> None:
        self._allowed, self._connect_s, self._read_s, self._all_s = allowed, connect_s, read_s, all_s
        self._stop = stop
        self._sockets: list[socket.socket] = []
        self._manager = urllib3.PoolManager(
            num_pools=8, maxsize=2, ssl_context=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        )
        self._manager.pool_classes_by_scheme = _guarded_pools(self._connect)

    def request(
        self, method: str, url: str, *, body: bytes | None, headers: Mapping[str, str], most: int
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers (names in lower case) and body of the answer, redirects not followed.

        Raises:
            ServerUnreachableError, StrangeAnswerError, ForbiddenAddressError; Stopped.
        """
        with self._watched() as late:
            try:
                response = self._manager.request(
                    method, url, body=body, headers=headers, preload_content=False, decode_content=True,
                    redirect=False, retries=False,
                    timeout=urllib3.Timeout(connect=self._connect_s, read=self._read_s),
                )  # fmt: skip
                try:
                    data = self._body(response, url, most)
                except BaseException:
                    response.close()
                    raise
                response.release_conn()
                if late.is_set():  # cut off by ourselves, which can look like an end
                    raise TimeoutError
            except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
                _raise_plainly(error, url, late=late.is_set())
        return response.status, {k.lower(): v for k, v in response.headers.items()}, data

    def close(self) -> None:
        """Let go of all connections."""
        self._manager.clear()

    def _body(self, response: urllib3.BaseHTTPResponse, url: str, most: int) -> bytes:
        parts, size = [], 0
        while chunk := response.read(_CHUNK, decode_content=True):
            size += len(chunk)
            if size > most:
                raise StrangeAnswerError(
                    bare(url), _("it is longer than {mb} MB").format(mb=max(1, most >> 20))
                )
            if self._stop.is_set():
                raise Stopped
            parts.append(chunk)
        return b"".join(parts)

    @contextlib.contextmanager
    def _watched(self) -> Iterator[threading.Event]:
        """Ends what drips on for ever: after `all_s` every socket of ours is shut."""
        late = threading.Event()

        def shut() -> None:
            late.set()
            for opened in list(self._sockets):
                with contextlib.suppress(OSError):
                    opened.shutdown(socket.SHUT_RDWR)

        timer = threading.Timer(self._all_s, shut)
        timer.daemon = True
        timer.start()
        try:
            yield late
        finally:
            timer.cancel()

    def _connect(self, host: str, port: int) -> socket.socket:
        opened = addresses.connect(host, port, allowed=self._allowed, timeout=self._connect_s)
        opened.settimeout(self._read_s)
        self._sockets = [s for s in self._sockets if s.fileno() >= 0] + [opened]
        return opened


def _guarded_pools(connect: Callable[[str, int], socket.socket]) -> dict[str, type[HTTPConnectionPool]]:
    """Connection pools that connect through our check of addresses."""

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return connect(self._dns_host, self.port)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return connect(self._dns_host, self.port)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


def _raise_plainly(error: Exception, url: str, *, late: bool) -> NoReturn:
    """What went wrong on the wire, in words for a person."""
    host = host_of(url)
    before = isinstance(error, urllib3.exceptions.NewConnectionError | urllib3.exceptions.ConnectTimeoutError)
    if late or isinstance(error, urllib3.exceptions.TimeoutError | TimeoutError):
        raise ServerUnreachableError(host, _("it took too long to answer"), before_sending=before) from None
    if isinstance(error, urllib3.exceptions.SSLError | ssl.SSLError):
        why = _("its certificate or encryption is not in order")
        begun = "certificate" not in str(error).lower()  # a certificate is looked at before anything is sent
        raise ServerUnreachableError(host, why, before_sending=not begun) from None
    if isinstance(error, urllib3.exceptions.DecodeError):
        raise ServerUnreachableError(
            host, _("its answer was packed wrongly"), before_sending=before
        ) from None
    if isinstance(error, urllib3.exceptions.LocationParseError | urllib3.exceptions.LocationValueError):
        raise StrangeAnswerError(bare(url), _("this is no address")) from None
    raise ServerUnreachableError(host, _("the connection broke off"), before_sending=before) from None
