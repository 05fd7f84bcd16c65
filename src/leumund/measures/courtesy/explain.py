"""What passed between the owner and one person: acts that merit thanks, both ways, how each was answered, and a draft."""

from __future__ import annotations

from datetime import UTC
from typing import Any

import pyarrow as pa

from leumund.locale import N_, ngettext
from leumund.measures import Column, Note, Result
from leumund.measures.courtesy.account import both, ledger
from leumund.measures.courtesy.drafts import drafts_for
from leumund.measures.courtesy.dues import Due
from leumund.measures.courtesy.matching import Settled, settle
from leumund.measures.days import MOMENT
from leumund.measures.notes import NOBODY_IS_OWNER
from leumund.store.register import as_time
from leumund.store.tables import Tables

DRAFT, HERS, YOURS = N_("draft"), N_("done for you"), N_("done by you")
_MOST = 200


def explain(tables: Tables, account: int | None = None, *, days: int = 28) -> Result:
    """What that person did for the owner and the owner for her (None: whoever's turn it is), and drafts of thanks.

    Gives: row, what (draft, done for you, done by you), kind, time, post, open, answered (by what), answered_at, by (the
    post or act that answers), network and text (of a draft, or of the post). Source: as courtesy.
    """
    found = ledger(tables, days=days)
    whose = tables.person_of(account) if account is not None else None
    if whose is None and found.queue:
        whose = found.dues[found.queue[0]].account
    if whose is None or tables.own is None:
        return Result(rows=pa.Table.from_pylist([], _SHAPE), notes=(_nobody(tables),))
    mine = [(d, s) for d, s in zip(found.dues, found.settled, strict=True) if d.account == whose]
    still = [d.kind for d, s in mine if s is None and d.at > found.since]
    rows: list[dict[str, Any]] = [
        {"what": DRAFT, "network": n, "text": t} for n, t in drafts_for(tables, whose, still).items() if t
    ]
    rows += [_row(HERS, d, s, let_go=d.at <= found.since) for d, s in reversed(mine[-_MOST:])]
    dues, answers = both(tables, days, by_owner=False)
    theirs = [(d, s) for d, s in zip(dues, settle(dues, answers), strict=True) if d.account == whose]
    rows += [_row(YOURS, d, s, let_go=False) for d, s in reversed(theirs[-_MOST:])]
    _with_texts(tables, rows)
    for number, row in enumerate(rows, 1):
        row["row"] = number
    table = pa.Table.from_pylist([dict.fromkeys(_SHAPE.names) | row for row in rows], _SHAPE)
    return Result(rows=table, notes=_notes(mine, theirs, len(still)), about=whose)


def _row(what: str, due: Due, settled: Settled | None, *, let_go: bool) -> dict[str, Any]:
    return {
        "what": what, "kind": due.kind, "time": as_time(due.at).astimezone(UTC), "post": due.post,
        "open": None if what == YOURS else settled is None and not let_go,
        "answered": settled.how if settled else None,
        "answered_at": as_time(settled.at).astimezone(UTC) if settled else None, "by": settled.by if settled else None,
    }  # fmt: skip


def _with_texts(tables: Tables, rows: list[dict[str, Any]]) -> None:
    """The words of the posts, where they are known."""
    wanted = pa.table({"post": pa.array(sorted({r["post"] for r in rows if r.get("post")}), pa.string())})
    tables.bring("cy_wanted", wanted)
    found = tables.sql(
        """select p.post, any_value(p.text) from posts p semi join cy_wanted using (post)
           where p.visibility in ('public', 'unlisted') group by p.post"""
    ).fetchall()
    texts = dict(found)
    for row in rows:
        row.setdefault("text", texts.get(row.get("post")))


def _notes(
    mine: list[tuple[Due, Settled | None]], theirs: list[tuple[Due, Settled | None]], still: int
) -> tuple[Note, ...]:
    notes = []
    answered = sum(s is not None and not s.let_go for _d, s in mine)
    text = ngettext("Did {n} thing for you that merits thanks; you answered {answered}.",
                    "Did {n} things for you that merit thanks; you answered {answered}.", len(mine))  # fmt: skip
    notes.append(Note("{sentence}", {"sentence": text.format(n=len(mine), answered=answered)}))
    if theirs:
        back = sum(s is not None for _d, s in theirs)
        text = ngettext("You did {n} thing for this person; answered: {answered}.",
                        "You did {n} things for this person; answered: {answered}.", len(theirs))  # fmt: skip
        notes.append(Note("{sentence}", {"sentence": text.format(n=len(theirs), answered=back)}))
    if still:
        notes.append(Note(N_("Drafts are yours to change and to post: Leumund sends nothing.")))
    if any(s is not None and not s.certain for _d, s in mine):
        notes.append(Note(N_("Answers in kind are likely ones: the act that fits best in time.")))
    return tuple(notes)


def _nobody(tables: Tables) -> Note:
    if tables.own is None:
        return NOBODY_IS_OWNER
    return Note(N_("Nothing is open."))


_TEXT = pa.string()
_SHAPE = pa.schema(
    {
        "row": pa.int64(), "what": _TEXT, "kind": _TEXT, "time": MOMENT, "post": _TEXT, "open": pa.bool_(),
        "answered": _TEXT, "answered_at": MOMENT, "by": _TEXT, "network": _TEXT, "text": _TEXT,
    }
)  # fmt: skip

EXPLAIN_COLUMNS = (
    Column(name="row", kind="whole", title=N_("No.")),
    Column(name="what", kind="kind", title=N_("What")),
    Column(name="text", kind="text", title=N_("Text"), optional=True, nothing="–"),
    Column(name="kind", kind="kind", title=N_("Kind"), optional=True, nothing="–"),
    Column(name="time", kind="time", title=N_("Time"), optional=True, nothing="–"),
    Column(name="open", kind="flag", title=N_("Open"), optional=True, nothing="–"),
    Column(name="answered", kind="kind", title=N_("Answered by"), optional=True, nothing="–"),
    Column(name="answered_at", kind="time", title=N_("Answered"), optional=True, nothing="–"),
    Column(name="network", kind="kind", title=N_("Network"), optional=True, nothing="–"),
    Column(name="post", kind="post", title=N_("Post"), optional=True, nothing="–"),
    Column(name="by", kind="post", title=N_("Answer"), optional=True, nothing="–"),
)
