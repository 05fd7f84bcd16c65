"""Experiments the owner plans and runs: what was written down, and when.

What counts is what was written before the first week: `plan_changed_at` tells when one of the promised things was last
said otherwise, so that an outcome chosen afterwards can be refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from leumund.store.entries import Entry, EntryTable, Known, day_in, text_in, time_in, whole_in

PROMISED = ("change", "outcome", "network", "pairs", "washout_days", "begins", "seed", "weeks")
"""What is said before the start and must not be said otherwise afterwards."""


def plan_changed_at(entry: Entry) -> int | None:
    """When a promise was last changed, in microseconds since 1970; None where the first words still hold."""
    changed = None
    for before, after in zip(entry.versions, entry.versions[1:], strict=False):
        if any(before.body.get(name) != after.body.get(name) for name in PROMISED):
            changed = after.said_at
    return changed


def _experiments(entry: Entry, _known: Known) -> Iterator[Mapping[str, Any]]:
    body = entry.body
    yield {
        "name": text_in(body, "experiment"), "change": text_in(body, "change"), "outcome": text_in(body, "outcome"),
        "network": text_in(body, "network"), "pairs": whole_in(body, "pairs"),
        "washout_days": whole_in(body, "washout_days"), "begins": day_in(body, "begins"),
        "seed": text_in(body, "seed"), "weeks": text_in(body, "weeks"), "planned_at": entry.versions[0].said_at,
        "plan_changed_at": plan_changed_at(entry), "started_at": time_in(body, "started_at"),
        "stopped_at": time_in(body, "stopped_at"), "text": text_in(body, "note"),
    }  # fmt: skip


EXPERIMENTS = EntryTable(
    kind="experiment",
    columns={
        "name": "VARCHAR",
        "change": "VARCHAR",
        "outcome": "VARCHAR",
        "network": "VARCHAR",
        "pairs": "INTEGER",
        "washout_days": "INTEGER",
        "begins": "DATE",
        "seed": "VARCHAR",
        "weeks": "VARCHAR",
        "planned_at": "TIMESTAMP",
        "plan_changed_at": "TIMESTAMP",
        "started_at": "TIMESTAMP",
        "stopped_at": "TIMESTAMP",
        "text": "VARCHAR",
    },
    rows=_experiments,
)
