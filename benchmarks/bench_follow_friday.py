"""`leumund show follow_friday` over a million posts: under 5 CPU seconds, the whole process.

The peer figure is the limit itself; once all voices count the same, once standing weighs them. Facts are computed
once, at import, and are measured by themselves.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.timing import Row, measured

GROUP, SECONDS = "measures", 60

FILL = """
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from leumund.lab import Lab
from leumund.simulate.stream import Plan, stream
folder, posts = Path(sys.argv[1]), int(sys.argv[2])
acts = posts * 3
with Lab.create(folder) as lab, lab.writing(datetime(2026, 1, 1, tzinfo=UTC)) as writer:
    for rows in stream(1, acts, 50_000, 365, start=date(2025, 1, 1), friday_share=0.12):
        writer.add([rows])
    writer.compact()
    print(lab.register.db.execute("select sum(rows) from segment where tbl = 'posts' and retired_at is null").fetchone()[0])
"""
FACTS = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from leumund.facts import all_facts
from leumund.lab import Lab
with Lab.open(Path(sys.argv[1])) as lab, lab.writing(datetime(2026, 1, 1, tzinfo=UTC)) as writer:
    writer.derive([all_facts()["recommendations"]])
"""
SHOW = """
import sys
from leumund.cli import main
main(["show", "follow_friday", "--lab", sys.argv[1], "--as-of", "2025-12-31", "--json"])
"""
TRUST = """
import sys
from leumund.cli import main
main(["trust", "@k8@funkturm.example", "@k170@lesesaal.example", "@k208@funkturm.example", "--since", "2024-01-01",
      "--lab", sys.argv[1]])
"""
NOW = SHOW.replace('"--as-of", "2025-12-31", ', "")


def run(*, small: bool) -> Iterator[Row]:
    """The command's CPU seconds, three times."""
    posts = 100_000 if small else 1_000_000
    with tempfile.TemporaryDirectory() as tmp:
        folder = Path(tmp) / "lab"
        measured(FILL, str(folder), str(posts))
        facts, _memory = measured(FACTS, str(folder))
        yield Row(name=f"recommendations read in {posts:,} posts", ours=facts, peer=150.0 * posts / 1e6, unit="CPU s",
                  ratio=facts / (150.0 * posts / 1e6), limit=1.0)  # fmt: skip
        figures = sorted(measured(SHOW + "\n", str(folder))[0] for _ in range(3))
        yield Row(name=f"show follow_friday over {posts:,} posts", ours=figures[1], peer=5.0, unit="CPU s",
                  ratio=figures[1] / 5.0, limit=1.0)  # fmt: skip
        measured(TRUST, str(folder))
        figures = sorted(measured(NOW + "\n", str(folder))[0] for _ in range(3))
        yield Row(name=f"the same with standing, {posts:,} posts", ours=figures[1], peer=5.0, unit="CPU s",
                  ratio=figures[1] / 5.0, limit=1.0)  # fmt: skip
