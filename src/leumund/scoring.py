"""Scoring a whole community: everybody's influence and the whole board, as open files.

    FOLDER/influence.parquet   measure `scores`, all rows
    FOLDER/board.parquet       measure `follow_friday`, all rows
    FOLDER/about.json          as of when, from what, the versions of the formulas, what must be said with it

Accounts stand there as people write them, beside the columns of the measures. Each file is written under another name
and renamed at the end, so whoever reads meanwhile reads the last whole one.
"""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from leumund.clean import clean
from leumund.errors import UsageError
from leumund.lab import Lab
from leumund.locale import _
from leumund.measures import Result, measure_named
from leumund.store.segments import said_plainly
from leumund.store.tables import Tables

_AT_ONCE = 50_000  # accounts whose names are looked up together
Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Scored:
    """What was written. people: with a score; places: on the board."""

    folder: Path
    people: int
    places: int


def score_all(
    lab: Lab,
    to: Path,
    *,
    as_of: datetime,
    board: str = "all",
    memory_mb: int = 2048,
    engine: str = "",
    step: Step = lambda _text: None,
) -> Scored:
    """Work out everybody's influence and the whole board and write them into a folder.

    memory_mb: what the query engine may take; what does not fit is put aside on disk, in the lab's folder.
    engine: see `store.session.open_engine`. step: told what is being done.

    Raises:
        UsageError: the lab is one person's.
    """
    with _spilling(lab.folder) as spill:
        tables = lab.tables(as_of=as_of, memory_mb=memory_mb, spill=spill, engine=engine)
        with tables.person_by_person():
            if not tables.community:
                hint = _("A community's lab is made with: leumund init --community")
                raise UsageError(
                    _("Scores of all need the lab of a community; this one is one person's."), hint=hint
                )
            step(_("Everybody's influence"))
            scores = measure_named("scores").compute(tables, limit=None)
            step(_("The board"))
            places = measure_named("follow_friday").compute(tables, board=board, limit=None)
            step(_("Writing"))
            with said_plainly(to):
                to.mkdir(parents=True, exist_ok=True)
                _write(to / "influence.parquet", _named(lab, tables, scores.rows))
                _write(to / "board.parquet", _named(lab, tables, places.rows))
                _write(to / "about.json", _about(tables, {"influence": scores, "board": places}))
    return Scored(to, scores.rows.num_rows, places.rows.num_rows)


@contextmanager
def _spilling(folder: Path) -> Iterator[Path]:
    """A folder for what does not fit into memory, gone afterwards."""
    place = folder / "tmp" / f"spill-{uuid.uuid4().hex}"
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _named(lab: Lab, tables: Tables, rows: pa.Table) -> pa.Table:
    """The rows with the accounts as people write them."""
    keys = rows["account"].to_pylist()
    names: list[str] = []
    for first in range(0, len(keys), _AT_ONCE):
        some = keys[first : first + _AT_ONCE]
        heads = {k: p.accounts[0] if (p := tables.people.get(k)) else k for k in some}
        known = lab.names(heads.values())
        names += [clean(known.get(heads[k], str(k)), 200) for k in some]
    at = rows.column_names.index("account")
    return rows.set_column(at, "account", pa.array(names, pa.string())).add_column(at, "key", rows["account"])


def _about(tables: Tables, results: dict[str, Result]) -> dict[str, Any]:
    seen = tables.coverage
    return {
        "as_of": tables.as_of.isoformat(),
        "rows": seen.rows,
        "undated": seen.undated,
        "sources": seen.sources,
        **{
            name: {"figures": dict(result.figures), "notes": [str(note) for note in result.notes]}
            for name, result in results.items()
        },
    }


def _write(file: Path, what: pa.Table | dict[str, Any]) -> None:
    """The file, whole or not at all."""
    new = file.with_name(f".{file.name}.{uuid.uuid4().hex}")
    try:
        if isinstance(what, dict):
            new.write_text(json.dumps(what, ensure_ascii=False, indent=2, default=str) + "\n", "utf-8")
        else:
            pq.write_table(what, new, compression="zstd")
        new.replace(file)
    finally:
        new.unlink(missing_ok=True)
