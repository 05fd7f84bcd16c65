"""Scores: the influence of everybody in a community, at one moment."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from leumund.locale import N_
from leumund.measures import Column, Measure, Note, Result
from leumund.measures.influence import MEASURE as INFLUENCE
from leumund.measures.influence.everybody import define_everybody
from leumund.measures.influence.score import CALIBRATION, LEAST_N_EFF, interval, scores_of
from leumund.measures.standing import standing_of
from leumund.store.register import as_us
from leumund.store.tables import Tables

_ONE_PERSON = N_(
    "This needs the lab of a community. Yours is one person's: it knows what others do towards you, and of them too little."
)


def scores(tables: Tables, *, limit: int | None = 50) -> Result:
    """Rank everybody in a community by influence: what `influence` says of each account, for all of them at once.

    Args:
        limit: how many are listed (None: all); the figures always count all.
    Gives: account, score, low and high (90 % interval, None where fewer than ten actors' worth stand behind it), standing,
        actors and acts that are not forgotten. Figures: people scored, acts, the constants' version.
    Edges: in one person's lab there are no rows: what is done towards others is hardly known there. Towards whom
        nothing is known to be done has no score, not 0. Equal scores are ordered by the account's key.
    Source: as influence.
    """
    if not tables.community:
        return Result(rows=_table([], np.zeros((6, 0))), notes=(Note(_ONE_PERSON),), figures={"people": None})
    standing = standing_of(tables)
    define_everybody(tables, standing)
    some = "" if limit is None else f"limit {int(limit)}"
    rows = tables.arrow(
        f"select account, whole, squares, largest, actors, acts from scores_everybody order by whole desc, account {some}"
    )
    whole, squares, largest = (rows[n].to_numpy().astype(np.float64) for n in ("whole", "squares", "largest"))
    low, high = interval(whole, squares, largest)
    keys = rows["account"].to_numpy().astype(np.int64)
    tau = standing.at(keys, as_us(tables.as_of))
    numbers = np.array([scores_of(whole), low, high, tau, rows["actors"], rows["acts"]])
    totals = tables.arrow(
        "select count(*) as people, coalesce(sum(acts), 0)::BIGINT as acts from scores_everybody"
    )
    figures: dict[str, float | int | str | None] = {
        "people": totals["people"][0].as_py(), "acts": totals["acts"][0].as_py(), "calibration": CALIBRATION,
    }  # fmt: skip
    notes = (*standing.notes(), *few(high))
    return Result(rows=_table(keys.tolist(), numbers), notes=notes, figures=figures)


def _table(keys: list[int], numbers: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> pa.Table:
    value, low, high, tau, actors, acts = numbers
    return pa.table(
        {
            "rank": pa.array(range(1, len(keys) + 1), pa.int64()), "account": pa.array(keys, pa.int64()),
            "score": pa.array(value), "low": pa.array(low, from_pandas=True), "high": pa.array(high, from_pandas=True),
            "standing": pa.array(tau), "actors": pa.array(actors.astype(np.int64)), "acts": pa.array(acts.astype(np.int64)),
        }
    )  # fmt: skip


def few(high: np.ndarray[tuple[int], np.dtype[np.float64]]) -> tuple[Note, ...]:
    """What must be said where some have no interval."""
    if not np.isnan(high).any():
        return ()
    text = N_("Too little data for an interval: fewer than {least} people's worth of acts.")
    return (Note(text, {"least": int(LEAST_N_EFF)}),)


MEASURE = Measure(
    name="scores",
    topic="influence",
    title=N_("Everybody's influence"),
    question=N_("Who sets how much in motion in this community?"),
    shape="ranking",
    columns=(
        Column(name="rank", kind="whole", title=N_("Place")),
        Column(name="account", kind="account", title=N_("Account")),
        Column(name="score", kind="number", title=N_("Influence")),
        Column(name="low", kind="number", title=N_("At least"), optional=True),
        Column(name="high", kind="number", title=N_("At most"), optional=True),
        Column(name="standing", kind="number", title=N_("Standing")),
        Column(name="actors", kind="whole", title=N_("People and accounts behind it")),
        Column(name="acts", kind="whole", title=N_("Acts of others")),
    ),
    order=("rank",),
    compute=scores,
    figures={
        **INFLUENCE.figures,
        "people": N_("People with a score"),
        "acts": N_("Acts of others"),
        "calibration": "",
    },
    explain=INFLUENCE.explain,
    explain_title=INFLUENCE.explain_title,
    explain_shape=INFLUENCE.explain_shape,
    explain_columns=INFLUENCE.explain_columns,
    explain_order=INFLUENCE.explain_order,
    facts=("recommendations",),
    private=True,
    reference=N_("The same as influence, for everybody in the community."),
)
