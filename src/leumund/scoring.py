"""Scoring a whole community: everybody's influence and the whole board, as open files.

    FOLDER/influence.parquet   measure `scores`, all rows
    FOLDER/board.parquet       measure `follow_friday`, all rows
    FOLDER/about.json          as of when, from what, the versions of the formulas, what must be said with it

Accounts stand there as people write them, beside the columns of the measures. Each file is written under another name
and renamed at the end, so whoever reads meanwhile reads the last whole one.
"""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from leumund.errors import LabError, UsageError
from leumund.facts import all_facts
from leumund.lab import Lab
from leumund.locale import _, ngettext
from leumund.measures import Note, Result, measure_named
from leumund.network.accounts import Accounts, Numbers
from leumund.network.again import remember, state_of, written
from leumund.network.answers import Answer, answer
from leumund.network.board import board as whole_board
from leumund.network.changed import Catalogue
from leumund.network.daily import Daily, brought_up_to_date, scored
from leumund.network.kept import erased, keeping
from leumund.network.memory import shared
from leumund.network.names import names, of_several
from leumund.store.segments import said_plainly
from leumund.store.tables import Tables

NO_BOARD = "none"
Step = Callable[[str], None]
_ABOUT = "about.json"
_FILES = ("influence.parquet", "board.parquet", _ABOUT)
_FEW = ("actors", "acts", "recommenders", "votes", "reasons", "basis")
"""Columns of few different values: kept as a dictionary, which for the others costs time and room."""


@dataclass(frozen=True, slots=True)
class Scored:
    """What was written. people: with a score; places: on the board, None where none was asked for; notes: what must be said
    with it.
    """

    folder: Path
    people: int
    places: int | None
    notes: tuple[Note, ...] = ()


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

    What was reckoned is kept in the lab's folder, so that the next day only what changed is reckoned anew (see
    `leumund.network`), and `look_up` finds each account. Not with another engine, nor where nothing can be written.

    board: which, or NO_BOARD. memory_mb: what all of it may take; what does not fit is put aside on disk, in the lab's folder (of
    another engine: what each of its processes may take).
    engine: see `store.session.open_engine`. step: told what is being done.

    Raises:
        UsageError: the lab is one person's, or others' files lie where ours would. LabBusyError: it is scored already.
        LabError: there is nobody to score; what was written before stays.
    """
    _check_ours(to)
    with _spilling(lab.folder) as spill, ExitStack() as held, said_plainly(lab.folder):
        with lab.register.snapshot():
            if not engine:
                memory_mb = _for_the_engine(lab, memory_mb, step)
            tables = lab.tables(as_of=as_of, memory_mb=memory_mb, spill=spill, engine=engine)
            catalogue = Catalogue.now(lab.register, lab.folder, all_facts()["recommendations"].version)
        with tables.person_by_person():
            if not tables.community:
                hint = _("A community's lab is made with: leumund init --community")
                raise UsageError(
                    _("Scores of all need the lab of a community; this one is one person's."), hint=hint
                )
            step(_("Everybody's influence"))
            named = None
            kept = None
            daily = None
            state = ""
            numbers: dict[str, Numbers] = {}
            if engine or not os.access(lab.folder, os.W_OK):
                scores = measure_named("scores").compute(tables, limit=None)
            else:
                kept = held.enter_context(keeping(lab.folder, erased(lab.register)))
                today = brought_up_to_date(tables, catalogue, kept)
                named = _Named(today.accounts, names(lab, tables, kept, today.accounts))
                state = state_of(
                    tables, kept, today.changed, today.standing, board, _("Everybody's influence")
                )
                before = written(kept, today.changed, state, _files(to, board))
                if before is not None:
                    kept.commit(erased(lab.register))
                    step(_("Nothing is new since: the files stay as they are"))
                    return Scored(to, **before)
                daily = scored(tables, kept, today)
                kept.commit(erased(lab.register))
                step(_anew(daily))
                scores = daily.scores
                numbers["influence"] = daily.numbers
            _check_anybody(scores)
            found = {"influence": scores}
            if board != NO_BOARD:
                step(_("The board"))
                if daily is not None and kept is not None and board == "all":
                    found["board"] = whole_board(tables, kept, daily.changed, daily.standing)
                else:
                    found["board"] = measure_named("follow_friday").compute(tables, board=board, limit=None)
                if kept is not None:  # what it found of standing in earlier weeks
                    kept.commit(erased(lab.register))
            step(_("Writing"))
            with said_plainly(to):
                to.mkdir(parents=True, exist_ok=True)
                if not (to / _ABOUT).exists():  # a folder where this was killed is known as ours
                    _write(to / _ABOUT, _about(tables, found))
                for name, result in found.items():
                    _write(to / f"{name}.parquet", _named(lab, tables, result.rows, named, numbers.get(name)))
                _write(to / _ABOUT, _about(tables, found))
            places = found["board"].rows.num_rows if "board" in found else None
            notes = tuple({str(note): note for result in found.values() for note in result.notes}.values())
            if kept is not None:
                remember(
                    kept, state, _files(to, board), people=scores.rows.num_rows, places=places, notes=notes
                )
                kept.commit(erased(lab.register))
    return Scored(to, scores.rows.num_rows, places, notes)


def _files(to: Path, board: str) -> list[Path]:
    """What is written there."""
    return [to / name for name in _FILES if board != NO_BOARD or name != "board.parquet"]


def _for_the_engine(lab: Lab, allowed_mb: int, step: Step) -> int:
    """What the query engine may take of this memory; says so where the least that will do is more."""
    ((accounts,),) = lab.register.db.execute("select count(*) from account").fetchall()
    share = shared(allowed_mb, accounts, lab.register.segments("acts"))
    if share.needed_mb > allowed_mb:
        text = _("So large a community needs some {needed} MB of memory; {allowed} MB were allowed")
        step(text.format(needed=share.needed_mb, allowed=allowed_mb))
    return share.engine_mb


def _check_anybody(scores: Result) -> None:
    """Refuse to write files in which nobody stands, and say what is missing."""
    if scores.rows.num_rows:
        return
    hint = _(
        "Read what its people wrote: leumund import FILE   or listen to Bluesky: leumund connect jetstream SERVER   Then say whom the community trusts: leumund trust ACCOUNT"
    )
    message = _("Nobody can be scored yet: nothing is known that anybody did towards others until then.")
    raise LabError(message, hint=hint)


def look_up(lab: Lab, account: int) -> Answer | None:
    """What the last scoring of all said of an account (its key), and those before; None where it said nothing of it."""
    return answer(lab.folder, account)


def _check_ours(to: Path) -> None:
    """Refuse to overwrite what is not from here, before hours are spent on it."""
    foreign = next((to / name for name in _FILES if os.path.lexists(to / name)), None)
    if os.path.lexists(to) and not to.is_dir():
        foreign = to
    elif foreign is not None:
        with suppress(OSError, ValueError, RecursionError):
            told = json.loads((to / _ABOUT).read_text("utf-8"))
            if isinstance(told, dict) and {"as_of", "rows", "influence"} <= set(told):
                return
    if foreign is not None:
        raise UsageError(
            _("{path} is there already and not from here; it stays as it is.").format(path=foreign),
            hint=_("Name another folder."),
        )


@contextmanager
def _spilling(folder: Path) -> Iterator[Path]:
    """A folder for what does not fit into memory, gone afterwards."""
    place = folder / "tmp" / f"spill-{uuid.uuid4().hex}"
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class _Named:
    """The accounts that have a number, and the name of each."""

    accounts: Accounts
    names: pa.ChunkedArray


def _named(
    lab: Lab, tables: Tables, rows: pa.Table, known: _Named | None, numbers: Numbers | None
) -> pa.Table:
    """The rows with the accounts as people write them. numbers: theirs, where they are known."""
    keys = rows["account"].to_numpy().astype(np.int64, copy=False)
    if numbers is None:
        numbers = known.accounts.numbers(keys) if known else np.full(len(keys), -1, np.int32)
    if known is not None and (numbers >= 0).all():
        told = known.names.take(pa.array(numbers))
    else:
        found = of_several(lab, tables, keys.tolist())
        told = pa.chunked_array([pa.array([found[k] for k in keys.tolist()], pa.string())])
    at = rows.column_names.index("account")
    return rows.set_column(at, "account", told).add_column(at, "key", rows["account"])


def _anew(daily: Daily) -> str:
    """What had to be reckoned anew."""
    text = ngettext(
        "Reckoned anew: {count} of {weeks} week", "Reckoned anew: {count} of {weeks} weeks", daily.weeks
    )
    said = text.format(count=len(daily.made), weeks=daily.weeks)
    return said + _(", and everybody's standing") if daily.standing_anew else said


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
            few = [c for c in _FEW if c in what.column_names]
            pq.write_table(what, new, compression="zstd", use_dictionary=few)
        new.replace(file)
    finally:
        new.unlink(missing_ok=True)
