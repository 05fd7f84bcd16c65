"""Everybody's influence from what is kept: what changed is reckoned anew, then all is faded to the moment asked for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from leumund.measures import Result
from leumund.measures.influence.score import CALIBRATION, interval, scores_of
from leumund.measures.scores import few
from leumund.measures.standing import give_standing
from leumund.network import answers, weeks
from leumund.network.accounts import Accounts, Keys
from leumund.network.board import forget_touched
from leumund.network.changed import Catalogue, Weeks, look
from leumund.network.kept import Kept, rules
from leumund.network.pairs import files_of
from leumund.network.sums import masses
from leumund.network.trusted import Trusted, trusted
from leumund.store.register import as_us
from leumund.store.tables import Tables


@dataclass(frozen=True, slots=True)
class Daily:
    """Everybody's scores. scores: as the measure `scores` says it, all rows; made: which weeks were reckoned anew; weeks: of
    how many; standing_anew: whether standing was. numbers: those of the rows. changed, standing: as in `Today`.
    """

    scores: Result
    made: tuple[int, ...]
    weeks: int
    standing_anew: bool
    numbers: npt.NDArray[np.int32]
    changed: Weeks
    standing: Trusted


@dataclass(frozen=True, slots=True)
class Today:
    """What the scores of a day rest on, brought up to date. changed: the weeks; made: which of them were reckoned anew."""

    accounts: Accounts
    changed: Weeks
    made: tuple[int, ...]
    standing: Trusted


def everybody(tables: Tables, catalogue: Catalogue, kept: Kept) -> Daily:
    """The score of everybody at `as_of`, the same as the measure `scores` works out from all acts (to 1e-9).

    tables: person by person, of the moment of the catalogue. What is kept is brought up to date, to be committed.
    """
    return scored(tables, kept, brought_up_to_date(tables, catalogue, kept))


def brought_up_to_date(tables: Tables, catalogue: Catalogue, kept: Kept) -> Today:
    """Make anew what changed of what is kept."""
    if kept.told.get("rules") != rules():
        kept.anew(rules())
    changed = look(tables, catalogue, kept)
    forget_touched(kept, changed)
    accounts, made = weeks.bring_up_to_date(tables, kept, changed, _accounts(kept))
    _keep_accounts(kept, accounts)
    standing = trusted(tables, kept)
    give_standing(tables, standing)
    return Today(accounts, changed, tuple(made), standing)


def scored(tables: Tables, kept: Kept, today: Today) -> Daily:
    """The score of everybody from what was brought up to date."""
    accounts, standing = today.accounts, today.standing
    keys = accounts.keys()
    end = as_us(tables.as_of)
    counted = {w for w, e in kept.told["weeks"].items() if files_of(e)}
    cut = {int(w) for w in counted if kept.told["weeks"][w]["id"] != "-"}
    voices = standing.voices(accounts)
    found = masses(kept, len(accounts), voices, end, cut)
    there = accounts.number[found.actors[accounts.number] > 0]  # in the order of their keys, as equals are
    order = there[np.argsort(-found.whole[there], kind="stable")]
    low, high = interval(found.whole[there], found.squares[there], found.largest[there])
    columns = {n: np.full(len(accounts), np.nan) for n in ("score", "low", "high")}
    columns["score"][there], columns["low"][there], columns["high"][there] = (
        scores_of(found.whole[there]), low, high,
    )  # fmt: skip
    place = np.zeros(len(accounts), np.int64)
    place[order] = np.arange(1, len(order) + 1)
    every = {**columns, "standing": voices[:, 0], "place": place, "actors": found.actors, "acts": found.acts}
    answers.keep(kept, accounts, tables.one_key(), every, tables.as_of)
    rows = pa.table(
        {
            "rank": pa.array(np.arange(1, len(order) + 1)), "account": pa.array(keys[order]),
            "score": pa.array(columns["score"][order]),
            "low": pa.array(columns["low"][order], from_pandas=True),
            "high": pa.array(columns["high"][order], from_pandas=True),
            "standing": pa.array(voices[order, 0]), "actors": pa.array(found.actors[order]),
            "acts": pa.array(found.acts[order]),
        }
    )  # fmt: skip
    figures: dict[str, float | int | str | None] = {
        "people": len(order), "acts": int(found.acts.sum()), "calibration": CALIBRATION,
    }  # fmt: skip
    result = Result(rows=rows, notes=(*standing.notes(), *few(high)), figures=figures)
    return Daily(result, today.made, len(counted), standing.anew, order, today.changed, standing)


def _accounts(kept: Kept) -> Accounts:
    told = kept.told.get("accounts")
    if told is None:
        return Accounts.none()
    ordered: Keys = np.asarray(kept.get(told["ordered"], mapped=False))
    return Accounts(ordered, np.asarray(kept.get(told["number"], mapped=False)))


def _keep_accounts(kept: Kept, accounts: Accounts) -> None:
    told = kept.told.get("accounts")
    if told is None or told["size"] != len(accounts):
        kept.told["accounts"] = {
            "ordered": kept.put("accounts", accounts.ordered), "number": kept.put("numbers", accounts.number),
            "size": len(accounts),
        }  # fmt: skip
