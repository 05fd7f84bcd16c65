"""On what it was measured: the machine, the versions of everything compared, how busy others kept the machine."""

from __future__ import annotations

import os
import platform
import re
import resource
import sqlite3
import subprocess
import tomllib
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[1]
_OURS = (
    "duckdb",
    "pyarrow",
    "numpy",
    "scipy",
    "msgspec",
    "orjson",
    "igraph",
    "rensa",
)  # compared, besides group bench


def machine() -> dict[str, str]:
    """Processor, cores that may be used, memory, system, Python."""
    told = Path("/proc/cpuinfo")
    model = re.search(r"model name\s*: (.+)", told.read_text() if told.exists() else "")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": model[1] if model else platform.processor() or platform.machine(),
        "cores": str(_cores()),
        "memory": f"{memory:.0f} GiB",
        "system": _system(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
    }


def versions() -> dict[str, str]:
    """Name: version; “not installed” where a peer has no wheel for this machine."""
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["dependency-groups"]
    named = [re.split(r"[<>=~! ;\[]", line)[0] for line in groups["bench"]]
    found = {name: _version(name) for name in sorted({*named, *_OURS})}
    return {**found, "SQLite": sqlite3.sqlite_version, "Java": _java()}


@dataclass(frozen=True, slots=True)
class Moment:
    """What the machine and our own processes have worked until now, in CPU seconds; None where nobody counts it."""

    all_of_it: float | None
    ours: float

    @classmethod
    def now(cls) -> Moment:
        """Counted by the operating system since it began."""
        ours = sum(
            used.ru_utime + used.ru_stime
            for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        )
        try:
            words = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
        except OSError:
            return cls(None, ours)
        user, nice, system, _idle, _waiting, irq, soft, stolen = (int(w) for w in words[:8])
        return cls((user + nice + system + irq + soft + stolen) / os.sysconf("SC_CLK_TCK"), ours)

    def others_since(self, before: Moment, seconds: float) -> float | None:
        """What part of the machine somebody else used since then: 0 to 1."""
        if self.all_of_it is None or before.all_of_it is None or seconds <= 0:
            return None
        others = (self.all_of_it - before.all_of_it) - (self.ours - before.ours)
        return min(1.0, max(0.0, others / seconds / (os.cpu_count() or 1)))


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _system() -> str:
    try:
        return f"{platform.freedesktop_os_release()['PRETTY_NAME']}, {platform.system()} {platform.release()}"
    except OSError:
        return platform.platform()


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"


def _java() -> str:
    try:
        done = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return "not installed"
    found = re.search(r'version "([^"]+)"', done.stderr)
    return found[1] if found else "not installed"
