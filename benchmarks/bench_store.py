"""The store against SQLite and a plain DuckDB file with the same acts: a week more, the same week again, what a dashboard asks.

All three refuse an act they have: SQLite by its primary key, DuckDB by an anti-join, ours by its segments. Ours also names
accounts, takes several names of one person together, keeps what was known when, and can forget; the peers do not.
Appending is a whole process; questions are CPU time in a process that has asked before, each over other days, and their
answers must be the same.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.timing import Row, compared, measured, surroundings

GROUP, SECONDS = "store", 40

_ROWS = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
import numpy as np
import pyarrow as pa
folder, acts = Path(sys.argv[1]), int(sys.argv[2])
end, me = datetime(2026, 1, 1, tzinfo=UTC), "acct:me@example.social"
people = np.array([f"acct:p{n}@example.social" for n in range(50_000)])
def acts_of(first, size, days, until, seed):
    dice = np.random.default_rng(seed)
    at = np.sort(dice.integers(0, days * 86_400_000_000, size)).astype("timedelta64[us]")
    at = at + np.datetime64((until - timedelta(days=days)).replace(tzinfo=None), "us")
    return pa.table({
        "kind": dice.choice(["like", "reshare", "follow", "mention"], size, p=[.6, .2, .1, .1]).tolist(),
        "actor": people[(50_000 * dice.random(size) ** 3).astype(int)].tolist(), "target": [me] * size,
        "network": ["mastodon"] * size, "happened_at": pa.array(at, pa.timestamp("us", tz="UTC")), "exact": [True] * size,
        "act": [f"act:{first + n}" for n in range(size)], "post": pa.nulls(size, pa.string()),
        "via": [f"via:{first + n}" for n in range(size)], "count": pa.array(np.ones(size), pa.int32()),
    })
week = acts_of(acts, 20_000, 7, end + timedelta(days=7), 2)
"""
_FILL = (
    _ROWS
    + """
import duckdb, sqlite3
from leumund.events import Account, Rows
from leumund.lab import Lab
pieces = [acts_of(first, 100_000, 730, end, first) for first in range(0, acts, 100_000)]
with Lab.create(folder / "lab") as lab, lab.writing(end) as writer:
    writer.add([Account(account=me, seen_at=end, network="mastodon", own=True)])
    for piece in pieces:
        writer.add([Rows(noun="act", table=piece)])
    writer.compact()
every = pa.concat_tables(pieces).sort_by("happened_at")
con = duckdb.connect(str(folder / "acts.duckdb"))
con.execute("create table acts as select * replace (happened_at at time zone 'UTC' as happened_at) from every")
con.close()
db = sqlite3.connect(folder / "acts.sqlite")
db.execute("create table acts (kind text, actor text, target text, network text, happened_at integer, act text primary key) without rowid")
db.execute("create index acts_at on acts (target, happened_at)")
columns = (every[n].to_pylist() for n in ("kind", "actor", "target", "network"))
moments = every["happened_at"].cast(pa.int64()).to_pylist()
db.executemany("insert into acts values (?, ?, ?, ?, ?, ?)", zip(*columns, moments, every["act"].to_pylist()))
db.commit()
"""
)
_APPEND = {
    "ours": """
from leumund.events import Rows
from leumund.lab import Lab
with Lab.open(folder / "lab") as lab, lab.writing(end + timedelta(days=7)) as writer:
    writer.add([Rows(noun="act", table=week)])
""",
    "SQLite": """
import sqlite3
db = sqlite3.connect(folder / "acts.sqlite")
columns = (week[n].to_pylist() for n in ("kind", "actor", "target", "network"))
db.executemany("insert or ignore into acts values (?, ?, ?, ?, ?, ?)", zip(*columns, week["happened_at"].cast(pa.int64()).to_pylist(), week["act"].to_pylist()))
db.commit()
""",
    "DuckDB": """
import duckdb
con = duckdb.connect(str(folder / "acts.duckdb"))
con.execute("insert into acts select * replace (happened_at at time zone 'UTC' as happened_at) from week where act not in (select act from acts)")
con.close()
""",
}
_ASK = (
    _ROWS
    + """
import contextlib, json, sqlite3, time
import duckdb
from leumund.asking import Question
from leumund.lab import Lab
since = [int((end - timedelta(days=n)).timestamp()) * 1_000_000 for n in range(30, 60)]
QUESTIONS = {
    "by kind": "select kind, count(*) from acts where {mine} and {at} between ? and ? group by kind order by 1",
    "by week": "select {at} // 604800000000 as week, count(*) from acts where {mine} and {at} between ? and ? group by week order by 1",
    "who most": "select count(*) from acts where {mine} and {at} between ? and ? group by actor order by 1 desc limit 20",
    "the last": "select {at} as moment from acts where {mine} and {at} between ? and ? order by moment desc limit 50",
}
opened = contextlib.ExitStack()
lab = opened.enter_context(Lab.open(folder / "lab", read_only=True))
state = opened.enter_context(Question(lab, end).state())
plain, light = duckdb.connect(str(folder / "acts.duckdb"), read_only=True), sqlite3.connect(folder / "acts.sqlite")
def ours(query, first, last):
    for value in (first, last):
        query = query.replace("?", f"{value}", 1)
    return [tuple(r.values()) for r in state.tables.arrow(query).to_pylist()]
asked = {
    "ours": lambda q, a, b: ours(q.format(mine="target in (select account from own)", at="epoch_us(happened_at)").replace("epoch_us(happened_at) between ? and ?", "happened_at between make_timestamp(?) and make_timestamp(?)"), a, b),
    "SQLite": lambda q, a, b: light.execute(q.format(mine=f"target = '{me}'", at="happened_at").replace("//", "/"), (a, b)).fetchall(),
    "DuckDB": lambda q, a, b: plain.execute(q.format(mine=f"target = '{me}'", at="epoch_us(happened_at)").replace("epoch_us(happened_at) between ? and ?", "happened_at between make_timestamp(?) and make_timestamp(?)"), (a, b)).fetchall(),
}
told = {}
for what, query in QUESTIONS.items():
    answers, times = {}, {name: [] for name in asked}
    for turn, first in enumerate(since):
        for name, ask in asked.items():
            begin = time.process_time()
            answers[name] = ask(query, first, first + 14 * 86_400_000_000)
            if turn >= 5:
                times[name].append(1000 * (time.process_time() - begin))
        assert answers["ours"] == answers["SQLite"] == answers["DuckDB"], (what, answers)
    told[what] = times
print(json.dumps(told))
"""
)


def run(*, small: bool) -> Iterator[Row]:
    """Appending against each peer, then each question against each."""
    acts = 200_000 if small else 1_000_000
    with tempfile.TemporaryDirectory() as tmp:
        full = Path(tmp) / "full"
        full.mkdir()
        measured(_FILL, str(full), str(acts))
        spent: dict[str, list[list[float]]] = {"a week of 20,000 acts": [], "the same week again": []}
        for turn in range(3):
            copy = Path(tmp) / f"copy{turn}"
            shutil.copytree(full, copy)
            for figures in spent.values():
                figures.append([measured(_ROWS + s, str(copy), str(acts))[0] for s in _APPEND.values()])
            shutil.rmtree(copy)
        for what, figures in spent.items():
            ours, *others = zip(*figures, strict=True)
            for name, its in zip(list(_APPEND)[1:], others, strict=True):
                yield compared(f"{what} into {acts:,}", ours, its, limit=float("inf"), against=name)
        done = subprocess.run([sys.executable, "-c", _ASK, str(full), str(acts)], env=surroundings(Path(tmp)),
                              stdout=subprocess.PIPE, text=True, check=True)  # fmt: skip
        told: dict[str, dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
        for what, times in told.items():
            slow = {name: sorted(each)[int(0.95 * len(each))] for name, each in times.items()}
            for name in ("SQLite", "DuckDB"):
                yield compared(f"asked: {what}, 14 days of {acts:,} acts, 95 of 100", [slow["ours"]], [slow[name]],
                               unit="CPU ms", limit=float("inf"), against=name)  # fmt: skip
            yield compared(f"asked: {what}", [slow["ours"]], 5.0, unit="CPU ms", limit=1.0)
