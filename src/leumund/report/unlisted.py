"""A reading as others than the owner may see it: nobody is named who is or was on her no-go list, and nothing is told that
only she said: her notes, what she calls people, and whom she trusts.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from leumund.asking import State
from leumund.measures import Note, Reading
from leumund.store.tables import Tables


def without_listed(tables: Tables, reading: Reading) -> Reading:
    """The reading with nobody named who is or was on the owner's no-go list, which a change of influence would tell."""
    listed = {k for (k,) in tables.sql("select distinct account from marks where mark = 'nogo'").fetchall()}
    at = next(i for i, c in enumerate(reading.columns) if c.kind == "account")
    shown = {reading.names.get(key) for key in listed}
    rows = tuple((*row[:at], None, *row[at + 1 :]) if row[at] in listed else row for row in reading.rows)
    notes = tuple(n for n in reading.notes if n.values.get("name") not in shown or "name" not in n.values)
    names = {k: name for k, name in reading.names.items() if k not in listed}
    return replace(reading, rows=rows, notes=notes, names=names)


def without_marks(reading: Reading) -> Reading:
    """An explanation of influence in which nobody is named whose part changed because the owner changed whom she trusts."""
    cause, at = (
        next(i for i, c in enumerate(reading.columns) if c.name == name) for name in ("cause", "account")
    )
    trusted = {row[at] for row in reading.rows if row[cause] == "trust"} - {None}
    shown = {reading.names.get(key) for key in trusted}
    rows = tuple((*row[:at], None, *row[at + 1 :]) if row[cause] == "trust" else row for row in reading.rows)
    notes = tuple(n for n in reading.notes if "trust" not in n.text or n.values.get("name") not in shown)
    kept = {row[at] for row in rows}
    return replace(
        reading,
        rows=rows,
        notes=notes,
        names={k: n for k, n in reading.names.items() if k in kept or k not in trusted},
    )


def for_others(state: State, reading: Reading) -> Reading:
    """The reading without the owner's own words: accounts go by their handles, and what she noted is left out.

    Explanations of influence name nobody who is or was on her list, and tell of nobody that she trusts them.
    """
    if reading.measure == "influence" and any(c.kind == "account" for c in reading.columns):
        reading = without_marks(without_listed(state.tables, reading))
    public = state.lab.names(reading.names)
    names = {key: public.get(key, name) for key, name in reading.names.items()}
    known_as = {name: names[key] for key, name in reading.names.items()}

    def plain(value: Any) -> Any:
        return known_as.get(value, value) if isinstance(value, str) else value

    notes = tuple(Note(n.text, {k: plain(v) for k, v in n.values.items()}) for n in reading.notes)
    return replace(reading, names=names, handles={}, notes=notes, happened=())
