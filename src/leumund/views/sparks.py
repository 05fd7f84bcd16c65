"""A course drawn small, beside its figure: only its shape, no axis and no value.

A few hundred bytes and no drawing engine: what is looked at first must be there at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 120.0, 32.0
_EDGE = 3.0
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Spark:
    """An SVG path within WIDTH and HEIGHT, and where its last point lies."""

    path: str
    x: float
    y: float


def spark(values: Sequence[float | None]) -> Spark | None:
    """The course of these values, evenly spaced; where one is unknown the line is broken. None where there is nothing to draw.

    >>> spark([1, None, 3, 3])
    Spark(path='M3.0 29.0M79.0 3.0L117.0 3.0', x=117.0, y=3.0)
    """
    known = [v for v in values if v is not None]
    if len(known) < _FEWEST:
        return None
    low, high = min(known), max(known)
    step = (WIDTH - 2 * _EDGE) / (len(values) - 1)
    parts, last, pen = [], (0.0, 0.0), "M"
    for at, value in enumerate(values):
        if value is None:
            pen = "M"
            continue
        height = (value - low) / (high - low) if high > low else 0.5
        last = (_EDGE + at * step, HEIGHT - _EDGE - height * (HEIGHT - 2 * _EDGE))
        parts.append(f"{pen}{last[0]:.1f} {last[1]:.1f}")
        pen = "L"
    return Spark("".join(parts), round(last[0], 1), round(last[1], 1))
