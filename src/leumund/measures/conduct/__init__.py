"""Conduct: evidence for the owner's private no-go list. It proposes; listing somebody is her own act."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from leumund.locale import N_
from leumund.measures import Column, Measure, Note, Result
from leumund.measures.conduct.evidence import FACTS, Evidence, Numbers, evidence, reach_of
from leumund.measures.conduct.explain import EXPLAIN_COLUMNS, SHOWN, explain
from leumund.measures.conduct.limits import KINDS, Kind, Limit, limits_said
from leumund.measures.conduct.told import LEAST_POSTS
from leumund.store.tables import Tables

PRIVATE = Note(N_("Only you see this: it stands in no report, on no board and in no export."))
_SHAPE = pa.schema(
    {
        "rank": pa.int64(), "account": pa.int64(), "points": pa.float64(), "points_low": pa.float64(), "points_high": pa.float64(), "beyond": pa.string(), "evidence": pa.string(),
        "share": pa.float64(), "share_low": pa.float64(), "share_high": pa.float64(), "posts": pa.int64(),
        "proposed": pa.bool_(), "listed": pa.bool_(), **{SHOWN[kind]: pa.float64() for kind in KINDS},
    }
)  # fmt: skip


def conduct(tables: Tables, *, limits: tuple[str, ...] | None = None, limit: int | None = 50) -> Result:
    """Order people by how much their last hundred posts look like those of accounts that only advertise.

    Shares: Beta-binomial with Jeffreys' prior over the last hundred originals, 90 % intervals. Proposed is whose whole
    interval lies beyond a limit of the owner's, who is not on the list yet, whom she does not trust, and who does not
    say itself that it is a robot.

    Args:
        limits: in words, such as "more than half adverts"; None: the usual ones (`limits.DEFAULTS`).
        limit: how many are listed (None: all); the figures always count all. Of whom there is no evidence at all is not
            listed: that a profile looks like a seller's is no evidence of anything.
    Gives: account, points (log odds; 0 an average account) with points_low and points_high (90 %; see `sureness`), beyond (the limits passed), evidence (what stands out
        most) with its share and interval, posts looked at, listed (on the list already), the share of each kind.
    Edges: with fewer than five posts nothing is said. Posts not for all are not looked at. The owner is not listed.
    Source: ours; the points were fitted on labelled accounts, see docs/validity.md.
    """
    said = limits_said(limits)
    found = evidence(tables)
    passed = found.passed(said)
    proposed = [bool(p) and bool(may) for p, may in zip(passed, found.proposable, strict=True)]
    shown = np.array([bool(p) for p in passed], np.bool_) | found.listed | found.has_any
    order = np.lexsort((found.accounts, -found.points))
    order = order[shown[order]][:limit]
    bounds = {kind: found.bounds(kind) for kind in KINDS}
    off = reach_of(tables, found, order)
    rows = [
        {
            "rank": place, "proposed": proposed[at], **_row(found, bounds, at, passed[at]),
            "points_low": float(found.points[at] - off[place - 1]), "points_high": float(found.points[at] + off[place - 1]),
        }
        for place, at in enumerate(order.tolist(), 1)
    ]  # fmt: skip
    figures: dict[str, float | int | str | None] = {
        "accounts": len(found.accounts), "proposed": sum(proposed), "listed_known": int(found.listed.sum()), "few": found.few,
        "without": int((~shown).sum()),
    }  # fmt: skip
    return Result(
        rows=pa.Table.from_pylist(rows, _SHAPE), notes=_notes(found, said, figures), figures=figures
    )


def _row(
    found: Evidence, bounds: dict[Kind, tuple[Numbers, Numbers]], at: int, passed: list[Limit]
) -> dict[str, object]:
    shares = {kind: found.counts[kind][at] / found.posts[at] if found.posts[at] else 0.0 for kind in KINDS}
    kind = passed[0].kind if passed else _most(found, at)
    low, high = bounds[kind] if kind else (found.posts, found.posts)
    return {
        "account": int(found.accounts[at]), "points": float(found.points[at]),
        "beyond": "; ".join(limit.words for limit in passed) or None,
        "evidence": SHOWN[kind] if kind else None, "share": float(shares[kind]) if kind else None,
        "share_low": float(low[at]) if kind else None, "share_high": float(high[at]) if kind else None,
        "posts": int(found.posts[at]), "listed": bool(found.listed[at]),
        **{SHOWN[k]: float(share) for k, share in shares.items()},
    }  # fmt: skip


def _most(found: Evidence, at: int) -> Kind | None:
    """What stands out most where no limit is passed; thanks speak for nobody's place here."""
    kinds = [k for k in KINDS if k != "thanks" and found.counts[k][at] > 0]
    return max(kinds, key=lambda k: found.counts[k][at], default=None)


def _notes(
    found: Evidence, said: tuple[Limit, ...], figures: dict[str, float | int | str | None]
) -> tuple[Note, ...]:
    if not len(found.accounts):
        few = Note(
            N_("Of nobody but you are {least} posts known; nothing can be said."), {"least": LEAST_POSTS}
        )
        return (few, PRIVATE)
    notes = []
    if figures["proposed"] == 1:
        notes.append(Note(N_("One account lies beyond your limits. Whether it goes on your no-go list you decide: leumund nogo add ACCOUNT --reason WHY")))  # fmt: skip
    elif figures["proposed"]:
        notes.append(Note(N_("{proposed} accounts lie beyond your limits. Whether they go on your no-go list you decide: leumund nogo add ACCOUNT --reason WHY"), figures))  # fmt: skip
    else:
        notes.append(Note(N_("Nobody lies beyond your limits who is not on your list already.")))
    if said:
        notes.append(Note(N_("Your limits, passed only where the whole interval of 90 per cent lies beyond: {limits}."), {"limits": "; ".join(x.words for x in said)}))  # fmt: skip
    else:
        notes.append(Note(N_("You have set no limits, so nobody is proposed.")))
    notes.append(Note(N_("The order says whose posts look most like those of accounts that others called spam. It proves nothing of anybody.")))  # fmt: skip
    if found.few:
        notes.append(Note(N_("Left out, fewer than {least} posts known: {few} accounts."), {"least": LEAST_POSTS, "few": found.few}))  # fmt: skip
    if figures["without"]:
        notes.append(Note(N_("Not listed, no evidence of any kind: {without} accounts."), figures))
    return (*notes, PRIVATE)


MEASURE = Measure(
    name="conduct",
    topic="people",
    title=N_("Conduct"),
    question=N_("Who only advertises, slings links, repeats, is similar to others, never thanks?"),
    shape="ranking",
    columns=(
        Column(name="rank", kind="whole", title=N_("Place")),
        Column(name="account", kind="account", title=N_("Account")),
        Column(name="points", kind="number", title=N_("Points")),
        Column(name="points_low", kind="number", title=N_("At least")),
        Column(name="points_high", kind="number", title=N_("At most")),
        Column(name="evidence", kind="kind", title=N_("Most of it"), optional=True, nothing="–"),
        Column(name="share", kind="share", title=N_("Share"), optional=True, nothing="–"),
        Column(name="share_low", kind="share", title=N_("at least"), optional=True, nothing="–"),
        Column(name="share_high", kind="share", title=N_("at most"), optional=True, nothing="–"),
        Column(name="beyond", kind="text", title=N_("Beyond your limit"), optional=True, nothing="–"),
        Column(name="posts", kind="whole", title=N_("Posts looked at")),
        Column(name="proposed", kind="flag", title=N_("Proposed")),
        Column(name="listed", kind="flag", title=N_("On your list")),
        Column(name="adverts", kind="share", title=N_("Adverts")),
        Column(name="links_to_themselves", kind="share", title=N_("Links to themselves")),
        Column(name="nothing_but_links", kind="share", title=N_("Nothing but links")),
        Column(name="repetitions", kind="share", title=N_("Repetitions")),
        Column(name="similar_to_others", kind="share", title=N_("Similar to others")),
        Column(name="thanks", kind="share", title=N_("Thanks")),
    ),
    order=("rank",),
    compute=conduct,
    figures={
        "accounts": N_("Accounts looked at"), "proposed": N_("Proposed"), "listed_known": N_("On your list"), "few": "", "without": "",
        "points": N_("Points"), "posts": N_("Posts looked at"),
        **{SHOWN[k] + end: "" for k in KINDS for end in ("", "_low", "_high")},
    },
    explain=explain,
    explain_title=N_("What the evidence is"),
    explain_shape="ledger",
    explain_columns=EXPLAIN_COLUMNS,
    explain_order=("-time", "post"),
    facts=FACTS,
    private=True,
    reference=N_("Our own; how much each sign weighs was learnt from accounts of which people had said what they are."),
)  # fmt: skip
