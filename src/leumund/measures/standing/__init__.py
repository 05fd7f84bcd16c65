"""Standing: who is behind an act. What makes the acts of some count more than those of others."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from leumund.locale import N_
from leumund.measures import Column, Measure, Note, Result
from leumund.measures.days import DAY_US, MOMENT
from leumund.measures.standing.kinds import Standing, give_standing, standing_of
from leumund.measures.standing.personal import (
    CLASSES,
    EXCHANGED,
    FOLLOWED,
    NOT_KNOWN_BY_ONE,
    TRUSTED,
    Personal,
)
from leumund.measures.standing.ties import BEGINNING, NEVER
from leumund.measures.standing.weekly import Basis, define_weekly
from leumund.store.register import as_us
from leumund.store.tables import Tables

__all__ = [
    "ENOUGH",
    "MEASURE",
    "Basis",
    "Standing",
    "define_weekly",
    "give_standing",
    "standing",
    "standing_of",
]

_LATELY_DAYS = 90
_SHOWN = (N_("graph"), N_("trust"), N_("nogo"), N_("automated"))  # as `views.words` does
ENOUGH = 0.1
"""Whose standing is at least this counts for something."""


_WORTH = {
    "trust": TRUSTED, "exchanged": EXCHANGED, "followed": FOLLOWED, "known": 1 - NOT_KNOWN_BY_ONE, "automated": 0.0, "nogo": 0.0,
}  # fmt: skip
_WORTH_IN_A_COMMUNITY = {"trust": TRUSTED, "automated": 0.0, "nogo": 0.0}
"""What a tie gives by itself."""
_TIES = pa.schema(
    {
        "tie": pa.string(), "account": pa.int64(), "worth": pa.float64(), "by": pa.int64(), "since": MOMENT,
        "until": MOMENT,
    }
)  # fmt: skip


def standing(tables: Tables, *, limit: int | None = 50) -> Result:
    """Rank people by their standing: how much the owner, or the community, has reason to know them.

    In a personal lab by the strongest evidence there is: trusted by the owner 1, two-way exchange in three weeks .7,
    followed by the owner .5, known to k whom she trusts 1 - .7^k; never on the no-go list, never a declared robot.
    In a community's lab seeded PageRank over acts that cost something (see `community`), 1 being what trust alone
    gives. The two cannot be compared.

    Args:
        limit: how many are listed (None: all); the figures always count all.
    Gives: account, standing, basis (the evidence; in a community "graph"). Figures: people of standing, how many
        acts others did in the last 90 days, and what share of these came from people with a standing of at least .1; in
        a community what share of accounts and of ties the trusted accounts can reach at all.
    Edges: accounts of one person have one standing. The owner herself is not listed.
    Source: ours; graph: personalised PageRank (Page and others 1999), teleporting to the seeds half of the time.
    """
    found, now = standing_of(tables), as_us(tables.as_of)
    keys, tau = found.keys, found.at(found.keys, now)
    basis = np.full(len(keys), "graph", dtype=object)
    if isinstance(found, Personal):
        basis = np.array(CLASSES, dtype=object)[found.classes(keys, now)]
    some = np.flatnonzero((tau > 0) & (keys != (tables.own or 0)))
    order = some[np.lexsort((keys[some], -tau[some]))]
    listed = order[:limit]
    acts, share = _reach(tables, found)
    accounts, ties = found.reached(now) if found.known_since is not None else (None, None)
    figures: dict[str, float | int | str | None] = {
        "kind": found.kind, "people": len(order), "acts": acts, "known_share": share,
        "accounts_reached": accounts, "ties_reached": ties,
    }  # fmt: skip
    rows = pa.table(
        {
            "rank": pa.array(np.arange(1, len(listed) + 1)), "account": pa.array(keys[listed]),
            "standing": pa.array(tau[listed]), "basis": pa.array(basis[listed].tolist(), pa.string()),
        }
    )  # fmt: skip
    return Result(rows=rows, notes=(*found.notes(), *_said(found, figures)), figures=figures)


def _reach(tables: Tables, found: Standing) -> tuple[int, float | None]:
    """The acts of the last 90 days (towards the owner in a personal lab), and the share that people of standing did."""
    since = as_us(tables.as_of) - _LATELY_DAYS * DAY_US
    whose = "true" if tables.community else "target in (select account from own)"
    rows = tables.arrow(
        f"""select actor, sum("count")::BIGINT as n from acts
            where exact and kind <> 'unfollow' and actor <> target and {whose}
              and happened_at > make_timestamp({since}) group by actor order by actor"""
    )
    counts = rows["n"].to_numpy().astype(np.int64)
    if not len(counts):
        return 0, None
    tau = found.at(rows["actor"].to_numpy().astype(np.int64), as_us(tables.as_of))
    return int(counts.sum()), float(counts[tau >= ENOUGH].sum() / counts.sum())


def _said(found: Standing, figures: dict[str, float | int | str | None]) -> tuple[Note, ...]:
    notes = []
    if found.known_since is not None and figures["known_share"] is not None:
        text = N_(
            "Of {acts} acts in the last 90 days {known_share:.0%} came from people of standing (.1 or more)."
        )
        notes.append(Note(text, figures))
    if figures["accounts_reached"] is not None:
        text = N_(
            "From the trusted accounts {accounts_reached:.0%} of all accounts can be reached; of the others nothing can be said."
        )
        notes.append(Note(text, figures))
    if found.kind == "community":
        notes.append(
            Note(N_("Standing in a community's lab cannot be compared with that in a personal one."))
        )
    return tuple(notes)


def explain(tables: Tables, account: int | None = None) -> Result:
    """What the standing of somebody rests on: every tie there is, since when and through whom.

    Args:
        account: whose; None: everybody's.
    Gives: tie, account, worth (the standing this alone gives; None where it gives none), by (through whom: None is the
        owner, a robot is one by its own word), since (None: since before anything is known), until (None: still).
    """
    found = standing_of(tables)
    wanted = None if account is None else tables.person_of(account)
    keys = found.marks.keys
    worth = _WORTH if found.kind == "personal" else _WORTH_IN_A_COMMUNITY
    ties = []
    for tie, spans in found.marks.spans.items():
        told = ~spans.deleted  # what was deleted is shown to nobody
        for who, since, until, by in zip(
            *(column[told] for column in (spans.who, spans.since, spans.until, spans.by)), strict=True
        ):
            if tie != "own" and wanted in (None, int(keys[who])):
                begun = None if since in (BEGINNING, 0) else int(since)
                ended = None if until == NEVER else int(until)
                through = int(keys[by]) if by >= 0 else int(keys[who]) if tie == "automated" else None
                ties.append(
                    {"tie": tie, "account": int(keys[who]), "worth": worth.get(tie), "by": through,
                     "since": begun, "until": ended}
                )  # fmt: skip
    rows = pa.Table.from_pylist(ties, _TIES)
    if wanted is None:
        return Result(rows=rows, notes=(*found.notes(), *_weights(found)))
    value = float(found.at(np.array([wanted], np.int64), as_us(tables.as_of))[0])
    nothing = () if ties else (Note(N_("Nothing tells that this account is known.")),)
    return Result(rows=rows, notes=(*found.notes(), *nothing, *_weights(found)), figures={"standing": value})


def _weights(found: Standing) -> tuple[Note, ...]:
    """How a standing comes of the evidence."""
    if found.kind == "community":
        text = N_(
            "Trust gives {trust:.0f}; all else flows on from there, by answers, reshares and recommendations of a year."
        )
        return (Note(text, _WORTH),)
    text = N_(
        "The strongest evidence counts, nothing is added up: you trust them {trust:.0f}, exchange {exchanged:.1f}, you"
        " follow them {followed:.1f}, known to one whom you trust {known:.1f}, to two {two:.2f}, to three {three:.2f}."
    )
    return (Note(text, {**_WORTH, "two": 1 - NOT_KNOWN_BY_ONE**2, "three": 1 - NOT_KNOWN_BY_ONE**3}),)


MEASURE = Measure(
    name="standing",
    topic="influence",
    title=N_("Standing"),
    question=N_("Whose acts count, and on what evidence?"),
    shape="ranking",
    columns=(
        Column(name="rank", kind="whole", title=N_("Place")),
        Column(name="account", kind="account", title=N_("Account")),
        Column(name="standing", kind="number", title=N_("Standing")),
        Column(name="basis", kind="kind", title=N_("Known by")),
    ),
    order=("rank",),
    compute=standing,
    figures={
        "kind": "",
        "people": N_("People of standing"),
        "acts": N_("Acts of others in the last 90 days"),
        "known_share": N_("Share of these by people of standing"),
        "accounts_reached": "",
        "ties_reached": "",
        "standing": N_("Standing"),
    },
    explain=explain,
    explain_title=N_("What the standing rests on"),
    explain_shape="ledger",
    explain_columns=(
        Column(name="tie", kind="kind", title=N_("Evidence")),
        Column(name="account", kind="account", title=N_("Account")),
        Column(
            name="worth",
            kind="number",
            title=N_("Gives by itself"),
            optional=True,
            nothing=N_("does not count here"),
        ),
        Column(name="by", kind="account", title=N_("Through"), optional=True, nothing=N_("yourself")),
        Column(
            name="since",
            kind="time",
            title=N_("Since"),
            optional=True,
            nothing=N_("before all that is known"),
        ),
        Column(name="until", kind="time", title=N_("Until"), optional=True, nothing=N_("still")),
    ),
    explain_order=("-worth", "tie", "account", "by", "since"),
    facts=("recommendations",),
    private=True,
    reference=N_(
        "Our own: whom you trust, and what you and others do for one another. In a community: who is known by those who are trusted, as in PageRank (Page and others 1999)."
    ),
)
