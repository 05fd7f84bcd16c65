"""Apache Spark's part of `store.spark`: what reads the lab's files, and what is too large to go on elsewhere.

Workers read the segments themselves: the lab's folder must lie where all of them see it under the same name, or a copy of
it on shared storage must be named (setting `spark.leumund.files`, see docs/cluster.md). Kept rows lie in the workers'
memory, or on their disks, until the session ends or another table takes the name; each part with two of them, so that one
may be lost.
"""

from __future__ import annotations

import os
import re
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from sqlglot import exp

from leumund.errors import EngineError
from leumund.locale import _

_SIGNS = re.compile(r"[*?\[{]")
_PLACE = re.compile(r"local(\[.+\])?|spark://.+|yarn|k8s://.+")
"""Where Spark says it can run."""
_BRACKETED = re.compile(r"\[([*?\[])\]")  # how `session.files` writes such a sign


@dataclass(slots=True)
class Frame:
    """The rows of a query, worked out when they are asked for."""

    frame: Any

    def rows(self) -> pa.Table:
        """All of them, times as microseconds without a zone (UTC)."""
        with _said_plainly():
            table: pa.Table = self.frame.toArrow()
        fields = [
            f.with_type(pa.timestamp("us")) if pa.types.is_timestamp(f.type) else f for f in table.schema
        ]
        return table.cast(pa.schema(fields))

    def to_arrow_table(self) -> pa.Table:
        """All of them, as DuckDB gives them: sums of whole numbers of any length are doubles."""
        table = self.rows()
        fields = [f.with_type(pa.float64()) if pa.types.is_decimal(f.type) else f for f in table.schema]
        return table.cast(pa.schema(fields))

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All of them."""
        columns = [c.to_pylist() for c in self.to_arrow_table().columns]
        return list(zip(*columns, strict=True)) if columns else []

    def kept(self) -> int:
        """Work them out now and keep them with the workers; gives how many they are.

        From now on they are rows and no query: Spark would plan the query of every kept table, and those of the tables
        it asked of, again with each that asks of it, and with a few dozen of them that takes minutes. So they cannot be
        worked out again: where there are several workers, two have each part.
        """
        from pyspark import StorageLevel

        alone = self.frame.sparkSession.conf.get("spark.master").startswith("local")
        where = StorageLevel.MEMORY_AND_DISK if alone else StorageLevel.MEMORY_AND_DISK_2
        with _said_plainly():
            self.frame = self.frame.localCheckpoint(eager=False, storageLevel=where)
            return int(self.frame.count())


class Workers:
    """Spark at one place, and what it knows by name for one session of `store.spark`.

    Raises:
        EngineError: Spark or Java is missing, or nothing answers there.
    """

    def __init__(self, master: str, folder: Path, memory_mb: int) -> None:
        self._spark = _begun(master, memory_mb)
        self._place = self._spark.conf.get("spark.leumund.files", "") or _SIGNS.sub(r"[\g<0>]", str(folder))
        self._folder = str(folder)
        self._views: dict[str, list[str]] = {}
        self._files: set[str] = set()

    def sql(self, words: str) -> Frame:
        """The rows of a query in Spark's words."""
        with _said_plainly():
            return Frame(self._spark.sql(words))

    def columns(self, view: str) -> Sequence[str]:
        """The columns of what is called so."""
        return self._views[view]

    def knows(self, view: str) -> bool:
        """Whether anything is called so."""
        return view in self._views

    def is_files(self, name: str) -> bool:
        """Whether this is a name that `files` gave."""
        return name in self._files

    def show(self, view: str, frame: Frame) -> None:
        """Give these rows a name."""
        frame.frame.createOrReplaceTempView(view)
        self._views[view] = list(frame.frame.columns)

    def send(self, view: str, rows: pa.Table) -> None:
        """Send rows to the workers and give them a name."""
        with _said_plainly():
            self.show(view, Frame(self._spark.createDataFrame(rows, schema=_in_spark(rows.schema))))

    def forget(self, view: str) -> None:
        """Nothing is called so any more; frames made of it go on."""
        if self._views.pop(view, None) is not None:
            self._spark.catalog.dropTempView(view)

    def set_map(self, name: str, words: str) -> None:
        """Give a variable a value, a map from whole numbers to such."""
        self._spark.sql(f"declare or replace variable leumund_{name} map<bigint, bigint>")
        self._spark.sql(f"set var leumund_{name} = {words}")

    def files(self, read: exp.ReadParquet) -> str:
        """Name the rows of some Parquet files. Columns that a part of them lacks are there, and empty for that part.

        Their shape is read here, in a moment; Spark would begin a job for it.
        """
        paths = _paths(read)
        shapes = [pq.read_schema(path).remove_metadata() for path in paths]
        shape = _in_spark(pa.unify_schemas(shapes, promote_options="permissive"))
        name = f"leumund_files_{len(self._files)}"
        self._files.add(name)
        there = (self._place + path.removeprefix(self._folder) for path in paths)
        with _said_plainly():
            self.show(name, Frame(self._spark.read.schema(shape).parquet(*there)))
        return name

    def number(self, setting: str, otherwise: int) -> int:
        """A setting that is a whole number."""
        return int(self._spark.conf.get(setting, str(otherwise)))

    def close(self) -> None:
        """Let all names and kept rows go; Spark itself goes on for the next session."""
        for view in list(self._views):
            self.forget(view)


@contextmanager
def _said_plainly() -> Iterator[None]:
    """Turn what Spark or its Java says when it cannot go on into words for a person: one line of it."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (PySparkException, Py4JError) as error:
        raise EngineError(
            _("Spark could not answer: {why}").format(why=_told(error)),
            hint=_("Do all workers see the lab's files, or a whole copy of them? docs/cluster.md says how."),
        ) from error


def _told(error: Exception) -> str:
    """The line of an error that says something: of py4j's what Java raised, which stands below what it was asked."""
    lines = str(error).strip().splitlines() or [repr(error)]
    return next((line[2:] for line in lines if line.startswith(": ")), lines[0])


def rows_of(read: exp.ReadParquet) -> int:
    """How many rows some Parquet files have."""
    return sum(pq.read_metadata(path).num_rows for path in _paths(read))


def _paths(read: exp.ReadParquet) -> list[str]:
    return [_BRACKETED.sub(r"\1", p.name) for p in read.expressions[0].expressions]


def _in_spark(shape: pa.Schema) -> Any:
    """These columns as Spark calls them; times have no zone."""
    from pyspark.sql.pandas.types import from_arrow_schema

    return from_arrow_schema(shape, prefer_timestamp_ntz=True)


def _begun(master: str, memory_mb: int) -> Any:
    try:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession as Spark
    except ImportError as missing:
        raise EngineError(
            _("The engine for many machines is not installed."), hint='pip install "leumund[spark]"'
        ) from missing
    if not _PLACE.fullmatch(master):  # before Java is started for nothing
        raise _not_begun(master, _("no such place is known"))
    if master.startswith("spark://") and not _answers(master):  # Spark itself tries for minutes
        raise _not_begun(master, _("nothing answers there"))
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = Spark.builder.appName("leumund").master(master)
    for key, value in _settings(master, memory_mb).items():
        builder = builder.config(key, value)
    try:
        spark = builder.getOrCreate()
    except (PySparkException, Py4JError, OSError, ValueError) as error:
        raise _not_begun(master, _told(error)) from error
    if master.startswith(
        "local"
    ):  # Spark's 200 parts are meant for many machines; it joins small ones, after the work
        spark.conf.set("spark.sql.shuffle.partitions", str(2 * spark.sparkContext.defaultParallelism))
    return spark


def _settings(master: str, memory_mb: int) -> dict[str, str]:
    """What the numbers need, and on one machine what its size needs."""
    needed = {
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.ansi.enabled": "true",  # a sum that overflows is an error, not another number
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",  # from the start on: each try to reach a master is a page of Java's words
    }
    if master.startswith("local"):
        needed |= {
            "spark.driver.memory": f"{memory_mb}m",
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.ui.enabled": "false",
        }
    return needed


def _answers(master: str) -> bool:
    """Whether somebody listens at spark://HOST:PORT, or at one of several HOST:PORT."""
    for place in master.removeprefix("spark://").split(","):
        host, _colon, port = place.rpartition(":")
        with suppress(OSError, ValueError):
            socket.create_connection((host.strip("[]"), int(port)), timeout=10).close()
            return True
    return False


def _not_begun(master: str, why: str) -> EngineError:
    return EngineError(
        _("Spark cannot be started at {master}: {why}").format(master=master, why=why),
        hint=_("It needs Java 17. Say where it runs: --engine spark://HOST:7077, or --engine local[2]."),
    )
