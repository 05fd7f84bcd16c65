"""Why an account stands where it stands: every vote as a waterfall from full voice to its worth today."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from leumund.locale import N_
from leumund.measures import Column, Note, Result
from leumund.measures.days import as_moments
from leumund.measures.follow_friday.votes import NO_REASON, define_votes
from leumund.measures.named import week_of
from leumund.measures.notes import NO_RECOMMENDATION
from leumund.store.tables import Tables

PARTS = ("standing", "list", "reason", "rotation", "reciprocity", "age")

COLUMNS = (  # what matters most first: a narrow screen leaves out from the right
    Column(name="time", kind="time", title=N_("Time")),
    Column(name="recommender", kind="account", title=N_("Recommended by")),
    Column(name="value", kind="number", title=N_("Worth today")),
    Column(name="text", kind="text", title=N_("Reason"), optional=True),
    Column(name="named", kind="whole", title=N_("People named that week")),
    Column(name="voice", kind="number", title=N_("Full voice")),
    Column(name="standing", kind="points", title=N_("Changed by standing")),
    Column(name="list", kind="points", title=N_("Lost in a list")),
    Column(name="reason", kind="points", title=N_("Lost for want of a reason")),
    Column(name="rotation", kind="points", title=N_("Lost by repetition")),
    Column(name="reciprocity", kind="points", title=N_("Lost by exchange")),
    Column(name="age", kind="points", title=N_("Lost with age")),
    Column(
        name="unknown",
        kind="number",
        title=N_("Worth as an unknown voice"),
        optional=True,
        nothing=N_("not told apart"),
    ),
    Column(name="account", kind="account", title=N_("Recommended")),
    Column(name="week", kind="week", title=N_("Week")),
    Column(name="post", kind="post", title=N_("Post"), optional=True),
)

ORDER = ("-value", "-unknown", "-week", "recommender", "account")

Numbers = npt.NDArray[np.float64]


def explain(
    tables: Tables,
    account: int | None = None,
    *,
    half_life_weeks: float = 4.0,
    fridays_only: bool = False,
    limit: int | None = None,
) -> Result:
    """Every vote for the person of an account (None: for the owner), from its full voice to what it is worth.

    A vote is a product, voice * standing * 1/n * e * rotation * reciprocity * age, with a full voice of 1. What each
    factor took away is split by the logarithmic mean (LMDI): part_k = L(value, voice) * ln(factor_k),
    L(a, b) = (a - b) / ln(a / b). The parts do not depend on their order, and voice + all parts = value without
    residue. All are 0 or negative but that of a standing above 1; where standing is 0 it takes all (the limit).

    Args:
        account: key of one of her accounts; None: the owner.
        half_life_weeks, fridays_only: as in follow_friday.
        limit: only so many votes are listed, those worth most today (None: all); the figures count all.
    Gives: one row per vote; of several posts of one recommender in one week the first with a reason, else the first.
        text: the reason, "" for none, None where only the recommendation was told, not the words. post: None where
        a source told of the vote but not of the post. unknown: what the vote counts among unknown people; None where
        nothing is known of standing.
    Source: B. W. Ang, "LMDI decomposition approach: A guide for implementation", Energy Policy 86 (2015).
    """
    basis = define_votes(tables, half_life_weeks=half_life_weeks, fridays_only=fridays_only)
    whose = "select account from own" if account is None else str(tables.person_of(account))
    votes = tables.arrow(
        f"""with posts as (
                select * from ff_given where account in ({whose})
                qualify row_number() over (partition by recommender, account, week
                                           order by reason_given desc, happened_at, post) = 1
            )
            select recommender, account, p.happened_at as time, v.week, v.named, v.reason, v.standing as weight,
                   v.unknown as apart, v.rotation, v.reciprocity as exchange, p.post, p.reason as text
            from ff_votes v join posts p using (recommender, account, week)
            order by week, recommender, account"""
    )
    log2_age = (votes["week"].to_numpy() - week_of(tables)) / half_life_weeks
    parts = _waterfall(votes, log2_age)
    unknown: Numbers = votes["apart"].to_numpy().astype(np.float64) * np.exp2(log2_age)
    columns = {
        "week": pa.array(votes["week"].to_numpy().astype(np.int64) * 7 - 3, pa.int64())
        .cast(pa.int32())
        .cast(pa.date32()),
        "time": as_moments(votes["time"]),
        **{name: votes[name] for name in ("recommender", "account", "named", "text", "post")},
        **{name: pa.array(values) for name, values in parts.items()},
        "unknown": pa.array(unknown) if basis.known else pa.nulls(len(unknown), pa.float64()),
    }
    rows = pa.table({c.name: columns[c.name] for c in COLUMNS})
    if limit is not None:
        rows = rows.sort_by(
            [(name.lstrip("-"), "descending" if name[0] == "-" else "ascending") for name in ORDER]
        )
        rows = rows.slice(0, limit)
    people = len(votes["recommender"].unique())
    apart = float(unknown.sum()) if basis.known else None
    notes = _notes(parts, people, apart, int(np.count_nonzero(votes["weight"].to_numpy() == 0)))
    return Result(rows=rows, notes=notes, figures={**_figures(parts, people), "unknown": apart})


def _waterfall(votes: pa.Table, log2_age: Numbers) -> dict[str, Numbers]:
    """The full voice, what each factor took away, by name, and "value"; log2_age: of the factor of age, 0 or below."""
    weight = votes["weight"].to_numpy().astype(np.float64)
    heard = weight > 0
    reasoned = votes["reason"].to_numpy(zero_copy_only=False).astype(bool)
    logs = {
        "standing": np.log(weight, out=np.zeros_like(weight), where=heard),
        "list": np.log(1 / votes["named"].to_numpy().astype(np.float64)),
        "reason": np.where(reasoned, 0.0, np.log(NO_REASON)),
        "rotation": np.log(votes["rotation"].to_numpy()),
        "reciprocity": np.log(votes["exchange"].to_numpy()),
        "age": log2_age * np.log(2.0),
    }
    whole = np.sum(list(logs.values()), axis=0)
    lost = np.expm1(whole)
    mean = np.where(heard, np.divide(lost, whole, out=np.ones_like(whole), where=whole != 0), 0.0)
    parts: dict[str, Numbers] = {name: mean * log for name, log in logs.items()}
    parts["standing"] = np.where(heard, parts["standing"], -1.0)
    return {"voice": np.ones_like(weight), **parts, "value": np.where(heard, np.exp(whole), 0.0)}


def _figures(parts: dict[str, Numbers], people: int) -> dict[str, float | int | str | None]:
    lost = {f"lost_{name}": float(parts[name].sum()) for name in PARTS}
    return {
        "score": float(parts["value"].sum()),
        "votes": len(parts["value"]),
        "recommenders": people,
        **lost,
    }


_TOLD = 0.05  # points, below which a part is not worth a sentence
_TAKEN = {
    "standing": N_("Little or no standing of those who recommend took away {lost:.1f}."),
    "list": N_("Naming many people in one week took away {lost:.1f}."),
    "reason": N_("Votes without a reason lost {lost:.1f}."),
    "rotation": N_("The same people recommending again and again took away {lost:.1f}."),
    "reciprocity": N_("Recommending each other took away {lost:.1f}."),
    "age": N_("Time took away {lost:.1f}: after four weeks a vote is worth half."),
}


def _notes(parts: dict[str, Numbers], people: int, apart: float | None, unheard: int) -> tuple[Note, ...]:
    votes = len(parts["value"])
    if not votes:
        return (NO_RECOMMENDATION,)
    points = float(parts["value"].sum())
    if votes == 1:
        total = Note(N_("{points:.1f} points from one vote."), {"points": points})
    elif people == 1:
        total = Note(
            N_("{points:.1f} points from {votes} votes by one person."), {"points": points, "votes": votes}
        )
    else:
        text = N_("{points:.1f} points from {votes} votes by {people} people.")
        total = Note(text, {"points": points, "votes": votes, "people": people})
    more = []
    if apart is not None and unheard:
        text = N_(
            "Votes by people without standing: {count}. They count {points:.1f} among unknown voices, which decide between equals only."
        )
        more = [Note(text, {"count": unheard, "points": apart})]
    lost = [(name, -float(parts[name].sum())) for name in PARTS]
    if lost[0][1] <= -_TOLD:  # in a community standing may be above 1
        more.append(Note(N_("High standing of those who recommend added {gain:.1f}."), {"gain": -lost[0][1]}))
    return (total, *more, *(Note(_TAKEN[name], {"lost": amount}) for name, amount in lost if amount >= _TOLD))
