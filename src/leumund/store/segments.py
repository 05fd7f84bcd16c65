"""Parquet segments: written under a temporary name, synced, renamed; swept when nobody owns them."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import sqlite3
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from leumund.errors import LabFullError, LabReadOnlyError
from leumund.refused import is_full
from leumund.store.schema import ADDED, TABLES, UNDATED, Table
from leumund.store.session import files, quoted

if TYPE_CHECKING:  # the register looks at paths with is_ours
    from leumund.store.register import Segment

_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


_OURS = re.compile(r"events/[a-z_]+/(?:\d{4}(?:-\d\d)?|undated)/[0-9a-f]{32}\.parquet|none/[\w/.-]+")
_MOST_MONTHS = 24
_FEW = ("kind", "network", "language", "visibility", "of", "count", "known_at")
"""Columns of few different values: kept as a dictionary, which only costs time for the others."""
_ORDERED = {"BIGINT", "TIMESTAMP"}
"""Types of the columns rows are looked for by: only for these the least and greatest values are kept."""


def is_ours(path: str) -> bool:
    """Whether a path of the catalogue is one that we give: a lab from elsewhere may name any file."""
    return bool(_OURS.fullmatch(path)) and ".." not in path


@dataclass(frozen=True, slots=True)
class Written:
    """A segment file that lies in its place but is not yet in the catalogue. Times in microseconds."""

    month: str
    path: str
    rows: int
    revisions: int
    bytes: int
    min_at: int
    max_at: int
    min_known: int
    max_known: int
    which: npt.NDArray[np.bool_] | None = None
    """Of the rows that were written at once, those that lie in it; None for all."""


@contextmanager
def said_plainly(folder: Path) -> Iterator[None]:
    """Turn a full or read-only disk into words for a person."""
    try:
        yield
    except OSError as error:
        if is_full(error):
            raise LabFullError(folder) from error
        if error.errno in _FORBIDDEN:
            raise LabReadOnlyError(folder) from error
        raise
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}:
            raise LabFullError(folder) from error
        raise
    except duckdb.IOException as error:
        text = str(error).lower()
        if "no space" in text or "disk full" in text or "file too large" in text or "quota" in text:
            raise LabFullError(folder) from error
        if "permission denied" in text or "read-only" in text:
            raise LabReadOnlyError(folder) from error
        raise


def write(
    con: duckdb.DuckDBPyConnection, folder: Path, name: str, relation: str, *, columns: str, order: str = ""
) -> list[Written]:
    """Write the rows of `relation` into segments, one or more a month; gives what was written.

    folder: the lab's. name: the table the segments belong to. relation: a table or view with that
    these columns and `revision` (BOOLEAN). order: SQL to sort each month by.
    Nothing is in the catalogue yet: what is written and never registered is an orphan, swept later.

    Raises:
        LabFullError, LabReadOnlyError: nothing of this call remains.
    """
    month_of = "case when exact then year(happened_at) * 100 + month(happened_at) else 0 end"
    ((months,),) = con.execute(f"select count(distinct {month_of}) from {relation}").fetchall()
    if months > _MOST_MONTHS:  # many years at once: a segment a year, so that files do not outnumber the rows
        month_of = "case when exact then year(happened_at) * 100 else 0 end"
    stats = con.execute(
        f"""select {month_of} as month, count(*), count(*) filter (revision), epoch_us(min(happened_at)),
            epoch_us(max(happened_at)), epoch_us(min(known_at)), epoch_us(max(known_at))
            from {relation} group by all order by month"""
    ).fetchall()
    written: list[Written] = []
    with said_plainly(folder):
        staging = folder / "tmp" / uuid.uuid4().hex
        staging.mkdir(parents=True)
        try:
            for number, rows, revisions, *span in stats:
                month = _label(number)
                part = staging / f"{month}.parquet"
                where = "" if len(stats) == 1 else f"where {month_of} = {number}"
                sort = f"order by {order}" if order else ""
                con.execute(
                    f"""copy (select {columns} from {relation} {where} {sort}) to {quoted(part)}
                        (format parquet, compression zstd, compression_level 1, row_group_size 122880,
                         string_dictionary_page_size_limit 100000)"""
                )
                final = Path("events") / name / month / f"{uuid.uuid4().hex}.parquet"
                written.append(Written(month, final.as_posix(), rows, revisions, part.stat().st_size, *span))
                _settle(part, folder / final)
        except BaseException:
            discard(folder, [w.path for w in written])
            raise
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    return written


def stored(folder: Path, name: str, found: Sequence[Segment], options: str = "") -> str:
    """Segments as an SQL relation with all columns of their table, the ones that came later too (NULL there)."""
    read = f"read_parquet({files([folder / s.path for s in found])}{options})"
    if name not in ADDED or all(s.code for s in found):
        return read
    later = ", ".join(f'null::{kind} as "{column}"' for column, kind in ADDED[name].items())
    united = read[:-1] + ", union_by_name = true)"
    return f"(select {later} where false union all by name select * from {united})"


def write_fresh(folder: Path, name: Table, rows: pa.Table, revised: npt.NDArray[np.bool_]) -> list[Written]:
    """Write rows that lie in memory into segments, in the order they have; gives what was written.

    As `write`, for the rows of an import: Arrow writes what it holds at half of what DuckDB takes for it.
    revised: which rows are a new version of one that the lab has.

    Raises:
        LabFullError, LabReadOnlyError: nothing of this call remains.
    """
    rows = rows.select(list(TABLES[name].columns))
    months = _months(rows)
    present = np.unique(months)
    if len(present) > _MOST_MONTHS:
        months = months // 100 * 100
        present = np.unique(months)
    written: list[Written] = []
    with said_plainly(folder):
        staging = folder / "tmp" / uuid.uuid4().hex
        staging.mkdir(parents=True)
        try:
            for number in present.tolist():
                mine = months == number
                month, part = _label(number), staging / f"{_label(number)}.parquet"
                piece = rows if len(present) == 1 else _where(rows, mine)
                with pa.OSFile(str(part), "wb") as sink:  # closed even where the disk is full
                    pq.write_table(
                        piece, sink, row_group_size=122880, compression="zstd", compression_level=1,
                        use_dictionary=[c for c in _FEW if c in rows.column_names],
                        column_encoding={"happened_at": "DELTA_BINARY_PACKED"},
                        write_statistics=[c for c, kind in TABLES[name].columns.items() if kind in _ORDERED],
                        store_schema=False,
                    )  # fmt: skip
                final = Path("events") / name / month / f"{uuid.uuid4().hex}.parquet"
                count, size = int(np.count_nonzero(revised & mine)), part.stat().st_size
                happened, known = _span(piece["happened_at"]), _span(piece["known_at"])
                which = None if len(present) == 1 else mine
                written.append(
                    Written(month, final.as_posix(), piece.num_rows, count, size, *happened, *known, which)
                )
                _settle(part, folder / final)
        except BaseException:
            discard(folder, [w.path for w in written])
            raise
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    return written


def _where(rows: pa.Table, mine: npt.NDArray[np.bool_]) -> pa.Table:
    """These rows; where they lie side by side, as in a file in order of time, nothing is copied."""
    places = np.flatnonzero(mine)
    first, last = int(places[0]), int(places[-1])
    return rows.slice(first, len(places)) if last - first + 1 == len(places) else rows.filter(pa.array(mine))


def _months(rows: pa.Table) -> npt.NDArray[np.int64]:
    """The month of each row as year * 100 + month, 0 where its time is not certain."""
    at = rows["happened_at"].combine_chunks().view(pa.int64()).to_numpy().view("datetime64[us]")
    since = at.astype("datetime64[M]").astype(np.int64)  # months since January 1970
    months = (1970 + since // 12) * 100 + since % 12 + 1
    return np.where(rows["exact"].to_numpy(), months, 0)


def _span(times: pa.ChunkedArray) -> tuple[int, int]:
    low, high = pc.min_max(times.cast(pa.int64())).as_py().values()
    return low, high


def _label(number: int) -> str:
    if not number:
        return UNDATED
    return f"{number // 100:04}-{number % 100:02}" if number % 100 else f"{number // 100:04}"


def discard(folder: Path, paths: list[str]) -> list[str]:
    """Delete segment files; gives those that could not be deleted (open elsewhere on Windows)."""
    left = []
    for path in filter(is_ours, paths):
        try:
            (folder / path).unlink(missing_ok=True)
        except OSError:
            left.append(path)
    return left


def sweep_orphans(folder: Path, known: set[str]) -> int:
    """Delete segment files and temporary folders that no catalogue row owns; to be called by the one writer."""
    swept = 0
    for path in (folder / "events").glob("*/*/*.parquet"):
        if path.relative_to(folder).as_posix() not in known:
            with contextlib.suppress(OSError):
                path.unlink()
                swept += 1
    for path in (folder / "tmp").glob("*"):
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
    return swept


def column_list(name: Table, alias: str = "") -> str:
    """The columns of a table, for SQL."""
    prefix = f"{alias}." if alias else ""
    return ", ".join(f'{prefix}"{c}"' for c in TABLES[name].columns)


def _settle(part: Path, final: Path) -> None:
    """Sync the file and give it its name, then sync the folder that now holds it."""
    final.parent.mkdir(parents=True, exist_ok=True)
    with part.open("rb+") as handle:
        os.fsync(handle.fileno())
    part.rename(final)
    if os.name == "posix":
        descriptor = os.open(final.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
