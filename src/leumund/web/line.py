"""The line to each browser: who keeps silent keeps nobody else waiting.

The server by itself waits for ever for the rest of a request, and once it holds many such lines it refuses everybody. Here
a line is let go on which nothing comes of what was begun, and where there are too many, the one that said least.
"""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

MOST = 300
"""Lines held at once; fewer than the server itself refuses at, so that who asks for something is still answered."""
_PATIENCE_S = 30.0
_LEAST_BYTES = 1_000  # of a body in that time: who sends less sends nothing
_LONGEST_FULL = 10  # times as long: somebody takes a file away and pauses


class Line(H11Protocol):
    """As uvicorn's, with an end to waiting."""

    most = MOST
    patience_s = _PATIENCE_S

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._said = self._said_before = self._requests = 0
        self._waited: tuple[int, object] | None = None
        self._full_since: float | None = None
        self._since = self.loop.time()
        self._next_look: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._next_look = self.loop.call_later(self.patience_s, self._look)
        if len(self.connections) > self.most:
            self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._next_look is not None:
            self._next_look.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._said += len(data)
        super().data_received(data)

    def on_response_complete(self) -> None:
        self._requests += 1
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:
        """Say that this is no request, unless an answer is under way on this line: into that nothing can be said."""
        cycle: RequestResponseCycle | None = self.cycle  # before the first request there is none
        if cycle is not None and not cycle.response_complete:
            cycle.disconnected = True
            self._let_go()
            return
        super().send_400_response(msg)

    def pause_writing(self) -> None:
        self._full_since = self.loop.time()
        super().pause_writing()

    def resume_writing(self) -> None:
        self._full_since = None
        super().resume_writing()

    @property
    def _waits(self) -> bool:
        """Whether a request is still to come, or the rest of it."""
        return self.conn.their_state in {h11.IDLE, h11.SEND_BODY}

    def _look(self) -> None:
        """Let go of the line where what was waited for the last time is still waited for."""
        waited = (self._requests, self.conn.their_state)
        ours = (
            self.flow.read_paused or self.conn.they_are_waiting_for_100_continue
        )  # it is we who do not read
        silent = self.conn.their_state is h11.IDLE or self._said - self._said_before < _LEAST_BYTES
        full_s = self.loop.time() - self._full_since if self._full_since is not None else 0.0
        if (self._waits and waited == self._waited and silent and not ours) or (
            full_s > self.patience_s * _LONGEST_FULL
        ):
            self._let_go()
            return
        self._waited, self._said_before = waited, self._said
        self._next_look = self.loop.call_later(self.patience_s, self._look)

    def _make_room(self) -> None:
        """Let one line go that waits: one on which no request has come before one whose form is still coming, and of
        these the one that said least.
        """
        waiting = [o for o in self.connections if isinstance(o, Line) and o is not self and o._waits]
        if waiting:
            min(waiting, key=Line._worth)._let_go()

    def _worth(self) -> tuple[bool, int, float]:
        form = self.conn.their_state is h11.SEND_BODY
        return form, self._said if form else 0, self._since

    def _let_go(self) -> None:
        self.connections.discard(self)
        self.transport.abort()
