"""Measuring whole processes: CPU seconds and peak memory, as the operating system counts them."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TypedDict


class Row(TypedDict):
    """One comparison: ours and the peer's figure, their ratio (smaller is better) and its limit."""

    name: str
    ours: float
    peer: float
    unit: str
    ratio: float
    limit: float


def measured(script: str, *arguments: str) -> tuple[float, float]:
    """Run a Python script in a process of its own; gives (CPU seconds, peak memory in MB)."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "LEUMUND_HOME": home, "LEUMUND_ERASURE_KEY": str(Path(home) / "key")}
        child = subprocess.Popen(
            [sys.executable, "-c", script, *arguments], env=environment, stdout=subprocess.DEVNULL
        )
        _pid, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(script)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def in_turn(ours: tuple[str, ...], peer: tuple[str, ...], *, runs: int = 3) -> tuple[float, float, float]:
    """Both scripts in turn; gives the medians (ours, peer's) in CPU seconds and our largest memory in MB."""
    pairs = [(measured(*ours), measured(*peer)) for _ in range(runs)]
    memory = max(mine[1] for mine, _ in pairs)
    return statistics.median(m[0] for m, _ in pairs), statistics.median(p[0] for _, p in pairs), memory
