"""Her latest posts for her homepage: chosen, looked at, built into a folder, and the lines to copy."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from leumund.clean import clean
from leumund.config import own_zone
from leumund.errors import UsageError
from leumund.lab import Lab
from leumund.locale import LANGUAGES, N_, _, ngettext
from leumund.views.words import word
from leumund.web.page import Asked, Elsewhere, Page, folder_said
from leumund.web.sight import Sight
from leumund.widget import MOST, Build, build, builds, chosen, lines, own_accounts, refresh, stop
from leumund.widget.oembed import HEIGHT
from leumund.widget.wanted import Wanted, as_words, from_words

_NAMES = {"de": "Deutsch", "en": "English"}
_USUAL = "leumund-posts"


def _take(sight: Sight, asked: Asked) -> Mapping[str, Any]:
    tables = sight.state.tables
    if tables.community or not sight.lab.register.own_accounts():
        return {"nobody": True, "community": tables.community}
    given = asked.form or asked.query
    wanted, wrong = _wished(given, asked.language)
    found = chosen(sight.lab, tables, wanted)
    known = builds(sight.lab.register)
    return {
        "nobody": False,
        "wrong": wrong,
        "wanted": wanted,
        "most": MOST,
        "languages": [(name, _NAMES[name]) for name in LANGUAGES],
        "accounts": [
            {"uri": a.uri, "name": a.handle, "network": word(a.network), "on": a.uri in wanted.accounts}
            for a in own_accounts(sight.lab, tables)
        ],
        "preview": f"/widget/preview?{urlencode(as_words(wanted))}",
        "height": HEIGHT,
        "shown": lines.what_is_shown(found),
        "left_out": lines.what_is_left_out(found),
        "as_words": as_words(wanted),
        "folder": clean(given.get("folder", "") or str(Path.home() / _USUAL)),
        "snippets": [
            {"what": what, "text": text, "rows": 1 + len(text) // 60}
            for what, text in lines.snippets(found, wanted)
        ],
        "stand_in": "" if wanted.site else lines.STAND_IN,
        "builds": [_said(b) for b in known],
    }


def _wished(given: Mapping[str, str], language: str) -> tuple[Wanted, str]:
    """What was filled in, and what was wrong with it; then it is as usual."""
    zone = own_zone()
    try:
        return from_words(given, language=language, zone=zone), ""
    except UsageError as error:
        return Wanted(language=language, zone=zone), error.message


def _said(one: Build) -> dict[str, str]:
    posts = ngettext("{n} post", "{n} posts", one.wanted.count).format(n=one.wanted.count)
    return {
        "folder": str(one.folder),
        "name": clean(str(one.folder)),
        "what": posts,
        "again": f"/widget?{urlencode(as_words(one.wanted) | {'folder': str(one.folder)})}",
    }


def _change(sight: Sight, asked: Asked) -> Elsewhere:
    do, at = asked.form.get("do", ""), datetime.now(UTC)
    if do == "build":
        return _built(sight, asked, at)
    if do == "refresh":
        done = refresh(sight.folder, at=at)
        if wrong := next((d.error for d in done if d.error), None):
            raise wrong
        if any(d.changed for d in done):
            return Elsewhere("/widget#built", _("Refreshed. Now copy the folder to your website."))
        return Elsewhere("/widget#built", _("Nothing has changed since."))
    if do == "stop":
        with Lab.open(sight.folder) as lab:
            stopped = stop(lab, Path(asked.form.get("folder", "")))
        if stopped is None:
            raise UsageError(
                _("No posts were built in {path}.").format(path=clean(asked.form.get("folder", "")))
            )
        return Elsewhere("/widget#built", _("It is refreshed no longer. The files are still there."))
    raise UsageError(_("Nothing can be changed here."))


def _built(sight: Sight, asked: Asked, at: datetime) -> Elsewhere:
    folder = folder_said(asked.form.get("folder", ""))
    if folder is None:
        raise UsageError(
            _("Write the whole path of the folder, such as {path}.").format(path=Path.home() / _USUAL)
        )
    wanted = from_words(asked.form, language=asked.language, zone=own_zone())
    with Lab.open(sight.folder) as lab:
        done = build(lab, folder, wanted, at=at)
    n = len(done.changed)
    text = ngettext("In {path}: {n} file is new.", "In {path}: {n} files are new.", n)
    return Elsewhere(
        f"/widget?{urlencode(as_words(wanted) | {'folder': str(folder)})}#lines",
        text.format(path=clean(str(done.folder)), n=n),
    )


PAGE = Page(
    name="widget",
    path="/widget",
    title=N_("Homepage"),
    take=_take,
    change=_change,
    group="lab",
    order=22,
    remembered=False,
    again=True,
)
