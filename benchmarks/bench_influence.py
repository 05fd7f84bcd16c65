"""A year's daily history of influence over a million acts: under 20 CPU seconds, the whole process.

Another row takes today's score in a lab of four years and in one of two years with as many acts a day; its limit, 1.2,
says that a further day costs the same at any length (acts are forgotten after two years).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.timing import Row, measured

GROUP, SECONDS = "measures", 50

FILL = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
import numpy as np
import pyarrow as pa
from leumund.events import Account, Rows
from leumund.facts import all_facts
from leumund.lab import Lab
from leumund.store.marks import EVER, marked

folder, acts, days = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
end = datetime(2026, 1, 1, tzinfo=UTC)
begin = end - timedelta(days=days)
dice = np.random.default_rng(7)
people = np.array([f"acct:p{n}@example.social" for n in range(100_000)])
me = "acct:me@example.social"
with Lab.create(folder) as lab, lab.writing(end) as writer:
    writer.add([Account(account=me, seen_at=begin, network="mastodon", own=True)])
    writer.add([marked("trust", str(p), "mastodon", at=begin, since=EVER) for p in people[:20]])
    for first in range(0, acts, 100_000):
        size = min(100_000, acts - first)
        at = np.sort((first + np.arange(size)) / acts * days * 86_400e6).astype("timedelta64[us]")
        at = at + np.datetime64(begin.replace(tzinfo=None), "us")
        who = people[(100_000 * dice.random(size) ** 3).astype(int)]
        kind = dice.choice(["like", "reshare", "reply", "mention", "follow"], size, p=[0.6, 0.15, 0.15, 0.05, 0.05])
        via = np.where(np.isin(kind, ["reply", "mention"]), [f"at:{first + n}" for n in range(size)], None)
        hers = dice.random(size) < 0.05
        kind = np.where(hers & (kind == "like"), "reply", kind)
        via = np.where(hers, [f"mine:{first + n}" for n in range(size)], via)
        table = pa.table({
            "kind": kind.tolist(), "actor": np.where(hers, me, who).tolist(), "target": np.where(hers, who, me).tolist(),
            "network": ["mastodon"] * size, "happened_at": pa.array(at, pa.timestamp("us", tz="UTC")), "exact": [True] * size,
            "act": [f"act:{first + n}" for n in range(size)], "post": pa.nulls(size, pa.string()),
            "via": via.tolist(), "count": pa.array(np.ones(size), pa.int32()),
        })
        writer.add([Rows(noun="act", table=table)])
    writer.compact()
"""
SHOW = """
import sys
from leumund.cli import main
main(["show", "influence", "--days", sys.argv[3], "--lab", sys.argv[1], "--as-of", sys.argv[2], "--json"])
"""


def run(*, small: bool) -> Iterator[Row]:
    """CPU seconds of whole processes."""
    acts = 100_000 if small else 1_000_000
    with tempfile.TemporaryDirectory() as tmp:
        year = Path(tmp) / "year"
        measured(FILL, str(year), str(acts), "365")
        first, memory = measured(SHOW, str(year), "2025-12-30", "365")
        yield Row(
            name=f"a year's daily history, {acts:,} acts",
            ours=first,
            peer=20.0,
            unit="CPU s",
            ratio=first / 20.0,
            limit=1.0,
        )
        yield Row(name="its memory", ours=memory, peer=1500.0, unit="MB", ratio=memory / 1500.0, limit=1.0)
        yearly = 50_000 if small else 250_000
        for years in (2, 4):
            measured(FILL, str(Path(tmp) / str(years)), str(years * yearly), str(years * 365))
        pairs = [
            [measured(SHOW, str(Path(tmp) / str(years)), "2025-12-31", "1")[0] for years in (2, 4)]
            for _ in range(3)
        ]
        short, long = (sorted(column)[1] for column in zip(*pairs, strict=True))
        yield Row(name="a day's score after four years, against after two", ours=long, peer=short, unit="CPU s",
                  ratio=long / short, limit=1.2, against="after two")  # fmt: skip
