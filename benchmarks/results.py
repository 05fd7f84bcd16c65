"""What was measured, one file for each benchmark and size: bench-results/SIZE/NAME.json.

A result counts as long as the program, the benchmark and the versions stay what they were; so a run that was stopped
goes on where it was, and after a change only what was asked for is measured anew.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from benchmarks.machine import ROOT
from benchmarks.timing import Row

Size = Literal["small", "usual", "large"]
FOLDER = ROOT / "bench-results"


@dataclass(frozen=True, slots=True)
class Result:
    """One benchmark's run. seconds: by the clock; cpu: CPU seconds. others: part of the machine others used. of: the state."""

    name: str
    size: Size
    at: str
    command: str
    of: str
    seconds: float
    cpu: float
    others: float | None
    machine: dict[str, str]
    versions: dict[str, str]
    rows: list[Row] = field(default_factory=list)

    def keep(self, folder: Path | None = None) -> Path:
        """Written whole or not at all."""
        path = _place(folder, self.size, self.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(".half")
        half.write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False), "utf-8")
        half.replace(path)
        return path


def kept(name: str, size: Size, folder: Path | None = None) -> Result | None:
    """The last result, of whatever state; None where there is none or it cannot be read."""
    try:
        told: dict[str, Any] = json.loads(_place(folder, size, name).read_text("utf-8"))
        return Result(**told)
    except (OSError, ValueError, TypeError):
        return None


def state(name: str, versions: dict[str, str]) -> str:
    """A word for what is measured: it changes with the program, this benchmark, and the versions compared."""
    seen = hashlib.sha256(json.dumps(versions, sort_keys=True).encode())
    files = [p for p in (ROOT / "src" / "leumund").rglob("*") if p.suffix in {".py", ".toml"}]
    for path in [*sorted(files), ROOT / "benchmarks" / "timing.py", ROOT / "benchmarks" / f"bench_{name}.py"]:
        seen.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return seen.hexdigest()[:16]


def _place(folder: Path | None, size: Size, name: str) -> Path:
    return (folder or FOLDER) / size / f"{name}.json"
