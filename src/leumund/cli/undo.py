"""undo: take back what was said last."""

from __future__ import annotations

from leumund.cli.shared import LabOption, opened
from leumund.locale import N_, _, ngettext

HELP = N_("Take back what you entered last: an entry, a change, a file of them. Example: leumund undo")
_SHOWN = 10


def undo(lab: LabOption = None) -> None:
    from leumund.entering.lines import dated
    from leumund.saying import take_back
    from leumund.store.register import as_time
    from leumund.views.cells import number

    with opened(lab, read_only=False) as there:
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
