"""The diary: what the owner notes, how much fun it was, and when a network was out of order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args

from leumund.store.entries import Entry, EntryTable, Known, text_in, time_in, whole_in

About = Literal["note", "silence", "outage"]
"""note: anything. silence: she was away on purpose. outage: a network was out of order."""

ABOUTS: tuple[About, ...] = get_args(About)
LEAST_FUN, MOST_FUN = 1, 5


def _notes(entry: Entry, _known: Known) -> Iterator[Mapping[str, Any]]:
    fun, about = whole_in(entry.body, "fun"), text_in(entry.body, "about")
    yield {
        "text": text_in(entry.body, "note"), "about": about if about in ABOUTS else "note",
        "until": time_in(entry.body, "until"), "network": text_in(entry.body, "network"),
        "fun": fun if fun is not None and LEAST_FUN <= fun <= MOST_FUN else None,
    }  # fmt: skip


NOTES = EntryTable(
    kind="note",
    columns={
        "text": "VARCHAR",
        "about": "VARCHAR",
        "until": "TIMESTAMP",
        "network": "VARCHAR",
        "fun": "INTEGER",
    },
    rows=_notes,
)
