"""Courtesy: whom one owes thanks. First form: who has been answered since, and who has not."""

from __future__ import annotations

from leumund.errors import UsageError
from leumund.locale import N_, _
from leumund.measures import Column, Measure, Note, Result
from leumund.measures.days import DAY_US, as_moments
from leumund.measures.named import define_named
from leumund.measures.notes import NOBODY_IS_OWNER
from leumund.store.register import as_us
from leumund.store.tables import Tables

_ANSWERS = "('reply', 'like', 'reshare', 'mention', 'quote', 'endorse')"


def courtesy(tables: Tables, *, days: int = 28) -> Result:
    """The recommendations, reshares and quotes of the last days, each open or answered.

    Answered: after it one of the owner's accounts replied to, liked, reshared, quoted, mentioned or recommended
    that person, or named her in a thank-you for recommendations. One answer covers all that came from her before.

    Args:
        days: how far back; at least 1.
    Gives: account, kind, time, post, age in days, open. Figures: open, answered, share answered (None where there
        was nothing to answer).
    Edges: what the owner does for herself needs no thanks; accounts of one person are one; what a source has not
        told (an answer by mail, in person) is not seen; acts and answers without a known time are left out.
    Source: ours; a first form, without finding out what an answer says.
    """
    if days < 1:
        raise UsageError(_("days must be at least 1, not {value}.").format(value=days))
    mine = "(select account from own)"
    define_named(tables, only=f"n.account in {mine} or n.recommender in {mine}")
    since = as_us(tables.as_of) - days * DAY_US
    rows = tables.arrow(
        f"""with given as (
                select recommender as account, 'endorse' as kind, happened_at as time, post from ff_named
                where account in {mine}
                union
                select actor, kind, happened_at, case when kind = 'quote' then coalesce(via, post) else post end from acts
                where kind in ('reshare', 'quote') and exact and target in {mine}
                  and actor not in {mine}
            ), answers as (
                select target as account, happened_at from acts
                where kind in {_ANSWERS} and exact and actor in {mine}
                union all
                select account, happened_at from ff_named where recommender in {mine}
                union all
                select unnest(p.mentions), p.happened_at from posts p join recommendations r on r.post = p.post
                where r.class = 'thanks' and p.exact and p.account in {mine}
            ), latest as (
                select account, max(happened_at) as answered from answers group by account
            )
            select g.account, g.kind, g.time, g.post,
                   ({as_us(tables.as_of)} - epoch_us(g.time)) / {DAY_US} as age,
                   coalesce(l.answered < g.time, true) as open
            from given g left join latest l on l.account = g.account
            where epoch_us(g.time) > {since}"""
    )
    rows = rows.set_column(2, "time", as_moments(rows["time"]))
    still = sum(rows["open"].to_pylist())
    answered = rows.num_rows - still
    figures = {
        "open": still,
        "answered": answered,
        "share": answered / rows.num_rows if rows.num_rows else None,
    }
    return Result(rows=rows, notes=_notes(tables, rows.num_rows, still), figures=figures)


def _notes(tables: Tables, count: int, still: int) -> tuple[Note, ...]:
    if tables.own is None:
        return (NOBODY_IS_OWNER,)
    if not count:
        return (Note(N_("Nothing to answer is known of these days.")),)
    first = Note(N_("First form: one answer to a person counts for all she did before it."))
    if not still:
        return (first,)
    return Note(N_("What is open stands first, what has waited longest at the top.")), first


MEASURE = Measure(
    name="courtesy",
    title=N_("Courtesy"),
    question=N_("Whom do I owe thanks?"),
    shape="ledger",
    columns=(
        Column(name="account", kind="account", title=N_("Account")),
        Column(name="kind", kind="kind", title=N_("Kind")),
        Column(name="time", kind="time", title=N_("Time")),
        Column(name="post", kind="post", title=N_("Post"), optional=True),
        Column(name="age", kind="number", title=N_("Age"), unit=N_("days")),
        Column(name="open", kind="flag", title=N_("Open")),
    ),
    order=("-open", "time", "account", "kind", "post"),
    compute=courtesy,
    figures={"open": N_("Open thanks"), "answered": N_("Answered"), "share": N_("Share answered")},
    facts=("recommendations",),
    private=True,
    reference=N_("Section Courtesy in docs/design.md; first form."),
)
