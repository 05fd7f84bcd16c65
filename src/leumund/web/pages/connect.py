"""The accounts that are kept up to date, and what more can be connected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from leumund.connecting import disconnect, names_of
from leumund.errors import UsageError
from leumund.http.words import host_of
from leumund.lab import Lab
from leumund.locale import N_, _
from leumund.sources.living import Living, all_living
from leumund.store import connections
from leumund.store.connections import Reach
from leumund.views import cells
from leumund.web.page import Asked, Elsewhere, Page
from leumund.web.place import Place

_ORDER = (  # what somebody has who wants to know of herself; the rest is for whoever runs a board
    "mastodon",
    "bluesky",
    "blog",
    "x",
)


def _here(place: Place, asked: Asked) -> Mapping[str, Any]:
    del asked
    demo = place.standing.demo
    with Lab.open(place.folder, read_only=True) as lab:
        known = [] if demo else connections.all_connections(lab.register)
        names, reaches = names_of(lab, known), connections.reaches(lab.register)
    every = sorted(all_living().values(), key=lambda k: (_rank(k.name), k.name))
    return {
        "demo": demo,
        "known": [
            {
                "id": c.id,
                "name": names[c.id],
                "title": _(all_living()[c.source].title) if c.source in all_living() else c.source,
                "server": host_of(c.server),
                "read": list(_read([r for r in reaches if r.connection == c.id])),
                "again": f"/connect/{c.source}",
            }
            for c in known
        ],
        "more": [_offered(k) for k in every if k.name in _ORDER],
        "rare": [_offered(k) for k in every if k.name not in _ORDER],
    }


def _offered(living: Living) -> dict[str, str]:
    return {"name": living.name, "title": _(living.title), "needs": _(living.needs)}


def _rank(name: str) -> int:
    return _ORDER.index(name) if name in _ORDER else len(_ORDER)


def _read(reaches: list[Reach]) -> Iterator[str]:
    """When it was last read, and what of it did not work."""
    last = max((r.ran_at for r in reaches if r.ran_at), default=None)
    yield _("last read: {day}").format(day=cells.day(last)) if last else _("not read yet")
    if kept_from := [r.note for r in reaches if r.note and not r.whole and r.offered]:
        yield _("not everything could be read: {why}").format(why=kept_from[0])


def _change_here(place: Place, asked: Asked) -> Elsewhere:
    if asked.form.get("do") != "disconnect" or place.standing.demo:
        raise UsageError(_("Nothing can be changed here."))
    with Lab.open(place.folder) as lab:
        name = disconnect(lab, connections.connection_named(lab.register, asked.form.get("connection", "")))
    place.desk.changed()
    told = _("No longer connected: {account}. What was read stays.").format(account=name)
    return Elsewhere(
        "/connect",
        f"{told} {_('The key is deleted here; to make it worthless, withdraw it on the server, too.')}",
    )


PAGE = Page(
    name="connect",
    path="/connect",
    title=N_("Accounts"),
    here=_here,
    change_here=_change_here,
    group="lab",
    order=3,
)
