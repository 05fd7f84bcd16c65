"""What was measured, as the tables of docs/performance.md: between two marks, the words around them stay."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from benchmarks.machine import ROOT
from benchmarks.results import Result, kept
from benchmarks.timing import Row

PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- what `make bench` found -->", "<!-- until here -->"
_NOISY = 0.1  # a tenth of the machine used by others is worth saying

Described = tuple[str, str, str]
"""Group, name, docstring of a benchmark."""


def write(benches: Sequence[Described], *, page: Path = PAGE, folder: Path | None = None) -> int:
    """Put the tables of all that was measured into the page; 1 where there is nothing to put."""
    text = page.read_text("utf-8")
    before, begun, rest = text.partition(BEGIN)
    _old, ended, after = rest.partition(END)
    if not begun or not ended:
        print(f"{page} has no marks {BEGIN} and {END}.")
        return 1
    made = as_page(benches, folder)
    if not made:
        print("Nothing was measured yet: make bench.")
        return 1
    page.write_text(f"{before}{BEGIN}\n\n{made}\n{END}{after}", "utf-8")
    print(f"The tables stand in {page.relative_to(ROOT) if page.is_relative_to(ROOT) else page}.")
    return 0


def as_page(benches: Sequence[Described], folder: Path | None = None) -> str:
    """Machine, versions, then a table for each benchmark that has a result; empty without any."""
    results = [(b, r) for b in benches for r in _results(b[1], folder)]
    if not results:
        return ""
    last = max((r for _, r in results), key=lambda r: r.at)
    parts = [_machines([r for _, r in results], last)]
    for group, members in groupby(results, key=lambda found: found[0][0]):
        parts.append(f"### {group.capitalize()}\n")
        parts += [_table(docs, result, last) for (_, _, docs), result in members]
    return "\n".join(parts)


def _results(name: str, folder: Path | None) -> list[Result]:
    """The usual size, else the small one; and the large one."""
    usual = kept(name, "usual", folder) or kept(name, "small", folder)
    return [r for r in (usual, kept(name, "large", folder)) if r]


def _machines(results: Sequence[Result], last: Result) -> str:
    """Where several machines or versions were used, the last one, and that there were others."""
    days = sorted({r.at[:10] for r in results})
    on = "; ".join(f"{what}: {said}" for what, said in last.machine.items())
    there = [f"{name} {version}" for name, version in last.versions.items() if version != "not installed"]
    gone = [name for name, version in last.versions.items() if version == "not installed"]
    lines = [f"Measured {days[0] if len(days) == 1 else f'{days[0]} to {days[-1]}'}. {on}.\n",
             f"Compared: {', '.join(there)}." + (f" Not installed here: {', '.join(gone)}." if gone else "") + "\n"]  # fmt: skip
    if any(_differently(r, last) for r in results):
        lines.append("Some tables were made on another machine or with other versions; each says so.\n")
    busy = [r.others for r in results if r.others is not None and r.others > _NOISY]
    if busy:
        lines.append(f"The machine was shared: in {len(busy)} of {len(results)} runs others used more than a tenth of it, "
                     f"{max(busy):.0%} at most. CPU seconds and ratios of runs in turn bear that, times by the clock do not.\n")  # fmt: skip
    return "\n".join(lines)


def _differently(result: Result, last: Result) -> str:
    """On what else this was measured than the last one: another machine, other versions; "" where all was the same."""
    found = [said for what, said in result.machine.items() if last.machine.get(what) != said]
    absent = {"not installed"}
    for name, version in result.versions.items():
        if version != last.versions.get(name) and not absent & {version, last.versions.get(name)}:
            found.append(f"{name} {version}")
    return ", ".join(found)


def _table(docs: str, result: Result, last: Result) -> str:
    about = " ".join(docs.strip().split("\n\n")[0].split())
    others = (
        f", others used {result.others:.0%} of the machine"
        if result.others and result.others > _NOISY
        else ""
    )
    differs = f"; with {also}" if (also := _differently(result, last)) else ""
    at = result.at[:16].replace("T", " ")
    how = f"`{result.command}` ({at} UTC, {result.seconds:.0f} s, {result.cpu:.0f} CPU s{others}{differs})"
    head = ["| what | ours | against | ratio | limit | |", "| --- | ---: | ---: | ---: | ---: | --- |"]
    lines = [about, "", how, "", *head]
    return "\n".join([*lines, *(_line(row) for row in result.rows), ""])


def _line(row: Row) -> str:
    if "missing" in row:
        return f"| {row['name']} | | | | | {row['missing']} |"
    low, high = row.get("spread", (row["ratio"], row["ratio"]))
    spread = f" ({low:.2f} to {high:.2f})" if f"{low:.2f}" != f"{high:.2f}" else ""
    against = f"{figure(row['peer'])} {row['unit']}, {row.get('against', 'wanted')}"
    open_ended = math.isinf(row["limit"])
    verdict = "" if open_ended else "within" if row["ratio"] <= row["limit"] else "**missed**"
    limit = "" if open_ended else f"{row['limit']:.2f}"
    return (f"| {row['name']} | {figure(row['ours'])} {row['unit']} | {against} | {row['ratio']:.2f}{spread} "
            f"| {limit} | {verdict} |")  # fmt: skip


def figure(value: float) -> str:
    """Three digits that count."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
