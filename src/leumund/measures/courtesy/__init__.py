"""Courtesy: whom one owes thanks, and whether one can keep up with thanking everybody. Nothing is ever sent."""

from __future__ import annotations

from datetime import timedelta
from math import isfinite

import pyarrow as pa

from leumund.locale import N_
from leumund.measures import Column, Measure, Note, Result
from leumund.measures.courtesy.account import Ledger, ledger
from leumund.measures.courtesy.explain import EXPLAIN_COLUMNS, explain
from leumund.measures.days import DAY_US, MOMENT
from leumund.measures.notes import NOBODY_IS_OWNER
from leumund.store.register import as_us
from leumund.store.tables import Tables

_WEEK = 7


def courtesy(
    tables: Tables,
    *,
    days: int = 28,
    minutes_a_day: float | None = None,
    minutes_each: float | None = None,
) -> Result:
    """The recommendations, reshares, quotes and mentions of the last days, each open or answered, and the load.

    Answered: by a reply to, like, reshare or quote of that very post; by a thank-you that names the person (one for many
    covers many); or in kind soon after, each act answering one, by an assignment that costs least (see `matching`).
    load rho = acts a day * minutes each / minutes a day; community F* = minutes a day / (minutes each * acts a day and
    follower).

    Args:
        days: what is older and open is let go; at least 1.
        minutes_a_day: that the owner can spend on thanks; None: as measured from the hours she noted, else 15.
        minutes_each: that one thank-you takes; None: as measured, else 2.
    Gives: turn (whose turn it is, None where answered), account, kind, time, post, age in days, open, answered (by
        what), reason (why early). Figures: open, answered, share (None where there was nothing to answer), let_go (older
        and open), load with interval, thanked (the share that can be thanked), open in four weeks with interval,
        community with interval, date from which one can no longer thank everybody with interval ("" where not in ten
        years), and load, open and community with ten minutes a day more.
    Edges: what the owner does for herself needs no thanks; accounts of one person are one; what declared automated
        accounts and those on the no-go list do merits none; what a source has not told (an answer by mail, in person) is
        not seen; acts and answers without a known time are left out. Below 14 whole days the load is unknown.
    Source: ours. Load and overflow as in any queue; see docs/validity.md for how well it finds what is open.
    """
    found = ledger(tables, days=days, minutes_a_day=minutes_a_day, minutes_each=minutes_each)
    rows = _rows(found, as_us(tables.as_of))
    still = sum(rows["open"].to_pylist())
    answered = rows.num_rows - still
    figures: dict[str, float | int | str | None] = {
        "open": still,
        "answered": answered,
        "share": answered / rows.num_rows if rows.num_rows else None,
        "let_go": found.let_go,
        **_figures(found, tables),
    }
    return Result(rows=rows, notes=_notes(tables, found, rows.num_rows, still), figures=figures)


def _rows(found: Ledger, now: int) -> pa.Table:
    place = {n: turn for turn, n in enumerate(found.queue, 1)}
    rows = [
        {
            "turn": place.get(n), "account": due.account, "kind": due.kind, "time": due.at, "post": due.post,
            "age": (now - due.at) / DAY_US, "open": settled is None, "answered": None if settled is None else settled.how,
            "reason": found.told[n].words if settled is None else None,
        }
        for n, (due, settled) in enumerate(zip(found.dues, found.settled, strict=True))
        if due.at > found.since
    ]  # fmt: skip
    table = pa.Table.from_pylist(rows, _SHAPE)
    return table.set_column(3, "time", table["time"].cast(pa.timestamp("us")).cast(MOMENT))


_SHAPE = pa.schema(
    {
        "turn": pa.int64(), "account": pa.int64(), "kind": pa.string(), "time": pa.int64(), "post": pa.string(),
        "age": pa.float64(), "open": pa.bool_(), "answered": pa.string(), "reason": pa.string(),
    }
)  # fmt: skip


def _figures(found: Ledger, tables: Tables) -> dict[str, float | int | str | None]:
    """The load and what follows from it; all None where too little is known."""
    names = (
        "rate", "load", "load_low", "load_high", "thanked", "open_later", "open_later_low", "open_later_high", "community",
        "community_low", "community_high", "until", "until_low", "until_high", "load_more", "open_later_more",
        "community_more",
    )  # fmt: skip
    figures: dict[str, float | int | str | None] = {
        **dict.fromkeys(names), "minutes_a_day": found.spent.minutes_a_day, "minutes_each": found.spent.minutes_each,
    }  # fmt: skip
    keeps, more = found.keeps, found.more
    if keeps is None or more is None:
        return figures
    figures.update(
        rate=keeps.rate, load=keeps.load, load_low=keeps.load_low, load_high=keeps.load_high, thanked=keeps.thanked,
        open_later_low=keeps.backlog[0], open_later=keeps.backlog[1], open_later_high=keeps.backlog[2],
        load_more=more.load, open_later_more=more.backlog[1],
    )  # fmt: skip
    if keeps.community and more.community:
        low, middle, high = (round(f) for f in keeps.community)
        figures.update(
            community_low=low, community=middle, community_high=high, community_more=round(more.community[1])
        )
    if keeps.weeks:
        today = tables.as_of.date()
        early, likely, late = (
            (today + timedelta(weeks=w)).isoformat() if isfinite(w) else "" for w in keeps.weeks
        )
        figures.update(until_low=early, until=likely, until_high=late)
    return figures


def _notes(tables: Tables, found: Ledger, count: int, still: int) -> tuple[Note, ...]:
    if tables.own is None:
        return (NOBODY_IS_OWNER,)
    if not count:
        return (Note(N_("Nothing to answer is known of these days.")),)
    notes = []
    if still and found.beyond:
        notes.append(Note(N_("More comes than you can answer. First come those who did it for the first time, gave a reason or were long silent; letting the others go is no failing.")))  # fmt: skip
    elif still:
        notes.append(Note(N_("What is open stands first, what has waited longest at the top.")))
    if still:
        week = int(found.spent.a_day * _WEEK)
        if still > week:
            notes.append(
                Note(N_("The first {week} of these {open} fit into a week."), {"week": week, "open": still})
            )
    notes += _about_load(tables, found)
    if found.let_go:
        notes.append(Note(N_("Let go, since older and never answered: {count}."), {"count": found.let_go}))
    notes.append(Note(N_("A thank-you by mail or in person is seen by no source. Leumund sends nothing.")))
    return tuple(notes)


_TOLD = {
    "given": N_("Reckoned with {minutes_a_day:.3g} minutes a day and {minutes_each:.2g} minutes each, as you said."),
    "measured": N_("Reckoned with {minutes_a_day:.3g} minutes a day and {minutes_each:.2g} minutes each, from the hours you noted. Say otherwise with --minutes-a-day and --minutes-each."),
    "usual": N_("Assumed: {minutes_a_day:.3g} minutes a day and {minutes_each:.2g} minutes each. Say yours with --minutes-a-day and --minutes-each."),
}  # fmt: skip


def _about_load(tables: Tables, found: Ledger) -> list[Note]:
    """The load in sentences."""
    keeps, more = found.keeps, found.more
    if keeps is None or more is None:
        return [Note(N_("Whether you can keep up is unknown: fewer than two weeks are known."))]
    values = _figures(found, tables)
    notes = []
    if keeps.load < 1:
        notes.append(Note(N_("You can keep up: thanks take {load:.0%} of the time for them ({load_low:.0%} to {load_high:.0%}). In four weeks {open_later:.0f} will be open ({open_later_low:.0f} to {open_later_high:.0f})."), values))  # fmt: skip
    else:
        notes.append(Note(N_("You cannot thank everybody: thanks take {load:.0%} of the time for them ({load_low:.0%} to {load_high:.0%}); there is time for {thanked:.0%} of them. In four weeks {open_later:.0f} will be open ({open_later_low:.0f} to {open_later_high:.0f})."), values))  # fmt: skip
    if values["community"] is not None:
        notes.append(Note(N_("From {community} followers on ({community_low} to {community_high}) there is no time for everybody; with ten minutes a day more from {community_more} on."), values))  # fmt: skip
    if (until := values["until"]) is not None and keeps.load < 1:
        if not until:
            notes.append(Note(N_("As your followers grow now, that is not so in the next ten years.")))
        else:
            last = N_(
                "As your followers grow now, that is on {until} (from {until_low}, perhaps not in ten years)."
            )
            both = N_("As your followers grow now, that is on {until} ({until_low} to {until_high}).")
            notes.append(Note(both if values["until_high"] else last, values))
    notes.append(Note(N_("Ten minutes a day more: {load_more:.0%} of the time, and {open_later_more:.0f} open in four weeks."), values))  # fmt: skip
    notes.append(Note(_TOLD[found.spent.told], values))
    return notes


MEASURE = Measure(
    name="courtesy",
    title=N_("Courtesy"),
    question=N_("Whom do I owe thanks, and can I keep up?"),
    shape="ledger",
    columns=(
        Column(name="turn", kind="whole", title=N_("Turn"), optional=True, nothing="–"),
        Column(name="account", kind="account", title=N_("Account")),
        Column(name="kind", kind="kind", title=N_("Kind")),
        Column(name="time", kind="time", title=N_("Time")),
        Column(name="age", kind="number", title=N_("Age"), unit=N_("days")),
        Column(name="open", kind="flag", title=N_("Open")),
        Column(name="reason", kind="text", title=N_("Why early"), optional=True, nothing="–"),
        Column(name="answered", kind="kind", title=N_("Answered by"), optional=True, nothing="–"),
        Column(name="post", kind="post", title=N_("Post"), optional=True),
    ),
    order=("-open", "turn", "time", "account", "kind", "post"),
    compute=courtesy,
    figures={
        "open": N_("Open thanks"), "answered": N_("Answered"), "share": N_("Share answered"), "let_go": N_("Let go"),
        "rate": N_("Acts a day that merit thanks"), "load": N_("Load"), "load_low": "", "load_high": "",
        "thanked": N_("Share that can be thanked"), "open_later": N_("Open in four weeks"), "open_later_low": "",
        "open_later_high": "", "community": N_("Followers you can keep up with"), "community_low": "", "community_high": "",
        "until": N_("Day from which not everybody"), "until_low": "", "until_high": "", "load_more": "",
        "open_later_more": "", "community_more": "", "minutes_a_day": "", "minutes_each": "",
    },
    explain=explain,
    explain_title=N_("Between you and one person"),
    explain_shape="ledger",
    explain_columns=EXPLAIN_COLUMNS,
    explain_order=("row",),
    facts=("recommendations", "thanks", "languages"),
    private=True,
    reference=N_("Section Courtesy in docs/design.md."),
)  # fmt: skip
