"""The owner's posts: what came back of each, found by words and by day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time
from typing import Any
from urllib.parse import urlencode

from leumund.clean import clean
from leumund.events import NETWORKS
from leumund.locale import N_, _, ngettext
from leumund.spoken.days import day_said
from leumund.spoken.zones import here, today_at
from leumund.store.register import as_time, as_us
from leumund.store.tables import Tables
from leumund.views import cells, written
from leumund.views.words import word
from leumund.web import box
from leumund.web.deeds import SHORT
from leumund.web.page import Asked, Page, whole_said
from leumund.web.sight import Sight

_SIZE = 40


def _take(sight: Sight, asked: Asked) -> Mapping[str, Any]:
    tables = sight.state.tables
    box.define_box(sight)
    given = asked.query
    most = given.get("order") == "most"
    rows = _rows(tables, given, most=most)
    older = rows[_SIZE - 1] if len(rows) > _SIZE and not most else None
    rows = rows[:_SIZE]
    kept = {k: v for k, v in given.items() if k in {"words", "network", "until", "answers"}}
    return {
        "posts": [_written(row) for row in rows],
        "older": "?" + urlencode({**kept, "before": f"{older['at_us']}.{older['post']}"}) if older else "",
        "words": clean(given.get("words", ""), 200),
        "until": clean(given.get("until", ""), 40),
        "network": given.get("network", ""),
        "networks": [("", _("all")), *((n, word(n)) for n in NETWORKS)],
        "orders": [("", _("newest first")), ("most", _("most came back first"))],
        "order": given.get("order", ""),
        "answers": given.get("answers", ""),
        "kinds": [("", _("posts of your own")), ("1", _("your answers to others too"))],
        "asked": bool({*given} - {"before"}),
        "own": tables.own is not None,
    }


def _rows(tables: Tables, given: Mapping[str, str], *, most: bool) -> list[dict[str, Any]]:
    """The posts that fit, newest first or by how many responded; one more than fit on a page."""
    where: list[str] = ["visibility in ('public', 'unlisted')"]
    values: dict[str, Any] = {}
    if not given.get("answers"):
        where.append("not answers")
    if words := given.get("words", "").split()[:10]:
        for number, text in enumerate(words):
            where.append(f"contains(lower(text), lower($w{number}))")
            values[f"w{number}"] = text
    if given.get("network") in NETWORKS:
        where.append("network = $network")
        values["network"] = given["network"]
    if until := given.get("until", ""):
        day = day_said(until, today_at(datetime.now(UTC)), toward="past")
        where.append(f"at_us <= {as_us(datetime.combine(day, time.max, here()))}")
    at, dot, post = given.get("before", "").partition(".")
    if dot and (moment := whole_said(at)) is not None:
        where.append(f"(at_us, post) < ({moment}, $post)")
        values["post"] = post
    seen = ", ".join(f"coalesce(seen_{k}, 0) as seen_{k}" for k in box.COUNTED)
    order = "responders desc, at_us desc, post desc" if most else "at_us desc, post desc"
    found = tables.arrow(
        f"""select post, at_us, exact, network, url, substr(text, 1, {4 * SHORT}) as text, likes, reshares, replies,
                   coalesce(responders, 0) as responders, {seen}
            from mine left join came_back using (post)
            where {" and ".join(where)} order by {order} limit {_SIZE + 1}""",
        **values,
    )
    rows: list[dict[str, Any]] = found.to_pylist()
    return rows


def _written(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "post": row["post"],
        "text": clean(row["text"], SHORT) or _("without words"),
        "day": cells.day(as_time(row["at_us"])),
        "network": word(row["network"]),
        "link": written.web_address(row["url"] or row["post"]),
        "back": what_came(row),
    }


def what_came(row: Mapping[str, Any]) -> str:
    """How many people responded, and how; that nothing came is only said where the network counts."""
    parts = ", ".join(_kinds(row))
    if count := row["responders"]:
        who = ngettext("one person responded", "{n} people responded", count).format(n=cells.number(count))
        return f"{who}: {parts}" if parts else who
    if parts:
        return parts
    told = any(row[name] is not None for name in ("likes", "reshares", "replies"))
    return _("nothing came back") if told else _("what came back is not known")


def _kinds(row: Mapping[str, Any]) -> Iterator[str]:
    """What came back of each kind: what the network counts, where it counts more than was seen one by one."""
    likes, reshares, replies = (
        max(row[f"seen_{kind}"], row[told] or 0)
        for kind, told in (("like", "likes"), ("reshare", "reshares"), ("reply", "replies"))
    )
    if likes:
        yield ngettext("one like", "{n} likes", likes).format(n=cells.number(likes))
    if reshares:
        yield ngettext("shared once", "shared {n} times", reshares).format(n=cells.number(reshares))
    if replies:
        yield ngettext("one answer", "{n} answers", replies).format(n=cells.number(replies))
    if quotes := row["seen_quote"]:
        yield ngettext("quoted once", "quoted {n} times", quotes).format(n=cells.number(quotes))


PAGE = Page(
    name="posts",
    path="/posts",
    title=N_("My posts"),
    take=_take,
    group="start",
    order=5,
    feeds=("resonance",),
)
