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
from dataclasses import dataclass, field, replace
from datetime import datetime

from leumund import gone, returned
from leumund.errors import LeumundError, ServerRefusedError, SourceError, SyncBusyError, TooDearError
from leumund.events import Act, Checkpoint, Deletion, Event, Problem, Rows
from leumund.facts import all_facts
from leumund.fetching import End, Fetching, State, Step
from leumund.intake import storable
from leumund.lab import Lab, Writer, held
from leumund.locale import _
from leumund.sources import Page
from leumund.sources.living import Connection, Living, Stream, living_named
from leumund.store import connections
from leumund.store.append import Added
from leumund.store.connections import Reach
from leumund.store.register import as_us

__all__ = ["Outcome", "Say", "Step", "sync"]

_PATIENCE_S = 1.0
_ROWS_AT_ONCE = 4_000
_BYTES_AT_ONCE = 8 << 20  # of pages as they came: a server may send long texts
_SECONDS_AT_ONCE = 5.0
_COMPACT_EVERY = 100  # commits, while streams are listened to
_NOT_THERE = {403, 404, 405, 406, 410, 422, 501}  # a server without that part of the interface

Say = Callable[[Step], None]


@dataclass(slots=True)
class Outcome:
    """What a sync did for one connection. new: rows by table ("returned": what was gone and is there again), changed: new
    versions of known ones; failures: what went wrong, for the person; left_out: what was not read on purpose.
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
    with held(lab.folder, "sync.lock", SyncBusyError):
        return _Sync(lab, clock, say, stop or threading.Event(), full=full, live=live).run(which)


class _Sync:
    """One run. Threads fetch (`fetching`); everything else happens here, in the caller's thread."""

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
        self._live = live
        self._commits = 0
        self._at = clock()
        self._known_by = max(self._at, lab.register.newest_known() or self._at)
        self._fetching = Fetching(lab.register, at=self._at, stop=self._stop, full=full, live=live)
        self._buffers: dict[tuple[str, str], _Buffer] = {}
        self._outcomes: dict[str, Outcome] = {}

    def run(self, which: Sequence[Connection]) -> list[Outcome]:
        self._outcomes = {c.id: Outcome(c, living_named(c.source)) for c in which}
        open_ends = len(which)
        self._fetching.start(which)
        try:
            while open_ends:
                open_ends -= self._next()
                self._store_what_waits()
        except BaseException:
            self._stop.set()
            self._drain()
            raise
        self._store_rest()  # of streams that were stopped
        if any(sum(o.new.values()) + sum(o.changed.values()) for o in self._outcomes.values()):
            with self._writing() as writer:
                writer.derive([f for f in all_facts().values() if f.at_import])
                writer.compact()
        return list(self._outcomes.values())

    def _next(self) -> int:
        """Take one thing off the queue; gives 1 where it ended a connection."""
        try:
            item = self._fetching.items.get(timeout=0.5)
        except queue.Empty:
            return 0
        if isinstance(item, Step):
            self._say(item)
            return 0
        if isinstance(item, End):
            self._end(item)
            return 0 if item.stream else 1
        connection, stream = item.connection, item.stream
        buffer = self._buffer(connection, stream)
        if buffer.broken is None:
            try:
                self._read(self._outcomes[connection.id].living, stream, item.page, buffer)
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
        buffer.events += returned.told_anew(self._lab, buffer.events)
        mark = ""  # without a new position the cursor stays where it is
        if buffer.position is not None:
            buffer.events.append(Checkpoint(position=buffer.position))
            mark = f"{name}/{stream}"
        with self._writing() as writer:
            if buffer.events:
                buffer.import_id = buffer.import_id or self._import_row(writer, outcome, stream)
                events = _without_known_problems(writer, buffer.events, buffer.import_id)
                added = writer.add(
                    events, source=outcome.living.name, fingerprint=mark, import_id=buffer.import_id
                )
                _count(outcome, added, events)
            if reach is not None:
                with writer.lab.register.transaction() as db:
                    connections.put_reach(db, reach)
            self._commits += 1
            if self._live and not self._commits % _COMPACT_EVERY:
                writer.compact()
        buffer.events, buffer.rows, buffer.size = [], 0, 0
        buffer.position, buffer.since = None, time.monotonic()

    def _end(self, end: End) -> None:
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
            back = returned.seen_again(self._lab, end.connection, buffer.listed, at=self._at)
            events, note = gone.differences(
                self._lab,
                end.connection,
                end.stream.lists,
                buffer.listed,
                at=self._at,
                complete=error is None,
                known_by=self._known_by,
            )
            buffer.events += back + events
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
            offered=not not_told,
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
        place = f"{connection.account} {stream}"
        with register.transaction() as db:
            number, _new = register.import_row(
                outcome.living.name,
                f"{connection.id}/{stream}",
                place=place,
                at=self._at,
            )
            db.execute(
                "update import set finished_at = ?, place = ? where id = ?", (as_us(self._at), place, number)
            )
        return number

    def _writing(self) -> AbstractContextManager[Writer]:
        return self._lab.writing_patiently(self._clock())

    def _drain(self) -> None:
        """Store what has been read; let the threads come to their end, but wait for no server that is slow to answer."""
        deadline = time.monotonic() + _PATIENCE_S
        while self._fetching.still_running() and time.monotonic() < deadline:
            try:
                self._fetching.items.get(timeout=0.05)
            except queue.Empty:
                continue
        self._store_rest()

    def _store_rest(self) -> None:
        for (name, stream), buffer in self._buffers.items():
            if buffer.position is not None:
                self._store(name, stream, buffer)


def _count(outcome: Outcome, added: Added, events: Sequence[Event]) -> None:
    """Add up what was stored. Going and coming back are told by rows of one table; neither is a version of the other."""
    back = sum(isinstance(e, Deletion) and e.of.endswith(" back") for e in events)
    for table, count in added.new.items():
        changed = 0 if table == "deletions" else added.changed.get(table, 0)
        outcome.new[table] = outcome.new.get(table, 0) + count - changed
        outcome.changed[table] = outcome.changed.get(table, 0) + changed
    if back:
        outcome.new["deletions"] = max(outcome.new.get("deletions", 0) - back, 0)
        outcome.new["returned"] = outcome.new.get("returned", 0) + back
    outcome.problems += added.problems


def _without_known_problems(writer: Writer, events: Sequence[Event], import_id: int) -> list[Event]:
    """The same without problems that were told before: a bad record comes again with each sync and is one."""
    db, told = writer.lab.register.db, set[tuple[str, str]]()

    def is_new(problem: Problem) -> bool:
        which = (problem.where, problem.message)
        sql = "select 1 from problem where import = ? and place = ? and message = ?"
        new = which not in told and db.execute(sql, (import_id, *which)).fetchone() is None
        told.add(which)
        return new

    kept: list[Event] = []
    for event in events:
        if isinstance(event, Rows) and event.problems:
            kept.append(replace(event, problems=tuple(filter(is_new, event.problems))))
        elif not isinstance(event, Problem) or is_new(event):
            kept.append(event)
    return kept


def _as_told(error: Exception) -> LeumundError:
    """An error as something a person can be told."""
    if isinstance(error, LeumundError):
        return error
    return SourceError(_("Something unexpected: {error}").format(error=f"{type(error).__name__}: {error}"))
