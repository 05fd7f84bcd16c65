"""A day that is scored again: where all it rests on is the same, what was written stays as it is."""

from __future__ import annotations

import os
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from leumund.measures import Note
from leumund.network.changed import Weeks
from leumund.network.kept import Kept, Stamp, is_as, stamp_of
from leumund.network.pairs import files_of
from leumund.network.trusted import Trusted
from leumund.store.tables import Tables


def state_of(tables: Tables, kept: Kept, weeks: Weeks, standing: Trusted, *asked: object) -> str:
    """A name for all that the scores and the board of a day rest on.

    kept: brought up to date, with its weeks and names. asked: what else is in what is written.
    """
    told = kept.told
    now = (
        told["rules"], tables.as_of.isoformat(), repr(tables.coverage), told["names"]["file"],
        sorted((w, files_of(e)) for w, e in told["weeks"].items()), sorted(weeks.votes.items()),
        [standing.rests(week) for week in sorted(weeks.votes)], standing.rests_now(), sorted(tables.one_key().items()),
        standing.marks.all_barred(standing.now_us).tolist(), asked,
    )  # fmt: skip
    return sha256(repr(now).encode()).hexdigest()


def written(kept: Kept, weeks: Weeks, state: str, files: Sequence[Path]) -> dict[str, Any] | None:
    """What was said when these files were written from this state; None where they were not, or are other ones now, or
    anything was touched since.
    """
    said: dict[str, Any] = kept.told.get("written", {})
    if weeks.touched is None or weeks.touched or said.get("state") != state:
        return None
    stamps: dict[str, Stamp] = said["files"]
    try:
        if {_of(f) for f in files} != set(stamps) or not all(is_as(f, stamps[_of(f)]) for f in files):
            return None
    except OSError:
        return None
    notes = tuple(Note(text, values) for text, values in said["notes"])
    return {"people": said["people"], "places": said["places"], "notes": notes}


def remember(
    kept: Kept, state: str, files: Sequence[Path], *, people: int, places: int | None, notes: Sequence[Note]
) -> None:
    """Keep what was written, and what was said with it."""
    plain = all(isinstance(v, str | int | float) for note in notes for v in note.values.values())
    kept.told.pop("written", None)
    if plain:
        kept.told["written"] = {
            "state": state, "files": {_of(f): stamp_of(f) for f in files},
            "people": people, "places": places, "notes": [[n.text, dict(n.values)] for n in notes],
        }  # fmt: skip


def _of(file: Path) -> str:
    """A name for where it lies; no path, for what is kept names no file but its own."""
    return sha256(os.fsencode(file.resolve())).hexdigest()
