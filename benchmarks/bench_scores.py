"""Scoring everybody in a network, the first time and day after day, and looking one account up.

Networks of the same kind that grow by ten: accounts a twentieth of the acts, 178 days read in, derived and scored; then
one day more. What it costs to make the acts up is taken off. The peer figure is the cost per act in the smallest one; 1.3
times that is the limit. A day may cost twice its share of the whole (a limit from 100 million acts on: before, what a process
costs at all is most of it). Memory is held against what was allowed. Looking up is CPU time in a process that has asked
before, beside SQLite and a plain DuckDB file that hold the same figures.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.timing import Row, measured, surroundings

GROUP, SECONDS = "network", 500

ALLOWED_MB = 2048
DAYS = 178
FILL = """
import json, resource, sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from leumund.events import Rows
from leumund.facts import all_facts
from leumund.lab import Lab
from leumund.labs import make_own
from leumund.simulate.stream import Plan, account_table, act_table, post_table, sentences
from leumund.store.marks import EVER, marked

def spent():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime

folder, acts = Path(sys.argv[1]), int(sys.argv[2])
first, last = map(int, sys.argv[3:5]) if len(sys.argv) > 3 else (0, 182)
plan = Plan(seed=1, acts=acts, accounts=acts // 20, days=182, start=date(2025, 7, 1))
at = datetime(2025, 7, 1, 12, tzinfo=UTC) + timedelta(days=last)
piece, texts = 200_000, sentences(1)

def made():
    if not first:
        for low in range(0, plan.accounts, piece):
            yield Rows(noun="account", table=account_table(plan, low, min(low + piece, plan.accounts)))
    end = acts * last // 182
    for low in range(acts * first // 182, end, piece):
        high = min(low + piece, end)
        yield Rows(noun="post", table=post_table(plan, low, high, texts))
        yield Rows(noun="act", table=act_table(plan, low, high))

if not first:
    make_own(folder, [], community=True)
making = 0.0
with Lab.open(folder) as lab, lab.writing(at) as writer:
    rows = made()
    while True:
        before = spent()
        some = next(rows, None)
        making += spent() - before
        if some is None:
            break
        writer.add([some])
    writer.compact()
    writer.derive([all_facts()["recommendations"]])
    if not first:
        some = lab.register.db.execute("select uri from account order by uri limit 30").fetchall()
        writer.add([marked("trust", uri, "mastodon", at=at, since=EVER) for (uri,) in some])
if len(sys.argv) > 5:
    Path(sys.argv[5]).write_text(json.dumps(making))
"""
SCORE = """
import sys
from leumund.cli import main
main(["score", "--all", "--lab", sys.argv[1], "--out", sys.argv[2], "--memory", sys.argv[3], *sys.argv[4:]])
"""
LOOK = """
import json, sqlite3, sys, time
from pathlib import Path
import duckdb
import numpy as np
import pyarrow.parquet as pq
from leumund.network.answers import answer
lab, out, asked = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
scored = out / "influence.parquet"
kept = "key, score, low, high, standing, rank, actors, acts"
duck = duckdb.connect(str(out / "plain.duckdb"))
duck.execute(f"create table scores as select {kept} from read_parquet('{scored}') order by key")
lite = sqlite3.connect(out / "plain.sqlite")
lite.execute(f"create table scores ({kept.replace('key', 'key integer primary key', 1)})")
table = pq.read_table(scored, columns=kept.split(", ")).sort_by("key")
lite.executemany("insert into scores values (?, ?, ?, ?, ?, ?, ?, ?)", zip(*(c.to_pylist() for c in table.columns), strict=True))
lite.commit()
keys = np.random.default_rng(1).choice(table["key"].to_numpy(), asked).tolist()
ways = {
    "ours": lambda key: (lambda a: (a.score, a.place))(answer(lab, key)),
    "SQLite": lambda key: lite.execute("select score, rank, low, high, standing, actors, acts from scores where key = ?", (key,)).fetchone()[:2],
    "DuckDB": lambda key: duck.execute("select score, rank, low, high, standing, actors, acts from scores where key = ?", [key]).fetchone()[:2],
}
took = {name: [] for name in ways}
for key in keys:
    said = []
    for name, way in ways.items():
        began = time.process_time()
        said.append(way(key))
        took[name].append((time.process_time() - began) * 1000)
    assert said[0] == said[1] == said[2], said
print(json.dumps({name: float(np.percentile(ms, 95)) for name, ms in took.items()}))
"""


def run(*, small: bool, large: bool = False) -> Iterator[Row]:
    """CPU seconds per million acts, of a day more, of a look-up; the memory of the largest. large: 100 million acts too."""
    sizes = (100_000, 1_000_000) if small else (1_000_000, 10_000_000)
    each: list[tuple[float, float, float]] = []
    for acts in (*sizes, 100_000_000) if large else sizes:
        with tempfile.TemporaryDirectory() as tmp:
            yield from _of(Path(tmp), acts, each)


def _of(tmp: Path, acts: int, each: list[tuple[float, float, float]]) -> Iterator[Row]:
    """each: of the sizes so far, CPU seconds per million acts: all, reading in, scoring."""
    lab, out = tmp / "lab", tmp / "out"
    allowed = ALLOWED_MB if acts <= 10_000_000 else 3 * ALLOWED_MB
    words = (str(lab), str(out), f"{allowed}MB", "--as-of")
    read = _read_in(tmp, acts, 0, DAYS)
    seconds, memory = measured(SCORE, *words, "2025-12-25")
    millions = acts * DAYS / 182 / 1e6
    each.append(((read + seconds) / millions, read / millions, seconds / millions))
    for place, what, limit in (
        (0, "read in and scored", 1.3),
        (1, "read in", float("inf")),
        (2, "scored", float("inf")),
    ):
        row = Row(name=f"{acts:,} acts {what}: seconds per million", ours=each[-1][place], peer=each[0][place],
                  unit="CPU s", ratio=each[-1][place] / each[0][place], limit=limit)  # fmt: skip
        row["against"] = "of the smallest"
        yield row
    share = 2 * (read + seconds) / DAYS
    after, day_memory = measured(SCORE, *words, "2025-12-25")  # the same day again: nothing has changed
    for begun, number, day, name in (
        (DAYS, DAYS, "2025-12-26", "a Friday more"),  # when recommendations are written
        (DAYS + 1, DAYS + 1, "2025-12-27", "a Saturday more"),
        (DAYS + 2, DAYS + 3, "2025-12-29", "a Monday more"),  # a week is over; its Sunday is read in with it
    ):
        several = number + 1 - begun
        reading = _read_in(tmp, acts, begun, number + 1)
        scoring, more = measured(SCORE, *words, day)
        spent = reading / several + scoring
        memory = max(memory, more, day_memory)
        row = Row(
            name=f"{name}, read in and scored, on top of {acts:,} acts", ours=spent, peer=share, unit="CPU s",
            ratio=spent / share, limit=1.0 if acts >= 100_000_000 else float("inf"),
        )  # fmt: skip
        row["against"] = "twice its share of the whole"
        yield row
    again = Row(
        name=f"the same day scored again, {acts:,} acts, against the first time", ours=after, peer=seconds, unit="CPU s",
        ratio=after / seconds, limit=1.0,
    )  # fmt: skip
    again["against"] = "the first time"
    yield again
    yield Row(name=f"its memory against what was allowed, {acts:,} acts", ours=memory, peer=float(allowed), unit="MB",
              ratio=memory / allowed, limit=1.0)  # fmt: skip
    took = _looked_up(tmp, lab, out)
    for name in ("SQLite", "DuckDB"):
        row = Row(name=f"looking one account up among {acts // 20:,}, p95", ours=took["ours"], peer=took[name],
                  unit="CPU ms", ratio=took["ours"] / took[name], limit=float("inf"))  # fmt: skip
        row["against"] = f"{name}, one table, without the days before"
        yield row
    yield Row(name=f"the same against its limit, {acts // 20:,} accounts", ours=took["ours"], peer=5.0, unit="CPU ms",
              ratio=took["ours"] / 5.0, limit=1.0)  # fmt: skip
    shutil.rmtree(lab)


def _read_in(tmp: Path, acts: int, first: int, last: int) -> float:
    """CPU seconds of reading in and deriving these days, without making them up."""
    made = tmp / "made.json"
    seconds, _memory = measured(FILL, str(tmp / "lab"), str(acts), str(first), str(last), str(made))
    return seconds - float(json.loads(made.read_text()))


def _looked_up(tmp: Path, lab: Path, out: Path) -> dict[str, float]:
    done = subprocess.run([sys.executable, "-c", LOOK, str(lab), str(out), "300"], env=surroundings(tmp / "home"),
                          stdout=subprocess.PIPE, check=True)  # fmt: skip
    found: dict[str, float] = json.loads(done.stdout)
    return found
