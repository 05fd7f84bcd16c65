"""What the guard watches: small enough for seconds, each beside something that slows down with the machine and not with us.

The peer is a library that does the bare part of the same (orjson only parses, numpy only multiplies), or, where there is
none, the yardstick: a fixed piece of work in Python, DuckDB and numpy. Each script is given the folder with the material.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import bench_follow_friday, bench_influence, bench_jetstream, bench_posts
from benchmarks.timing import measured

_YARDSTICK = """
import json, duckdb, numpy as np
words = [f"word{n * 7919 % 5003}" for n in range(200_000)]
counted = {}
for word in words:
    counted[word] = counted.get(word, 0) + len(word)
lines = [json.dumps({"who": word, "n": n}) for n, word in enumerate(words)]
assert sum(json.loads(line)["n"] for line in lines) == 199_999 * 100_000
rows = np.random.default_rng(1).integers(0, 1 << 40, 2_000_000)
assert np.sort(rows)[0] <= rows[0]
duckdb.sql("select n % 1000 as g, count(distinct n * 7 % 99991), sum(n) from range(2_000_000) t(n) group by g").fetchall()
"""
_START = "from leumund.cli import main\nmain(['--help'])"
_IMPORTS = (
    "import asyncio, decimal, email.mime.text, http.server, sqlite3, statistics, unittest, xml.dom.minidom"
)
_IMPORT = """
import sys, tempfile
from datetime import UTC, datetime
from pathlib import Path
from leumund.intake import import_path
from leumund.lab import Lab
with tempfile.TemporaryDirectory() as tmp, Lab.create(Path(tmp) / "lab") as lab:
    with lab.writing(datetime(2026, 4, 1, tzinfo=UTC)) as writer:
        report = import_path(lab, writer, Path(sys.argv[1], "mixed.jsonl"))
        assert sum(report.new.values()) > 0 and report.problems == 0, report
"""
_PARSE = """
import sys, orjson
from pathlib import Path
for _ in range(5):
    for line in Path(sys.argv[1], "mixed.jsonl").read_bytes().splitlines():
        orjson.loads(line)
"""
_FRAMES = """
import sys
from pathlib import Path
from leumund.sources.jetstream_frames import parse_frames
frames = Path(sys.argv[1], "frames.jsonl").read_bytes().splitlines()
for first in range(0, len(frames), 50_000):
    parse_frames(frames[first:first + 50_000]).events
"""
_DECODE = """
import sys
from pathlib import Path
from leumund.sources.jetstream_frames import DECODER
frames = Path(sys.argv[1], "frames.jsonl").read_bytes().splitlines()
for _ in range(3):
    for frame in frames:
        DECODER.decode(frame)
"""
_STANDING = """
import sys
import numpy as np
from pathlib import Path
from leumund.graph import Graph, standing
source, target = np.load(Path(sys.argv[1], "edges.npy"))
for _ in range(4):
    standing(Graph.of(source, target, np.ones(len(source)), 100_000), np.arange(300))
"""
_MULTIPLY = """
import sys
import numpy as np
from pathlib import Path
source, target = np.load(Path(sys.argv[1], "edges.npy"))
rank = np.ones(100_000)
for _ in range(40):
    rank = .5 * np.bincount(target, weights=rank[source], minlength=100_000) / 10 + .5
"""

_NETWORK = """
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from leumund.facts import all_facts
from leumund.lab import Lab
from leumund.labs import make_own
from leumund.simulate.stream import stream
from leumund.store.marks import EVER, marked
folder, at = Path(sys.argv[1]), datetime(2026, 1, 1, tzinfo=UTC)
make_own(folder, [], community=True)
with Lab.open(folder) as lab, lab.writing(at) as writer:
    for rows in stream(1, 100_000, 5_000, 182, start=date(2025, 7, 1)):
        writer.add([rows])
    writer.compact()
    writer.derive([all_facts()["recommendations"]])
    some = lab.register.db.execute("select uri from account order by uri limit 30").fetchall()
    writer.add([marked("trust", uri, "mastodon", at=at, since=EVER) for (uri,) in some])
"""
_SCORE = """
import shutil, sys
from pathlib import Path
from leumund.cli import main
from leumund.network.kept import FOLDER
for kept in (Path(sys.argv[1], FOLDER), Path(sys.argv[2])):  # from scratch each time
    shutil.rmtree(kept, ignore_errors=True)
main(["score", "--all", "--lab", sys.argv[1], "--out", sys.argv[2], "--memory", "1GB", "--as-of", "2025-12-30"])
"""


@dataclass(frozen=True, slots=True)
class Watched:
    """One thing: our script, the peer's, and what puts the material into a folder."""

    name: str
    ours: str
    peer: str
    prepare: Callable[[Path], object] = lambda _folder: None


def _events(folder: Path) -> None:
    from leumund.simulate import write_jsonl

    write_jsonl(folder / "mixed.jsonl", 100_000, 1)


def _edges(folder: Path) -> None:
    import numpy as np

    dice = np.random.default_rng(5)
    np.save(folder / "edges.npy", (dice.random((2, 1_000_000)) ** 2 * 100_000).astype(np.int32))


def _of(script: str, *arguments: str) -> str:
    """The script of a benchmark, its lab in the folder; an argument that begins with / lies in the folder, too."""
    given = [f"sys.argv[1] + {a!r}" if a.startswith("/") else repr(a) for a in ("/lab", *arguments)]
    return f"import sys\nsys.argv[1:] = [{', '.join(given)}]\n{script}"


WATCHED = (
    Watched("start", _START, _IMPORTS),
    Watched("import of JSON lines", _IMPORT, _PARSE, _events),
    Watched("Bluesky's frames", _FRAMES, _DECODE, lambda f: bench_jetstream.write_frames(f / "frames.jsonl", 60_000)),
    Watched("standing", _STANDING, _MULTIPLY, _edges),
    Watched("follow_friday", _of(bench_follow_friday.SHOW), _YARDSTICK,
            lambda f: measured(_of(bench_follow_friday.FILL, "200000"), str(f))),
    Watched("influence, 90 days", _of(bench_influence.SHOW, "2025-12-30", "90"), _YARDSTICK,
            lambda f: measured(_of(bench_influence.FILL, "100000", "365"), str(f))),
    Watched("near-duplicates", _of(bench_posts.ALIKE, "20000"), _YARDSTICK, lambda f: _posts(f, 20_000)),
    Watched("score --all", _of(_SCORE, "/scores"), _YARDSTICK, lambda f: measured(_of(_NETWORK), str(f))),
)  # fmt: skip


def _posts(folder: Path, posts: int) -> None:
    measured(_of(bench_posts.FILL, str(posts)), str(folder))
    measured(_of(bench_posts.FACTS, "wordings"), str(folder))
