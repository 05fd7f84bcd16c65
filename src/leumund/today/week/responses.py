"""What came back in a week: how many people, held against the weeks before, and for which posts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from leumund.clean import clean
from leumund.locale import _, ngettext
from leumund.store.tables import Tables
from leumund.today.week.span import Span
from leumund.views import cells, vague, written

_KINDS = "'like', 'reshare', 'reply', 'quote', 'mention'"
_BEFORE = 8  # weeks that say what is usual
_FEWEST = 4
_POSTS = 3
_LETTERS = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class PostOfTheWeek:
    """One post of the owner's and how many people responded to it."""

    text: str
    day: date
    people: int
    link: str


def responses(tables: Tables, span: Span) -> Iterator[str]:
    """What the owner wrote, and how many people responded; people, each once, whatever she did."""
    posts, answers = _wrote(tables, span)
    if posts is None:
        yield _("What you wrote in this week is not known.")
    else:
        wrote = ngettext("{n} post", "{n} posts", posts).format(n=cells.number(posts))
        answered = ngettext("{n} reply", "{n} replies", answers).format(n=cells.number(answers))
        yield _("You wrote {posts} and {answers}.").format(posts=wrote, answers=answered)
    weeks = _people(tables, span)
    now, before = weeks.get(0), [weeks.get(n, 0) for n in range(1, _BEFORE + 1)]
    known = [n for n in before if n]
    if now is None and not known:
        yield _("Of responses nothing is known: there were none, or no source tells of them.")
        return
    text = ngettext("{n} person responded to you.", "{n} people responded to you.", now or 0).format(n=cells.number(now or 0))  # fmt: skip
    if len(known) < _FEWEST:
        yield vague.opening(text)
        return
    low, high = min(known), max(known)
    if vague.is_on():
        yield f"{vague.opening(text)} {_beside(now or 0, low, high)}"
        return
    compared = _("That is as many as in the weeks before: {low} to {high}.")
    if (now or 0) < low:
        compared = _("That is less than in the weeks before: {low} to {high}.")
    elif (now or 0) > high:
        compared = _("That is more than in the weeks before: {low} to {high}.")
    yield f"{vague.opening(text)} {compared.format(low=cells.number(low), high=cells.number(high))}"


def _beside(now: int, low: int, high: int) -> str:
    """How that stands beside the weeks before, in words alone."""
    if low <= now <= high:
        return _("That is as many as usual.")
    return _("That is less than usual.") if now < low else _("That is more than usual.")


def _wrote(tables: Tables, span: Span) -> tuple[int | None, int]:
    """Posts and replies of the owner's; None where no post of hers is known at all."""
    ((ever, posts, replies),) = tables.sql(
        """select count(*), count(*) filter (inside and reply_to is null), count(*) filter (inside and reply_to is not null)
           from (select reply_to, exact and happened_at between $start::TIMESTAMP and $end::TIMESTAMP as inside
                 from posts where account in (select account from own))""",
        **_bounds(span),
    ).fetchall()
    return (posts if ever else None), replies


def _people(tables: Tables, span: Span) -> dict[int, int]:
    """How many people responded, by weeks before this one."""
    first = span.start - timedelta(weeks=_BEFORE)
    rows = tables.sql(
        f"""select date_diff('day', date_trunc('week', happened_at)::DATE, $monday::DATE) // 7 as back, count(distinct actor)
            from acts where exact and kind in ({_KINDS}) and target in (select account from own)
              and actor not in (select account from own)
              and happened_at between $first::TIMESTAMP and $end::TIMESTAMP
            group by back""",
        monday=span.monday,
        first=first.replace(tzinfo=None),
        end=span.end.replace(tzinfo=None),
    ).fetchall()
    return dict(rows)


def best_posts(tables: Tables, span: Span) -> Iterator[PostOfTheWeek]:
    """The posts of the week to which most people responded so far, the first ones first where they are equal."""
    rows = tables.sql(
        f"""with mine as (
                select post, text, url, happened_at from posts
                where account in (select account from own) and exact and reply_to is null
                  and visibility in ('public', 'unlisted') and happened_at between $start::TIMESTAMP and $end::TIMESTAMP
            )
            select m.post, any_value(m.text), any_value(m.url), any_value(m.happened_at), count(distinct a.actor) as people
            from acts a join mine m on a.post = m.post
            where a.kind in ('like', 'reshare', 'reply', 'quote') and a.actor not in (select account from own)
            group by m.post order by people desc, any_value(m.happened_at), m.post limit {_POSTS}""",
        **_bounds(span),
    ).fetchall()
    for post, text, url, at, people in rows:
        yield PostOfTheWeek(
            text=clean(" ".join((text or "").split()), _LETTERS), day=at.date(), people=people,
            link=written.web_address(url) or written.web_address(post),
        )  # fmt: skip


def _bounds(span: Span) -> dict[str, object]:
    return {"start": span.start.replace(tzinfo=None), "end": span.end.replace(tzinfo=None)}
