"""lab.sqlite: what must be looked up or changed in place, and the catalogue of event segments.

A segment exists when its row stands here. Segment rows, the accounts they name and the source's
new cursor are committed in one transaction, so a kill at any moment leaves a whole lab.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from leumund.errors import (
    LabBusyError,
    LabDamagedError,
    LabFullError,
    LabReadOnlyError,
    LabTooNewError,
    NoLabError,
)
from leumund.locale import _
from leumund.store.schema import DDL, SCHEMA_VERSION
from leumund.store.segments import is_ours

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def as_us(moment: datetime) -> int:
    """Microseconds since 1970 of an aware time."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def as_time(us: int) -> datetime:
    """The aware UTC time of microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=us)


@dataclass(frozen=True, slots=True)
class Segment:
    """One Parquet file as the catalogue knows it. Times in microseconds since 1970."""

    id: int
    tbl: str
    month: str
    path: str
    rows: int
    revisions: int
    bytes: int
    min_at: int | None
    max_at: int | None
    min_known: int | None
    max_known: int | None
    inputs: str | None
    code: str | None


_SEGMENT_COLUMNS = (
    "id, tbl, month, path, rows, revisions, bytes, min_at, max_at, min_known, max_known, inputs, code"
)


class Register:
    """The lab's SQLite file. Reading needs no lock; writing is done inside `transaction()`."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        if not path.exists():
            raise NoLabError(path.parent)
        self.db = _connect(path, read_only=read_only)
        try:
            theirs = int(self.get("schema_version", "0"))
        except sqlite3.DatabaseError as error:
            raise LabDamagedError(path, str(error)) from error
        if theirs > SCHEMA_VERSION:
            self.close()
            raise LabTooNewError(path.parent, theirs, SCHEMA_VERSION)
        self.version = theirs

    @classmethod
    def create(cls, path: Path) -> Register:
        """A new register with an empty lab's tables; all or nothing, whenever this is killed.

        Raises:
            FileExistsError: there is one. LabFullError, LabReadOnlyError.
        """
        new = path.with_name(path.name + ".new")
        _unlink(new)
        try:
            db = sqlite3.connect(new, isolation_level=None)
            with contextlib.closing(db):
                db.execute("pragma journal_mode = wal")
                db.execute("pragma synchronous = full")
                statements = "".join(
                    f"insert into meta values ({n!r}, {v!r});" for n, v in _first_meta().items()
                )
                db.executescript(f"begin immediate;{DDL}{statements}commit;")
                # Closing would do the same, but says nothing where there is no room for it.
                db.execute("pragma wal_checkpoint(truncate)")
            try:
                os.link(new, path)
            except FileExistsError:
                raise
            except OSError:  # a disk without links
                new.rename(path)
        except sqlite3.Error as error:
            raise translated(error, path) from error
        finally:
            _unlink(new)
        return cls(path)

    def close(self) -> None:
        self.db.close()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All that is written inside is committed together, or not at all.

        Raises:
            LabFullError, LabReadOnlyError: what SQLite said, for a person.
        """
        try:
            self.db.execute("begin immediate")
            try:
                yield self.db
                self.db.execute("commit")
            except BaseException:
                if self.db.in_transaction:
                    self.db.execute("rollback")
                raise
        except sqlite3.Error as error:
            raise translated(error, self.path) from error

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[None]:
        """All that is read inside is one state of the register."""
        if self.db.in_transaction:
            yield
            return
        self.db.execute("begin")
        try:
            yield
        finally:
            self.db.execute("rollback")

    # -- small facts

    def get(self, name: str, default: str = "") -> str:
        row = self.db.execute("select value from meta where name = ?", (name,)).fetchone()
        return row[0] if row else default

    def put(self, name: str, value: str) -> None:
        self.db.execute("insert or replace into meta values (?, ?)", (name, value))

    # -- the catalogue

    def segments(
        self, tbl: str, *, overlapping: tuple[int, int] | None = None, month: str | None = None
    ) -> list[Segment]:
        """The living segments of a table, oldest first; only those that overlap a span of time, or of one month."""
        sql = f"select {_SEGMENT_COLUMNS} from segment where retired_at is null and tbl = ?"
        values: list[Any] = [tbl]
        if month is not None:
            sql += " and month = ?"
            values.append(month)
        if overlapping is not None:
            sql += " and max_at >= ? and min_at <= ?"
            values.extend(overlapping)
        return self._checked(Segment(*row) for row in self.db.execute(sql + " order by month, id", values))

    def all_segments(self) -> list[Segment]:
        """Every living segment of every table, derived ones too."""
        sql = f"select {_SEGMENT_COLUMNS} from segment where retired_at is null order by tbl, month, id"
        return self._checked(Segment(*row) for row in self.db.execute(sql))

    def _checked(self, segments: Iterable[Segment]) -> list[Segment]:
        found = list(segments)
        for segment in found:
            if not is_ours(segment.path):
                raise LabDamagedError(
                    self.path, _("the catalogue names a foreign file: {path}").format(path=segment.path)
                )
        return found

    def add_segment(self, *, at: datetime, **row: Any) -> int:
        """A new catalogue row; gives its id. To be called inside a transaction."""
        row["created_at"] = as_us(at)
        names = ", ".join(row)
        marks = ", ".join("?" * len(row))
        done = self.db.execute(f"insert into segment ({names}) values ({marks})", tuple(row.values()))
        assert done.lastrowid is not None
        return done.lastrowid

    def retire(self, ids: Iterable[int], at: datetime) -> None:
        """These segments are no more; their files are swept later. Inside a transaction."""
        self.db.executemany("update segment set retired_at = ? where id = ?", [(as_us(at), i) for i in ids])

    def retired(self) -> list[tuple[int, str, int]]:
        """(id, path, when) of the segments whose files may still lie about."""
        return self.db.execute(
            "select id, path, retired_at from segment where retired_at is not null"
        ).fetchall()

    # -- cursors and imports

    def cursor(self, source: str, fingerprint: str) -> dict[str, Any] | None:
        row = self.db.execute(
            "select position from cursor where source = ? and fingerprint = ?", (source, fingerprint)
        ).fetchone()
        return json.loads(row[0]) if row else None

    def put_cursor(
        self, source: str, fingerprint: str, position: Mapping[str, Any] | None, at: datetime
    ) -> None:
        """Remember how far a source was read; None: read to its end, start anew next time."""
        if position is None:
            self.db.execute("delete from cursor where source = ? and fingerprint = ?", (source, fingerprint))
            return
        self.db.execute(
            "insert or replace into cursor values (?, ?, ?, ?)",
            (source, fingerprint, json.dumps(position, sort_keys=True), as_us(at)),
        )

    def newest_known(self) -> datetime | None:
        """When the newest of what is stored became known; None in an empty lab."""
        ((newest,),) = self.db.execute(
            "select max(at) from (select max(max_known) as at from segment union all select max(known_at) from statement)"
        ).fetchall()
        return as_time(newest) if newest is not None else None

    def import_row(self, source: str, fingerprint: str, *, place: str, at: datetime) -> tuple[int, bool]:
        """The row of what a source read under that fingerprint, and whether it was made now. Inside a transaction."""
        row = self.db.execute(
            "select id from import where source = ? and fingerprint = ?", (source, fingerprint)
        ).fetchone()
        if row is not None:
            return int(row["id"]), False
        done = self.db.execute(
            "insert into import (source, place, fingerprint, started_at) values (?, ?, ?, ?)",
            (source, place, fingerprint, as_us(at)),
        )
        return int(done.lastrowid or 0), True

    # -- accounts

    def uris(self, keys: Iterable[int]) -> dict[int, str]:
        """The canonical URIs of these account keys."""
        return {key: row["uri"] for key, row in self.accounts(keys).items()}

    def accounts(self, keys: Iterable[int]) -> dict[int, sqlite3.Row]:
        """What is known of these accounts, by key."""
        wanted = list(dict.fromkeys(keys))
        found: dict[int, sqlite3.Row] = {}
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            marks = ", ".join("?" * len(part))
            for row in self.db.execute(f"select * from account where key in ({marks})", part):
                found[row["key"]] = row
        return found

    def aliases(self) -> dict[int, int]:
        """Key -> the key that stands for it, for accounts that have several URIs."""
        return dict(self.db.execute("select key, canonical from alias").fetchall())

    def known_as(self, keys: Iterable[int]) -> dict[int, dict[str, Any]]:
        """What is known of these accounts under any of their URIs, by the key that was asked for.

        uri is the one people would write (an address before a number or a profile link); the other values are the
        first that is known, the one with a handle first; own if any of them is.
        """
        wanted = list(dict.fromkeys(keys))
        heads = self.aliases()
        others: dict[int, list[int]] = {}
        for key, head in heads.items():
            others.setdefault(head, []).append(key)
        groups = {k: [heads.get(k, k), *others.get(heads.get(k, k), [])] for k in wanted}
        rows = self.accounts(k for group in groups.values() for k in group)
        found = {}
        for key, group in groups.items():
            known = [rows[k] for k in dict.fromkeys(group) if k in rows]
            if not known:
                continue
            if len(known) == 1:  # nearly all of them
                found[key] = {**dict(known[0]), "aliases": []}
                continue
            known.sort(key=lambda r: (r["handle"] is None, _plainness(r["uri"]), r["uri"]))
            columns = known[0].keys()
            merged = {c: next((r[c] for r in known if r[c] is not None), None) for c in columns}
            merged["uri"] = min((r["uri"] for r in known), key=lambda u: (_plainness(u), u))
            merged["own"] = max(r["own"] for r in known)
            merged["aliases"] = sorted({r["uri"] for r in known} - {merged["uri"]})
            found[key] = merged
        return found

    def own_accounts(self) -> list[int]:
        """Keys of the owner's own accounts, the ones linked to her person too; one key for each account."""
        sql = """select key from account where own = 1 union
                 select account from person_account join person on person.id = person where owner = 1"""
        heads = self.aliases()
        return sorted({heads.get(row[0], row[0]) for row in self.db.execute(sql)})

    def own_names(self) -> set[str]:
        """URIs of the owner's accounts, under all their names."""
        own = set(self.own_accounts())
        return set(self.uris(own | {key for key, head in self.aliases().items() if head in own}).values())


def _plainness(uri: str) -> int:
    """How readily people write such a URI: addresses first, then profiles, numbers and identifiers last."""
    if uri.startswith(("acct:", "at://")):
        return 0
    return 2 if uri.startswith(("did:", "https://x.com/i/user/")) else 1


def _unlink(database: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        with contextlib.suppress(OSError):
            database.with_name(database.name + ending).unlink(missing_ok=True)


def translated(error: sqlite3.Error, path: Path) -> Exception:
    """What SQLite said, as an error for a person."""
    text = str(error).lower()
    if "full" in text or "disk i/o" in text:
        return LabFullError(path.parent)
    if "readonly" in text or "read-only" in text or "unable to open" in text:
        return LabReadOnlyError(path.parent)
    if "locked" in text:
        return LabBusyError(path.parent)
    if "malformed" in text or "not a database" in text:
        return LabDamagedError(path, str(error))
    return error


def _connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
    db: sqlite3.Connection | None = None
    try:
        db = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rw'}", uri=True, isolation_level=None
        )
        db.row_factory = sqlite3.Row
        db.execute("select count(*) from sqlite_master").fetchone()
        if not read_only:
            for pragma in ("synchronous = full", "secure_delete = on", "foreign_keys = on"):
                db.execute(f"pragma {pragma}")
        db.execute("pragma busy_timeout = 20000")
    except sqlite3.OperationalError as error:
        if db is not None:
            db.close()
        # A folder that cannot be written to: SQLite cannot make its -shm file there. Whoever was killed may have left
        # a log, and without that the register would look as it was before: emptier than it is.
        if read_only and not _left_a_log(path):
            return _connect_immutable(path)
        raise translated(error, path) from error
    except sqlite3.DatabaseError as error:
        raise LabDamagedError(path, _("lab.sqlite is not readable ({error})").format(error=error)) from error
    return db


def _left_a_log(path: Path) -> bool:
    log = path.with_name(path.name + "-wal")
    return log.exists() and log.stat().st_size > 0


def _connect_immutable(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)
    db.row_factory = sqlite3.Row
    return db


def _first_meta() -> dict[str, str]:
    return {"schema_version": str(SCHEMA_VERSION)}
