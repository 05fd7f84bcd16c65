"""Every benchmark with its peer in the same run: `make bench`, or `python -m benchmarks NAME [--small]`.

Times are CPU seconds of a whole process (user + system, children too), so that a busy machine does not
matter much; each pair is run in turn and the medians are compared. Results go to bench-results/.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

import benchmarks


def main(arguments: list[str]) -> int:
    """Run the benchmarks named (all without a name); 1 if one missed its limit."""
    small = "--small" in arguments
    wanted = [a for a in arguments if not a.startswith("--")]
    names = [m.name for m in pkgutil.iter_modules(benchmarks.__path__) if m.name.startswith("bench_")]
    missed = 0
    results = []
    for name in names:
        if wanted and name.removeprefix("bench_") not in wanted:
            continue
        for row in importlib.import_module(f"benchmarks.{name}").run(small=small):
            results.append(row)
            verdict = "within" if row["ratio"] <= row["limit"] else "MISSED"
            missed += row["ratio"] > row["limit"]
            print(f"{row['name']:<58} {row['ours']:>9.2f} {row['unit']}  against {row['peer']:>9.2f}  "
                  f"ratio {row['ratio']:.2f}, limit {row['limit']:.2f}: {verdict}", flush=True)  # fmt: skip
    to = Path("bench-results")
    to.mkdir(exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H%M")
    about = {"at": stamp, "python": platform.python_version(), "small": small, "results": results}
    (to / f"{stamp}.json").write_text(json.dumps(about, indent=1))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
