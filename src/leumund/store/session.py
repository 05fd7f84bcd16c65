"""One way to open the query engine: DuckDB in memory over the lab's Parquet files."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb

_PATTERN = re.compile(r"[*?\[]")


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
    return duckdb.connect(":memory:", config=config)


def quoted(path: Path | str) -> str:
    """A path as an SQL string."""
    return "'" + str(path).replace("'", "''") + "'"


def files(paths: list[Path]) -> str:
    """A list of paths as DuckDB's list of strings, for reading: signs that mean patterns there mean themselves."""
    return "[" + ", ".join(quoted(_PATTERN.sub(r"[\g<0>]", str(p))) for p in paths) + "]"
