"""undo: take back what was said last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leumund.cli.shared import LabOption, opened, say
from leumund.locale import N_, _, ngettext

if TYPE_CHECKING:
    from leumund.store.register import Register

HELP = N_("Take back what you entered last: an entry, a change, a file of them. Example: leumund undo")
_SHOWN = 10


def undo(lab: LabOption = None) -> None:
    from leumund.entering.lines import dated
    from leumund.saying import import_last, take_back
    from leumund.store.register import as_time
    from leumund.views.cells import number

    with opened(lab, read_only=False) as there:
        if (brought := import_last(there.register)) is not None:
            _tell_import(there.register, brought)
            return
        done = take_back(there.register)
    words = {
        "gone": _("Taken back: {what}"),
        "as before": _("As it was before: {what}"),
        "back": _("There again: {what}"),
    }
    for one in done[:_SHOWN]:
        print(words[one.way].format(what=dated(one.kind, one.body, as_time(one.happened_at))))
    if (more := len(done) - _SHOWN) > 0:
        print(ngettext("and {n} more", "and {n} more", more).format(n=number(more)))
    if not done:
        print(_("There is nothing left to take back."))


def _tell_import(register: Register, number: int) -> None:
    """Nothing is taken back where the last thing done was reading a file in: neither that, nor what was said before it."""
    from leumund.clean import clean
    from leumund.entering.lines import dated
    from leumund.saying import said_last
    from leumund.store.register import as_time

    row = register.db.execute("select place from import where id = ?", (number,)).fetchone()
    file = clean(row["place"], 300) if row else "?"
    print(
        _(
            "The last thing you did was to read in {file}. That cannot be taken back like an entry; nothing was changed."
        ).format(file=file)
    )
    say(
        _(
            "To be without what it brought: a copy made before (leumund restore BACKUP), or a new lab without this file."
        )
    )
    said = said_last(register)
    if said:
        kind, body, happened_at = said[0]
        what = dated(kind, body, as_time(happened_at))
        say(_("leumund undo, once more, takes back what you entered before that: {what}").format(what=what))
