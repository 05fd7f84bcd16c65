"""One owner's lab: a folder with her events, her statements and nothing else.

with Lab.open(path) as lab:              reading: any number of processes
tables = lab.tables(as_of=now)
with Lab.open(path) as lab, lab.writing(now) as writer:      writing: one process at a time
writer.add(events)
"""

from __future__ import annotations

import contextlib
import gc
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

import duckdb
import filelock

from leumund.config import SPEAKS_OF
from leumund.errors import LabBusyError, LabFullError, LabReadOnlyError, SyncBusyError
from leumund.events import Event
from leumund.facts import Fact, all_facts
from leumund.ids import account_key, display_handle
from leumund.refused import is_full
from leumund.store import append, compact, derived, forget, migrations, segments, session
from leumund.store.batch import Keys, gather
from leumund.store.met import Met
from leumund.store.register import Register, as_us
from leumund.store.tables import Tables

_WRITER_MEMORY_MB = 320
_SWEEP_AFTER_S = 3600
_BUSY_FOR_S = 60.0


@dataclass(slots=True)
class Writer:
    """The one who may change the lab, while `Lab.writing` lasts."""

    lab: Lab
    con: duckdb.DuckDBPyConnection
    at: datetime
    keys: Keys = field(init=False)
    met: Met = field(default_factory=Met)

    def __post_init__(self) -> None:
        self.keys = Keys(self.con)

    def add(
        self,
        events: Iterable[Event],
        *,
        source: str = "",
        fingerprint: str = "",
        import_id: int | None = None,
    ) -> append.Added:
        """Add events in one commit: when this returns they are stored, each once.

        A Checkpoint among them becomes the cursor of (source, fingerprint); without one that cursor ends.
        """
        # of two versions of a row the later one is the newer one, in one import and with a clock that was set back
        newest = self.lab.register.newest_known()
        at = max(self.at, newest + timedelta(microseconds=1)) if newest else self.at
        try:
            with _collected_later():
                batch = gather(events, self.keys, known_at=at)
                return append.append(
                    self.con, self.lab.register, self.lab.folder, batch,
                    at=at, met=self.met, source=source, fingerprint=fingerprint, import_id=import_id,
                )  # fmt: skip
        except BaseException:
            self.keys = Keys(self.con)  # whom this batch named first is not in the register
            raise

    def derive(
        self, facts: Sequence[Fact], progress: Callable[[str, int, int], None] | None = None
    ) -> dict[str, int]:
        """Bring facts up to date with the posts; gives rows made by fact. Interrupted, it goes on next time."""
        made = {}
        for fact in facts:
            say = (lambda done, total, name=fact.name: progress(name, done, total)) if progress else None
            made[fact.name] = derived.bring_up_to_date(
                self.con, self.lab.register, self.lab.folder, fact, at=self.at, progress=say
            )
        return made

    def compact(self) -> int:
        """Compact the months that are over and lie in many pieces; gives how many. What is too large stays in pieces."""
        done = 0
        for name, pieces in compact.due(self.lab.register, self.at):
            with contextlib.suppress(duckdb.OutOfMemoryException):
                compact.compact(self.con, self.lab.register, self.lab.folder, name, pieces, at=self.at)
                done += 1
        return done

    def forget(self, whom: int | forget.Meant) -> forget.Forgotten:
        """Erase an account (its key) with all its aliases everywhere in this lab; or just the accounts given."""
        register = self.lab.register
        who = (
            whom if isinstance(whom, forget.Meant) else forget.meant(register, forget.related(register, whom))
        )
        return forget.forget(self.con, register, self.lab.folder, who, at=self.at)


@contextlib.contextmanager
def _collected_later() -> Iterator[None]:
    """No search for rings of garbage meanwhile: a batch makes none, and many rows of accounts are walked again and again for
    it, which is a tenth of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextlib.contextmanager
def held(folder: Path, name: str, busy: type[LabBusyError | SyncBusyError]) -> Iterator[None]:
    """A lock of the lab in that folder, for one process at a time.

    Raises:
        busy: another process has it. LabFullError, LabReadOnlyError: there is no place for its file.
    """
    lock = filelock.FileLock(folder / name, timeout=0)
    try:
        lock.acquire()
    except filelock.Timeout as error:
        raise busy(folder) from error
    except OSError as error:
        raise (LabFullError(folder) if is_full(error) else LabReadOnlyError(folder)) from error
    try:
        yield
    finally:
        lock.release()


class Lab:
    """A lab's folder, open. Use `Lab.create` or `Lab.open`."""

    def __init__(self, folder: Path, register: Register) -> None:
        self.folder = folder
        self.register = register

    @classmethod
    def create(cls, folder: Path) -> Lab:
        """A new, empty lab in a folder that has none.

        Raises:
            LabReadOnlyError, LabFullError: nothing was made.
        """
        with segments.said_plainly(folder):
            folder.parent.mkdir(parents=True, exist_ok=True)
            folder.mkdir(mode=0o700, exist_ok=True)  # others' words lie in it
            return cls(folder, Register.create(folder / "lab.sqlite"))

    @classmethod
    def exists(cls, folder: Path) -> bool:
        return (folder / "lab.sqlite").exists()

    @classmethod
    def open(cls, folder: Path, *, read_only: bool = False) -> Lab:
        """An existing lab; one of an older program is backed up and brought up to date first.

        Raises:
            NoLabError, LabTooNewError, LabDamagedError.
        """
        if not read_only:
            migrations.bring_up_to_date(folder)
        return cls(folder, Register(folder / "lab.sqlite", read_only=read_only))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.register.close()

    @contextlib.contextmanager
    def writing(self, at: datetime) -> Iterator[Writer]:
        """The right to change the lab, for one process at a time. at: what "now" is for what is stored.

        Raises:
            LabBusyError: another process is at it. LabReadOnlyError, LabFullError: the folder refuses.
        """
        with held(self.folder, "write.lock", LabBusyError), segments.said_plainly(self.folder):
            spill = self.folder / "tmp" / "spill"
            self._sweep(at)
            spill.mkdir(parents=True, exist_ok=True)
            con = session.open_session(memory_mb=_WRITER_MEMORY_MB, threads=2, spill=spill)
            try:
                yield Writer(self, con, at)
            finally:
                con.close()

    @contextlib.contextmanager
    def writing_patiently(self, at: datetime) -> Iterator[Writer]:
        """The same, waited for while another process has the right for a moment.

        Raises:
            LabBusyError: it has it for longer than a minute. LabReadOnlyError: the folder refuses.
        """
        deadline = time.monotonic() + _BUSY_FOR_S
        with contextlib.ExitStack() as kept:
            while True:
                try:
                    writer = kept.enter_context(self.writing(at))
                except LabBusyError:
                    if time.monotonic() > deadline:
                        raise
                    time.sleep(0.2)
                else:
                    break
            yield writer

    def tables(self, *, as_of: datetime, known_by: datetime | None = None, **engine: Any) -> Tables:
        """The lab at one moment, for the measures. engine: memory_mb, spill, engine of `store.tables`."""
        return Tables(self.register, self.folder, as_of=as_of, known_by=known_by, **engine)

    def last_moment(self, now: datetime) -> datetime:
        """Up to which moment there can be anything: now, in the example the end of its last day."""
        told = self.register.get(SPEAKS_OF)
        return datetime.fromisoformat(told) if told else now

    def facts_missing(self, names: Iterable[str]) -> list[Fact]:
        """Which of these facts are not up to date."""
        return [f for n in names if derived.missing(self.register, f := all_facts()[n])]

    # -- who is who

    def names(self, keys: Iterable[int]) -> dict[int, str]:
        """How people write these accounts."""
        return {
            key: ("@" + row["handle"].lstrip("@")) if row["handle"] else display_handle(row["uri"])
            for key, row in self.register.known_as(keys).items()
        }

    def find_account(self, written: str) -> list[Any]:
        """The accounts a person may mean by what she wrote: its URI, its address, its handle or a part of them."""
        text = written.strip().lstrip("@").lower()
        db = self.register.db
        rows = db.execute("select * from account where key = ?", (account_key(written.strip()),)).fetchall()
        if not rows:
            exact = (
                f"acct:{text}",
                f"https://x.com/{text}",
                f"at://{text}",
                f"other:{text}",
                text,
                "@" + text,
            )
            marks = ", ".join("?" * len(exact))
            sql = f"select * from account where uri in ({marks}) or lower(handle) in (?, ?) order by own desc, uri"
            rows = db.execute(sql, (*exact, text, "@" + text)).fetchall()
        if not rows and "@" not in text:
            sql = "select * from account where uri like ? or lower(handle) like ? order by own desc, uri limit 20"
            rows = db.execute(sql, (f"acct:{text}@%", f"{text}@%")).fetchall()
        return rows

    def spelled_alike(self, name: str, most: int = 3) -> list[str]:
        """Accounts seen here whose names differ little from one that was not, the nearest first.

        Only names that begin alike or lie on the same server are looked at: there may be a million.
        """
        from difflib import get_close_matches

        text = name.strip().lstrip("@").lower()
        begins, server = text[:3], text.partition("@")[2]
        rows = self.register.db.execute(
            """select key from account where substr(lower(coalesce(handle, '')), 1, 3) = ?
                   or substr(uri, 6, 3) = ? or (? <> '' and substr(uri, -length(?)) = ?) limit 20000""",
            (begins, begins, server, server, server),
        ).fetchall()
        names = {n.lstrip("@").lower(): n for n in self.names(row[0] for row in rows).values()}
        names.pop(text, None)
        near = get_close_matches(text, names, n=10, cutoff=0.8)
        local = text.partition("@")[0]  # a long server's name makes all who are on it look alike
        return [names[n] for n in near if get_close_matches(local, [n.partition("@")[0]], cutoff=0.75)][:most]

    # -- housekeeping

    def _sweep(self, at: datetime) -> None:
        """Delete what nobody owns: leftovers of killed runs, files retired long enough ago for every reader."""
        register = self.register
        forget.finish(register, self.folder)
        known = {row[0] for row in register.db.execute("select path from segment")}
        segments.sweep_orphans(self.folder, known)
        old = [(i, p) for i, p, when in register.retired() if as_us(at) - when > _SWEEP_AFTER_S * 10**6]
        left = set(segments.discard(self.folder, [p for _, p in old]))
        if old:
            with register.transaction() as db:
                db.executemany("delete from segment where id = ?", [(i,) for i, p in old if p not in left])
