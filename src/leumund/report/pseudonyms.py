"""Readings for readers who shall not learn names: everybody but the owner and those who agreed is “Person 1”, “Person 2” ...

The same number means the same person everywhere in one report, and nothing from one report to the next.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from leumund.asking import State
from leumund.consent import who_may_appear
from leumund.locale import _
from leumund.measures import Note, Reading


def pseudonymised(state: State, readings: Sequence[Reading], *, at: datetime) -> list[Reading]:
    """The same readings without names of others. Who agreed to be named in reports is called by her handle."""
    keys = list(dict.fromkeys(key for reading in readings for key in _in_order(reading)))
    keys += sorted({key for reading in readings for key in reading.names} - set(keys))
    may = who_may_appear(state.lab, state.tables, keys, "parts", at=at)
    shown: dict[int, str] = {}
    number = 0
    for key in keys:
        if may[key].yes:
            shown[key] = state.lab.names(may[key].shown).get(may[key].shown[0], "?")
        else:
            number += 1
            shown[key] = _("Person {n}").format(n=number)
    return [_renamed(state, reading, shown) for reading in readings]


def _in_order(reading: Reading) -> list[int]:
    """The accounts of a reading, as they come in its rows."""
    at = [i for i, c in enumerate(reading.columns) if c.kind == "account"]
    return [row[i] for row in reading.rows for i in at if row[i] is not None]


def _renamed(state: State, reading: Reading, shown: dict[int, str]) -> Reading:
    """Names in rows and notes replaced; links to posts left out, since they name their authors."""
    known: dict[str, str] = {}
    for key, name in shown.items():
        person = state.tables.people.get(key)
        accounts = person.accounts if person else (key,)
        for old in (
            reading.names.get(key, ""),
            *reading.handles.get(key, ()),
            *state.lab.names(accounts).values(),
        ):
            known[old] = name
    known.pop("", None)
    longest = sorted(known, key=lambda old: (-len(old), old))
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)") if longest else None

    def plain(value: Any) -> Any:
        if pattern is None or not isinstance(value, str):
            return value
        return pattern.sub(lambda found: known[found[0]], value)

    links = [i for i, c in enumerate(reading.columns) if c.kind == "post"]
    rows = tuple(
        tuple(None if i in links else plain(value) for i, value in enumerate(row)) for row in reading.rows
    )
    notes = tuple(Note(n.text, {k: plain(v) for k, v in n.values.items()}) for n in reading.notes)
    names = {key: shown.get(key, name) for key, name in reading.names.items()}
    happened = tuple(h for h in reading.happened if h.kind != "note")
    return replace(reading, rows=rows, notes=notes, names=names, handles={}, happened=happened)
