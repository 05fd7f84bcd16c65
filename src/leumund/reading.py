"""Pages read and parsed ahead of the one who stores them: of one file, and of the next while the last of one is stored.

    fetch -> Page -> parse, several at a time -> events, in the order of the pages -> the one who stores them

What takes time in unpacking and parsing is done by zlib, DuckDB and Arrow, which let other threads go on meanwhile; so it is
threads that read, and no process has to be started, no column copied. Pages come out in the order in which they lie in the
files, and a fault when its turn comes: what is stored, told and counted is the same however many threads there are. How far
they go ahead is bounded, and so is memory.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from threading import Condition
from types import TracebackType
from typing import NamedTuple, Self

from leumund.events import Event
from leumund.sources import Cursor, FileSettings, Page, Source

_MOST_THREADS = 4
"""More would wait: storing takes as long as two of them take for parsing."""
_AHEAD_BYTES = 22 * 2**20  # three pieces of a large file
_AHEAD_PAGES = 8


class Parsed(NamedTuple):
    """A page, its events, and what stopped the parser after these, if anything did."""

    page: Page
    events: Sequence[Event]
    fault: Exception | None


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be read: a file by its source, from a place on."""

    source: Source
    settings: FileSettings
    cursor: Cursor

    def pages(self) -> Iterator[Page]:
        return self.source.fetch(self.settings, self.cursor)

    def parsed(self, page: Page) -> Parsed:
        events: list[Event] = []
        try:
            for event in self.source.parse(page):
                events.append(event)  # noqa: PERF402  those before a fault are kept
        except Exception as fault:  # noqa: BLE001  raised by whoever takes the page, in its turn
            return Parsed(page, events, fault)
        return Parsed(page, events, None)


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Reader:
    """Reads one file after the other; to be closed. threads: None for as many as there are processors; 1 for none but ours."""

    def __init__(self, *, threads: int | None = None) -> None:
        count = min(processors() if threads is None else threads, _MOST_THREADS)
        self._ahead = _Ahead(count) if count > 1 else None
        self._reading: _Reading | None = None
        self._foreseen: _Reading | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        hurry = kind is not None and issubclass(kind, KeyboardInterrupt)
        for reading in (self._reading, self._foreseen):
            if reading is not None:
                reading.drop(wait=not hurry)
        if self._ahead is not None:
            self._ahead.pool.shutdown(wait=not hurry, cancel_futures=True)

    def read(self, order: Order, then: Callable[[], Order | None] = lambda: None) -> Iterator[Parsed]:
        """The pages of one file. then: says what will be read next, asked once when all of this one has been fetched.

        Raises whatever fetching raises, after the pages before that.
        """
        if self._ahead is None:
            yield from map(order.parsed, order.pages())
            return
        reading, self._foreseen = self._foreseen, None
        if reading is not None and reading.order != order:  # what came is not what was foreseen
            reading.drop()
            reading = None
        self._reading = reading = reading or _Reading(order, self._ahead)
        asked = False
        try:
            while (waiting := reading.take()) is not None:
                parsed = waiting.result()
                if reading.ended and not asked:
                    asked = True
                    if (following := then()) is not None:
                        self._foreseen = _Reading(following, self._ahead)
                yield parsed
            if reading.fault is not None:
                raise reading.fault
        except KeyboardInterrupt:
            reading.drop(wait=False)
            raise
        finally:
            reading.drop(wait=not reading.dropped)


class _Ahead:
    """The threads that read ahead, and how much they hold that nobody has taken yet."""

    def __init__(self, threads: int) -> None:
        self.pool = ThreadPoolExecutor(threads, "reading")
        self.changed = Condition()
        self.bytes = self.pages = 0

    def has_room(self) -> bool:
        return not self.pages or (self.bytes < _AHEAD_BYTES and self.pages < _AHEAD_PAGES)


class _Reading:
    """One file being read ahead: one thread at a time fetches its pages, any of them parse.

    What more than one thread looks at is looked at under `ahead.changed`.
    """

    def __init__(self, order: Order, ahead: _Ahead) -> None:
        self.order = order
        self.ended = self.dropped = False
        self.fault: Exception | None = None
        self._ahead = ahead
        self._waiting: deque[tuple[int, Future[Parsed]]] = deque()
        self._pages: Iterator[Page] | None = None
        self._speaking = copy_context()  # in whose language problems are told
        self._fetching: Future[None] | None = None
        with ahead.changed:
            self._go_on()

    def take(self) -> Future[Parsed] | None:
        """The next page, parsed or about to be; None after the last one."""
        with self._ahead.changed:
            self._ahead.changed.wait_for(lambda: self._waiting or self.ended)
            if not self._waiting:
                return None
            size, parsed = self._waiting.popleft()
            self._leave(size)
            self._go_on()
            return parsed

    def drop(self, *, wait: bool = True) -> None:
        """Nobody wants the rest; returns when no thread is at it any more, or at once: then the process is about to end."""
        with self._ahead.changed:
            self.ended = self.dropped = True
            for size, parsed in self._waiting:
                parsed.cancel()
                self._leave(size)
            self._waiting.clear()
            fetching = self._fetching
        if not wait:
            return
        if fetching is not None and not fetching.cancel():
            fetching.result()
        if (close := getattr(self._pages, "close", None)) is not None:
            close()

    def _leave(self, size: int) -> None:
        self._ahead.bytes -= size
        self._ahead.pages -= 1

    def _go_on(self) -> None:
        if not self.ended and self._fetching is None and self._ahead.has_room():
            self._fetching = self._ahead.pool.submit(self._speaking.copy().run, self._fetch)

    def _fetch(self) -> None:
        """In a thread: page after page as long as there is room."""
        while True:
            page, fault = self._next()
            with self._ahead.changed:
                if page is None:
                    self.ended, self.fault = True, fault
                elif not self.ended:
                    self._ahead.bytes += len(page.data)
                    self._ahead.pages += 1
                    speaking = self._speaking.copy()
                    parsed = self._ahead.pool.submit(speaking.run, self.order.parsed, page)
                    self._waiting.append((len(page.data), parsed))
                self._ahead.changed.notify_all()
                if self.ended or not self._ahead.has_room():
                    self._fetching = None
                    return

    def _next(self) -> tuple[Page | None, Exception | None]:
        try:
            if self._pages is None:
                self._pages = self.order.pages()
            return next(self._pages, None), None
        except Exception as fault:  # noqa: BLE001  raised when its turn comes, after the pages before it
            return None, fault
