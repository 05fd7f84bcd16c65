"""What must be said with the resonance: what cannot be told apart, what is left out, which clock, how complete."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from leumund.locale import N_
from leumund.measures import Note
from leumund.measures.notes import NOBODY_IS_OWNER
from leumund.measures.resonance.taking import Taken
from leumund.store.tables import Tables


def notes(
    tables: Tables, taken: Taken, figures: Mapping[str, Any], by: str, zone: str, hosts: tuple[str, ...]
) -> tuple[Note, ...]:
    """All of them, the most important first."""
    if tables.own is None:
        return (NOBODY_IS_OWNER,)
    return tuple(_said(taken, figures, by, zone, hosts))


def _said(
    taken: Taken, figures: Mapping[str, Any], by: str, zone: str, hosts: tuple[str, ...]
) -> Iterator[Note]:
    if taken.shrunk is None:
        text = N_("No response to your posts is known: there were none, or the sources do not tell.")
        yield Note(text)
    else:
        yield from _apart(figures)
        if by in ("hour", "weekday"):
            yield from _clock(zone)
        if by == "topic":
            yield Note(N_("A post with several hashtags counts for each of them."))
        if by == "kind" and figures["reshared"]:
            text = N_("What comes back of a reshare goes to whoever wrote the post: nobody tells it.")
            yield Note(text)
        if taken.like_kind:
            text = N_(
                "Each post is held against what was usual in the weeks around it and for its kind; the figures are"
                " those of {kind}."
            )
            yield Note(text, {"kind": taken.like_kind})
        yield from _speed(taken, figures, by)
    if taken.unknown:
        text = N_(
            "Posts left out: {n}. They are older than the first response known on their network; whether nothing came"
            " back or nobody tells is unknown."
        )
        yield Note(text, {"n": taken.unknown})
    yield from _counted(taken, figures)
    if hosts and figures["posts"]:
        yield Note(N_("Counted as your own pages: {hosts}."), {"hosts": ", ".join(hosts)})


def _apart(figures: Mapping[str, Any]) -> Iterator[Note]:
    n, like, chance = figures["groups"], figures["like_first"], figures["chance"]
    if n < 2:
        yield Note(N_("There is nothing to compare with: all posts fall into one group."))
    elif not figures["apart"]:
        text = N_(
            "These cannot be told apart: if all were alike, chance alone would make as large differences in"
            " {percent:.0f} of 100 cases. The order says nothing."
        )
        yield Note(text, {"percent": 100 * chance})
    elif like > 1:
        yield Note(N_("The first cannot be told apart from {n} of the others."), {"n": like - 1})
    if n > 1:
        text = N_(
            "Each figure is drawn towards the usual {usual:.1f}, the more so the less is known; places go by what it"
            " is at least."
        )
        yield Note(text, {"usual": figures["usual"]})


def _clock(zone: str) -> Iterator[Note]:
    yield Note(N_("By the clocks of {zone}."), {"zone": zone})
    if zone == "UTC":
        text = N_("Another time zone: --zone Europe/Berlin, or zone = “Europe/Berlin” in the settings.")
        yield Note(text)


def _speed(taken: Taken, figures: Mapping[str, Any], by: str) -> Iterator[Note]:
    if figures["half_hours"] is None:
        yield Note(N_("How fast responses come is not known; posts of the last three days are left out."))
    else:
        text = N_(
            "Half of the responses come within {half:.1f} hours, nine in ten within {most:.1f}; younger posts are held"
            " against what should be in by now."
        )
        yield Note(text, {"half": figures["half_hours"], "most": figures["most_hours"]})
    if taken.young:
        text = N_("Too young to be compared: {n} posts.")
        if by == "post":
            text = N_("Too young to be compared, and so at the end: {n} posts.")
        yield Note(text, {"n": taken.young})
    if by != "kind":
        yield Note(N_("Your replies to others are not compared here: few see them. See --by kind."))


def _counted(taken: Taken, figures: Mapping[str, Any]) -> Iterator[Note]:
    if not taken.posts.rows.num_rows:
        return
    if figures["counted_told"] is None:
        yield Note(N_("The network's own counts of likes, reshares and replies are unknown."))
        return
    text = N_(
        "Likes, reshares and replies: {seen} were seen; the networks themselves count {told} of these posts."
    )
    yield Note(text, {"seen": figures["counted_seen"], "told": figures["counted_told"]})
    if taken.posts.counted_later:
        yield Note(N_("The networks' counts are those told last, after the moment this reading speaks of."))
