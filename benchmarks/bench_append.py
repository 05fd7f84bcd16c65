"""A day's events into a lab of 20 million against the same into one of 2 million: at most 1.2 times the CPU."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.timing import Row, measured

GROUP, SECONDS = "store", 120

FILL = """
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from leumund.lab import Lab
from leumund.simulate import stream
acts, folder = int(sys.argv[1]), Path(sys.argv[2])
days = 730
with Lab.create(folder) as lab, lab.writing(datetime(2026, 1, 1, tzinfo=UTC)) as writer:
    for rows in stream(1, acts, 100_000, days, start=date(2024, 1, 1), piece=500_000):
        writer.add([rows])
    writer.compact()
"""
DAY = """
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from leumund.lab import Lab
from leumund.simulate import stream
day = list(stream(2, 20_000, 100_000, 1, start=date(2025, 12, 31)))
with Lab.open(Path(sys.argv[1])) as lab, lab.writing(datetime(2026, 1, 1, tzinfo=UTC)) as writer:
    writer.add(day)
"""


def run(*, small: bool) -> Iterator[Row]:
    """Both labs filled, then the same day appended to copies of both, in turn."""
    acts = 200_000 if small else 2_000_000
    with tempfile.TemporaryDirectory() as tmp:
        folder = Path(tmp)
        for name, size in (("small", acts), ("large", acts * 10)):
            measured(FILL, str(size), str(folder / name))
        pairs = []
        for number in range(5):
            figures = []
            for name in ("large", "small"):
                copy = folder / f"{name}-{number}"
                shutil.copytree(folder / name, copy)
                figures.append(measured(DAY, str(copy))[0])
                shutil.rmtree(copy)
            pairs.append(figures)
    large, small_ = (sorted(p[i] for p in pairs)[2] for i in range(2))
    yield Row(name=f"a day into {acts * 10:,} events, against into {acts:,}", ours=large, peer=small_,
              unit="CPU s", ratio=large / small_, limit=1.2, against="into a tenth of it")  # fmt: skip
