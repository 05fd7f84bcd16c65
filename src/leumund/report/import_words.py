"""What is said of an import: while it goes on, and at its end."""

from __future__ import annotations

from leumund.intake import Report
from leumund.locale import N_, _, ngettext
from leumund.report.counts import counted
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
