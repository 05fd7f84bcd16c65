"""Bringing an older lab up to date: a backup first, then one step per version, each in one transaction."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

from leumund.errors import NoLabError
from leumund.store.register import Register
from leumund.store.schema import CONNECTION_DDL, SCHEMA_VERSION, STATEMENT_DDL
from leumund.store.segments import said_plainly

Step = Callable[[sqlite3.Connection], None]


def _connections(db: sqlite3.Connection) -> None:
    """Version 2: accounts that are kept in sync, and how far each import reaches. Posts got a column (views); segments without it are read as they are."""
    db.execute("alter table statement rename to statement_before")  # an entry's number is its kind's alone
    for statement in (STATEMENT_DDL + CONNECTION_DDL).split(";"):
        db.execute(statement)
    db.execute("insert into statement select id, kind, happened_at, known_at, body from statement_before")
    db.execute("drop table statement_before")
    for column in ("first_at", "last_at"):
        db.execute(f"alter table import add column {column} integer")


STEPS: dict[int, Step] = {2: _connections}
"""version -> what leads from the version before to it."""


def bring_up_to_date(
    folder: Path, *, steps: dict[int, Step] | None = None, target: int = SCHEMA_VERSION
) -> Path | None:
    """Migrate a lab of an older version; gives the backup's path, None where nothing was to be done.

    Only lab.sqlite changes shape by these steps; segments are never changed in place, so a copy of
    lab.sqlite is all that is needed to go back.
    """
    path = folder / "lab.sqlite"
    if not path.exists():
        raise NoLabError(folder)
    register = Register(path, read_only=True)
    version = register.version
    register.close()
    if version >= target:
        return None
    backup = folder / f"lab.before-{target}.sqlite"
    _copy(path, backup)
    ways = STEPS if steps is None else steps
    register = Register(path)
    try:
        for number in range(version + 1, target + 1):
            with register.transaction() as db:
                ways[number](db)
                register.put("schema_version", str(number))
    finally:
        register.close()
    return backup


def _copy(path: Path, to: Path) -> None:
    """A consistent copy of a SQLite file in use."""
    part = to.with_suffix(".part")
    try:
        with (
            said_plainly(path.parent),
            contextlib.closing(sqlite3.connect(path)) as source,
            contextlib.closing(sqlite3.connect(part)) as target,
        ):
            source.backup(target)
        part.replace(to)
    finally:
        part.unlink(missing_ok=True)
