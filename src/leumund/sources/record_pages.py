"""Pages out of an archive, file by file, so that a stopped import goes on after the last page it kept.

A position is {"archive": stamp, "file": member, "record": records done}. With another stamp (another
archive of the same owner) the cursor means nothing and reading starts anew; what was read before is
recognised by the lab.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from leumund.errors import UnreadableFileError
from leumund.events import Problem
from leumund.sources import Cursor, Page
from leumund.sources.archive_files import Archive
from leumund.sources.json_records import (
    BROKEN_AT,
    HINT_AGAIN,
    NOT_JSON,
    NOT_UTF8,
    RECORDS_PER_PAGE,
    RecordError,
    as_utf8,
    join,
    problem_data,
    split_records,
)

Records = Sequence[bytes | msgspec.Raw]


@dataclass(slots=True, kw_only=True)
class Loaded:
    """The records of a file, and what was wrong with it (pages of the kind "problem")."""

    records: Records = ()
    problems: list[bytes] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One file to read: load gives its records when its turn comes; context what each page must know."""

    kind: str
    file: str
    where: str
    size: int
    load: Callable[[], Loaded]
    context: Callable[[Records], Mapping[str, str]]


def archive_context(owner: str, made_at: datetime, **more: str) -> dict[str, str]:
    """What each page of an archive must know: whose it is, when it was made, and what its source adds."""
    return {"owner": owner, "made_at": made_at.isoformat(), **more}


def archive_made_at(context: Mapping[str, str]) -> datetime:
    """When the archive was made, out of a page's context."""
    return datetime.fromisoformat(context["made_at"])


def archive_pages(steps: Sequence[Step], cursor: Cursor, context: Mapping[str, str]) -> Iterator[Page]:
    """The pages of somebody's archive; one of the same owner and moment is the same archive."""
    yield from step_pages(steps, cursor, archive=f"{context['owner']} {context['made_at']}")


def step_pages(steps: Sequence[Step], cursor: Cursor, *, archive: str) -> Iterator[Page]:
    """The pages of all steps, after the cursor where it belongs to this archive."""
    files = [step.file for step in steps]
    resume = cursor if cursor and cursor.get("archive") == archive and cursor.get("file") in files else None
    begin = files.index(str(resume["file"])) if resume else 0
    size, done = sum(step.size for step in steps), sum(step.size for step in steps[:begin])
    for step in steps[begin:]:
        first = int(resume["record"] or 0) if resume and step.file == resume["file"] else -1
        yield from _pages_of(step, first, archive=archive, done=done, size=size)
        done += step.size


def _pages_of(step: Step, first: int, *, archive: str, done: int, size: int) -> Iterator[Page]:
    loaded = step.load()
    if first < 0:
        for data in loaded.problems:
            at: dict[str, str | int] = {"archive": archive, "file": step.file, "record": 0}
            yield Page(kind="problem", where=step.where, data=data, position=at, done=done, size=size)
    count = len(loaded.records)
    for start in range(max(first, 0), count, RECORDS_PER_PAGE):
        records = loaded.records[start : start + RECORDS_PER_PAGE]
        end = start + len(records)
        yield Page(
            kind=step.kind,
            where=step.where,
            data=join(records),
            first=start + 1,
            context=step.context(records),
            position={"archive": archive, "file": step.file, "record": end},
            done=done + step.size * end // count,
            size=size,
        )


def load_json(archive: Archive, name: str, where: str, *, key: str | None = None) -> Loaded:
    """The records of a member that is a JSON list, or holds one at `key`."""
    try:
        data, fault = archive.read_on(name)
    except UnreadableFileError as error:
        return Loaded(problems=[problem_data(where, error.message, error.hint)])
    return load_records(data, where, key=key, fault=fault)


def load_records(
    data: bytes, where: str, *, key: str | None = None, fault: UnreadableFileError | None = None
) -> Loaded:
    """The records in these bytes, as many as can be read. fault: what broke the file off where they end."""
    loaded = Loaded()
    data, mended = as_utf8(data)
    if mended:
        loaded.problems.append(problem_data(where, NOT_UTF8, count=mended))
    try:
        loaded.records, whole = split_records(data, key=key)
        if not whole:
            fault = None  # said better here
            loaded.problems.append(problem_data(where, BROKEN_AT, HINT_AGAIN, count=len(loaded.records)))
    except RecordError as error:
        if fault is None:
            loaded.problems.append(problem_data(where, NOT_JSON, HINT_AGAIN, why=str(error)))
    if fault is not None:
        loaded.problems.append(problem_data(where, fault.message, fault.hint))
    return loaded


def archive_step(problems: Sequence[Problem], where: str) -> Step:
    """What the archive itself had wrong with it, told before anything of it."""
    data = [problem_data(problem.where, "{text}", text=problem.message) for problem in problems]
    return Step(
        kind="problem",
        file="",
        where=where,
        size=0,
        load=lambda: Loaded(problems=data),
        context=lambda _records: {},
    )
