"""Keeping connected accounts in sync: every connection asks in a thread of its own, one place writes.

    connection -> streams -> pages -> queue -> parse -> events + cursor -> lab

A page and the cursor behind it are stored in one commit, so a kill at any moment loses nothing that was stored and
doubles nothing. The lab is locked for each commit only: waiting for a server keeps nobody from importing.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

import filelock

from leumund import gone, vault
from leumund.errors import (
    BudgetSpentError,
    LeumundError,
    RateLimitedError,
    ServerRefusedError,
    ServerUnreachableError,
    SourceError,
    SyncBusyError,
    TokenRefusedError,
    TooDearError,
)
from leumund.events import Act, Checkpoint, Event, Rows
from leumund.facts import all_facts
from leumund.http import Client, Stopped
from leumund.http.addresses import place
from leumund.http.words import waiting_for
from leumund.intake import storable
from leumund.lab import Lab, Writer
from leumund.locale import _
from leumund.sources import Page
from leumund.sources.living import Access, Connection, Living, Stream, living_named
from leumund.store import connections
from leumund.store.connections import Reach
from leumund.store.register import Register, as_us

_ROWS_AT_ONCE = 4_000
_BYTES_AT_ONCE = 8 << 20  # of pages as they came: a server may send long texts
_SECONDS_AT_ONCE = 5.0
_PAGES_WAITING = 16
_SILENT = "silent"  # in the memory of a run: the stream before this one got no answer
_COMPACT_EVERY = 100  # commits, while streams are listened to
_FEW_PAGES = 20  # a list as short as that is read at each sync
_NOT_THERE = {403, 404, 405, 406, 410, 422, 501}  # a server without that part of the interface

State = Literal["reading", "waiting", "done", "skipped", "not told", "failed"]


@dataclass(frozen=True, slots=True)
class Step:
    """What is happening to a stream, for the person who watches. rows: read so far; text: why, for how long."""

    connection: Connection
    stream: Stream | None
    state: State
    rows: int = 0
    text: str = ""


Say = Callable[[Step], None]


@dataclass(slots=True)
class Outcome:
    """What a sync did for one connection. new: rows by table, changed: new versions of known ones; failures: what went
    wrong, for the person; left_out: what was not read on purpose.
    """

    connection: Connection
    living: Living
    new: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    problems: int = 0
    failures: list[LeumundError] = field(default_factory=list)
    left_out: list[LeumundError] = field(default_factory=list)
    requests: int = 0


@dataclass(slots=True)
class _Buffer:
    """What has been read of a stream and waits to be stored."""

    events: list[Event] = field(default_factory=list)
    rows: int = 0
    size: int = 0
    read: int = 0
    pages: int = 0
    broken: Exception | None = None
    position: Mapping[str, str | int | float | None] | None = None
    since: float = field(default_factory=time.monotonic)
    listed: gone.Listed = field(default_factory=gone.Listed)
    import_id: int = 0


@dataclass(frozen=True, slots=True)
class _End:
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


def sync(
    lab: Lab,
    which: Sequence[Connection],
    *,
    clock: Callable[[], datetime],
    say: Say = lambda _step: None,
    full: bool = False,
    live: bool = False,
    stop: threading.Event | None = None,
) -> list[Outcome]:
    """Bring the lab up to date with these connections; gives what was done for each, failures included.

    clock: gives the time, aware. full: long lists are read however short ago they were.
    live: streams are listened to for ever, until `stop` or Ctrl-C. A connection that fails does not keep the others. Interrupted, the next call goes on where it stopped.

    Raises:
        SyncBusyError: another sync of this lab is running. LabError: the lab cannot be written to.
        KeyboardInterrupt: what was read by then is stored.
    """
    lock = filelock.FileLock(lab.folder / "sync.lock", timeout=0)
    try:
        lock.acquire()
    except filelock.Timeout as error:
        raise SyncBusyError(lab.folder) from error
    try:
        return _Sync(lab, clock, say, stop or threading.Event(), full=full, live=live).run(which)
    finally:
        lock.release()


class _Sync:
    """One run. Threads fetch; everything else happens in the caller's thread."""

    def __init__(
        self,
        lab: Lab,
        clock: Callable[[], datetime],
        say: Say,
        stop: threading.Event,
        *,
        full: bool,
        live: bool,
    ) -> None:
        self._lab, self._clock, self._say, self._stop = lab, clock, say, stop
        self._full, self._live = full, live
        self._commits = 0
        self._at = clock()
        self._queue: queue.Queue[tuple[Connection, Stream, Page] | _End | Step] = queue.Queue(_PAGES_WAITING)
        self._buffers: dict[tuple[str, str], _Buffer] = {}
        self._outcomes: dict[str, Outcome] = {}

    def run(self, which: Sequence[Connection]) -> list[Outcome]:
        threads = []
        for connection in which:
            living = living_named(connection.source)
            self._outcomes[connection.id] = Outcome(connection, living)
            work = self._work_of(connection, living)
            threads.append(threading.Thread(target=work, daemon=True, name=connection.id))
        open_ends = len(threads)
        for thread in threads:
            thread.start()
        try:
            while open_ends:
                open_ends -= self._next()
                self._store_what_waits()
        except BaseException:
            self._stop.set()
            self._drain(threads)
            raise
        self._store_rest()  # of streams that were stopped
        if any(sum(o.new.values()) + sum(o.changed.values()) for o in self._outcomes.values()):
            with self._writing() as writer:
                writer.derive([f for f in all_facts().values() if f.at_import])
                writer.compact()
        return list(self._outcomes.values())

    # -- in the threads

    def _work_of(self, connection: Connection, living: Living) -> Callable[[], None]:
        """What the connection's thread does; all it needs of the lab is read before it starts."""
        register = self._lab.register
        secret_name = connections.secret_name(register, connection.id)
        own = tuple(sorted(register.uris(_every_name(register)).values()))
        cursors = {s.name: register.cursor(living.name, f"{connection.id}/{s.name}") for s in living.streams}
        last = {r.stream: r for r in connections.reaches(register) if r.connection == connection.id}

        def work() -> None:
            stream: Stream | None = None
            client = client_for(connection, self._stop, waiting)
            access = Access(
                own=own,
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
                    if not self._full and _not_due(stream, last.get(stream.name), self._at):
                        self._put(Step(connection, stream, "skipped"))
                        continue
                    self._put(Step(connection, stream, "reading"))
                    self._put(_End(connection, stream, self._fetch(access, stream, cursors[stream.name])))
            except Stopped:
                pass
            except Exception as error:  # noqa: BLE001  said to the person; the other connections go on
                failure = error
            finally:
                client.close()
                self._put(_End(connection, None, failure, client.requests))

        def waiting(host: str, seconds: float, why: str) -> None:
            text = waiting_for(host, seconds, why)
            self._put(Step(connection, None, "waiting", text=text))

        return work

    def _fetch(self, access: Access, stream: Stream, cursor: Mapping[str, Any] | None) -> Exception | None:
        """All pages of a stream onto the queue; gives what ended it early."""
        try:
            for page in stream.fetch(access, cursor):
                self._put((access.connection, stream, page))
                self._check_stop()
        except (TokenRefusedError, RateLimitedError, BudgetSpentError) as error:
            self._put(_End(access.connection, stream, error))
            raise  # the streams after it would fare no better
        except Stopped:
            raise
        except ServerUnreachableError as error:
            silent = access.memory.get(_SILENT)
            access.memory[_SILENT] = stream.name
            if (
                error.before_sending or silent
            ):  # it is not there: the other streams would only wait for it, too
                self._put(_End(access.connection, stream, error))
                raise
            return error
        except Exception as error:  # noqa: BLE001  said to the person; the other streams go on
            return error
        access.memory.pop(_SILENT, None)
        return None

    def _check_stop(self) -> None:
        if self._stop.is_set():
            raise Stopped

    def _put(self, item: tuple[Connection, Stream, Page] | _End | Step) -> None:
        self._queue.put(item)

    # -- in the caller's thread

    def _next(self) -> int:
        """Take one thing off the queue; gives 1 where it ended a connection."""
        try:
            item = self._queue.get(timeout=0.5)
        except queue.Empty:
            return 0
        if isinstance(item, Step):
            self._say(item)
            return 0
        if isinstance(item, _End):
            self._end(item)
            return 0 if item.stream else 1
        connection, stream, page = item
        buffer = self._buffer(connection, stream)
        if buffer.broken is None:
            try:
                self._read(self._outcomes[connection.id].living, stream, page, buffer)
            except Exception as error:  # noqa: BLE001  ours to mend; until then nothing after it counts as read
                buffer.broken = error
        self._say(Step(connection, stream, "reading", rows=buffer.read))
        return 0

    def _read(self, living: Living, stream: Stream, page: Page, buffer: _Buffer) -> None:
        """The events of a page into the buffer, all or none, and the position behind it."""
        events = list(living.parse(page))
        for event in events:
            buffer.listed.see(event)
            if stream.lists and isinstance(event, Act) and event.kind == "follow":
                continue  # the lab may know it already, and better: since when (see gone.differences)
            buffer.events.append(storable(event))
            buffer.rows += event.table.num_rows if isinstance(event, Rows) else 1
        buffer.read += sum(e.table.num_rows if isinstance(e, Rows) else 1 for e in events)
        buffer.listed.page(page)
        buffer.position = page.position
        buffer.size += len(page.data)
        buffer.pages += 1

    def _store_what_waits(self) -> None:
        for (name, stream), buffer in list(self._buffers.items()):
            late = time.monotonic() - buffer.since > _SECONDS_AT_ONCE
            if buffer.position is not None and (
                late or buffer.rows >= _ROWS_AT_ONCE or buffer.size >= _BYTES_AT_ONCE
            ):
                self._store(name, stream, buffer)

    def _store(self, name: str, stream: str, buffer: _Buffer, reach: Reach | None = None) -> None:
        """One commit: the events, the cursor behind them, and with the last one how far the stream now reaches."""
        outcome = self._outcomes[name]
        if outcome.living.everybody:
            buffer.events = gone.meaningful(self._lab, buffer.events, at=self._clock())
        mark = ""  # without a new position the cursor stays where it is
        if buffer.position is not None:
            buffer.events.append(Checkpoint(position=buffer.position))
            mark = f"{name}/{stream}"
        with self._writing() as writer:
            if buffer.events:
                buffer.import_id = buffer.import_id or self._import_row(writer, outcome, stream)
                added = writer.add(
                    buffer.events, source=outcome.living.name, fingerprint=mark, import_id=buffer.import_id
                )
                for table, count in added.new.items():
                    changed = added.changed.get(table, 0)
                    outcome.new[table] = outcome.new.get(table, 0) + count - changed
                    outcome.changed[table] = outcome.changed.get(table, 0) + changed
                outcome.problems += added.problems
            if reach is not None:
                with writer.lab.register.transaction() as db:
                    connections.put_reach(db, reach)
            self._commits += 1
            if self._live and not self._commits % _COMPACT_EVERY:
                writer.compact()
        buffer.events, buffer.rows, buffer.size = [], 0, 0
        buffer.position, buffer.since = None, time.monotonic()

    def _end(self, end: _End) -> None:
        outcome = self._outcomes[end.connection.id]
        if end.stream is None:
            outcome.requests = end.requests
            if end.error is not None and end.error not in outcome.failures:
                outcome.failures.append(_as_told(end.error))
                self._say(Step(end.connection, None, "failed", text=outcome.failures[-1].message))
            return
        buffer = self._buffers.pop((end.connection.id, end.stream.name), None) or _Buffer()
        error = buffer.broken or end.error
        not_told = isinstance(error, ServerRefusedError) and error.status in _NOT_THERE
        note = ""
        if end.stream.lists:
            self._store(end.connection.id, end.stream.name, buffer)  # compared is with all the lab knows then
            events, note = gone.differences(
                self._lab,
                end.connection,
                end.stream.lists,
                buffer.listed,
                at=self._at,
                complete=error is None,
            )
            buffer.events += events
        if error is not None:
            note = _as_told(error).message
        reach = Reach(
            connection=end.connection.id,
            stream=end.stream.name,
            ran_at=self._at if error is None or not_told else None,
            since=buffer.listed.earliest,
            whole=error is None,
            note=note,
            pages=buffer.pages,
        )
        self._store(end.connection.id, end.stream.name, buffer, reach)
        if isinstance(error, TooDearError):
            outcome.left_out.append(error)
        elif error is not None and not not_told:
            outcome.failures.append(_as_told(error))
        state: State = "not told" if not_told else "failed" if error else "done"
        self._say(Step(end.connection, end.stream, state, rows=buffer.read, text=note))

    def _buffer(self, connection: Connection, stream: Stream) -> _Buffer:
        return self._buffers.setdefault((connection.id, stream.name), _Buffer())

    def _import_row(self, writer: Writer, outcome: Outcome, stream: str) -> int:
        """The row under which problems of this stream stand; the same one at each sync."""
        connection, register = outcome.connection, writer.lab.register
        with register.transaction() as db:
            number, _new = register.import_row(
                outcome.living.name,
                f"{connection.id}/{stream}",
                place=f"{connection.account} {stream}",
                at=self._at,
            )
            db.execute("update import set finished_at = ? where id = ?", (as_us(self._at), number))
        return number

    def _writing(self) -> AbstractContextManager[Writer]:
        return self._lab.writing_patiently(self._clock())

    def _drain(self, threads: Sequence[threading.Thread]) -> None:
        """Store what has been read; let the threads come to their end."""
        deadline = time.monotonic() + 5
        while any(t.is_alive() for t in threads) and time.monotonic() < deadline:
            try:
                self._queue.get(timeout=0.05)
            except queue.Empty:
                continue
        self._store_rest()

    def _store_rest(self) -> None:
        for (name, stream), buffer in self._buffers.items():
            if buffer.position is not None:
                self._store(name, stream, buffer)


def _every_name(register: Register) -> set[int]:
    """Keys of the owner's accounts under all their names."""
    heads = register.aliases()
    own = set(register.own_accounts())
    return own | {key for key, head in heads.items() if head in own}


def _not_due(stream: Stream, last: Reach | None, at: datetime) -> bool:
    """Whether a long list was read a short while ago."""
    if last is None or last.ran_at is None or (last.pages <= _FEW_PAGES and not stream.costs):
        return False
    return timedelta(0) <= at - last.ran_at < stream.every  # a clock set back keeps nothing waiting


def _as_told(error: Exception) -> LeumundError:
    """An error as something a person can be told."""
    if isinstance(error, LeumundError):
        return error
    return SourceError(_("Something unexpected: {error}").format(error=f"{type(error).__name__}: {error}"))
