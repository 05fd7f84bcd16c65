"""A stand-in for Jetstream: tells over websockets what a test lets it tell, in both versions of the protocol.

Version 1 at /subscribe (wantedCollections, wantedDids, cursor), version 2 at /xrpc/network.bsky.jetstream.subscribeEvents
(collections, dids, kinds, cursor). As the real one it is at least once: it can tell things again, break off in the
middle, fall silent, and refuse. What is told comes from a test, from a list, or from a real firehose (`firehose`).
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve
from websockets.typing import Subprotocol

from tests.servers.jetstream_frames import SPLIT, V2, Told, Wanted, recorded

_PATHS: dict[str, Literal[1, 2]] = {"/subscribe": 1, f"/xrpc/{V2}": 2}
_TICK = 0.02  # seconds between two looks whether there is something new


@dataclass(slots=True)
class Heard:
    """A listener that was there. sent: the frames it was sent, in order; over: whether it is gone.

    found: how much had been told when it came.
    """

    address: str
    wanted: Wanted | None
    headers: dict[str, str]
    at: float
    found: int
    sent: list[str] = field(default_factory=list)
    over: bool = False


@dataclass(slots=True)
class Plan:
    """How one of the next listeners is treated.

    again: so many events before its cursor are told once more; break_after: so many frames, then the line breaks
    without a word; close_after: then it is closed with that code; refuse: the status it is sent away with, error: the
    name of the error with that; silent_after: then nothing comes any more; garbage: frames that come first.
    """

    again: int = 0
    break_after: int | None = None
    close_after: tuple[int, int, str] | None = None
    refuse: int | None = None
    error: str = "InternalServerError"
    silent_after: int | None = None
    garbage: tuple[str | bytes, ...] = ()


@dataclass(slots=True)
class Jetstream:
    """The stream. url: ws://...; floor: the first event it still keeps; heard: all listeners so far."""

    url: str = ""
    told: list[Told] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    floor: int = 1
    ended: threading.Event = field(default_factory=threading.Event)
    mistakes: list[BaseException] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _awake: threading.Event = field(default_factory=threading.Event)

    @property
    def v1(self) -> str:
        """The address of version 1."""
        return f"{self.url}/subscribe"

    @property
    def v2(self) -> str:
        """The address of version 2."""
        return f"{self.url}/xrpc/{V2}"

    def tell(self, *events: dict[str, Any], time_us: int | None = None) -> list[Told]:
        """Tell events, made by `written`, `renamed` or `standing`. Times always grow, as numbers do."""
        with self._lock:
            new = []
            for event in events:
                last = self.told[-1] if self.told else None
                now = time.time_ns() // 1000 if time_us is None else time_us
                moment = max(now, last.time_us + 1) if last else now
                self.told.append(Told(seq=last.seq + 1 if last else 1, time_us=moment, **event))
                new.append(self.told[-1])
            return new

    def tell_as_it_was(self, frames: Iterable[str | bytes]) -> None:
        """Tell recorded frames of version 1 with the times, and where they have them the numbers, they had."""
        with self._lock:
            for frame in frames:
                self.told.append(recorded(frame, len(self.told) + 1))

    def forget(self, before: int) -> None:
        """Keep nothing any more that has a lower number: the window of a real server has moved on."""
        self.floor = before

    def next_listeners(self, *plans: Plan) -> None:
        """How the next listeners are treated, one after the other. Those after them are treated well."""
        with self._lock:
            self.plans += plans

    def wait_for(self, listeners: int, *, seconds: float = 60) -> None:
        """Return when so many listeners have been there.

        Raises:
            TimeoutError: they did not come.
        """
        until = time.monotonic() + seconds
        while len(self.heard) < listeners:
            if time.monotonic() > until:
                raise TimeoutError(f"{len(self.heard)} listeners instead of {listeners}")
            time.sleep(_TICK)

    def plan(self) -> Plan:
        """The plan for a listener that comes now."""
        with self._lock:
            return self.plans.pop(0) if self.plans else Plan()

    def since(self, number: int) -> list[Told]:
        """All that was told from that place of the list on."""
        with self._lock:
            return self.told[number:]


@contextlib.contextmanager
def jetstream_server() -> Iterator[Jetstream]:
    """Start such a stream at 127.0.0.1, end it afterwards.

    Raises:
        BaseException: what went wrong inside, so that a test does not pass by mistake.
    """
    stream = Jetstream()

    def welcome(connection: ServerConnection, request: Request) -> Response | None:
        return _welcome(stream, connection, request)

    def choose(_connection: ServerConnection, offered: Sequence[Subprotocol]) -> Subprotocol | None:
        return next((o for o in offered if o == "xrpc.v1.json"), None)

    def talk(connection: ServerConnection) -> None:
        try:
            _talk(stream, connection)
        except ConnectionClosed:
            pass
        except Exception as error:
            stream.mistakes.append(error)
            raise

    server = serve(
        talk,
        "127.0.0.1",
        0,
        process_request=welcome,
        select_subprotocol=choose,
        compression=None,
        ping_interval=None,
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    stream.url = f"ws://127.0.0.1:{server.socket.getsockname()[1]}"
    try:
        yield stream
    finally:
        stream.ended.set()
        server.shutdown()
        thread.join()
    if stream.mistakes:
        raise stream.mistakes[0]


def _welcome(stream: Jetstream, connection: ServerConnection, request: Request) -> Response | None:
    """Let a listener in, or send it away as the real server does."""
    parts = urlsplit(request.path)
    version = _PATHS.get(parts.path)
    plan = stream.plan()
    headers = {name.lower(): value for name, value in request.headers.raw_items()}
    heard = Heard(request.path, None, headers, time.monotonic(), len(stream.told))
    connection.stream_plan, connection.stream_heard = plan, heard  # type: ignore[attr-defined]
    stream.heard.append(heard)
    if version is None:
        return _refusal(connection, 404, "MethodNotImplemented", "No such method")
    if plan.refuse:
        return _refusal(connection, plan.refuse, plan.error, "as planned")
    try:
        heard.wanted = wanted = Wanted.of(version, parse_qs(parts.query))
    except ValueError as error:
        return _refusal(connection, 400, "InvalidRequest", str(error))
    if version == 2 and wanted.cursor is not None and wanted.cursor < min(stream.floor, SPLIT):
        return _refusal(connection, 400, "CursorTooOld", f"the floor is {stream.floor}")
    return None


def _refusal(connection: ServerConnection, status: int, error: str, message: str) -> Response:
    response = connection.respond(HTTPStatus(status), json.dumps({"error": error, "message": message}))
    del response.headers["Content-Type"]
    response.headers["Content-Type"] = "application/json"
    return response


def _talk(stream: Jetstream, connection: ServerConnection) -> None:
    plan: Plan = connection.stream_plan  # type: ignore[attr-defined]
    heard: Heard = connection.stream_heard  # type: ignore[attr-defined]
    wanted = heard.wanted
    assert wanted
    for data in plan.garbage:
        connection.send(data)
    try:
        for frame in _frames(stream, wanted, plan.again, heard.found, connection):
            if len(heard.sent) == plan.silent_after:
                while not stream.ended.wait(_TICK):
                    _listen(connection, wanted)
            connection.send(frame)
            heard.sent.append(frame)
            if len(heard.sent) == plan.break_after:
                _break(connection)
                return
            if plan.close_after and len(heard.sent) == plan.close_after[0]:
                connection.close(plan.close_after[1], plan.close_after[2])
                return
    finally:
        heard.over = True


def _frames(
    stream: Jetstream, wanted: Wanted, again: int, found: int, connection: ServerConnection
) -> Iterator[str]:
    """What that listener is told, one after the other, until the end."""
    kept = [n for n, told in enumerate(stream.since(0)[:found]) if told.seq >= stream.floor]
    oldest = stream.told[kept[0]] if kept else None
    if wanted.version == 2 and oldest and kept[0] and SPLIT <= (wanted.cursor or 0) < oldest.time_us:
        info = {"$type": f"{V2}#info", "name": "OutdatedCursor", "message": f"resumed from {oldest.seq}"}
        yield json.dumps({"$type": "message", "payload": info})
    first = next((n for n in kept if wanted.reached(stream.told[n])), found)
    place = max(kept[0] if kept else found, first - again)
    while not stream.ended.is_set():
        new = stream.since(place)
        place += len(new)
        for told in new:
            if wanted.wants(told) and (frame := wanted.frame(told)) is not None:
                yield frame
        _listen(connection, wanted)


def _listen(connection: ServerConnection, wanted: Wanted) -> None:
    """Wait a moment; notice when the listener has gone, or speaks where it must not."""
    with contextlib.suppress(TimeoutError):
        connection.recv(timeout=_TICK)
        if wanted.version == 2:
            connection.close(1008, "this endpoint only speaks")


def _break(connection: ServerConnection) -> None:
    """Break the line off without the word that websockets end with."""
    with contextlib.suppress(OSError):
        connection.socket.shutdown(2)
