"""Why somebody stands where she stands: each share against the limit, in a sentence, and the posts it was made from."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from leumund.locale import N_, _
from leumund.measures import Column, Note, Result
from leumund.measures.conduct import features, score
from leumund.measures.conduct.evidence import Evidence, evidence
from leumund.measures.conduct.limits import KINDS, Kind, Limit, limits_said
from leumund.measures.conduct.told import LEAST_POSTS
from leumund.measures.days import MOMENT
from leumund.store.tables import Tables

SHOWN: dict[Kind, str] = {
    "advert": "adverts", "self": "links_to_themselves", "bare": "nothing_but_links", "repeat": "repetitions",
    "similar": "similar_to_others", "thanks": "thanks",
}  # fmt: skip
"""What the kinds are called where they are shown."""
_MARKED = (
    N_("adverts"),
    N_("links to themselves"),
    N_("nothing but links"),
    N_("repetitions"),
    N_("similar to others"),
)

_SAID: dict[Kind, str] = {
    "advert": N_("Reads like an advert: {count} of {posts} posts, {low:.0%} to {high:.0%} of what they write (90 per cent)."),
    "self": N_("Links to themselves or calls for their own things: {count} of {posts} posts, {low:.0%} to {high:.0%} (90 per cent)."),
    "bare": N_("Nothing but a link: {count} of {posts} posts, {low:.0%} to {high:.0%} (90 per cent)."),
    "repeat": N_("Nearly the same as another post of their own: {count} of {posts} posts, {low:.0%} to {high:.0%} (90 per cent)."),
    "similar": N_("Similar to an earlier post of somebody else that is not named: {count} of {posts} posts, {low:.0%} to {high:.0%} (90 per cent)."),
    "thanks": N_("Gives thanks: {count} of {posts} posts, {low:.0%} to {high:.0%} (90 per cent)."),
}  # fmt: skip
_PASSED = N_("All of it lies beyond your limit “{limit}”.")
_KEPT = N_("Your limit “{limit}” is not passed.")
_UNSURE = N_("Whether your limit “{limit}” is passed cannot be told.")
_LONGEST = 140
_ROW = pa.schema(
    {
        "time": MOMENT, "evidence": pa.string(), "text": pa.string(), "post": pa.string(), "other": pa.string(),
        "likeness": pa.float64(),
    }
)  # fmt: skip
EXPLAIN_COLUMNS = (
    Column(name="time", kind="time", title=N_("Time")),
    Column(name="evidence", kind="text", title=N_("What it is")),
    Column(name="text", kind="text", title=N_("Begins with")),
    Column(name="post", kind="post", title=N_("Post")),
    Column(name="likeness", kind="share", title=N_("How similar"), optional=True, nothing="–"),
    Column(name="other", kind="post", title=N_("Similar to"), optional=True, nothing="–"),
)


def explain(tables: Tables, account: int | None = None, *, limits: tuple[str, ...] | None = None) -> Result:
    """The posts that are evidence of anything, and what follows from them, in sentences.

    Args:
        account: whose; there is no evidence about the owner. limits: as for `conduct`.
    Gives: time, what it is evidence of, how the post begins, the post, and what earlier post it is similar to.
    """
    said = limits_said(limits)
    key = None if account is None else tables.person_of(account)
    if key is None or key == tables.own:
        return Result(rows=_ROW.empty_table(), notes=(_whose(tables, said),))
    found = evidence(tables, only=key)
    if not len(found.accounts):
        few = N_(
            "Fewer than {least} posts of this account are known that everybody may see; nothing is said of it."
        )
        return Result(rows=_ROW.empty_table(), notes=(Note(few, {"least": LEAST_POSTS}),))
    return Result(rows=_rows(found), notes=tuple(_notes(found, said)), figures=_figures(found))


def _whose(tables: Tables, said: tuple[Limit, ...]) -> Note:
    """Whose evidence may be asked for: the first who is proposed."""
    found = evidence(tables)
    order = np.argsort(-found.points, kind="stable").tolist()
    passed = found.passed(said)
    first = next((int(found.accounts[at]) for at in order if passed[at] and found.proposable[at]), None)
    handle = (
        next((p["handle"] for p in tables.profiles([first])[first] if p["handle"]), None)
        if first is not None
        else None
    )
    if not handle:
        return Note(N_("There is no evidence about yourself. Choose somebody: leumund why conduct ACCOUNT"))
    text = N_(
        "There is no evidence about yourself. The first who is proposed is {account}: leumund why conduct {account}"
    )
    return Note(text, {"account": f"@{handle.lstrip('@')}"})


def _rows(found: Evidence) -> pa.Table:
    """Every post that is evidence of anything, once."""
    rows: list[dict[str, Any]] = []
    for post in found.posts_of.to_pylist():
        kinds = [SHOWN[kind].replace("_", " ") for kind in KINDS if post[kind]]
        if kinds:
            like = found.similar.get(post["post"])
            rows.append(
                {
                    "time": post["happened_at"], "evidence": ", ".join(_(kind) for kind in kinds),
                    "text": _short(post["text"]), "post": post["post"],
                    "other": like.other if like else None, "likeness": like.likeness if like else None,
                }
            )  # fmt: skip
    moments = pa.array([r.pop("time") for r in rows], pa.timestamp("us")).cast(MOMENT)
    table = pa.Table.from_pylist([{**r, "time": None} for r in rows], _ROW)
    return table.set_column(0, "time", moments)


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + "…"


def _figures(found: Evidence) -> dict[str, float | int | str | None]:
    figures: dict[str, float | int | str | None] = {
        "points": float(found.points[0]),
        "posts": int(found.posts[0]),
    }
    for kind in KINDS:
        low, high = found.bounds(kind)
        share = float(found.counts[kind][0] / found.posts[0]) if found.posts[0] else None
        figures |= {
            SHOWN[kind]: share,
            f"{SHOWN[kind]}_low": float(low[0]),
            f"{SHOWN[kind]}_high": float(high[0]),
        }
    return figures


def _notes(found: Evidence, said: tuple[Limit, ...]) -> list[Note]:
    of = {limit.kind: limit for limit in said}
    notes = []
    for kind in KINDS:
        low, high = found.bounds(kind)
        values: dict[str, Any] = {
            "count": int(found.counts[kind][0]), "posts": int(found.posts[0]), "low": float(low[0]), "high": float(high[0]),
        }  # fmt: skip
        notes.append(Note(_SAID[kind], values))
        if (limit := of.get(kind)) is not None:
            kept = _KEPT if limit.is_kept(low, high)[0] else _UNSURE
            words = _PASSED if limit.is_passed(low, high)[0] else kept
            notes.append(Note(words, {"limit": limit.words}))
    if found.listed[0]:
        notes.append(Note(N_("On your no-go list.")))
    elif found.trusted[0]:
        notes.append(Note(N_("You trust this account, so it is not proposed.")))
    elif found.robots[0]:
        notes.append(
            Note(
                N_(
                    "It says itself that it is automated, so it is not proposed: what it does counts for nothing anyway."
                )
            )
        )
    raising = _raising(found)
    if raising:
        notes.append(Note(N_("Points {points:.1f} (0: an average account); most of them by: {features}."), {"points": float(found.points[0]), "features": ", ".join(raising)}))  # fmt: skip
    notes.append(Note(N_("Words are read by lists and rules; they err. Read the posts before you decide.")))
    return notes


def _raising(found: Evidence, most: int = 3) -> list[str]:
    """What raises the points most."""
    curves = score.shipped()
    parts = score.points(curves.posts, found.told)
    parts |= {
        f"profile {n}": p
        for n, p in score.points(
            curves.profile,
            {n.removeprefix("profile "): f for n, f in found.told.items() if n.startswith("profile ")},
        ).items()
    }
    first = sorted(((float(p[0]), name) for name, p in parts.items() if p[0] > 0), reverse=True)[:most]
    return [_(features.WORDS[name.removeprefix("profile ")]) for _points, name in first]
