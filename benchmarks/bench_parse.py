"""Our lines of JSON read into checked columns, against libraries that only parse the same bytes.

orjson makes a dict of each line, msgspec a dict or a structure with typed fields, pysimdjson a document nobody asks
anything. Ours finds the lines, parses them, gives times, accounts and numbers their types, says what cannot be used, and
leaves columns that the lab takes as they are. CPU seconds of the work; no one's start and loading of libraries is counted.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.bench_import import long_posts
from benchmarks.timing import Row, absent, compared, is_there, measured

GROUP, SECONDS = "reading in", 60

_TIMED = """
import sys, time
from pathlib import Path
path, answer = Path(sys.argv[1]), Path(sys.argv[2])
def timed(work):
    begin = time.process_time()
    work()
    answer.write_text(str(time.process_time() - begin))
def each(parse):
    with path.open("rb") as lines:
        for line in lines:
            parse(line)
"""
_OURS = """
import pyarrow as pa
from leumund.events import Rows
from leumund.sources import FileSettings, jsonl
pa.array([], pa.string())  # looks for pandas at the first list
def work():
    rows = 0
    for page in jsonl.fetch(FileSettings(path=path), None):
        rows += sum(e.table.num_rows for e in jsonl.parse(page) if isinstance(e, Rows))
    assert rows > 0
timed(work)
"""
_TYPED = """
import msgspec
names = ("post", "account", "kind", "actor", "target", "network", "happened_at", "seen_at", "text", "act", "via", "url",
         "language", "visibility", "name", "handle", "created_at")
Line = msgspec.defstruct("Line", [(name, str | None, None) for name in names])
timed(lambda: each(msgspec.json.Decoder(Line).decode))
"""
PEERS = {
    "orjson": ("orjson", "import orjson\ntimed(lambda: each(orjson.loads))"),
    "msgspec, dicts": ("msgspec", "import msgspec\ntimed(lambda: each(msgspec.json.Decoder().decode))"),
    "msgspec, typed": ("msgspec", _TYPED),
    "pysimdjson, documents": ("simdjson", "import simdjson\ntimed(lambda: each(simdjson.Parser().parse))"),
    "pysimdjson, dicts": ("simdjson", "import simdjson\ntimed(lambda: each(simdjson.loads))"),
}


def run(*, small: bool) -> Iterator[Row]:
    """Acts, posts and accounts mixed, then long posts, against each parser."""
    from leumund.simulate import write_jsonl

    events = 100_000 if small else 1_000_000
    with tempfile.TemporaryDirectory() as tmp:
        mixed, posts = Path(tmp) / "mixed.jsonl", Path(tmp) / "posts.jsonl"
        write_jsonl(mixed, events, 1)
        long_posts(posts, events // 4)
        for what, path in ((f"{events:,} events", mixed), (f"{events // 4:,} long posts", posts)):
            there = {name: script for name, (package, script) in PEERS.items() if is_there(package)}
            turns = [spent(path, [_OURS, *there.values()]) for _ in range(3)]
            for place, name in enumerate(there, start=1):
                yield compared(
                    f"{what} into columns", [t[0] for t in turns], [t[place] for t in turns],
                    limit=2.0 if name == "orjson" else float("inf"), against=name,
                )  # fmt: skip
            for name in PEERS.keys() - there.keys():
                yield absent(f"{what} into columns, against {name}", "not installed here")


def spent(path: Path, scripts: list[str]) -> list[float]:
    """CPU seconds of the work of each script on this file, in turn."""
    answer = path.with_suffix(".seconds")
    found = []
    for script in scripts:
        measured(_TIMED + script, str(path), str(answer))
        found.append(float(answer.read_text()))
    return found
