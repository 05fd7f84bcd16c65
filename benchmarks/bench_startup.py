"""`leumund --help` answers in under a third of a second of CPU, Python's own start included."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.timing import Row, measured

GROUP, SECONDS = "start", 5

LIMIT_S = 1 / 3


def run(*, small: bool) -> Iterator[Row]:
    """The median of several starts."""
    del small
    figures = sorted(measured("from leumund.cli import main; main(['--help'])")[0] for _ in range(7))
    yield Row(
        name="leumund --help",
        ours=figures[3],
        peer=LIMIT_S,
        unit="CPU s",
        ratio=figures[3] / LIMIT_S,
        limit=1.0,
    )
