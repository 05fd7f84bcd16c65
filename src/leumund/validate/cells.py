"""How figures stand in the sections of docs/validity.md: tables in Markdown, shares, intervals, verdicts; in English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Figures = Mapping[str, Any]
"""What a check found, by name."""


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def ranged(value: float | None, low: float | None, high: float | None) -> str:
    """A share with its interval, where there is one."""
    return (
        figure(value) if low is None or high is None else f"{figure(value)} ({figure(low)} to {figure(high)})"
    )


def figure(value: float | None, decimals: int = 3) -> str:
    """A figure below 1 without its 0, as everywhere on the page."""
    if value is None:
        return "unknown"
    text = f"{value:.{decimals}f}"
    return text.replace("0.", ".", 1) if text.lstrip("-").startswith("0.") else text


def signed(one: Figures) -> str:
    """A difference with its sign and its interval."""
    if one["value"] is None:
        return "unknown"
    told = f"{'+' if one['value'] > 0 else ''}{figure(one['value'])}"
    return told if one["low"] is None else f"{told} ({figure(one['low'])} to {figure(one['high'])})"


def judged(one: Figures) -> str:
    """Whether a difference is one."""
    if one["low"] is None or one["high"] is None:
        return "unknown"
    if one["low"] > 0:
        return "better"
    return "**the baseline wins**" if one["high"] < 0 else "cannot be told apart"


def percent(value: float | None) -> str:
    """A share in per cent."""
    return "unknown" if value is None else f"{value:.1%}"
