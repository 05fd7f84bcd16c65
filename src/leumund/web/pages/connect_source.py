"""Connecting one account: what is needed, what it can tell and what not; then the talk goes on in `works/connect.py`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from leumund.errors import LeumundError, UsageError
from leumund.ids import display_handle, network_of
from leumund.lab import Lab
from leumund.locale import N_, _, kept
from leumund.sources.living import Living, living_named
from leumund.store.connections import all_connections
from leumund.web.page import Asked, Elsewhere, Page
from leumund.web.place import Place
from leumund.web.work import Job

_OPTIONS: tuple[str, ...] = ("budget", "language", "server")


def _here(place: Place, asked: Asked) -> Mapping[str, Any]:
    living = living_named(asked.path["source"])
    return {
        "name": living.name,
        "heading": _(living.title),
        "demo": place.standing.demo,
        "needs": _(living.needs),
        "asks": _(living.asks) or living.where,
        "example": living.example,
        "where": asked.query.get("where", "")
        or (living.example if living.everybody else _hers(place, living)),
        "browser": "paste" in living.options,
        "keys": [(f"key{n}", _(label)) for n, label in enumerate(living.keys)],
        "key_wanted": bool(living.keys) and ("token" not in living.options or "budget" in living.options),
        "key_from": _(living.key) if living.key else "",
        "steps": list(_steps(living)),
        "options": [o for o in _OPTIONS if o in living.options],
        "tells": [_(s) for s in living.tells],
        "cannot": [_(s) for s in living.cannot_tell],
    }


def _hers(place: Place, living: Living) -> str:
    """The account that she said is hers there, as one writes it, where it is the only one and nothing there is connected."""
    try:
        with Lab.open(place.folder, read_only=True) as lab:
            connected = {c.source for c in all_connections(lab.register)}
            uris = lab.register.uris(lab.register.own_accounts()).values()
    except LeumundError:
        return ""
    mine = [
        h for uri in uris if network_of(uri) == living.name and (h := display_handle(uri)).startswith("@")
    ]
    if len(mine) != 1 or living.name in connected:
        return ""
    return mine[0] if living.example.startswith("@") else mine[0].removeprefix("@")


def _steps(living: Living) -> Iterator[str]:
    """What is to be done on the other side before."""
    yield from (_(step) for step in living.steps)
    if living.key and not living.steps and "token" not in living.options:
        yield _("You make the key yourself: {where}.").format(where=_(living.key))


def _change_here(place: Place, asked: Asked) -> Elsewhere:
    living = living_named(asked.path["source"])
    if place.standing.demo:
        raise UsageError(
            _("This is the example: nothing is connected to it."), hint=_("Make your own lab first.")
        )
    where = asked.form.get("where", "").strip()
    if not where:
        raise UsageError(_("Which account? Please fill in: {field}").format(field=_(living.asks)))
    given = {o: v.strip() for o in _OPTIONS if o in living.options and (v := asked.form.get(o))}
    way = asked.form.get("way", "")
    keys = tuple(k.strip() for n in range(len(living.keys)) if (k := asked.form.get(f"key{n}", "")).strip())
    if "token" in living.options and keys:
        given["token"] = "1"  # noqa: S105  that keys were given, not one of them
    elif "paste" in living.options and way == "paste":
        given["paste"] = "1"
    if "budget" in living.options and "budget" not in given:
        raise UsageError(_("Say what reading may cost a month at most, in US dollars."))
    if living.keys and "token" not in living.options and not keys:
        raise UsageError(_("Without the key there is no connection. Nothing was changed."))
    ours = {
        "network": living.name,
        "where": where,
        "origin": asked.origin,
        "private": asked.form.get("private", ""),
        "again": f"/connect/{living.name}",
    }
    title = kept(_("Connecting {network}").format(network=_(living.title)))
    job = Job(
        kind="connect", folder=place.folder, title=title, given={**given, **ours}, secrets=keys, apart=True
    )
    return Elsewhere("/work", begin=job)


PAGE = Page(
    name="connect_source",
    path="/connect/{source}",
    title=N_("Connect an account"),
    here=_here,
    change_here=_change_here,
)
