"""Asking all connections at once: each in a thread of its own, their pages on one queue.

    connection -> streams -> pages -> queue

Nothing is stored here and the lab is not looked into: what a thread must know of it is read before it starts. So a
dead server keeps nobody waiting, and whoever takes the pages off the queue is alone with the lab (`syncing`).
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from leumund import vault
from leumund.errors import BudgetSpentError, NotNowError, ServerUnreachableError, TokenRefusedError
from leumund.http import Client, Stopped
from leumund.http.addresses import place
from leumund.http.words import waiting_for
from leumund.sources import Page
from leumund.sources.living import Access, Connection, Living, Stream, living_named
from leumund.store import connections
from leumund.store.connections import Reach
from leumund.store.consents import words_in
from leumund.store.register import Register

_PAGES_WAITING = 16
_SILENT = "silent"  # in the memory of a run: the stream before this one got no answer
_FEW_PAGES = 20  # a list as short as that is read at each sync

State = Literal["reading", "waiting", "done", "skipped", "not told", "failed"]


@dataclass(frozen=True, slots=True)
class Step:
    """What is happening to a stream, for the person who watches. rows: read so far; text: why, for how long."""

    connection: Connection
    stream: Stream | None
    state: State
    rows: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page of a stream."""

    connection: Connection
    stream: Stream
    page: Page


@dataclass(frozen=True, slots=True)
class End:
    """A stream, or with stream None a connection, has come to its end."""

    connection: Connection
    stream: Stream | None
    error: Exception | None = None
    requests: int = 0


def client_for(
    connection: Connection, stop: threading.Event, waiting: Callable[[str, float, str], None]
) -> Client:
    """The client of a connection: its token goes to its server alone; a private server only where the owner said so."""
    allowed = frozenset({place(connection.server)} if connection.settings.get("private") else ())
    return Client(origin=connection.server, allowed=allowed, stop=stop, waiting=waiting)


class Fetching:
    """The threads of one run. items: what they bring, to be taken off by whoever started them.

    at: when the run began; full: long lists are read however short ago they were; live: streams are listened to for ever.
    """

    def __init__(
        self, register: Register, *, at: datetime, stop: threading.Event, full: bool, live: bool
    ) -> None:
        self.items: queue.Queue[Fetched | End | Step] = queue.Queue(_PAGES_WAITING)
        self._register, self._at, self._stop = register, at, stop
        self._full, self._live = full, live
        self._threads: list[threading.Thread] = []

    def start(self, which: Sequence[Connection]) -> None:
        """Begin to ask; each connection ends with an `End` without a stream."""
        for connection in which:
            work = self._work_of(connection, living_named(connection.source))
            self._threads.append(threading.Thread(target=work, daemon=True, name=connection.id))
        for thread in self._threads:
            thread.start()

    def still_running(self) -> bool:
        return any(t.is_alive() for t in self._threads)

    def _work_of(self, connection: Connection, living: Living) -> Callable[[], None]:
        """What the connection's thread does; all it needs of the lab is read before it starts."""
        register = self._register
        secret_name = connections.secret_name(register, connection.id)
        own = tuple(sorted(register.own_names()))
        agreed = tuple(sorted({w.uri for w in words_in(register) if w.holds}))
        cursors = {s.name: register.cursor(living.name, f"{connection.id}/{s.name}") for s in living.streams}
        last = {r.stream: r for r in connections.reaches(register) if r.connection == connection.id}

        def work() -> None:
            stream: Stream | None = None
            client = client_for(connection, self._stop, waiting)
            access = Access(
                own=own,
                agreed=agreed,
                memory={"live": "1"} if self._live else {},
                connection=connection,
                client=client,
                at=self._at,
                secret=lambda: vault.find(secret_name),
                keep_secret=lambda secret: (vault.keep(secret_name, secret), None)[1],
            )
            failure: Exception | None = None
            try:
                living.prepare(access)
                for stream in living.streams:
                    if not self._full and not_due(stream, last.get(stream.name), self._at):
                        self.items.put(Step(connection, stream, "skipped"))
                        continue
                    self.items.put(Step(connection, stream, "reading"))
                    self.items.put(End(connection, stream, self._fetch(access, stream, cursors[stream.name])))
            except Stopped:
                pass
            except Exception as error:  # noqa: BLE001  said to the person; the other connections go on
                failure = error
            finally:
                client.close()
                self.items.put(End(connection, None, failure, client.requests))

        def waiting(host: str, seconds: float, why: str) -> None:
            text = waiting_for(host, seconds, why)
            self.items.put(Step(connection, None, "waiting", text=text))

        return work

    def _fetch(self, access: Access, stream: Stream, cursor: Mapping[str, Any] | None) -> Exception | None:
        """All pages of a stream onto the queue; gives what ended it early."""
        try:
            for page in stream.fetch(access, cursor):
                self.items.put(Fetched(access.connection, stream, page))
                self._check_stop()
        except (TokenRefusedError, NotNowError, BudgetSpentError) as error:
            self.items.put(End(access.connection, stream, error))
            raise  # the streams after it would fare no better
        except Stopped:
            raise
        except ServerUnreachableError as error:
            silent = access.memory.get(_SILENT)
            access.memory[_SILENT] = stream.name
            if (
                error.before_sending or silent
            ):  # it is not there: the other streams would only wait for it, too
                self.items.put(End(access.connection, stream, error))
                raise
            return error
        except Exception as error:  # noqa: BLE001  said to the person; the other streams go on
            return error
        access.memory.pop(_SILENT, None)
        return None

    def _check_stop(self) -> None:
        if self._stop.is_set():
            raise Stopped


def not_due(stream: Stream, last: Reach | None, at: datetime) -> bool:
    """Whether a long list was read a short while ago."""
    if last is None or last.ran_at is None or (last.pages <= _FEW_PAGES and not stream.costs):
        return False
    return timedelta(0) <= at - last.ran_at < stream.every  # a clock set back keeps nothing waiting
