"""What is said of a sync: while it goes on, and at its end."""

from __future__ import annotations

from leumund.locale import _, ngettext
from leumund.report.counts import counted
from leumund.syncing import Outcome, Step
from leumund.views.cells import number


def said(step: Step) -> str:
    """What is happening to a stream."""
    if step.state == "waiting" or step.stream is None:
        return step.text
    title = _(step.stream.title)
    match step.state:
        case "skipped":
            return _("{what}: not due yet").format(what=title)
        case "not told":
            return _("{what}: this server does not tell").format(what=title)
        case "failed":
            return f"{title}: {step.text}"
        case _:
            text = ngettext("{what}: {n} record", "{what}: {n} records", step.rows)
            return text.format(what=title, n=number(step.rows))


def news(outcome: Outcome) -> list[str]:
    """What is new through a connection, and what was known and is another now; a line each."""
    new, changed = (  # descriptions of accounts come with everything
        counted({k: n for k, n in rows.items() if k != "sightings"})
        for rows in (outcome.new, outcome.changed)
    )
    lines = [_("New: {what}").format(what=new) if new else _("Nothing new.")]
    return lines + ([_("Updated: {what}").format(what=changed)] if changed else [])
