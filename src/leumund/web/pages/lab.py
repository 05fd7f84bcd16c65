"""Which lab is shown: the owner's own, made here, or the example; and how to go from one to the other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from leumund.clean import clean
from leumund.errors import UsageError
from leumund.lab import Lab
from leumund.labs import labs_there, make_demo, make_own, own_folder
from leumund.locale import N_, _, kept
from leumund.spoken.accounts import account_said
from leumund.web.page import Asked, Elsewhere, Page
from leumund.web.place import TITLE, Place, Standing, own_there, standing_of
from leumund.web.work import Job

_LONGEST_TITLE = 60


def _here(place: Place, asked: Asked) -> Mapping[str, Any]:
    del asked
    own = own_there()
    shown = place.standing
    others = [standing_of(f) for f in _labs(own) if f.absolute() != place.folder.absolute()]
    return {
        "shown": shown,
        "folder": clean(str(shown.folder)),
        "others": [{"name": one.folder.name, "words": _called(one)} for one in others],
        "example": not shown.demo and not any(one.demo for one in others),
        "new": shown.demo and own is not None and not Lab.exists(own),
        "where": clean(str(own)) if own is not None else "",
    }


def _labs(own: Path | None) -> list[Path]:
    """The labs that can be shown: hers first."""
    found = {f.absolute(): f for f in ([own] if own is not None and Lab.exists(own) else [])}
    return list({**found, **{f.absolute(): f for f in labs_there()}}.values())


def _called(one: Standing) -> str:
    return clean(_("The example") if one.demo else one.title or _("Your lab"))


def _change_here(place: Place, asked: Asked) -> Elsewhere:
    match asked.form.get("do", ""):
        case "make":
            return _made(asked)
        case "copy":
            return _copied(place, asked)
        case "example":
            folder, _end = make_demo(datetime.now(UTC))
            return Elsewhere("/", _("This is the example."), shows=folder)
        case "show":
            wanted = asked.form.get("name", "")
            folders = [f for f in _labs(own_there()) if f.name == wanted]
            if not folders or wanted == place.folder.name:
                raise UsageError(_("There is no lab of that name."))
            return Elsewhere("/", shows=folders[0])
    raise UsageError(_("Nothing can be changed here."))


def _copied(place: Place, asked: Asked) -> Elsewhere:
    """A copy to take away."""
    form = asked.form.get("form", "")
    title = _("A backup") if form == "backup" else _("Everything, in an open format")
    given = {"form": form, "private": asked.form.get("private", ""), "into": str(place.incoming.new())}
    return Elsewhere("/work", begin=Job(kind="copy", folder=place.folder, title=kept(title), given=given))


def _made(asked: Asked) -> Elsewhere:
    """A lab of her own, shown from now on."""
    accounts = [account_said(text) for text in re.split(r"[\s,;]+", asked.form.get("accounts", "")) if text]
    title = clean(asked.form.get("title", ""))
    if len(title) > _LONGEST_TITLE:
        raise UsageError(_("That name is too long: at most {n} letters.").format(n=_LONGEST_TITLE))
    folder = own_folder(None)
    community = bool(asked.form.get("community"))
    make_own(folder, accounts, community=community)
    if title:
        with Lab.open(folder) as lab, lab.register.transaction():
            lab.register.put(TITLE, title)
    said = _("Your lab is made. Now connect an account, or read an archive.")
    if community:
        said = _(
            "The community's lab is made. Now read its posts; then say on the pages of some of its people that you trust them: whom these know counts, the others not."
        )
    return Elsewhere("/connect", said, shows=folder)


PAGE = Page(
    name="lab", path="/lab", title=N_("Your lab"), here=_here, change_here=_change_here, group="lab", order=1
)
