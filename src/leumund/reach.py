"""How far back the lab can see, source by source: since when, until when, what is missing, what nobody tells."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from leumund.config import DEMO
from leumund.ids import account_key, display_handle
from leumund.lab import Lab
from leumund.locale import N_, _, ngettext
from leumund.sources import all_sources
from leumund.sources.living import Connection, Living, all_living
from leumund.store import connections
from leumund.store.connections import Reach
from leumund.store.register import as_time

_MADE_UP = N_("Anything true: all of it is made up.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """One thing a source tells. since, until: in which time it is known; None where nothing is.

    whole: nothing between is missing that the source still has; note: what kept it from more.
    offered: False where this server, or this account, has no such thing.
    """

    what: str
    since: datetime | None
    until: datetime | None
    whole: bool
    note: str = ""
    offered: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One source as the lab knows it. title: what people call it; place: which file or account; account: whether it is one.

    connected: False for an account that once was; what it brought is there still.
    """

    source: str
    title: str
    place: str
    stretches: tuple[Stretch, ...]
    cannot_tell: tuple[str, ...] = field(default=())
    connected: bool = True
    account: bool = True

    def as_dict(self) -> dict[str, Any]:
        """For JSON: times in ISO form."""

        def plain(stretch: Stretch) -> dict[str, Any]:
            return {k: v.isoformat() if isinstance(v, datetime) else v for k, v in asdict(stretch).items()}

        return {
            "source": self.source,
            "title": self.title,
            "place": self.place,
            "connected": self.connected,
            "reaches": [plain(s) for s in self.stretches],
            "cannot_tell": list(self.cannot_tell),
        }


def reach_of(lab: Lab) -> list[Part]:
    """Every source that was read: connected accounts first, then those that once were, then files."""
    return [*_connected(lab), *_once_connected(lab), *_files(lab)]


def _connected(lab: Lab) -> Iterator[Part]:
    reaches = {(r.connection, r.stream): r for r in connections.reaches(lab.register)}
    for connection in connections.all_connections(lab.register):
        living = all_living().get(connection.source)
        if living is None:  # of a package that is no longer installed
            continue
        yield Part(
            source=connection.source,
            title=_(living.title),
            place=_place(lab, connection),
            stretches=tuple(_stretches(lab, connection, living, reaches)),
            cannot_tell=tuple(_(s) for s in living.cannot_tell),
        )


def _once_connected(lab: Lab) -> Iterator[Part]:
    for connection, far in connections.ended(lab.register):
        living = all_living().get(connection.source)
        titles = {s.name: _(s.title) for s in living.streams} if living else {}
        yield Part(
            source=connection.source,
            title=_(living.title) if living else connection.source,
            place=_place(lab, connection),
            connected=False,
            stretches=tuple(
                Stretch(
                    what=titles.get(r.stream, r.stream),
                    since=r.since,
                    until=r.ran_at,
                    whole=r.whole,
                    note=r.note,
                )
                for r in far
            ),
            cannot_tell=tuple(_(s) for s in living.cannot_tell) if living else (),
        )


def _place(lab: Lab, connection: Connection) -> str:
    """How people write the account."""
    key = account_key(connection.account)
    return lab.names([key]).get(key) or display_handle(connection.account)


def _stretches(
    lab: Lab, connection: Connection, living: Living, reaches: dict[tuple[str, str], Reach]
) -> Iterator[Stretch]:
    for stream in living.streams:
        reach = reaches.get((connection.id, stream.name))
        if reach is None:
            yield Stretch(what=_(stream.title), since=None, until=None, whole=False, note=_("not read yet"))
            continue
        gaps = _gaps(lab, connection, stream.name)
        note = reach.note
        if gaps and not note:
            note = _("the older part is still to be read: leumund sync")
        yield Stretch(
            what=_(stream.title),
            since=reach.since,
            until=reach.ran_at if reach.offered else None,
            whole=reach.whole and not gaps,
            note=note,
            offered=reach.offered,
        )


def _gaps(lab: Lab, connection: Connection, stream: str) -> int:
    """Stretches not yet read, as the stream's cursor remembers them."""
    cursor = lab.register.cursor(connection.source, f"{connection.id}/{stream}")
    return len(json.loads(str((cursor or {}).get("gaps") or "[]")))


def _files(lab: Lab) -> Iterator[Part]:
    connected = {f"{c.id}/" for c in connections.all_connections(lab.register)}
    sources = all_sources()
    for row in lab.register.db.execute("select * from import order by started_at, id").fetchall():
        source = sources.get(row["source"])
        made_up = row["source"] == DEMO
        if (source is None and not made_up) or any(row["fingerprint"].startswith(c) for c in connected):
            continue
        known = "first_at" in row.keys()  # noqa: SIM118  a row of SQLite is no dict
        first, last = (row["first_at"], row["last_at"]) if known else (None, None)
        note = "" if row["finished_at"] else _("not read to its end: import it again")
        if row["problems"]:
            many = ngettext("{n} record could not be used", "{n} records could not be used", row["problems"])
            problems = many.format(n=row["problems"])
            note = f"{note}; {problems}" if note else problems
        stretch = Stretch(
            what=_("its content"),
            since=as_time(first) if first is not None else None,
            until=as_time(last) if last is not None else None,
            whole=bool(row["finished_at"]),
            note=note,
        )
        yield Part(
            source=row["source"],
            title=_(source.title) if source else _("The demo"),
            place=row["place"] if source else "",
            account=False,
            stretches=(stretch,),
            cannot_tell=tuple(_(s) for s in source.cannot_tell) if source else (_(_MADE_UP),),
        )
