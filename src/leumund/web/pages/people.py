"""Finding a person by a name or a part of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leumund.clean import clean
from leumund.ids import network_of
from leumund.locale import N_, _
from leumund.measures import called
from leumund.views.words import word
from leumund.web.page import Asked, Page
from leumund.web.sight import Sight

_MOST = 50
_AT_HAND = 12


def _take(sight: Sight, asked: Asked) -> Mapping[str, Any]:
    wanted = asked.query.get("name", "").strip()[:200]
    keys = fitting(sight, wanted) if wanted else _at_hand(sight)
    own = sight.state.tables.own is not None
    at_hand = (
        (_("Those who did something for you last") if own else _("Those to whom most do something"))
        if keys and not wanted
        else ""
    )
    names, handles = called(sight.state.tables, sight.lab.names, keys)
    known = sight.lab.register.known_as(keys)
    return {
        "wanted": clean(wanted, 200),
        "at_hand": at_hand,
        "found": [
            {
                "address": f"/people/{key}",
                "name": clean(names.get(key, str(key)), 200),
                "handles": ", ".join(clean(h, 200) for h in handles.get(key, ())),
                "network": word(network_of(known[key]["uri"])) if key in known else "",
            }
            for key in keys
        ],
    }


def _at_hand(sight: Sight) -> list[int]:
    """People one may look for: who acted towards the owner last; where nobody is the owner, to whom most people act."""
    tables = sight.state.tables
    question = (
        "select target from acts where kind <> 'unfollow' group by target order by count(distinct actor) desc, target"
        if tables.own is None
        else """select actor from acts where exact and target in (select account from own)
                and actor not in (select account from own) group by actor order by max(happened_at) desc, actor"""
    )
    rows = tables.sql(f"{question} limit {_AT_HAND}").fetchall()
    return list(dict.fromkeys(tables.person_of(key) for (key,) in rows))


def fitting(sight: Sight, wanted: str) -> list[int]:
    """The people whose handle or name holds that, each once."""
    text = wanted.lstrip("@").replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    rows = sight.lab.register.db.execute(
        "select key from account where uri like ? escape '\\' or handle like ? escape '\\' order by own desc, uri limit ?",
        (f"%{text}%", f"%{text}%", _MOST),
    ).fetchall()
    named = [
        k for k, p in sight.state.tables.people.items() if p.name and wanted.casefold() in p.name.casefold()
    ]
    return list(dict.fromkeys(sight.state.tables.person_of(k) for k in [*named, *(r["key"] for r in rows)]))


PAGE = Page(
    name="people",
    path="/people",
    title=N_("Find a person"),
    take=_take,
    group="people",
    order=1,
    feeds=("influence", "standing", "follow_friday", "what_if"),  # whom she trusts is said on a person's page
)
