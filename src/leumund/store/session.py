"""One way to open a query engine over the lab's Parquet files: DuckDB in memory; for what outgrows a machine, Spark."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Protocol

import duckdb
import pyarrow as pa

_PATTERN = re.compile(r"[*?\[]")


class Rows(Protocol):
    """The rows of a query."""

    def fetchall(self) -> list[Any]:
        """All of them, as tuples."""
        ...

    def to_arrow_table(self) -> pa.Table:
        """All of them, as columns."""
        ...


class Session(Protocol):
    """What `store.tables` asks of an engine; a DuckDB connection is one."""

    def execute(self, query: str, /) -> Any:
        """Run a statement: a schema, a view, a kept table, a variable, the search path."""
        ...

    def sql(self, query: str, /, *, params: Any = ...) -> Any:
        """The rows of a query (`Rows`)."""
        ...

    def register(self, view_name: str, python_object: Any, /) -> Any:
        """Make an Arrow table known under a name."""
        ...

    def close(self) -> None:
        """Let everything go."""
        ...


def open_engine(engine: str, folder: Path, *, memory_mb: int = 2048, spill: Path | None = None) -> Session:
    """The engine of that name over the files of a lab's folder.

    memory_mb, spill: as `open_session`. engine: "" for DuckDB; else where Spark runs: "local[2]", "spark://host:7077" (see `store.spark`).

    Raises:
        EngineError: Spark is not installed, cannot be started, or is not known by that name.
    """
    if not engine:
        return open_session(memory_mb=memory_mb, spill=spill)
    # half a gigabyte of libraries that only operators of networks have
    from leumund.store.spark import SparkSession

    return SparkSession(engine, folder, memory_mb=memory_mb, spill=spill)


def open_session(
    *, memory_mb: int = 2048, threads: int | None = None, spill: Path | None = None
) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection that reaches no network and writes nowhere but where it is told.

    memory_mb: DuckDB's own limit. spill: a folder for what does not fit (None: nothing is spilled).
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": f"{memory_mb}MB",
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "preserve_insertion_order": False,
        "temp_directory": str(spill) if spill else "",
    }
    if threads:
        config["threads"] = threads
    made = duckdb.connect(":memory:", config=config)
    made.execute(
        "set enable_progress_bar = false"
    )  # a process begun by another, as the reader of the pages, is taken for a person's
    return made


def quoted(path: Path | str) -> str:
    """A path as an SQL string."""
    return "'" + str(path).replace("'", "''") + "'"


def files(paths: list[Path]) -> str:
    """A list of paths as DuckDB's list of strings, for reading: signs that mean patterns there mean themselves."""
    return "[" + ", ".join(quoted(_PATTERN.sub(r"[\g<0>]", str(p))) for p in paths) + "]"
