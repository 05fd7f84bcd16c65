"""How the memory that is allowed is shared between the query engine and what scoring holds itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from leumund.network.weeks import AT_ONCE
from leumund.store.register import Segment

LEAST_MB = 256
"""Less than this the engine cannot work with."""
_ALWAYS_MB = 300
"""Python and its libraries."""
_AN_ACT = 100
_AN_ACCOUNT = 600
"""Bytes, measured in networks of up to five million accounts."""
_WEEKS_A_MONTH = 4


@dataclass(frozen=True, slots=True)
class Share:
    """engine_mb: what the engine may take; needed_mb: what the whole takes with it, more than was allowed where that is too little."""

    engine_mb: int
    needed_mb: int


def shared(allowed_mb: int, accounts: int, acts: Sequence[Segment]) -> Share:
    """What is left for the engine of this memory (MB). acts: the segments of all acts.

    >>> shared(4096, 100_000, [])
    Share(engine_mb=3739, needed_mb=4096)
    >>> shared(1024, 5_000_000, [])
    Share(engine_mb=256, needed_mb=3417)
    """
    months: dict[str, int] = {}
    for segment in acts:
        months[segment.month] = months.get(segment.month, 0) + segment.rows
    together = min(sum(months.values()), max(AT_ONCE, max(months.values(), default=0) // _WEEKS_A_MONTH))
    own = _ALWAYS_MB + (accounts * _AN_ACCOUNT + together * _AN_ACT) // 2**20
    engine = max(LEAST_MB, allowed_mb - own)
    return Share(engine, engine + own)
