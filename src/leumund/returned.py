"""What was gone and is there again: only hidden for a while, or made anew.

What was merely missing from a list (`gone`) comes back when its server lists it again. What its network told to be
deleted stays so, unless it is told with a time of its own later than that. What its owner made us forget is nowhere
any more, and its name is kept out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from leumund.events import Act, Deletion, Event, Post, Rows
from leumund.gone import LATEST, Listed, deletions_in
from leumund.ids import account_key
from leumund.lab import Lab
from leumund.sources.living import Connection
from leumund.store.segments import stored
from leumund.store.tables import Tables

_SHAPE = pa.schema({"of": pa.string(), "subject": pa.string(), "moment": pa.timestamp("us")})
_BACK: Mapping[str, Literal["post back", "act back", "account back"]] = {
    "post": "post back",
    "act": "act back",
    "account": "account back",
}


def told_anew(lab: Lab, events: Sequence[Event]) -> list[Event]:
    """That something deleted is there again: it is told with a time of its own later than its deletion.

    Somebody wrote it anew under its old name, or an account that was deleted does something. What is merely told once
    more does not bring back what its network said to be deleted.
    """
    deleted = [d for e in events for d in deletions_in(e)]
    if not deleted and not lab.register.segments("deletions"):
        return []
    told = _moments(events)
    if not told.num_rows:
        return []
    with lab.tables(as_of=LATEST) as tables:
        tables.bring("told", told)
        tables.bring("deleted_now", _named([(d.of, d.subject, d.happened_at) for d in deleted]))
        known = 'select "of", subject, moment from gone union all' if tables.has_deletions else ""
        rows = tables.arrow(
            f"""select told."of", told.subject, max(told.moment) as moment
                from told join ({known} select "of", subject, moment from deleted_now) deleted using ("of", subject)
                group by all having max(told.moment) > max(deleted.moment)"""
        ).to_pylist()
    return [
        Deletion(of=_BACK[row["of"]], subject=row["subject"], happened_at=row["moment"].replace(tzinfo=UTC))
        for row in sorted(rows, key=lambda r: (r["of"], r["subject"]))
    ]


def _moments(events: Sequence[Event]) -> pa.Table:
    """What is told with a certain time: posts, acts, and of each account that it did something then."""
    rows: list[tuple[str, str, datetime]] = []
    tables: list[pa.Table] = []
    for event in events:
        if isinstance(event, Post | Act) and event.exact:
            of, name, who = ("post", event.post, event.account) if isinstance(event, Post) else ("act", event.act, event.actor)  # fmt: skip
            rows += [(of, name, event.happened_at)] if name else []
            rows.append(("account", who, event.happened_at))
        elif isinstance(event, Rows) and event.noun in {"post", "act"} and event.table.num_rows:
            tables += _moments_in(event)
    return pa.concat_tables([_named(rows), *tables])


def _moments_in(rows: Rows) -> Iterator[pa.Table]:
    table = rows.table
    if "exact" in table.column_names:
        table = table.filter(pc.fill_null(table["exact"], True))
    at = table["happened_at"].cast(_SHAPE.field("moment").type)
    who = "account" if rows.noun == "post" else "actor"
    for of, column in ((rows.noun, rows.noun), ("account", who)):
        if column in table.column_names:
            of_all = pa.repeat(of, table.num_rows)
            named = pa.table([of_all, table[column].cast(pa.string()), at], schema=_SHAPE)
            yield named.filter(pc.is_valid(named["subject"]))


def _named(rows: Sequence[tuple[str, str, datetime]]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) if rows else [(), (), ()]
    told, names, times = columns
    plain = [t.astimezone(UTC).replace(tzinfo=None) for t in times]
    return pa.table([list(told), list(names), plain], schema=_SHAPE)


def seen_again(lab: Lab, connection: Connection, listed: Listed, *, at: datetime) -> list[Event]:
    """That what was only missing is there again: its server lists it. What was told to be deleted stays so."""
    if not lab.register.segments("deletions"):
        return []
    asked = [
        *(("post", name) for name in listed.posts),
        *(("act", name) for name in listed.acts),
        ("account", connection.account),
    ]
    with lab.tables(as_of=LATEST) as tables:
        if not tables.has_deletions:
            return []
        tables.bring("told", _named([(of, name, at) for of, name in asked]))
        rows = tables.arrow(
            'select distinct "of", subject, gone.moment from gone join told using ("of", subject) where not certain'
        ).to_pylist()
        if listed.reactions:
            rows += _reactions_again(lab, tables, listed)
    return [
        Deletion(
            of=_BACK[row["of"]], subject=row["subject"], exact=False,
            happened_at=max(at, row["moment"].replace(tzinfo=UTC) + timedelta(microseconds=1)),
        )
        for row in sorted(rows, key=lambda r: (r["of"], r["subject"]))
    ]  # fmt: skip


def _reactions_again(lab: Lab, tables: Tables, listed: Listed) -> list[dict[str, Any]]:
    """Those of the likes and reshares believed to be gone that are listed; the list does not tell their own names."""
    segments = lab.register.segments("acts")
    if not segments:
        return []
    rows = tables.arrow(
        f"""select distinct 'act' as "of", subject, gone.moment, kind, actor, post
            from gone join {stored(lab.folder, "acts", segments)} told on told.act = subject
            where "of" = 'act' and not certain and kind in ('like', 'reshare')"""
    ).to_pylist()
    aliases = lab.register.aliases()
    here = {(k, aliases.get(a := account_key(actor), a), post) for k, actor, post in listed.reactions}
    return [r for r in rows if (r["kind"], aliases.get(r["actor"], r["actor"]), r["post"]) in here]
