"""Strategies: recommendations that look agreed upon. For the operator's eyes, and never an accusation."""

from __future__ import annotations

import pyarrow as pa

from leumund.locale import N_
from leumund.measures import Column, Measure, Note, Result
from leumund.measures.days import as_moments
from leumund.measures.notes import NO_RECOMMENDATION
from leumund.measures.strategies.chance import BELIEVED
from leumund.measures.strategies.findings import (
    ALIKE,
    ANSWERED,
    FIRST,
    MUTUAL,
    SHAPE,
    WORDS,
    answered,
    define_votes,
    first,
    same_words,
    ties,
    together,
)
from leumund.measures.weeks import week_of_day
from leumund.store.tables import Tables

PATTERNS = (MUTUAL, ANSWERED, ALIKE, WORDS, FIRST)


def strategies(tables: Tables, *, days: int = 182) -> Result:
    """Recommendations that look agreed upon: mutual beyond chance, answered at once, listed alike, begun together.

    strikingly mutual: each of two people recommends the other in more weeks than their busyness and fame explain
        (degree-corrected null, both directions, Benjamini-Hochberg at .05); a group where they are three or more of
        whom each is mutual with two others.
    quick answers: votes within two weeks after a vote of the same person, against shuffles of one's own weeks.
    same list: (nearly) the same people named in the same week, in two weeks or more.
    same words: at least three people give a reason in the same words in one week, of 40 letters or more.
    first voices: in one week more newcomers speak for somebody than her share of all other votes explains.

    Args:
        days: how far back, in whole weeks; at least 1.
    Gives: pattern, account, other (of a pair; None where there are more, or nobody in particular), group (a number for
        those who belong together), people (in the group), votes (of account for the others; weeks for lists), back
        (theirs for account), expected (of votes and back together, by chance), chance (the share of such findings
        that may be chance), week (of first voices, and of the same words).
    Edges: people count, not accounts; what was for a few only, or deleted, does not. Friends are found as well as
        rings: nothing tells liking from an agreement. It changes no place on any board.
    Source: ours; mutual excess after the configuration model, Benjamini and Hochberg (1995).
    """
    votes = define_votes(tables, days)
    rows = [*together(ties(votes)), *answered(votes), *same_words(tables), *first(votes)]
    table = pa.Table.from_pylist([dict.fromkeys(SHAPE.names) | row for row in rows], SHAPE)
    figures: dict[str, float | int | str | None] = {
        f"found_{name.replace(' ', '_')}": len({row["account"] for row in rows if row["pattern"] == name})
        for name in PATTERNS
    }
    circles = {row["group"] for row in rows if row["pattern"] == MUTUAL and row["people"] > 2}
    figures["circles"] = len(circles)
    return Result(rows=table, notes=_notes(len(votes), len(rows)), figures=figures)


def explain(tables: Tables, account: int | None = None, *, days: int = 182) -> Result:
    """The posts behind what was found about somebody (None: the owner): the votes to and from those concerned.

    Gives: time, recommender, account (recommended), pattern, post. Source: as strategies.
    """
    whose = (tables.own if account is None else tables.person_of(account)) or 0
    votes = define_votes(tables, days)
    mine = [t for t in ties(votes) if whose in (t.one, t.other)]
    pairs = {(t.pattern, t.other if t.one == whose else t.one) for t in mine}
    parts = [
        f"""select '{pattern}' as pattern, * from st_named
            where {whose} in (recommender, account) and {other} in (recommender, account)"""
        for pattern, other in sorted(pairs)
    ]
    if any(row["account"] == whose for row in answered(votes)):
        parts.append(
            f"select '{ANSWERED}' as pattern, * from st_named where {whose} in (recommender, account)"
        )
    if any(row["account"] == whose for row in same_words(tables)):
        parts.append(
            f"""select '{WORDS}' as pattern, * exclude (words, number) from st_words
                where number in (select number from st_words where recommender = {whose})"""
        )
    for row in first(votes):
        if row["account"] == whose:
            week = week_of_day(row["week"])
            parts.append(
                f"select '{FIRST}' as pattern, * from st_named where account = {whose} and week = {week}"
            )
    query = " union all ".join(parts) or "select '' as pattern, * from st_named where false"
    rows = tables.arrow(
        f"select distinct happened_at as time, recommender, account, pattern, post from ({query})"
    )
    rows = rows.set_column(0, "time", as_moments(rows["time"]))
    return Result(rows=rows, notes=(Note(_FAIR if parts else _NOTHING),))


_NOTHING = N_("Nothing striking is known here.")
_FAIR = N_(
    "Striking is not wrong: friends and colleagues recommend each other too. This is for your eyes only and changes no place."
)


def _notes(votes: int, found: int) -> tuple[Note, ...]:
    if not votes:
        return (NO_RECOMMENDATION,)
    if not found:
        return (Note(_NOTHING),)
    text = N_("Of what stands here with a chance, about {share:.0%} or less is mere chance.")
    return (Note(_FAIR), Note(text, {"share": BELIEVED}))


_UNCOUNTED = N_("not reckoned")

MEASURE = Measure(
    name="strategies",
    topic="recommendations",
    title=N_("What looks agreed upon"),
    question=N_("Which recommendations look agreed upon?"),
    shape="table",
    columns=(
        Column(name="pattern", kind="kind", title=N_("Pattern")),
        Column(name="account", kind="account", title=N_("Account")),
        Column(name="other", kind="account", title=N_("With"), optional=True, nothing="–"),
        Column(name="group", kind="whole", title=N_("Group"), optional=True, nothing="–"),
        Column(name="people", kind="whole", title=N_("People in it"), optional=True, nothing="–"),
        Column(name="votes", kind="whole", title=N_("Votes")),
        Column(name="back", kind="whole", title=N_("Votes in return"), optional=True, nothing="–"),
        Column(name="expected", kind="number", title=N_("By chance"), optional=True, nothing=_UNCOUNTED),
        Column(name="chance", kind="share", title=N_("Chance among such"), optional=True, nothing=_UNCOUNTED),
        Column(name="week", kind="week", title=N_("Week"), optional=True, nothing="–"),
    ),
    order=("-people", "pattern", "group", "account", "other", "week"),
    compute=strategies,
    figures={
        "found_strikingly_mutual": N_("People with strikingly mutual ties"),
        "circles": N_("Circles of three or more"),
        "found_quick_answers": N_("People who answer quickly"),
        "found_same_list": N_("People with the same lists"),
        "found_same_words": N_("People with the same words"),
        "found_first_voices": N_("People with many first voices in a week"),
    },
    explain=explain,
    explain_title=N_("The recommendations that look agreed upon"),
    explain_shape="ledger",
    explain_columns=(
        Column(name="time", kind="time", title=N_("Time")),
        Column(name="recommender", kind="account", title=N_("Recommended by")),
        Column(name="account", kind="account", title=N_("Recommended")),
        Column(name="pattern", kind="kind", title=N_("Pattern")),
        Column(name="post", kind="post", title=N_("Post"), optional=True),
    ),
    explain_order=("-time", "pattern", "recommender", "account", "post"),
    facts=("recommendations",),
    private=True,
    reference=N_(
        "Our own. Who names one another much more often than chance would have it is told by shuffling who named whom (configuration model); that few of the finds are chance, after Benjamini and Hochberg (1995)."
    ),
)
