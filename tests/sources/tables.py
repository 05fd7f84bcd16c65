"""What the tests of csv and jsonl share: reading a file, in pieces of any size, as plain events."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from leumund.events import Problem, Rows, Statement
from leumund.sources import FileSettings, Page, all_sources, text_files

ACTS = "kind,actor,target,network,happened_at\n"


class Told(NamedTuple):
    """What a file told: rows as plain values, problems by line, and every problem."""

    rows: list[str]
    problems: dict[int, str]
    faults: list[tuple[int, str]]


def act(number: int, *, who: str = "ben") -> str:
    return f"like,{who},anna,facebook,2026-01-09T08:{number % 60:02}:00Z\n"


def pages(
    path: Path, mapping: Mapping[str, Any] | None = None, cursor: Mapping[str, Any] | None = None
) -> list[Page]:
    source = all_sources()["jsonl" if ".jsonl" in path.name else "csv"]
    return list(source.fetch(FileSettings(path=path, mapping=mapping), cursor))


def told_by(found: list[Page]) -> Told:
    rows: list[str] = []
    problems: list[tuple[int, str]] = []
    for page in found:
        source = all_sources()["jsonl" if ".jsonl" in page.where else "csv"]
        for event in source.parse(page):
            if isinstance(event, Rows):
                rows += [
                    str({k: v for k, v in row.items() if v not in (None, [])})
                    for row in event.table.to_pylist()
                ]
            elif isinstance(event, Statement):
                rows.append(str(event))
            bad = event.problems if isinstance(event, Rows) else [event] if isinstance(event, Problem) else []
            for problem in bad:
                name, line = problem.where.rsplit(":", 1)
                assert name == page.where
                problems.append((int(line), problem.message))
    return Told(sorted(rows), dict(sorted(problems)), sorted(problems))


def told(path: Path, mapping: Mapping[str, Any] | None = None) -> Told:
    return told_by(pages(path, mapping))


def told_in_pieces(path: Path, size: int, monkeypatch: pytest.MonkeyPatch) -> Told:
    """Read in pieces; from every place between them the rest is the same."""
    with monkeypatch.context() as patch:
        patch.setattr(text_files, "PIECE", size)
        every = pages(path)
        for done, page in enumerate(every[:20], start=1):
            rest = pages(path, cursor=page.position)
            assert [(p.first, p.data) for p in rest] == [(p.first, p.data) for p in every[done:]]
        return told_by(every)
