"""Measuring whole processes: CPU seconds and peak memory, as the operating system counts them; rows of the tables.

measured(script, ...)     one run
in_turn(ours, peer)       ours, the peer, ours, the peer ...: a busy machine slows both alike
compared(name, ...)       the row of such runs: medians, the ratio pair by pair, its spread
absent(name, why)         the row of a peer that cannot be had here
"""

from __future__ import annotations

import importlib.util
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NotRequired, TypedDict


class Row(TypedDict):
    """One comparison: ours and the peer's figure, their ratio (smaller is better) and its limit.

    against: what the peer is; without it the peer's figure is a limit. spread: smallest and largest ratio of the
    pairs. missing: why there is no figure (then all figures are nan).
    """

    name: str
    ours: float
    peer: float
    unit: str
    ratio: float
    limit: float
    against: NotRequired[str]
    spread: NotRequired[tuple[float, float]]
    missing: NotRequired[str]


def compared(
    name: str, ours: Sequence[float], peer: Sequence[float] | float, *, limit: float, unit: str = "CPU s", against: str = ""
) -> Row:  # fmt: skip
    """The row of several runs. peer: as many runs in turn with ours, or a limit. limit: of the ratio; inf means none."""
    of_peer = [peer] * len(ours) if isinstance(peer, float | int) else list(peer)
    ratios = [mine / its for mine, its in zip(ours, of_peer, strict=True)]
    row = Row(name=name, ours=statistics.median(ours), peer=statistics.median(of_peer), unit=unit,
              ratio=statistics.median(ratios), limit=limit)  # fmt: skip
    if against:
        row["against"] = against
    if len(ratios) > 1:
        row["spread"] = (min(ratios), max(ratios))
    return row


def absent(name: str, why: str) -> Row:
    """The row of a comparison that could not be made here."""
    nan = float("nan")
    return Row(name=name, ours=nan, peer=nan, unit="", ratio=nan, limit=nan, missing=why)


def is_there(package: str) -> bool:
    """Whether a peer can be imported here: not every machine has a wheel of each."""
    return importlib.util.find_spec(package) is not None


def surroundings(home: Path) -> dict[str, str]:
    """The environment of a process that is measured: a home of its own, and Python keeps what it compiled.

    Where PYTHONDONTWRITEBYTECODE is set, as on many build machines, every start compiles every file: nobody's use.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    compiled = Path(__file__).parents[1] / "bench-results" / "compiled"
    own = {"LEUMUND_HOME": home, "LEUMUND_ERASURE_KEY": home / "key", "PYTHONPYCACHEPREFIX": compiled}
    return kept | {name: str(path) for name, path in own.items()}


def measured(script: str, *arguments: str) -> tuple[float, float]:
    """Run a Python script in a process of its own; gives (CPU seconds, peak memory in MB).

    Raises:
        RuntimeError: it failed; its last words are in the message.
    """
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryFile() as words:
        child = subprocess.Popen([sys.executable, "-c", script, *arguments], env=surroundings(Path(home)),
                                 stdout=subprocess.DEVNULL, stderr=words)  # fmt: skip
        try:
            _pid, status, usage = os.wait4(child.pid, 0)
        except BaseException:  # somebody stops the run: nothing goes on behind it
            child.kill()
            child.wait()
            raise
        child.returncode = os.waitstatus_to_exitcode(status)
        words.seek(0)
        said = words.read().decode("utf-8", "replace").strip()
    if child.returncode:
        raise RuntimeError(f"{script.strip()}\n{said[-2000:]}\nexit code {child.returncode}")
    scale = 2**20 if sys.platform == "darwin" else 1024  # macOS counts bytes, Linux kilobytes
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / scale


def in_turn(ours: tuple[str, ...], peer: tuple[str, ...], *, runs: int = 3) -> tuple[float, float, float]:
    """Both scripts in turn; gives the medians (ours, peer's) in CPU seconds and our largest memory in MB."""
    mine, its, memory = pairs(ours, peer, runs=runs)
    return statistics.median(mine), statistics.median(its), memory


def pairs(
    ours: tuple[str, ...], peer: tuple[str, ...], *, runs: int = 3
) -> tuple[list[float], list[float], float]:
    """Both scripts in turn; gives the CPU seconds of ours, those of the peer, our largest memory in MB."""
    both = [(measured(*ours), measured(*peer)) for _ in range(runs)]
    return [m[0] for m, _ in both], [p[0] for _, p in both], max(m[1] for m, _ in both)
