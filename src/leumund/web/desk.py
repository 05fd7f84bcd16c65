"""Between the server and the reader: what was worked out is remembered until the lab changes.

ask(page, asked)   the page's facts, from memory or from the reader; StillWorkingError after a few seconds
pieces(page, ...)  several answers side by side, None for those that are not ready
change(page, ...)  what a form does; afterwards nothing old is believed
show(folder)       another lab from now on
wake()             the reader begins, before anybody asks
rest()             the reader may go: nobody has asked for a while
"""

from __future__ import annotations

import contextlib
import multiprocessing
import sqlite3
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures import TimeoutError as NotYetError
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

from leumund.web import reader
from leumund.web.page import Asked, Elsewhere, all_pages
from leumund.web.reader import Refused

_MOST_KEPT = 300  # answers
_LONGEST_WAIT_S = 6.0  # then the page says that it is being worked out
_LOOK_AGAIN_S = 10.0  # a lab that is being synced changes all the time: no more often is a new state opened
_PIECES_WAIT_S = 1.0  # since the page was asked for; then it is shown without the pieces that are missing
_OLDEST_S = 1800.0  # "now" moves on: an answer of today is worked out anew from time to time
_IDLE_S = 120.0

Key = tuple[str, str, str]


class StillWorkingError(Exception):
    """It takes longer. seconds: since when it has been worked at."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Desk:
    """One lab's desk. Safe to be used by many threads."""

    def __init__(self, folder: Path, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.folder = folder
        self._clock = clock
        self._lock = threading.RLock()
        self._pool: ProcessPoolExecutor | None = None
        self._kept: OrderedDict[Key, Any] = OrderedDict()
        self._working: dict[Key, tuple[Future[Any], float]] = {}
        self._watch: sqlite3.Connection | None = None
        self._watched: tuple[int, int] = (0, 0)
        self._seen = ""
        self._seen_at = self._state_at = self._asked_at = clock()
        self._changes = 0

    def ask(self, page: str, asked: Asked, *, wait: float = _LONGEST_WAIT_S) -> Any:
        """What the page needs, or `Refused`.

        Raises:
            StillWorkingError: not yet; ask again.
        """
        key = (self.version(), page, repr(asked))
        with self._lock:
            self._asked_at = self._clock()
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            if key not in self._working:
                self._working[key] = (self._send(reader.take, key[0], page, asked), self._clock())
            future, since = self._working[key]
        try:
            found = future.result(wait)
        except NotYetError:
            raise StillWorkingError(self._clock() - since) from None
        except BrokenProcessPool:
            self._forget_reader()
            found = self._send(reader.take, key[0], page, asked).result()
        finally:
            if future.done():
                with self._lock:
                    self._working.pop(key, None)
        with self._lock:
            if not all_pages()[page].remembered:
                return found
            self._kept[key] = found
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return found

    def wake(self) -> None:
        """Begin the reader, so that the first page finds it there."""
        with self._lock:
            self._asked_at = self._clock()
            self._send(reader.wake, self.version())

    def pieces(self, page: str, wanted: Mapping[str, Asked], *, began: float) -> dict[str, Any]:
        """What a page is put together from: each answer or `Refused`, None where it is still being worked out.

        began: when the page was asked for, by time.monotonic(): what it took until now is not waited once more.
        """
        until = began + _PIECES_WAIT_S
        found: dict[str, Any] = {}
        for ready in (False, True):  # all are asked for before the first is waited for
            for name, asked in wanted.items():
                if found.get(name) is None:
                    wait = max(0.0, until - time.monotonic()) if ready else 0.0
                    with contextlib.suppress(StillWorkingError):
                        found[name] = self.ask(page, asked, wait=wait)
        return {name: found.get(name) for name in wanted}

    def change(self, page: str, asked: Asked) -> Elsewhere | Refused:
        """What a form asks for, done; every answer afterwards knows of it."""
        with self._lock:
            self._asked_at = self._clock()
            future = self._send(reader.change, self.version(), page, asked)
        found: Elsewhere | Refused = future.result()
        if not (isinstance(found, Elsewhere) and found.soon):
            self.changed()
        return found

    def version(self) -> str:
        """Which state of the lab is shown now: another one when something was written to it, or time has passed."""
        with self._lock:
            now = self._clock()
            if self._seen and now - self._seen_at < _LOOK_AGAIN_S and now - self._state_at < _OLDEST_S:
                return self._seen
            self._seen_at = now
            seen = f"{self._written()}.{self._changes}"
            if seen != self._seen.rpartition("/")[0] or now - self._state_at >= _OLDEST_S:
                self._state_at = now
                self._seen = f"{seen}/{now:.0f}"
                self._kept.clear()
            return self._seen

    def show(self, folder: Path) -> None:
        """Another lab is shown from now on."""
        with self._lock:
            self.folder = folder
            if self._watch is not None:
                self._watch.close()
                self._watch = None
        self.changed()

    def changed(self) -> None:
        """The lab is another than it was: nothing old is believed."""
        with self._lock:
            self._changes += 1
            self._seen_at = self._clock() - _LOOK_AGAIN_S

    def rest(self) -> None:
        """Let the reader go if nobody has asked for a while; what it worked out is still known."""
        with self._lock:
            if self._pool is not None and not self._working and self._clock() - self._asked_at > _IDLE_S:
                self._forget_reader()

    def close(self) -> None:
        """Nothing is asked any more."""
        with self._lock:
            if self._pool is not None:
                readers = list(
                    (self._pool._processes or {}).values()
                )  # after the shutdown it knows them no more
                self._pool.shutdown(wait=False, cancel_futures=True)
                for process in readers:
                    process.terminate()
                self._pool = None
            if self._watch is not None:
                self._watch.close()
                self._watch = None

    def _send(self, work: Callable[..., Any], version: str, *what: Any) -> Future[Any]:
        with self._lock:
            if self._pool is None:
                context = multiprocessing.get_context("spawn")  # threads of a server must not be forked
                self._pool = ProcessPoolExecutor(1, mp_context=context, initializer=reader.begin)
            try:
                return self._pool.submit(work, self.folder, version, *what)
            except BrokenProcessPool:
                self._forget_reader()
                return self._send(work, version, *what)

    def _forget_reader(self) -> None:
        with self._lock:
            if self._pool is not None:
                self._pool.shutdown(wait=False)
                self._pool = None
                self._working.clear()

    def _written(self) -> str:
        """A word that changes whenever anybody writes to the lab or another file takes its place."""
        file = self.folder / "lab.sqlite"
        with contextlib.suppress(OSError, sqlite3.Error):
            at = file.stat()
            if self._watch is None or self._watched != (at.st_dev, at.st_ino):
                if self._watch is not None:
                    self._watch.close()
                place = f"{file.absolute().as_uri()}?mode=ro"
                self._watch = sqlite3.connect(place, uri=True, check_same_thread=False)
                self._watched = (at.st_dev, at.st_ino)
            written = self._watch.execute("pragma data_version").fetchone()[0]
            return f"{at.st_ino}-{written}"
        return "unreadable"
