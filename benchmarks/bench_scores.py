"""Scoring everybody in a community: does an act cost the same in a small network and in a large one?

`leumund score --all`, the whole process, over networks of the same kind that grow by ten: accounts a twentieth of the
acts. The peer figure is the cost per act in the smallest one; 1.3 times that is the limit. Memory is held against what was allowed,
plus what Python, its libraries and the accounts' names take.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.timing import Row, measured

GROUP, SECONDS = "network", 300

ALLOWED_MB = 2048
FILL = """
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from leumund.facts import all_facts
from leumund.lab import Lab
from leumund.labs import make_own
from leumund.simulate.stream import stream
from leumund.store.marks import EVER, marked

folder, acts = Path(sys.argv[1]), int(sys.argv[2])
at = datetime(2026, 1, 1, tzinfo=UTC)
make_own(folder, [], community=True)
with Lab.open(folder) as lab, lab.writing(at) as writer:
    for rows in stream(1, acts, acts // 20, 182, start=date(2025, 7, 1)):
        writer.add([rows])
    writer.compact()
    writer.derive([all_facts()["recommendations"]])
    some = lab.register.db.execute("select uri from account order by uri limit 30").fetchall()
    writer.add([marked("trust", uri, "mastodon", at=at, since=EVER) for (uri,) in some])
"""
SCORE = """
import sys
from leumund.cli import main
main(["score", "--all", "--lab", sys.argv[1], "--out", sys.argv[2], "--memory", sys.argv[3], "--as-of", "2025-12-30"])
"""


def run(*, small: bool) -> Iterator[Row]:
    """CPU seconds per million acts, and the memory of the largest."""
    sizes = (100_000, 1_000_000) if small else (1_000_000, 10_000_000)
    with tempfile.TemporaryDirectory() as tmp:
        each: list[float] = []
        for acts in sizes:
            folder = Path(tmp) / str(acts)
            measured(FILL, str(folder), str(acts))
            seconds, memory = measured(SCORE, str(folder), str(Path(tmp) / "out"), f"{ALLOWED_MB}MB")
            each.append(seconds / acts * 1e6)
            yield Row(
                name=f"score --all, {acts:,} acts: seconds per million", ours=each[-1], peer=each[0], unit="CPU s",
                ratio=each[-1] / each[0], limit=1.3,
            )  # fmt: skip
        most = ALLOWED_MB + 300 + 1000 * sizes[-1] / 20 / 1e6  # 1 kB for an account's names and numbers
        yield Row(name="its memory", ours=memory, peer=most, unit="MB", ratio=memory / most, limit=1.0)
