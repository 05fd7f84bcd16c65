"""Pages out of a stream of records, so that a file larger than the memory can be read and gone on with.

Where to go on is the number of records before; those are read over again and dropped, which is quick beside
storing them. The stamp says which state of the file the number belongs to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from leumund.sources import Cursor, Page
from leumund.sources.json_records import RECORDS_PER_PAGE, join

_BYTES_PER_PAGE = 8 << 20


@dataclass(frozen=True, slots=True)
class Record:
    """One record: what kind, its JSON, its number among its kind, and how far in the file it ends."""

    kind: str
    data: bytes
    number: int
    done: int


def stream_pages(
    records: Iterable[Record],
    cursor: Cursor,
    *,
    where: str,
    stamp: str,
    size: int,
    context: Mapping[str, str],
) -> Iterator[Page]:
    """Pages of records of one kind in a row, after the cursor where it belongs to this file."""
    skipped = int(cursor.get("record") or 0) if cursor and cursor.get("stamp") == stamp else 0
    waiting: list[Record] = []
    held = 0

    def page(end: int) -> Page:
        return Page(
            kind=waiting[0].kind, where=where, data=join([r.data for r in waiting]), first=waiting[0].number,
            context=context, position={"stamp": stamp, "record": end}, done=min(waiting[-1].done, size), size=size,
        )  # fmt: skip

    count = 0
    for count, record in enumerate(records, start=1):
        if count <= skipped:
            continue
        full = len(waiting) >= RECORDS_PER_PAGE or held > _BYTES_PER_PAGE
        if waiting and (full or record.kind != waiting[0].kind):
            yield page(count - 1)
            waiting, held = [], 0
        waiting.append(record)
        held += len(record.data)
    if waiting:
        yield page(count)
