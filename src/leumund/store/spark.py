"""The query engine for what outgrows one machine: the same SQL over the same Parquet files, run by Apache Spark.

`SparkSession` does for `store.tables` what a DuckDB connection does, as far as measures need it. Spark's workers
read the segments themselves: the lab's folder must lie where all of them see it under the same name, or a copy of it on
shared storage must be named (setting `spark.leumund.files`, see docs/cluster.md). What the owner said (SQLite) is read
here and sent along. Every kept table is worked out once and lies on the workers until the session ends.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from leumund.errors import EngineError
from leumund.locale import _

try:
    from sqlglot import exp

    from leumund.store.spark_sql import by_name, in_spark, parsed, view_name
except ImportError as missing:
    raise EngineError(
        _("The engine for many machines is not installed."), hint='pip install "leumund[spark]"'
    ) from missing


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a query, worked out when they are asked for."""

    frame: Any

    def to_arrow_table(self) -> pa.Table:
        """All of them, times as microseconds without a zone (UTC), as DuckDB gives them."""
        return _plain(self.frame.toArrow())

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All of them."""
        columns = [c.to_pylist() for c in self.to_arrow_table().columns]
        return list(zip(*columns, strict=True)) if columns else []


class SparkSession:
    """Spark as a session of `store.tables`.

    master: where it runs ("local[2]" on this machine, "spark://host:7077", "yarn", "k8s://..."). Settings of Spark that
    the environment or its own files make are kept.

    Raises:
        EngineError: Spark or Java is missing, or nothing answers there.
    """

    def __init__(self, master: str, folder: Path, *, memory_mb: int = 2048) -> None:
        self._spark = _begun(master, memory_mb)
        self._files = self._spark.conf.get("spark.leumund.files", "") or str(folder)
        self._folder = str(folder)
        self._path: list[str] = ["main"]
        self._views: dict[str, list[str]] = {}
        self._kept: list[Any] = []

    def execute(self, statement: str, /) -> None:
        """Run a statement: a query's rows kept under a name, a view, a schema, a variable, the search path."""
        tree = parsed(statement)
        if isinstance(tree, exp.Create):
            self._create(tree)
        elif isinstance(tree, exp.Set):
            self._set(tree)
        else:
            raise EngineError(_("This cannot be done by the engine for many machines."))

    def sql(self, query: str, /, *, params: Mapping[str, Any] | None = None) -> Rows:
        """The rows of a query."""
        return Rows(self._spark.sql(self._in_spark(parsed(query), params or {})))

    def register(self, name: str, table: pa.Table, /) -> None:
        """Make an Arrow table known under a name."""
        self._show(name, self._spark.createDataFrame(table))

    def close(self) -> None:
        """Let its views and kept rows go; Spark itself goes on for the next session."""
        for name in self._views:
            self._spark.catalog.dropTempView(name)
        for frame in self._kept:
            frame.unpersist()
        self._views.clear()
        self._kept.clear()

    def _create(self, tree: exp.Create) -> None:
        kind = str(tree.args["kind"]).upper()
        if kind == "SCHEMA":
            return  # names of views carry their schema
        frame = self._spark.sql(self._in_spark(tree.expression, {}))
        if kind == "TABLE":
            frame = frame.localCheckpoint(
                eager=True
            )  # else each step would work out all steps before it anew
            self._kept.append(frame)
        self._show(view_name(tree.this.db, tree.this.name), frame)

    def _set(self, tree: exp.Set) -> None:
        (item,) = tree.expressions
        name, value = item.this.this.name, item.this.expression
        if name.lower() == "search_path":
            self._path = [part.strip() for part in value.name.split(",")]
            return
        self._spark.sql(f"declare or replace variable leumund_{name} map<bigint, bigint>")
        self._spark.sql(f"set var leumund_{name} = {self._in_spark(value, {})}")

    def _show(self, name: str, frame: Any) -> None:
        frame.createOrReplaceTempView(name)
        self._views[name] = list(frame.columns)

    def _in_spark(self, tree: exp.Expr, parameters: Mapping[str, Any]) -> str:
        tree = tree.copy()
        for read in list(tree.find_all(exp.ReadParquet)):
            read.replace(exp.to_identifier(self._files_of(read), quoted=True))
        for union in [u for u in tree.find_all(exp.Union) if u.args.get("by_name")]:
            union.replace(by_name(union, self._views[union.right.args["from_"].this.name]))
        return in_spark(tree, found=self._found, columns=self._views.__getitem__, parameters=parameters)

    def _files_of(self, read: exp.ReadParquet) -> str:
        """A view of some Parquet files; columns that a part of them lacks are there."""
        paths = [
            self._files + p.name.removeprefix(self._folder) if p.name.startswith(self._folder) else p.name
            for p in read.expressions[0].expressions
        ]
        name = f"leumund_files_{len(self._views)}"
        self._show(name, self._spark.read.option("mergeSchema", len(read.expressions) > 1).parquet(*paths))
        return name

    def _found(self, schema: str, name: str) -> str:
        for place in [schema] if schema else self._path:
            if (view := view_name(place, name)) in self._views:
                return view
        return name


def _begun(master: str, memory_mb: int) -> Any:
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession as Spark
    except ImportError as missing:
        raise EngineError(
            _("The engine for many machines is not installed."), hint='pip install "leumund[spark]"'
        ) from missing
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = Spark.builder.appName("leumund").master(master)
    for key, value in _settings(master, memory_mb).items():
        builder = builder.config(key, value)
    try:
        spark = builder.getOrCreate()
    except (PySparkException, OSError, ValueError) as error:
        raise EngineError(
            _("Spark cannot be started at {master}: {why}").format(
                master=master, why=str(error).splitlines()[0]
            ),
            hint=_("It needs Java 17. Say where it runs: --engine spark://HOST:7077, or --engine local[2]."),
        ) from error
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def _settings(master: str, memory_mb: int) -> dict[str, str]:
    """What the numbers need, and on one machine what its size needs."""
    needed = {
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.ansi.enabled": "true",  # a sum that overflows is an error, not another number
        "spark.ui.showConsoleProgress": "false",
    }
    if master.startswith("local"):
        needed |= {
            "spark.driver.memory": f"{memory_mb}m",
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.ui.enabled": "false",
            "spark.sql.shuffle.partitions": "8",
        }
    return needed


def _plain(table: pa.Table) -> pa.Table:
    """Times without a zone, in microseconds; whole numbers of any length as DuckDB gives them."""
    fields = [f.with_type(_type(f.type)) for f in table.schema]
    return table.cast(pa.schema(fields))


def _type(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_timestamp(kind):
        return pa.timestamp("us")
    return (
        pa.float64() if pa.types.is_decimal(kind) else kind
    )  # DuckDB gives sums of whole numbers as doubles
