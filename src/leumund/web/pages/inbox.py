"""What came in: the newest acts towards the owner on all networks, page by page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from leumund.clean import clean
from leumund.events import NETWORKS
from leumund.locale import N_, _, ngettext
from leumund.measures import called
from leumund.spoken.days import day_said
from leumund.spoken.zones import here, on_the_clock, today_at
from leumund.store.register import as_time, as_us
from leumund.views import cells, written
from leumund.views.words import word
from leumund.web import box
from leumund.web.deeds import DONE, SHORT
from leumund.web.page import Asked, Page, whole_said
from leumund.web.pages.people import fitting
from leumund.web.sight import Sight

_SIZE = 50
_NAMED = 3  # of several who did the same
_KINDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "words": (N_("what was said in words"), ("reply", "mention", "quote", "endorse")),
    "endorse": (N_("recommendations"), ("endorse",)),
    "reply": (N_("answers"), ("reply",)),
    "mention": (N_("mentions"), ("mention",)),
    "quote": (N_("quotes"), ("quote",)),
    "reshare": (N_("shared posts"), ("reshare",)),
    "like": (N_("likes"), ("like",)),
    "follow": (N_("new followers"), ("follow",)),
}  # fmt: skip


def _take(sight: Sight, asked: Asked) -> Mapping[str, Any]:
    tables = sight.state.tables
    box.define_box(sight)
    kind, network = asked.query.get("kind", ""), asked.query.get("network", "")
    name, until = asked.query.get("name", ""), asked.query.get("until", "")
    place = box.place_said(asked.query.get("before", ""), older=True)
    place = place or box.place_said(asked.query.get("after", ""), older=False)
    people = _people(sight, asked)
    rows = box.page_of(
        tables,
        size=_SIZE + 1,
        place=place,
        until=_end_of(until),
        kinds=_KINDS[kind][1] if kind in _KINDS else (),
        network=network if network in NETWORKS else "",
        people=people,
    )
    older, newer, rows = _ways(rows, place)
    kept = {k: v for k, v in asked.query.items() if k in {"kind", "network", "name", "person", "until"}}
    return {
        "days": list(_days(sight, rows)),
        "older": "?" + urlencode({**kept, "before": older}) if older else "",
        "newer": "?" + urlencode({**kept, "after": newer}) if newer else "",
        "kinds": [("", _("everything")), *((k, _(title)) for k, (title, _of) in _KINDS.items())],
        "networks": [("", _("all")), *((n, word(n)) for n in NETWORKS)],
        "kind": kind,
        "network": network,
        "until": clean(until, 40),
        "name": clean(name, 200) or _called(sight, people, asked),
        "asked": bool(kept),
        "own": tables.own is not None,
    }


def _people(sight: Sight, asked: Asked) -> list[int] | None:
    """Whose acts: by a link of ours, or by a name or a part of it; None: everybody's."""
    person, name = asked.query.get("person", ""), asked.query.get("name", "").strip()
    if name:
        return fitting(sight, name[:200])
    if (key := whole_said(person)) is not None:
        return [sight.state.tables.person_of(key)]
    return None


def _called(sight: Sight, people: list[int] | None, asked: Asked) -> str:
    if not people or "person" not in asked.query:
        return ""
    names, _handles = called(sight.state.tables, sight.lab.names, people)
    return clean(names.get(people[0], ""), 200)


def _end_of(until: str) -> int | None:
    """The end of a day as a person writes it, in microseconds.

    Raises:
        UsageError: it is no day.
    """
    if not until:
        return None
    day = day_said(until, today_at(datetime.now(UTC)), toward="past")
    return as_us(datetime.combine(day, time.max, here()))


def _ways(rows: list[dict[str, Any]], place: box.Place | None) -> tuple[str, str, list[dict[str, Any]]]:
    """Where it goes on to the older and to the newer ones, "" where it does not; and the rows of this page."""
    more = len(rows) > _SIZE
    forward = place is None or place.older
    rows = rows[:_SIZE] if forward else rows[-_SIZE:]
    if not rows:
        return "", "", rows
    older = box.place_of(rows[-1], older=True).written() if more or not forward else ""
    newer = (
        box.place_of(rows[0], older=False).written() if (more and not forward) or (forward and place) else ""
    )
    return older, newer, rows


def _days(sight: Sight, rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The acts of a page, day by day; who did the same to the same post stands together."""
    names, _handles = called(sight.state.tables, sight.lab.names, {r["actor"] for r in rows})
    texts = box.texts_of(sight.state.tables, rows)
    for day, of_day in groupby(rows, key=lambda r: on_the_clock(as_time(r["at_us"]))[0]):
        alike: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
        for row in of_day:
            alike.setdefault(_alike(row), []).append(row)
        yield {"day": cells.day(day), "acts": [_act(group, names, texts) for group in alike.values()]}


def _alike(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """What acts of one day must share to stand together; what has words of its own stands alone."""
    alone = row["kind"] not in {"like", "reshare", "follow"}
    return (row["kind"], row["network"], row["post"], row["number"] if alone else 0)


def _act(rows: list[dict[str, Any]], names: Mapping[int, str], texts: Mapping[str, str]) -> dict[str, Any]:
    first = rows[0]
    who = list(dict.fromkeys(r["actor"] for r in rows))
    left = len(who) - _NAMED
    return {
        "who": [(key, clean(names.get(key, str(key)), 80)) for key in who[:_NAMED]],
        "others": ngettext("and one other", "and {n} others", left).format(n=cells.number(left))
        if left > 0
        else "",
        "words": DONE[first["kind"]](len(who)),
        "network": word(first["network"]),
        "time": on_the_clock(as_time(first["at_us"]))[1],
        "link": written.web_address(first["via"]) if first["via"] else "",
        "text": clean(texts.get(first["via"], ""), SHORT),
        "post": first["post"] or "",
        "about": clean(texts.get(first["post"], ""), SHORT // 3),
    }


PAGE = Page(name="inbox", path="/inbox", title=N_("What came in"), take=_take, group="start", order=3)
