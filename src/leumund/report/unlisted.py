"""An explanation as others than the owner may see it: nobody is named in it who is or was on her no-go list."""

from __future__ import annotations

from dataclasses import replace

from leumund.measures import Reading
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
