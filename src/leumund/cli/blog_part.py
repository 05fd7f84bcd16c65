"""report --part: the next part of the owner's story, as a draft for her blog."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from leumund.cli.page_file import write_page
from leumund.cli.shared import beginning, moment, now, opened, remember, say, shown
from leumund.errors import UsageError
from leumund.locale import _

PARTS = "parts"
"""Name in a lab's meta table: until when each part that was written tells."""


def write_part(to: Path, number: int, since: str | None, lab: str | None, as_of: str | None) -> None:
    """Write the draft as FILE.html and FILE.md, with its charts beside them.

    Raises:
        UsageError: it would begin after it ends.
    """
    from leumund.report.part import as_page, as_post, take

    stem = to if to.name != "report.html" else to.with_name(f"part-{number}.html")
    with opened(lab) as there:
        at = moment(as_of, there)
        told = json.loads(there.register.get(PARTS, "{}"))
        begun = beginning(since) if since else _end_of_last(told, number)
        if begun is not None and begun >= at:
            raise UsageError(
                _("Part {n} would begin after it ends.").format(n=number),
                hint=_("Say from when on it tells: --since DATE"),
            )
        part = take(there, number, at, since=begun, at=now())
        folder = there.folder
    page, post = stem.with_suffix(".html"), stem.with_suffix(".md")
    words, drawings = as_post(part, stem.stem)
    for file, text in {
        page: as_page(part),
        post: words,
        **{stem.with_name(n): t for n, t in drawings.items()},
    }.items():
        write_page(file, text)
        print(_("Written: {path}").format(path=shown(file.absolute())))
    remember(folder, "reports", page)
    remember(folder, "reports", post)
    _remember_end(lab, number, at)
    say(_("It is a draft: read it before you publish it. Besides you only those are named who agreed to it."))


def _end_of_last(told: dict[str, str], number: int) -> datetime | None:
    """When the part before this one ended; None where it is not known."""
    before = [int(n) for n in told if int(n) < number]
    return datetime.fromisoformat(told[str(max(before))]) if before else None


def _remember_end(lab: str | None, number: int, at: datetime) -> None:
    from leumund.errors import LabFullError, LabReadOnlyError

    try:
        with opened(lab, read_only=False) as there, there.register.transaction():
            told = json.loads(there.register.get(PARTS, "{}"))
            there.register.put(PARTS, json.dumps({**told, str(number): at.isoformat()}))
    except (LabFullError, LabReadOnlyError):
        say(_("Nothing can be written to the lab just now: say next time from when on with --since."))
