"""Courtesy: whom one owes thanks, and whether one can keep up with thanking everybody. Nothing is ever sent."""

from __future__ import annotations

import pyarrow as pa

from leumund.locale import N_
from leumund.measures import Column, Measure, Result
from leumund.measures.courtesy.account import Ledger, ledger
from leumund.measures.courtesy.explain import EXPLAIN_COLUMNS, explain
from leumund.measures.courtesy.figures import LOAD, figures_of
from leumund.measures.courtesy.matching import LET_GO
from leumund.measures.courtesy.notes import notes_of
from leumund.measures.days import DAY_US, MOMENT
from leumund.store.register import as_us
from leumund.store.tables import Tables


def courtesy(
    tables: Tables,
    *,
    days: int = 28,
    minutes_a_day: float | None = None,
    minutes_each: float | None = None,
) -> Result:
    """The recommendations, reshares, quotes and mentions of the last days, each open or answered, and the load.

    Answered: by the owner's own word; by a reply to, like, reshare or quote of that very post; by a thank-you that names the person (one for many
    covers many); or in kind soon after, each act answering one, by an assignment that costs least (see `matching`).
    load rho = acts a day * minutes each / minutes a day; community F* = minutes a day / (minutes each * acts a day and
    follower).

    Args:
        days: what is older and open is let go; at least 1.
        minutes_a_day: that the owner can spend on thanks; None: as measured from the hours she noted, else 15.
        minutes_each: that one thank-you takes; None: as measured, else 2.
    Gives: turn (whose turn it is, None where answered), account, kind, time, post, age in days, open, answered (by
        what), reason (why early). Figures: people, open, answered, share (None where there was nothing to answer; what she
        lets go is left out), let_go (older and open, or by her word), rate (acts a day), load, thanked_share (that can be
        thanked), open_later (in four weeks), community (followers at which the load is 1), each with interval; until: since or from when there are so many,
        with interval ("" where not in ten years, None where unknown); NAME_more: with ten minutes a day more.
    Edges: what the owner does for herself needs no thanks; accounts of one person are one; what declared automated
        accounts and those on the no-go list do merits none; what a source has not told (an answer by mail, in person) is
        not seen unless she says so; acts and answers without a known time are left out. Below 14 whole days the load is unknown.
        Where nothing was ever known that merits thanks, how many are open is unknown as well, not none.
    Source: ours. Load and overflow as in any queue; see docs/validity.md for how well it finds what is open.
    """
    found = ledger(tables, days=days, minutes_a_day=minutes_a_day, minutes_each=minutes_each)
    rows = _rows(found, as_us(tables.as_of))
    still = sum(rows["open"].to_pylist())
    answered = rows.num_rows - still - sum(how == LET_GO for how in rows["answered"].to_pylist())
    values = figures_of(found, tables)
    counts = {"people": found.people, "open": still, "answered": answered, "let_go": found.let_go}
    figures = {
        **(counts if found.dues else dict.fromkeys(counts)),
        "share": answered / (answered + still) if answered + still else None,
        **values,
    }
    return Result(
        rows=rows, notes=notes_of(tables, found, values, count=rows.num_rows, still=still), figures=figures
    )


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


MEASURE = Measure(
    name="courtesy",
    topic="people",
    title=N_("Courtesy"),
    question=N_("Whom do I owe thanks, and can I keep up?"),
    shape="ledger",
    columns=(
        Column(name="turn", kind="whole", title=N_("Turn"), optional=True, nothing="–"),
        Column(name="account", kind="account", title=N_("Account")),
        Column(name="kind", kind="kind", title=N_("Kind")),
        Column(name="time", kind="time", title=N_("Time")),
        Column(name="reason", kind="text", title=N_("Why early"), optional=True, nothing="–"),
        Column(name="open", kind="flag", title=N_("Open")),
        Column(name="answered", kind="kind", title=N_("Answered by"), optional=True, nothing="–"),
        Column(name="age", kind="number", title=N_("Age"), unit=N_("days")),
        Column(name="post", kind="post", title=N_("Post"), optional=True),
    ),
    order=("-open", "turn", "time", "account", "kind", "post"),
    compute=courtesy,
    figures={
        **dict.fromkeys((*LOAD, "minutes_a_day", "minutes_each", "time_for", "followers"), ""),
        "people": N_("People you owe thanks"), "open": N_("Open thanks"), "answered": N_("Answered"),
        "share": N_("Share answered"), "let_go": N_("Let go"), "thanked_share": N_("Share that can be thanked"),
        "open_later": N_("Open in four weeks"), "community": N_("Followers you can keep up with"),
    },
    explain=explain,
    explain_title=N_("Between you and one person"),
    explain_shape="ledger",
    explain_columns=EXPLAIN_COLUMNS,
    explain_order=("row",),
    facts=("recommendations", "thanks", "languages"),
    private=True,
    reference=N_("Our own; what comes in and what you can answer is reckoned as in a queue at a counter."),
)  # fmt: skip
