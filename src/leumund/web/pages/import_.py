"""Files dropped onto a page are read into the lab."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from leumund.clean import clean
from leumund.errors import UsageError
from leumund.labs import folder_for_a_copy
from leumund.locale import N_, _, kept, ngettext
from leumund.report.readable import every_kind, readable
from leumund.store.backup import is_backup
from leumund.views import cells
from leumund.views.cells import number
from leumund.web.page import Asked, Elsewhere, Page
from leumund.web.place import Place, own_there
from leumund.web.work import Job


def _here(place: Place, asked: Asked) -> Mapping[str, Any]:
    del asked
    return {
        "demo": place.standing.demo,
        "readable": readable(),
        "kinds": every_kind(),
    }


def _change_here(place: Place, asked: Asked) -> Elsewhere:
    if any(is_backup(file) for file in asked.files):
        return _come_back(asked)
    if place.standing.demo:
        raise UsageError(
            _("Files are read into your own lab, never into the example."), hint=_("Make your own lab first.")
        )
    if not asked.files:
        raise UsageError(_("No file was chosen."))
    if len(asked.files) == 1:
        title = _("Reading {file}").format(file=clean(asked.files[0].name))
    else:
        many = ngettext("Reading {n} file", "Reading {n} files", len(asked.files))
        title = many.format(n=number(len(asked.files)))
    given = {"account": asked.form.get("account", ""), "again": "/import"}
    return Elsewhere(
        "/work",
        begin=Job(kind="import", folder=place.folder, title=kept(title), given=given, files=asked.files),
    )


def _come_back(asked: Asked) -> Elsewhere:
    """A backup becomes a lab of its own: it is never read into another."""
    if len(asked.files) > 1:
        raise UsageError(
            _("A backup becomes a lab of its own: give it alone, and the other files afterwards.")
        )
    today, own = datetime.now(UTC).date(), own_there()
    to = folder_for_a_copy(own, today)
    title = _("A lab from the backup {file}").format(file=clean(asked.files[0].name))
    called = "" if to == own else cells.day(today)
    given = {"to": str(to), "called": called, "again": "/lab"}
    job = Job(kind="restore", folder=to, title=kept(title), given=given, files=asked.files, apart=True)
    return Elsewhere("/work", begin=job)


PAGE = Page(
    name="import", path="/import", title=N_("Read an archive"), here=_here, change_here=_change_here,
    receives=True, group="lab", order=5,
)  # fmt: skip
