"""Importing events against parsing the same events with orjson alone, and memory that does not grow.

The peer does nothing but `orjson.loads` on each line of the JSON form. Ours reads, checks, names accounts,
finds duplicates, writes Parquet and commits. Limit: twice the peer's CPU seconds. Peer and ours start Python
and import what they need in both figures.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.timing import Row, measured

GROUP, SECONDS = "reading in", 90

PEER = """
import sys, orjson
with open(sys.argv[1], "rb") as lines:
    for line in lines:
        orjson.loads(line)
"""
IMPORT = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from leumund.intake import import_path
from leumund.lab import Lab
with Lab.create(Path(sys.argv[2])) as lab, lab.writing(datetime(2026, 4, 1, tzinfo=UTC)) as writer:
    report = import_path(lab, writer, Path(sys.argv[1]))
    assert sum(report.new.values()) > 0 and report.problems == 0, report
"""


def run(*, small: bool) -> Iterator[Row]:
    """Three kinds of made-up files, and the memory of a small and of a large one."""
    events = 200_000 if small else 2_000_000
    with tempfile.TemporaryDirectory() as tmp:
        folder = Path(tmp)
        for name, lines, table in _files(folder, events):
            lab = iter(range(100))

            def script(path: Path, lab: Iterator[int] = lab) -> tuple[str, ...]:
                return (IMPORT, str(path), str(folder / f"lab{next(lab)}-{path.name}"))

            runs = [(measured(*script(table)), measured(PEER, str(lines))) for _ in range(3)]
            ours = sorted(r[0][0] for r in runs)[1]
            peer = sorted(r[1][0] for r in runs)[1]
            yield Row(
                name=f"import {events:,} {name}",
                ours=ours,
                peer=peer,
                unit="CPU s",
                ratio=ours / peer,
                limit=2.0,
                against="orjson, parsing alone",
            )
            memory = max(r[0][1] for r in runs)
            yield Row(
                name=f"memory of it, {name}", ours=memory, peer=600, unit="MB", ratio=memory / 600, limit=1.0
            )


def _files(folder: Path, events: int) -> Iterator[tuple[str, Path, Path]]:
    """(what, the events as JSON lines for the peer, the file we import)."""
    from leumund.simulate import write_csv, write_jsonl

    mixed = folder / "mixed.jsonl"
    write_jsonl(mixed, events, 1)
    yield "mixed events (JSON lines)", mixed, mixed
    mixed.unlink()

    table, lines = folder / "acts.csv", folder / "acts.jsonl"
    write_csv(table, events, 1)
    as_lines(table, lines)
    yield "acts (CSV)", lines, table
    table.unlink()
    lines.unlink()

    posts = folder / "posts.jsonl"
    long_posts(posts, events // 4)
    yield "long posts, a quarter as many (JSON lines)", posts, posts
    posts.unlink()


def as_lines(table: Path, lines: Path) -> None:
    import csv

    with table.open(encoding="utf-8", newline="") as rows, lines.open("w", encoding="utf-8") as out:
        for row in csv.DictReader(rows):
            kept = {k: int(v) if k == "count" else v for k, v in row.items() if v}
            out.write(json.dumps({"noun": "act", **kept}, separators=(",", ":"), ensure_ascii=False) + "\n")


def long_posts(path: Path, posts: int) -> None:
    """Posts of some 900 characters, as people write them where there is room, all columns filled."""
    import random

    rng = random.Random(1)
    words = [
        "Arbeit",
        "Alltag",
        "Bewerbung",
        "Gespräch",
        "Zeugnis",
        "Woche",
        "Kaffee",
        "Gehalt",
        "fragen",
        "zuhören",
        "planen",
        "lernen",
        "über",
        "später",
    ]
    with path.open("w", encoding="utf-8") as out:
        for number in range(posts):
            who = f"acct:k{rng.randrange(20_000)}@werkstatt.example"
            uri = f"https://werkstatt.example/posts/{number}"
            row = {
                "noun": "post", "post": uri, "account": who, "network": "mastodon",
                "happened_at": f"2026-0{1 + number * 3 // posts}-{1 + number % 28:02}T{number % 24:02}:{number % 60:02}:00Z",
                "text": " ".join(rng.choices(words, k=110)), "language": "de", "url": uri + "/html",
                "visibility": "public", "likes": number % 50, "reshares": number % 9, "replies": number % 5,
            }  # fmt: skip
            out.write(json.dumps(row, separators=(",", ":"), ensure_ascii=False) + "\n")
