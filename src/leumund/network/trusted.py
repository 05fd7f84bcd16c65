"""Standing from the weeks that are kept: reckoned once a week, or when somebody else is trusted, barred or deleted."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np
import pyarrow as pa

from leumund.measures import Note
from leumund.measures.standing.community import WEEKS, community_of
from leumund.measures.standing.personal import Indices, Numbers, Personal, found, marked
from leumund.measures.weeks import week_at, week_start
from leumund.network.kept import Kept
from leumund.network.weeks import read
from leumund.store.register import as_us
from leumund.store.tables import Tables

_EDGES = pa.schema(
    {
        "actor": pa.int64(),
        "target": pa.int64(),
        "week": pa.int64(),
        "until_us": pa.int64(),
        "weight": pa.float64(),
    }
)


@dataclass(frozen=True, slots=True)
class Trusted:
    """tau: the standing of these keys (sorted); anew: whether it was reckoned now."""

    keys: Indices
    tau: Numbers
    marks: Personal
    notes: tuple[Note, ...]
    anew: bool

    def voices(self, keys: Indices, moment_us: int) -> Numbers:
        """Of each of these people tau, and what of them counts as a stranger."""
        tau = found(self.keys, keys, self.tau)
        barred = self.marks.barred(keys, moment_us)
        return np.column_stack([tau, (1.0 - np.minimum(1.0, tau)) * ~barred])


def trusted(tables: Tables, kept: Kept) -> Trusted:
    """The standing of everybody at `as_of`; from what is kept where nothing it rests on has changed."""
    end = as_us(tables.as_of)
    week = week_at(end)
    marks = marked(tables)
    weeks = kept.told["weeks"]
    ties = [weeks[str(w)]["ties"] for w in range(week - WEEKS, week) if "ties" in weeks.get(str(w), {})]
    seeds = marks.trusted(end)
    barred = marks.keys[marks.barred(marks.keys, week_start(week))]
    rests = sha256(repr((week, ties, seeds.tolist(), barred.tolist())).encode()).hexdigest()
    notes = community_of(_EDGES.empty_table(), marks).notes()
    last: dict[str, Any] = kept.told.get("standing", {})
    if last.get("rests") == rests:
        return Trusted(kept.get(last["keys"]), kept.get(last["tau"]), marks, notes, anew=False)
    rows = pa.concat_tables([read(kept, file) for file in ties] or [_EDGES.empty_table()])
    who = community_of(rows.cast(_EDGES), marks)
    if last:
        who.begun = found(kept.get(last["keys"]), who.keys, kept.get(last["p"]))
    tau = who.everybody(end)
    p = who.last()
    kept.told["standing"] = {
        "rests": rests, "keys": kept.put("standing-keys", who.keys), "tau": kept.put("standing-tau", tau),
        "p": kept.put("standing-p", np.zeros(len(who.keys)) if p is None else p),
    }  # fmt: skip
    return Trusted(who.keys, tau, marks, notes, anew=True)
