"""Resonance: what comes back of what one writes, and of which kind of it; whose words they are; how much is talk."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from leumund.clean import clean
from leumund.locale import N_
from leumund.locale import _ as translated
from leumund.measures import Column, Measure, Result
from leumund.measures.resonance.dialogue import dialogue
from leumund.measures.resonance.explain import COLUMNS, explain
from leumund.measures.resonance.groups import KINDS as KINDS_OF_POSTS
from leumund.measures.resonance.groups import Groups, Places, checked_by
from leumund.measures.resonance.notes import notes
from leumund.measures.resonance.original import originality
from leumund.measures.resonance.posts import KINDS, Posts
from leumund.measures.resonance.taking import Taken, take
from leumund.spoken.zones import checked_zone
from leumund.store.tables import Tables

__all__ = ["MEASURE", "resonance"]

_USUAL = {"kind": "usual_with_replies", "post": "usual_of_single"}
"""Groupings whose usual rate is of other posts, or held against less, than that of all others."""
_VERDICTS = (N_("more"), N_("less"), N_("unclear"))  # as `views.words` does


def resonance(tables: Tables, *, by: str = "topic", days: int = 365, zone: str = "UTC") -> Result:
    """How many people respond to the owner's posts, group by group, each drawn towards what is usual.

    y = people who liked, reshared, answered or quoted a post in public, each once, whatever she did and as whoever
    e = F(age) * u(time) * k(kind): the share of responses that is in at that age, what other posts of those weeks got,
    and what posts of its kind get (not where kinds or single posts are compared)
    rate of a group = usual * (a mixture of) (a + sum(y) / d) / (a + usual * sum(e) / d), usual = sum(y) / sum(e) of all
    d: how much more posts scatter than Poisson (1 where each post is a group); a: 1 / s^2, s the spread between
    groups as a part of the usual rate, weighted by its likelihood times a half-Cauchy prior at .5

    Args:
        by: topic (hashtags), kind, hour, weekday, language, network or post.
        days: how far back posts are looked at; 1 to 3660.
        zone: the time zone of hours and weekdays, such as Europe/Berlin.
    Gives: rank (by the lower bound), group, per_post with low and high (90 %), stands (more or less than usual, where
        the whole interval lies there; else, or where chance would often make groups differ so, unclear), posts, responders
        (people, each once in the group), seen and told (likes, reshares and replies: seen, and by the networks' own
        count, of the same posts; None where none tells), complete (the share of responses that is in), key.
        Figures: of all posts compared; dialogue; originality.
    Bounds: per_post lies between the group's own rate and the usual one.
    Edges: replies to others are compared only by kind. A post may have several topics. Posts older than the first
        response known on their network are left out: whether nothing came is unknown. What comes back of a reshare of
        others is unknown, not 0.
    Source: ours; Robbins 1956 and Efron and Morris 1975 for the shrinkage.
    """
    taken = take(tables, by=checked_by(by), days=days, zone=checked_zone(zone))
    words, hosts = originality(tables, days)
    usual = _USUAL.get(by, "usual_of_posts")
    figures = {
        **_figures(tables, taken),
        usual: taken.shrunk.usual if taken.shrunk else None,
        **words,
        **dialogue(tables, days),
    }
    rows = _rows(tables, taken)
    rows += _young(taken, len(rows)) if by == "post" else []
    if by == "kind" and words["reshared"]:
        title = translated(KINDS_OF_POSTS["reshare"])
        rows.append({"rank": len(rows) + 1, "group": title, "posts": words["reshared"], "key": "reshare"})
    table = pa.Table.from_pylist([dict.fromkeys(_SHAPE.names) | row for row in rows], _SHAPE)
    return Result(rows=table, notes=notes(tables, taken, figures, by, zone, hosts), figures=figures)


def _rows(tables: Tables, taken: Taken) -> list[dict[str, Any]]:
    """One row for each group, the best first."""
    s, groups, places = taken.shrunk, taken.groups, range(1, len(taken.order) + 1)
    people, counts = _people(tables, taken), _counts(taken.posts)
    verdicts = s.verdicts if s else []
    rows = []
    for place, group, who in zip(places, taken.order, _members(taken), strict=True):
        row: dict[str, Any] = {
            "rank": place, "group": groups.titles[group], "key": groups.keys[group], "posts": len(who),
            "complete": round(float(np.mean(taken.complete[who])), 2), **_counted(counts, who),
        }  # fmt: skip
        if s:
            row |= {
                "per_post": float(s.value[group]),
                "low": _bound(s.low[group]),
                "high": float(s.high[group]),
            }
            row |= {"stands": verdicts[group], "responders": people.get(group, 0)}
        rows.append(row)
    return rows


def _members(taken: Taken) -> list[Places]:
    """The places of the posts in each group, in the order of the groups."""
    by_group = np.argsort(taken.groups.of, kind="stable")
    ends = np.cumsum(np.bincount(taken.groups.of, minlength=len(taken.groups.keys)))[:-1]
    members = np.split(taken.groups.at[by_group], ends)
    return [members[group] for group in taken.order]


def _bound(low: float) -> float:
    """The lower bound; one that is next to nothing is nothing."""
    return float(low) if low >= 0.005 else 0.0


def _young(taken: Taken, places: int) -> list[dict[str, Any]]:
    """Posts too young to be compared, the newest last."""
    left = np.setdiff1d(np.arange(taken.posts.rows.num_rows), taken.ripe)
    titles = taken.posts.column("text")
    keys = taken.posts.column("post")
    return [
        {
            "rank": places + n, "group": clean(titles[at], 60) or "–", "key": keys[at], "posts": 1,
            "complete": round(float(taken.complete[at]), 2) if taken.posts.curve.known else None,
            "responders": int(taken.posts.responders[at]),
        }
        for n, at in enumerate(left.tolist(), 1)
    ]  # fmt: skip


def _counts(posts: Posts) -> tuple[Places, Places, Places]:
    """Of each post likes, reshares and replies as seen and as its network counts them, and how many of the three the
    network tells; what it does not tell is in neither sum.
    """
    n = posts.rows.num_rows
    seen, told, known = np.zeros((3, n), np.int64)
    for kind in KINDS:
        of_network = posts.rows[f"told_{kind}"].to_numpy().astype(np.float64)
        there = ~np.isnan(of_network)
        seen += np.where(there, posts.rows[f"seen_{kind}"].to_numpy(), 0)
        told += np.where(there, of_network, 0).astype(np.int64)
        known += there
    return seen, told, known


def _counted(counts: tuple[Places, Places, Places], who: Places) -> dict[str, int | None]:
    """The sums over some posts; None where no network tells anything."""
    seen, told, known = (int(of[who].sum()) for of in counts)
    return {"seen": seen if known else None, "told": told if known else None}


def _people(tables: Tables, taken: Taken) -> dict[int, int]:
    """How many people responded to the posts of each group, each counted once in it."""
    groups: Groups = taken.groups
    if not len(groups.at):
        return {}
    no = taken.posts.rows["no"].take(pa.array(groups.at, pa.int64())).combine_chunks()
    tables.bring("re_pairs", pa.table({"no": no, "part": pa.array(groups.of, pa.int64())}))
    rows = tables.sql(
        """select part, count(distinct actor) from re_pairs join re_posts using (no) join re_responses r using (post)
           where r.counts group by part"""
    ).fetchall()
    return dict(rows)


def _figures(tables: Tables, taken: Taken) -> dict[str, float | int | str | None]:
    """What holds for all posts that are compared."""
    s = taken.shrunk
    counted = _counted(_counts(taken.posts), np.arange(taken.posts.rows.num_rows))
    everybody = None
    if s:
        ((everybody,),) = tables.sql("select count(distinct actor) from re_responses where counts").fetchall()
    return {
        "usual": s.usual if s else None,
        "compared": len(taken.ripe),
        "people": everybody,
        "groups": len(taken.order),
        "apart": sum(v != "unclear" for v in s.verdicts) if s else None,
        "like_first": s.like(taken.order[0]) if s else None,
        "chance": s.chance if s and len(taken.order) > 1 else None,
        "half_hours": taken.posts.curve.hours(0.5),
        "most_hours": taken.posts.curve.hours(0.9),
        "young": taken.young,
        "unknown_posts": taken.unknown,
        "counted_seen": counted["seen"],
        "counted_told": counted["told"],
    }


_REAL, _WHOLE, _TEXT = pa.float64(), pa.int64(), pa.string()
_SHAPE = pa.schema(
    {
        "rank": _WHOLE, "group": _TEXT, "per_post": _REAL, "low": _REAL, "high": _REAL, "stands": _TEXT, "posts": _WHOLE,
        "responders": _WHOLE, "complete": _REAL, "seen": _WHOLE, "told": _WHOLE, "key": _TEXT,
    }
)  # fmt: skip

MEASURE = Measure(
    name="resonance",
    topic="posts",
    title=N_("Resonance"),
    question=N_("What of my writing do people respond to?"),
    shape="ranking",
    columns=(
        Column(name="rank", kind="whole", title=N_("Place")),
        Column(name="group", kind="text", title=N_("What")),
        Column(name="per_post", kind="number", title=N_("Responders per post"), optional=True),
        Column(name="low", kind="number", title=N_("At least"), optional=True),
        Column(name="high", kind="number", title=N_("At most"), optional=True),
        Column(name="stands", kind="kind", title=N_("Than usual"), optional=True, nothing="–"),
        Column(name="posts", kind="whole", title=N_("Posts")),
        Column(name="responders", kind="whole", title=N_("Responders in all"), optional=True),
        Column(name="seen", kind="whole", title=N_("Likes, reshares, replies seen"), optional=True),
        Column(name="told", kind="whole", title=N_("The same by the network's count"), optional=True),
        Column(name="complete", kind="share", title=N_("Responses in so far"), optional=True),
        Column(name="key", kind="post", title=N_("Key")),
    ),
    order=("rank",),
    compute=resonance,
    figures={
        "usual": "",
        "usual_of_posts": N_("Responders per post, usual"),
        "usual_with_replies": N_("Responders per post or reply, usual"),
        "usual_of_single": N_("Responders per post, usual whatever its kind"),
        "compared": N_("Posts compared"),
        "people": N_("People who responded"),
        "groups": "",
        "apart": "",
        "like_first": "",
        "chance": "",
        "half_hours": "",
        "most_hours": "",
        "young": "",
        "unknown_posts": "",
        "counted_seen": "",
        "counted_told": "",
        "posts": N_("Own public posts"),
        "reshared": N_("Reshares of others"),
        "original_share": N_("Own words among posts and reshares"),
        "link_share": N_("Own posts with a link"),
        "own_link_share": N_("Own posts that lead to own pages"),
        "replies_given": N_("Replies given"),
        "replies_received": N_("Replies received"),
        "partners": N_("People with replies both ways"),
        "threads": N_("Threads with replies both ways"),
        "answered_share": N_("Replies received that were answered"),
        "dialogue_share": N_("Replies among own posts"),
    },
    explain=explain,
    explain_title=N_("What the resonance was made from"),
    explain_shape="table",
    explain_columns=COLUMNS,
    explain_order=("row",),
    facts_for=lambda options: ("languages",) if options.get("by") == "language" else (),
    private=True,
    reference=N_(
        "Our own; what rests on few posts is drawn towards the middle: Efron and Morris, JASA 70 (1975) 311-319."
    ),
)
