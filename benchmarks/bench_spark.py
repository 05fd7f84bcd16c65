"""Scoring everybody in a community by Apache Spark on this machine, against DuckDB: from which size on does Spark pay?

`leumund score --all` in the same lab and with the same memory, the whole process with Spark's Java in it; every table is
Spark's, however small. The ratio tells how much more work it is; Spark pays where more machines than that share it, or
where one cannot hold it. Without Java there is no figure. `--large` has ten million acts too.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.bench_scores import FILL
from benchmarks.timing import Row, absent, compared, is_there, measured

GROUP, SECONDS = "network", 250

_SCORE = """
import os, sys
from leumund.cli import main
folder, to, memory, engine, small = sys.argv[1:]
if small:
    os.environ["PYSPARK_SUBMIT_ARGS"] = f"--conf spark.leumund.small={small} pyspark-shell"
words = ["score", "--all", "--lab", folder, "--out", to, "--as-of", "2025-12-30", "--memory", memory]
try:
    main([*words, *(["--engine", engine] if engine else [])])
except SystemExit as ended:
    if ended.code:
        raise
if engine:  # the operating system counts Java's work once Java has ended and was waited for
    from pyspark import SparkContext
    SparkContext._active_spark_context.stop()
    java = SparkContext._gateway
    java.shutdown()
    java.proc.stdin.close()
    java.proc.wait()
"""


def run(*, small: bool, large: bool = False) -> Iterator[Row]:
    """CPU seconds of Spark with two threads and of DuckDB, and the memory of both."""
    sizes = (100_000,) if small else (100_000, 1_000_000, 10_000_000) if large else (100_000, 1_000_000)
    for acts in sizes:
        name = f"score --all by Spark, local[2], {acts:,} acts"
        if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
            yield absent(name, "not measured: Spark needs Java 17, which is not on this machine")
        elif not is_there("pyspark"):
            yield absent(name, 'not measured: pip install "leumund[spark]"')
        else:
            with tempfile.TemporaryDirectory() as tmp:
                yield from _of(Path(tmp), acts, name)


def _of(tmp: Path, acts: int, name: str) -> Iterator[Row]:
    folder, to, memory = str(tmp / "lab"), str(tmp / "out"), "2GB" if acts <= 1_000_000 else "4GB"
    measured(FILL, folder, str(acts))
    peer, its_memory = measured(_SCORE, folder, to, memory, "", "")
    shutil.rmtree(tmp / "lab" / "network")  # what a next day would find; Spark begins as DuckDB did
    ours, our_memory = measured(_SCORE, folder, to, memory, "local[2]", "0")
    yield compared(name, [ours], [peer], limit=float("inf"), against="DuckDB")
    yield compared(f"its memory, {acts:,} acts, {memory} allowed", [our_memory], [its_memory], limit=float("inf"),
                   unit="MB", against="DuckDB")  # fmt: skip
