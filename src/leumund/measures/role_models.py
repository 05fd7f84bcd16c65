"""Who answers what the owner does for them: role models of courtesy, and who never answers. For the owner alone."""

from __future__ import annotations

from datetime import UTC
from typing import Any

import pyarrow as pa

from leumund.locale import N_
from leumund.measures import Column, Measure, Note, Result
from leumund.measures.courtesy.account import both
from leumund.measures.courtesy.explain import EXPLAIN_COLUMNS, explain
from leumund.measures.courtesy.matching import settle
from leumund.measures.days import DAY_US, MOMENT, MOST_DAYS, check_days
from leumund.measures.left_out import define_marked
from leumund.measures.notes import NOBODY_IS_OWNER
from leumund.store.register import as_time, as_us
from leumund.store.tables import Tables

FEWEST = 3


def role_models(tables: Tables, *, days: int = 182, without_nogo: bool = False) -> Result:
    """How many of the owner's recommendations, reshares, quotes and mentions each person answered, in the same sense
    as in courtesy; those who surely answer most at the top.

    low, high: 90 % interval of the share, Beta(answered + 1/2, unanswered + 1/2), up to all where all were answered. What is younger than a week and not
    answered is not counted: there may still be time.

    Args:
        days: how far back; at least 1. without_nogo: nobody on the owner's no-go list is listed.
    Gives: account, done (by the owner for them), answered, share, low, high, last (the newest answer, None: never).
        Figures: people, always (all answered), never (none answered), both of three acts or more.
    Edges: an answer where no source sees it is unknown, so never to be held against anybody. Source: ours.
    """
    check_days(days, MOST_DAYS)
    now = as_us(tables.as_of)
    dues, answers = both(tables, days, by_owner=False)
    found: dict[int, list[int | None]] = {}
    for due, settled in zip(dues, settle(dues, answers), strict=True):
        old = now - due.at > 7 * DAY_US
        if due.at > now - days * DAY_US and (settled is not None or old):
            found.setdefault(due.account, []).append(None if settled is None else settled.at)
    if without_nogo:
        define_marked(tables)
        avoided = {k for (k,) in tables.sql("select account from marked_now where mark = 'nogo'").fetchall()}
        found = {account: times for account, times in found.items() if account not in avoided}
    rows = [_row(account, times) for account, times in found.items()]
    many = [r for r in rows if r["done"] >= FEWEST]
    figures = {
        "people": len(rows),
        "always": sum(r["answered"] == r["done"] for r in many),
        "never": sum(r["answered"] == 0 for r in many),
    }
    return Result(rows=pa.Table.from_pylist(rows, _SHAPE), notes=_notes(tables, len(rows)), figures=figures)


def _row(account: int, times: list[int | None]) -> dict[str, Any]:
    from scipy.special import betaincinv

    answered = [t for t in times if t is not None]
    n, k = len(times), len(answered)
    low, high = (float(betaincinv(k + 0.5, n - k + 0.5, q)) for q in (0.05, 0.95))
    low, high = 0.0 if k == 0 else low, 1.0 if k == n else high  # as Brown, Cai and DasGupta 2001 mend it
    return {
        "account": account, "done": n, "answered": k, "share": k / n, "low": low, "high": high,
        "last": as_time(max(answered)).astimezone(UTC) if answered else None,
    }  # fmt: skip


def _notes(tables: Tables, people: int) -> tuple[Note, ...]:
    if tables.own is None:
        return (NOBODY_IS_OWNER,)
    if not people:
        return (Note(N_("You did nothing in these days that others could thank for, as far as is known.")),)
    return (
        Note(N_("For you alone. Whoever does not answer may have thanked where no source sees it, or not have seen it.")),
    )  # fmt: skip


_SHAPE = pa.schema(
    {
        "account": pa.int64(), "done": pa.int64(), "answered": pa.int64(), "share": pa.float64(), "low": pa.float64(),
        "high": pa.float64(), "last": MOMENT,
    }
)  # fmt: skip

MEASURE = Measure(
    name="role_models",
    topic="people",
    title=N_("Who thanks"),
    question=N_("Who always thanks, who never answers?"),
    shape="ranking",
    columns=(
        Column(name="account", kind="account", title=N_("Account")),
        Column(name="low", kind="share", title=N_("Answers at least")),
        Column(name="share", kind="share", title=N_("Share answered")),
        Column(name="high", kind="share", title=N_("At most")),
        Column(name="done", kind="whole", title=N_("Done by you")),
        Column(name="answered", kind="whole", title=N_("Answered")),
        Column(name="last", kind="time", title=N_("Last answer"), optional=True, nothing=N_("never")),
    ),
    order=("-low", "-answered", "account"),
    compute=role_models,
    figures={"people": N_("People"), "always": N_("Always answered"), "never": N_("Never answered")},
    explain=explain,
    explain_title=N_("Between you and one person"),
    explain_columns=EXPLAIN_COLUMNS,
    explain_order=("row",),
    facts=("recommendations", "thanks", "languages"),
    private=True,
    reference=N_("Our own: who answered what you did for them, in the same sense as what you owe others."),
)
