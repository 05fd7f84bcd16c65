"""Down to the single post: the posts of a group, who responded to a post, to what one person responded."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyarrow as pa

from leumund.clean import clean
from leumund.errors import UsageError
from leumund.locale import N_, _
from leumund.measures import Column, Note, Result
from leumund.measures.days import MOMENT
from leumund.measures.notes import NOBODY_IS_OWNER
from leumund.measures.resonance.groups import checked_by
from leumund.measures.resonance.posts import KINDS
from leumund.measures.resonance.taking import Taken, take
from leumund.spoken.zones import checked_zone
from leumund.store.register import as_time
from leumund.store.tables import Tables

_WORDS = {"like": N_("like"), "reshare": N_("reshare"), "reply": N_("reply"), "quote": N_("quote")}
_NOT = "–"
_NOT_TOLD = N_("not told")

COLUMNS = (
    Column(name="row", kind="whole", title=N_("No.")),
    Column(name="what", kind="text", title=N_("What")),
    Column(name="account", kind="account", title=N_("By"), optional=True, nothing=N_("you")),
    Column(name="time", kind="time", title=N_("Time"), optional=True),
    Column(name="responders", kind="whole", title=N_("Responders"), optional=True, nothing=_NOT),
    Column(name="expected", kind="number", title=N_("To be expected"), optional=True, nothing=_NOT),
    Column(name="complete", kind="share", title=N_("Responses in so far"), optional=True, nothing=_NOT),
    Column(name="likes_seen", kind="whole", title=N_("Likes seen")),
    Column(name="likes_told", kind="whole", title=N_("Likes, network"), optional=True, nothing=_NOT_TOLD),
    Column(name="reshares_seen", kind="whole", title=N_("Reshares seen")),
    Column(
        name="reshares_told", kind="whole", title=N_("Reshares, network"), optional=True, nothing=_NOT_TOLD
    ),
    Column(name="replies_seen", kind="whole", title=N_("Replies seen")),
    Column(name="replies_told", kind="whole", title=N_("Replies, network"), optional=True, nothing=_NOT_TOLD),
    Column(name="post", kind="post", title=N_("Post"), optional=True, nothing=_NOT),
)
_SAID = {"like": "likes", "reshare": "reshares", "reply": "replies"}
_SHAPE = pa.schema(
    {c.name: pa.string() if c.kind in ("text", "post") else MOMENT if c.kind == "time"
     else pa.float64() if c.kind in ("number", "share") else pa.int64() for c in COLUMNS}
)  # fmt: skip


def explain(
    tables: Tables,
    account: int | None = None,
    *,
    by: str = "topic",
    of: str | None = None,
    days: int = 365,
    zone: str = "UTC",
) -> Result:
    """The posts behind a group, a post and who responded to it, or all posts to which one person responded.

    Args:
        account: somebody who responded; None: whoever did.
        by, days, zone: as resonance.
        of: a group as its key or its name stands in the reading, or a post; None: the group that comes first.
    Gives: row, what, account, time, responders, expected (exposure times the usual rate), complete, the acts seen and
        the network's own counts of each kind, post. Source: as resonance.
    Raises:
        UsageError: there is no such group or post.
    """
    taken = take(tables, by=checked_by(by), days=days, zone=checked_zone(zone))
    if tables.own is None:
        return _result([], NOBODY_IS_OWNER)
    if account is not None and (whose := tables.person_of(account)) != tables.own:
        return _by_person(tables, taken, whose)
    if not taken.order:
        return _result([], Note(N_("No post of yours is known of which it is known what came back.")))
    if of is not None and (at := _post_named(taken, of)) is not None:
        return _responders(tables, taken, at)
    group = taken.order[0] if of is None else _group_named(taken, of)
    if by == "post":
        return _responders(tables, taken, int(taken.members(group)[0]))
    rows = _posts(taken, taken.members(group).tolist())
    text = N_("Behind “{group}”: {n} posts.")
    return _result(rows, Note(text, {"group": taken.groups.titles[group], "n": len(rows)}), *_notes())


def _post_named(taken: Taken, name: str) -> int | None:
    """The place of the post with that URI or web address."""
    for column in ("post", "url"):
        names = taken.posts.column(column)
        if name in names:
            return names.index(name)
    return None


def _group_named(taken: Taken, name: str) -> int:
    wanted = name.strip().casefold()
    for i, key in enumerate(taken.groups.keys):
        if wanted in {
            key.casefold(),
            taken.groups.titles[i].casefold(),
            key.casefold().lstrip("#").lstrip("0"),
        }:
            return i
    there = ", ".join(clean(taken.groups.keys[i]) for i in taken.order[:12])
    raise UsageError(
        _("There is no group and no post “{name}” here.").format(name=clean(name, 80)),
        hint=_("There are: {names}").format(names=there),
    )


def _posts(taken: Taken, places: Iterable[int]) -> list[dict[str, Any]]:
    """Posts, those with the most responders first."""
    columns = {c: taken.posts.column(c) for c in taken.posts.rows.column_names}
    usual = taken.shrunk.usual if taken.shrunk else None
    known = taken.posts.curve.known
    ordered = sorted(places, key=lambda at: (-columns["responders"][at], columns["post"][at]))
    return [
        {
            "what": clean(columns["text"][at], 120) or "–", "time": as_time(columns["at_us"][at]),
            "responders": columns["responders"][at],
            "expected": None if usual is None else float(usual * taken.exposure[at]),
            "complete": round(float(taken.complete[at]), 2) if known else None, "post": columns["post"][at],
            **{f"{_SAID[k]}_seen": columns[f"seen_{k}"][at] for k in KINDS},
            **{f"{_SAID[k]}_told": columns[f"told_{k}"][at] for k in KINDS},
        }
        for at in ordered
    ]  # fmt: skip


def _responders(tables: Tables, taken: Taken, at: int) -> Result:
    """The post itself, then everybody who responded to it, in the order of time."""
    (post,) = _posts(taken, [at])
    rows = tables.sql(
        """select actor, kind, sum(times)::BIGINT, min(epoch_us(happened_at)) filter (exact) from re_responses
           where post = $post and counts group by actor, kind order by actor, kind""",
        post=post["post"],
    ).fetchall()
    people: dict[int, dict[str, Any]] = {}
    for actor, kind, times, at_us in rows:
        person = people.setdefault(actor, {"account": actor, "words": [], "times": [], "post": None})
        person["words"].append(_(_WORDS[kind]))
        person["times"] += [] if at_us is None else [at_us]
        if kind in _SAID:
            person[f"{_SAID[kind]}_seen"] = times
    listed = [
        {
            **person,
            "what": ", ".join(person["words"]),
            "time": min(map(as_time, person["times"]), default=None),
        }
        for person in people.values()
    ]
    listed.sort(key=lambda p: (p["time"] is None, p["times"] and min(p["times"]), p["account"]))
    text = N_("People who responded to this post: {n}.")
    return _result([post, *listed], Note(text, {"n": len(listed)}), *_notes())


def _by_person(tables: Tables, taken: Taken, whose: int) -> Result:
    """The owner's posts to which one person responded, with what that person did."""
    place = {post: at for at, post in enumerate(taken.posts.column("post"))}
    rows = tables.sql(
        "select distinct post from re_responses where actor = $whose and counts", whose=whose
    ).fetchall()
    mine = _posts(taken, [place[post] for (post,) in rows if post in place])
    text = N_("Your posts to which this person responded: {n}.")
    return _result(mine, Note(text, {"n": len(mine)}), *_notes())


def _notes() -> tuple[Note, ...]:
    return (
        Note(
            N_(
                "Robots by their own word and the no-go list are no responders; their acts are seen all the same."
            )
        ),
    )


def _result(rows: list[dict[str, Any]], *notes: Note) -> Result:
    zeros = {f"{word}_seen": 0 for word in _SAID.values()}
    listed = [dict.fromkeys(_SHAPE.names) | zeros | row | {"row": n} for n, row in enumerate(rows, 1)]
    plain = [{name: row[name] for name in _SHAPE.names} for row in listed]
    return Result(rows=pa.Table.from_pylist(plain, _SHAPE), notes=notes)
