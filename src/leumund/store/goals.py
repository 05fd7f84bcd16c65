"""Goals: which number is to be reached by which day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args

from leumund.store.entries import Entry, EntryTable, Known, day_in, number_in, text_in

What = Literal["followers", "people", "responders", "board", "customers"]
"""followers: as the network counts. people: followers that are people. responders: people who respond to the owner in
a week. board: her place on the Follow-Friday board, the smaller the better. customers: since the goal was set."""

WHATS: tuple[What, ...] = get_args(What)


def _goals(entry: Entry, _known: Known) -> Iterator[Mapping[str, Any]]:
    target, by = number_in(entry.body, "target"), day_in(entry.body, "until")
    what = text_in(entry.body, "goal")
    if target is not None and by is not None and what is not None:
        yield {
            "what": what if what in WHATS else "other", "target": target, "by": by,
            "network": text_in(entry.body, "network"), "text": text_in(entry.body, "note") or what,
        }  # fmt: skip


GOALS = EntryTable(
    kind="goal",
    columns={"what": "VARCHAR", "target": "DOUBLE", "by": "DATE", "network": "VARCHAR", "text": "VARCHAR"},
    rows=_goals,
)
