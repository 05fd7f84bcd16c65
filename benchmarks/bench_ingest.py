"""Lines of JSON into the lab, against the same lines from JSON to Parquet by DuckDB, Polars and chdb, and against parsing alone.

orjson parses each line and drops it. DuckDB, Polars and chdb are told the columns and their types and write one Parquet
file with zstd; they check nothing, know no accounts, and take an event twice if it comes twice. Ours checks each value,
turns accounts into keys and keeps their names, leaves out what the lab has, writes a segment a month, syncs it and commits.

Goal: .65 of orjson's rate, that is 1.54 times its CPU seconds. It is not reached; docs/design.md has the profile that says
why ("Known weak points"). CPU seconds of the work; no one's start and loading of libraries is counted, nor are the facts
that are read from posts afterwards (`bench_posts`).

The last row is about time on the clock: two files read by as many threads as there are processors against the same two read by
one. On two processors .6 to .8 is what there is to be had, since whoever stores is busy for half of the whole; on
a machine that others use too it says little.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.bench_import import as_lines, long_posts
from benchmarks.bench_parse import PEERS, spent
from benchmarks.timing import Row, absent, compared, is_there

GROUP, SECONDS = "reading in", 120

_OURS = """
import tempfile
from datetime import UTC, datetime
import pyarrow as pa
from leumund.facts import all_facts
from leumund.intake import import_path
from leumund.lab import Lab, Writer
from leumund.sources import all_sources
pa.array([], pa.string())  # looks for pandas at the first list
all_sources(), all_facts()
Writer.derive = lambda *_told: {}
with tempfile.TemporaryDirectory() as tmp, Lab.create(Path(tmp) / "lab") as lab:
    with lab.writing(datetime(2026, 4, 1, tzinfo=UTC)) as writer:
        def work():
            report = import_path(lab, writer, path)
            assert sum(report.new.values()) > 0 and report.problems == 0, report
        timed(work)
"""
_TWO = """
import tempfile, time
from datetime import UTC, datetime
import pyarrow as pa
from leumund.facts import all_facts
from leumund.intake import import_path
from leumund.lab import Lab, Writer
from leumund.reading import Reader
from leumund.sources import all_sources
pa.array([], pa.string())
all_sources(), all_facts()
Writer.derive = lambda *_told: {}
files = sorted(path.glob("*.jsonl"))
with tempfile.TemporaryDirectory() as tmp, Lab.create(Path(tmp) / "lab") as lab:
    with lab.writing(datetime(2026, 4, 1, tzinfo=UTC)) as writer, Reader(threads=THREADS) as reader:
        begin = time.perf_counter()
        for file, then in zip(files, [*files[1:], None]):
            assert sum(import_path(lab, writer, file, reader=reader, then=then).new.values()) > 0
        answer.write_text(str(time.perf_counter() - begin))
"""
_TYPES = {
    "noun": "text", "kind": "text", "actor": "text", "target": "text", "network": "text", "happened_at": "time", "act": "text",
    "post": "text", "via": "text", "count": "whole", "account": "text", "text": "text", "language": "text", "url": "text",
    "visibility": "text", "likes": "whole", "reshares": "whole", "replies": "whole",
}  # fmt: skip
_COLUMNS = {
    "acts": ("kind", "actor", "target", "network", "happened_at", "act", "post", "via", "count"),
    "posts": ("post", "account", "network", "happened_at", "text", "language", "url", "visibility", "likes", "reshares", "replies"),
}  # fmt: skip
_DUCKDB = """
import duckdb
con = duckdb.connect()
def work():
    columns = {{name: {{"text": "VARCHAR", "time": "TIMESTAMP", "whole": "INTEGER"}}[kind] for name, kind in {types}.items()}}
    con.execute(f"copy (select * from read_json('{{path}}', format = 'newline_delimited', columns = {{columns}})) "
                f"to '{{answer}}.parquet' (format parquet, compression zstd, compression_level 1)")
timed(work)
"""
_POLARS = """
import polars as pl
def work():
    schema = {{name: pl.Int32 if kind == "whole" else pl.String for name, kind in {types}.items()}}
    moment = pl.col("happened_at").str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_unit="us")
    lines = pl.scan_ndjson(path, schema=schema).with_columns(moment)
    lines.sink_parquet(f"{{answer}}.parquet", compression="zstd", compression_level=1)
timed(work)
"""
_CHDB = """
import chdb
def work():
    kinds = {{"text": "Nullable(String)", "time": "DateTime64(6)", "whole": "Nullable(Int32)"}}
    columns = ", ".join(f'"{{name}}" {{kinds[kind]}}' for name, kind in {types}.items())
    chdb.query(f"select * from file('{{path}}', 'JSONEachRow', '{{columns}}') into outfile '{{answer}}.parquet' truncate "
               "format Parquet settings date_time_input_format = 'best_effort', "
               "output_format_parquet_compression_method = 'zstd'")
timed(work)
"""


def run(*, small: bool) -> Iterator[Row]:
    """Acts, then long posts, against parsing and against the three engines; then two files by several threads."""
    from leumund.simulate import write_csv

    events = 100_000 if small else 1_000_000
    with tempfile.TemporaryDirectory() as tmp:
        files = {"acts": Path(tmp) / "acts.jsonl", "posts": Path(tmp) / "posts.jsonl"}
        write_csv(Path(tmp) / "acts.csv", events, 1)
        as_lines(Path(tmp) / "acts.csv", files["acts"])
        long_posts(files["posts"], events // 4)
        for what, path in files.items():
            types = {name: _TYPES[name] for name in _COLUMNS[what]}
            engines = {"DuckDB": ("duckdb", _DUCKDB), "Polars": ("polars", _POLARS), "chdb": ("chdb", _CHDB)}
            peers = {"orjson, parsing alone": PEERS["orjson"]}
            peers |= {
                name: (package, script.format(types=types)) for name, (package, script) in engines.items()
            }
            there = {name: script for name, (package, script) in peers.items() if is_there(package)}
            turns = [spent(path, [_OURS, *there.values()]) for _ in range(3)]
            named = f"{events:,} acts" if what == "acts" else f"{events // 4:,} long posts"
            for place, name in enumerate(there, start=1):
                yield compared(
                    f"{named} into the lab", [t[0] for t in turns], [t[place] for t in turns],
                    limit=1 / 0.65 if place == 1 else float("inf"), against=name,
                )  # fmt: skip
            for name in peers.keys() - there.keys():
                yield absent(f"{named} into the lab, against {name}", "not installed here")
        yield _two_at_once(Path(tmp) / "two", events)


def _two_at_once(folder: Path, events: int) -> Row:
    """Two files of different mixed events, by all processors against one, on the clock."""
    from leumund.reading import processors
    from leumund.simulate import write_jsonl

    name = f"two files of {events // 2:,} events, by all processors"
    if processors() == 1:
        return absent(name, "one processor only")
    folder.mkdir()
    for seed in (1, 2):
        write_jsonl(folder / f"{seed}.jsonl", events // 2, seed)
    scripts = [_TWO.replace("THREADS", threads) for threads in ("None", "1")]
    turns = [spent(folder, scripts) for _ in range(3)]
    return compared(
        name, [t[0] for t in turns], [t[1] for t in turns], limit=0.9, unit="s", against="one thread, on the clock"
    )  # fmt: skip
