"""A server that answers as it is told to, well or badly, and remembers what it was asked.

    with faulty_server() as server:
        server.answer("/api/v1/notifications", limited(headers={"Retry-After": "1"}), good([]))

Each path has a list of answers, given one after the other; the last one stays. Bad answers stand in `faults`.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

_LONGEST_BODY = 1 << 20


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came. at: seconds on the monotonic clock. Names of headers are in lower case."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes
    at: float

    def one(self, name: str) -> str | None:
        """The first value of a query parameter; None where it is not there."""
        return next(iter(self.query.get(name, ())), None)


@dataclass(slots=True)
class Wire:
    """The line to the one who asked. sent: bytes so far; ended: set when the server is to end."""

    connection: socket.socket
    ended: threading.Event
    version: str
    sent: int = 0
    closes: bool = False

    def head(self, status: int, headers: Mapping[str, str]) -> None:
        """Send the status line and the headers."""
        lines = [f"HTTP/1.1 {status} {_REASONS.get(status, 'Something')}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self.send("\r\n".join([*lines, "", ""]).encode("latin-1"))

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.connection.sendall(data)
        self.sent += len(data)

    def pause(self, seconds: float) -> None:
        """Say nothing for a while, less where the server is to end.

        Raises:
            ConnectionAbortedError: it is to end.
        """
        if self.ended.wait(seconds):
            raise ConnectionAbortedError

    def reset(self) -> None:
        """Break the line off as a crashed machine does: the other side sees a reset, not an end."""
        linger_not_at_all = b"\x01\x00\x00\x00\x00\x00\x00\x00"
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_not_at_all)
        os.close(self.connection.detach())  # at once: a polite goodbye would come first otherwise
        self.closes = True


Answer = Callable[[Asked, Wire], None]
"""What is done on the wire after a request."""


def good(
    body: object,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    kind: str = "application/json",
) -> Answer:
    """A well-formed answer. body: bytes as they are, anything else as JSON; kind: the content type."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()

    def give(_asked: Asked, wire: Wire) -> None:
        wire.head(status, {"Content-Type": kind, "Content-Length": str(len(data)), **(headers or {})})
        wire.send(data)

    return give


def computed(answer: Callable[[Asked], Answer]) -> Answer:
    """An answer that depends on what was asked, as pages do."""

    def give(asked: Asked, wire: Wire) -> None:
        answer(asked)(asked, wire)

    return give


@dataclass(slots=True)
class Faulty:
    """The server. url: its origin; log: all requests; gave_up: sent bytes of answers the other side did not await."""

    url: str
    ended: threading.Event = field(default_factory=threading.Event)
    log: list[Asked] = field(default_factory=list)
    gave_up: list[int] = field(default_factory=list)
    mistakes: list[BaseException] = field(default_factory=list)
    _answers: dict[str, list[Answer]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, path: str, *answers: Answer) -> None:
        """Answer requests for this path so, one after the other, the last one for ever. A path ending in *
        stands for all that begin so.
        """
        with self._lock:
            self._answers[path] = list(answers)

    def asked(self, path: str | None = None) -> list[Asked]:
        """The requests so far, for one path or all."""
        with self._lock:
            return [a for a in self.log if path in (None, a.path)]

    def gaps(self, path: str) -> list[float]:
        """Seconds between the requests for a path: how long the client waited."""
        times = [a.at for a in self.asked(path)]
        return [later - earlier for earlier, later in itertools.pairwise(times)]

    def next_for(self, asked: Asked) -> Answer:
        """Remember the request, and give the answer that is its turn."""
        with self._lock:
            self.log.append(asked)
            found = self._answers.get(asked.path)
            if found is None:
                starts = [p for p in self._answers if p.endswith("*") and asked.path.startswith(p[:-1])]
                found = self._answers[max(starts, key=len)] if starts else [_NOT_FOUND]
            return found.pop(0) if len(found) > 1 else found[0]


@contextlib.contextmanager
def faulty_server() -> Iterator[Faulty]:
    """Start such a server at 127.0.0.1, end it afterwards.

    Raises:
        BaseException: what went wrong inside an answer, so that a test does not pass by mistake.
    """
    server = _Server(("127.0.0.1", 0), _Handler)
    server.faulty = faulty = Faulty(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield faulty
    finally:
        faulty.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()
    if faulty.mistakes:
        raise faulty.mistakes[0]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    faulty: Faulty

    def handle_error(self, *_: Any) -> None:
        """Those who hang up are expected; everything else was kept already."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    server: _Server

    def log_message(self, *_: Any) -> None:
        """Nothing on the screen; the log is in `Faulty.log`."""

    def __getattr__(self, name: str) -> Callable[[], None]:
        """Every method is answered alike, known or not."""
        if name.startswith("do_"):
            return self._give
        raise AttributeError(name)

    def _give(self) -> None:
        faulty = self.server.faulty
        parts = urlsplit(self.path)
        length = min(int(self.headers.get("Content-Length") or 0), _LONGEST_BODY)
        asked = Asked(
            self.command,
            parts.path,
            parse_qs(parts.query, keep_blank_values=True),
            {name.lower(): value for name, value in self.headers.items()},
            self.rfile.read(length),
            time.monotonic(),
        )
        wire = Wire(self.connection, faulty.ended, self.request_version)
        try:
            faulty.next_for(asked)(asked, wire)
        except OSError:  # hung up on us, or we are to end
            faulty.gave_up.append(wire.sent)
            wire.closes = True
        except Exception as error:
            faulty.mistakes.append(error)
            raise
        if wire.closes:
            self.close_connection = True


_REASONS = {
    200: "OK",
    206: "Partial Content",
    302: "Found",
    429: "Too Many Requests",
    503: "Service Unavailable",
}
_NOT_FOUND = good({"error": "Record not found"}, status=404)
