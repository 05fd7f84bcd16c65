"""What is said of an import: while it goes on, and at its end."""

from __future__ import annotations

from collections.abc import Iterable

from leumund.ids import account_key
from leumund.intake import Report
from leumund.lab import Lab
from leumund.locale import N_, _, ngettext
from leumund.report.accounts import listed
from leumund.report.counts import counted
from leumund.sources import Source
from leumund.views.cells import number

_STAGES = {
    "reading": N_("Reading"),
    "recommendations": N_("Recommendations"),
    "languages": N_("Languages"),
}


def stage_named(stage: str) -> str:
    """What is being done, as `intake.Progress` names it."""
    return _(_STAGES.get(stage, stage))


def news(report: Report) -> list[str]:
    """What came in and what was there already, a line each."""
    new, known = counted(report.new), counted(report.known)
    lines = [_("Went on where the last run stopped.")] if report.resumed else []
    lines.append(_("New: {what}").format(what=new) if new else _("Nothing new."))
    if known:
        lines.append(_("Already there: {what}").format(what=known))
    if votes := report.facts.get("recommendations"):
        text = ngettext("{n} post with a Follow-Friday tag", "{n} posts with a Follow-Friday tag", votes)
        lines.append(_("Read: {what}").format(what=text.format(n=number(votes))))
    return lines


def ahead(report: Report) -> list[str]:
    """How many rows are of days to come, if any."""
    if not report.ahead:
        return []
    text = ngettext("{n} row is dated in the future. It counts from that day on.",
                    "{n} rows are dated in the future. They count from that day on.", report.ahead)  # fmt: skip
    return [text.format(n=number(report.ahead))]


def yours(there: Lab, before: set[int]) -> str:
    """Which accounts became the owner's since, "" for none. before: the keys of those that were."""
    heads = there.register.aliases()
    new = set(there.register.own_accounts()) - {heads.get(key, key) for key in before}
    return _("Yours from now on: {accounts}").format(accounts=listed(there, new)) if new else ""


def foreign(there: Lab, report: Report) -> str:
    """Whose archive it was, where it was not the owner's; else ""."""
    if not report.whose:
        return ""
    whose = listed(there, [account_key(report.whose)])
    return _("This is the archive of {account}, which is not among your accounts.").format(account=whose)


def limits(sources: Iterable[Source]) -> list[str]:
    """What the sources cannot tell, each thing once."""
    return [_(s) for s in dict.fromkeys(s for source in sources for s in source.cannot_tell)]
