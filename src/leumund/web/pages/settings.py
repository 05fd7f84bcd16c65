"""The settings: what holds for all labs, and which accounts are the owner's in this one. No key is shown here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from leumund.clean import clean
from leumund.config import config_path
from leumund.errors import UsageError
from leumund.lab import Lab
from leumund.locale import LANGUAGES, N_, _
from leumund.meant import uri_meant
from leumund.measures.conduct.limits import limits_said
from leumund.settings import SETTINGS, change, in_force, said
from leumund.spoken.zones import of_computer
from leumund.store.people import disown, link
from leumund.views import cells
from leumund.views.words import word
from leumund.web.page import Asked, Elsewhere, Page, whole_said
from leumund.web.sight import Sight

_NAMES = {"de": "Deutsch", "en": "English"}


def _take(sight: Sight, asked: Asked) -> Mapping[str, Any]:
    now = in_force()
    limits = now["limits"]
    found = {
        "accounts": _accounts(sight),
        "language": now["language"] or "",
        "languages": [(name, _NAMES.get(name, name)) for name in LANGUAGES],
        "zone": now["zone"] or "",
        "computer_zone": of_computer(),
        "zones": sorted(z for z in available_timezones() if "/" in z and not z.startswith(("Etc/", "posix/", "right/"))),
        "hourly_rate": _number(now["hourly_rate"]),
        "minutes_a_day": _number(now["minutes_a_day"]),
        "words": bool(now["words"]),
        "limits": "\n".join(limits) if isinstance(limits, tuple) else "",
        "titles": {name: _(one.title) for name, one in SETTINGS.items()},
        "help": {name: _(one.help) for name, one in SETTINGS.items()},
        "file": clean(str(config_path())),
        "another": "",
    }  # fmt: skip
    return found | _filled(asked.form)


def _filled(form: Mapping[str, str]) -> dict[str, Any]:
    """What a form held that was refused, to be shown again as it was filled in."""
    if form.get("do") == "add":
        return {"another": form.get("account", "")}
    if form.get("do") != "settings":
        return {}
    return {name: form.get(name, "") for name in SETTINGS} | {"words": bool(form.get("words"))}


def _number(value: Any) -> str:
    """As it is written into a field."""
    return "" if value is None else cells.any_value(float(value))


def _accounts(sight: Sight) -> list[dict[str, Any]]:
    """The owner's accounts in this lab."""
    register = sight.lab.register
    known = register.known_as(register.own_accounts())
    names = sight.lab.names(known)
    rows = [
        {"key": key, "name": clean(names[key], 120), "network": word(str(row["network"]))}
        for key, row in known.items()
    ]
    return sorted(rows, key=lambda r: (r["network"], r["name"]))


def _change(sight: Sight, asked: Asked) -> Elsewhere:
    do = asked.form.get("do", "")
    if do == "add":
        with Lab.open(sight.folder) as there:
            link(there.register, [uri_meant(there, asked.form.get("account", ""))], name="", owner=True)
        return Elsewhere("/settings#accounts", _("This account counts as yours from now on."))
    if do == "remove":
        key = whole_said(asked.form.get("account", ""))
        with Lab.open(sight.folder) as there:
            if key is None or not disown(there.register, key):
                raise UsageError(_("That is none of your accounts."))
        return Elsewhere("/settings#accounts", _("This account no longer counts as yours."))
    if do != "settings":
        raise UsageError(_("Nothing can be changed here."))
    values = {name: said(name, asked.form.get(name, "")) for name in SETTINGS}
    limits = values["limits"]
    if isinstance(limits, tuple):
        limits_said(limits)
    values["words"] = values["words"] or None
    change(values)
    wish = asked.form.get("language", "")
    return Elsewhere(f"/settings?lang={wish}" if wish else "/settings", _("Your settings are kept."))


PAGE = Page(
    name="settings",
    path="/settings",
    title=N_("Settings"),
    take=_take,
    change=_change,
    entered=True,
    group="lab",
    order=40,
    remembered=False,
    again=True,
)
