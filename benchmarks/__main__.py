"""Every benchmark with its peer in the same run: `make bench`, or `python -m benchmarks NAME... [--small|--large]`.

    python -m benchmarks              all that was not measured since the program changed, then the tables
    python -m benchmarks scores posts these, anew
    python -m benchmarks --again      all anew
    python -m benchmarks --tables     only write what was measured into docs/performance.md
    python -m benchmarks --guard      small ones: did a ratio to the peer become worse than in reference.json?
    python -m benchmarks --list       which there are

A benchmark is a file bench_NAME.py here with `run(*, small)`, which yields rows; `run(*, small, large)` where it has more
to show in the large size; GROUP and SECONDS (on two cores, for the time that is left) where it says them. Times are CPU
seconds of whole processes (user + system, children too), so that a busy machine does not matter much; ours and the peer
run in turn, and medians are compared. Stop it whenever you like: what is measured stays in bench-results/.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import inspect
import pkgutil
import sys
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import benchmarks
from benchmarks import guard, tables
from benchmarks.machine import Moment, machine, versions
from benchmarks.results import Result, Size, kept, state
from benchmarks.timing import Row

GROUPS = ("start", "reading in", "store", "text", "ranking", "measures", "network", "pages", "more")
_USUAL_SECONDS = 60.0  # of a benchmark that does not say


@dataclass(frozen=True, slots=True)
class Bench:
    """A file of this folder."""

    name: str
    module: Any

    @property
    def group(self) -> str:
        """Its place among the tables."""
        said = getattr(self.module, "GROUP", "more")
        return said if said in GROUPS else "more"

    def rows(self, size: Size) -> Iterator[Row]:
        """What it finds, one after the other."""
        asked: dict[str, bool] = {"small": size == "small"}
        if "large" in inspect.signature(self.module.run).parameters:
            asked["large"] = size == "large"
        yield from self.module.run(**asked)

    def seconds(self, size: Size) -> float:
        """About how long it takes: as last time, else as it says."""
        last = kept(self.name, size)
        return last.seconds if last else float(getattr(self.module, "SECONDS", _USUAL_SECONDS))


def all_benches() -> list[Bench]:
    """By groups, in them by name."""
    names = [m.name for m in pkgutil.iter_modules(benchmarks.__path__) if m.name.startswith("bench_")]
    found = [Bench(n.removeprefix("bench_"), importlib.import_module(f"benchmarks.{n}")) for n in names]
    return sorted(found, key=lambda b: (GROUPS.index(b.group), b.name))


def main(arguments: list[str]) -> int:
    """0: done; 1: a limit was missed (or the guard found something), or a benchmark failed; 130: stopped."""
    asked = _asked(arguments)
    size: Size = "small" if asked.small else "large" if asked.large else "usual"
    if asked.guard or asked.renew:
        return guard.main(renewed=asked.renew)
    benches = all_benches()
    unknown = sorted({*asked.names} - {b.name for b in benches})
    if unknown:
        print(f"There is no benchmark {', '.join(unknown)}. There are: {', '.join(b.name for b in benches)}.")
        return 2
    if asked.list:
        for bench in benches:
            print(f"{bench.group:<12} {bench.name:<16} {(bench.module.__doc__ or '').splitlines()[0]}")
        return 0
    chosen = [b for b in benches if not asked.names or b.name in asked.names]
    if asked.tables:
        return tables.write(_described(benches))
    ended = 130
    with contextlib.suppress(KeyboardInterrupt):
        ended = _measure(chosen, size, anew=asked.again or bool(asked.names))
    if ended == 130:
        print("\nStopped. What is measured is kept; the same command goes on from here.")
    elif not asked.names and size == "usual":
        tables.write(_described(benches))
    return ended


def _described(benches: list[Bench]) -> list[tables.Described]:
    return [(b.group, b.name, b.module.__doc__ or "") for b in benches]


def _measure(chosen: list[Bench], size: Size, *, anew: bool) -> int:
    """One after the other, each result kept as soon as it is whole."""
    now = versions()
    print("; ".join(machine().values()), flush=True)
    of = {b.name: state(b.name, now) for b in chosen}
    found = {b.name: kept(b.name, size) for b in chosen}
    done = {n: r for n, r in found.items() if not anew and r is not None and r.of == of[n]}
    if done:
        print(f"Measured already, and nothing has changed since: {', '.join(done)} (--again measures anew)")
    rows = [row for result in done.values() for row in result.rows]
    left = [b for b in chosen if b.name not in done]
    failed = []
    for number, bench in enumerate(left, start=1):
        minutes = sum(b.seconds(size) for b in left[number - 1 :]) / 60
        print(
            f"\n[{number} of {len(left)}] {bench.group}: {bench.name}   about {minutes:.0f} min left",
            flush=True,
        )
        result = _one(bench, size, of[bench.name], now)
        if result is None:
            failed.append(bench.name)
            continue
        rows += result.rows
    missed = [row["name"] for row in rows if row["ratio"] > row["limit"]]
    print(
        f"\n{len(rows)} figures, {len(missed)} beyond their limit."
        + "".join(f"\n  {name}" for name in missed)
    )
    if failed:
        print(f"Not measured, because they failed: {', '.join(failed)}")
    return 1 if missed or failed else 0


def _one(bench: Bench, size: Size, of: str, now: dict[str, str]) -> Result | None:
    """None where it failed; why is on the error stream."""
    rows = []
    before, began = Moment.now(), time.perf_counter()
    try:
        for row in bench.rows(size):
            rows.append(row)
            print("  " + told(row), flush=True)
    except Exception:  # noqa: BLE001  whatever it is, the others are measured
        traceback.print_exc()
        return None
    seconds, after = time.perf_counter() - began, Moment.now()
    option = "" if size == "usual" else f" --{size}"
    result = Result(
        name=bench.name, size=size, at=datetime.now(UTC).isoformat(timespec="minutes"),
        command=f"python -m benchmarks {bench.name}{option}", of=of, seconds=round(seconds, 1),
        cpu=round(after.ours - before.ours, 1), others=after.others_since(before, seconds),
        machine=machine(), versions=now, rows=rows,
    )  # fmt: skip
    result.keep()
    busy = f", others used {result.others:.0%} of the machine" if result.others is not None else ""
    print(f"  {seconds:.0f} s, {result.cpu:.0f} CPU s{busy}", flush=True)
    return result


def told(row: Row) -> str:
    """A row as one line."""
    if "missing" in row:
        return f"{row['name']:<62} {row['missing']}"
    low, high = row.get("spread", (row["ratio"], row["ratio"]))
    spread = f" ({low:.2f} to {high:.2f})" if high > low else ""
    verdict = "within" if row["ratio"] <= row["limit"] else "MISSED"
    limit = "" if row["limit"] == float("inf") else f", limit {row['limit']:.2f}: {verdict}"
    return (
        f"{row['name']:<62} {row['ours']:>9.3g} against {row['peer']:>9.3g} {row['unit']}"
        f" {row.get('against', '')}  ratio {row['ratio']:.2f}{spread}{limit}"
    )


def _asked(arguments: list[str]) -> Any:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("names", nargs="*", metavar="NAME")
    sizes = parser.add_mutually_exclusive_group()
    sizes.add_argument("--small", action="store_true", help="seconds each: whether it runs at all")
    sizes.add_argument("--large", action="store_true", help="an hour and up to 12 GB: 100 million acts")
    parser.add_argument("--again", action="store_true", help="all anew, even what was measured already")
    parser.add_argument("--tables", action="store_true", help="only write the tables")
    parser.add_argument("--list", action="store_true", help="which there are")
    parser.add_argument("--guard", action="store_true", help="today's ratios against the reference")
    parser.add_argument("--renew", action="store_true", help="today's ratios are the reference from now on")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
