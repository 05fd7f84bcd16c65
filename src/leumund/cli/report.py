"""report: everything on one page, to read, print or pass on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from leumund.cli.shared import AsOfOption, LabOption, moment, now, opened, remember, shown
from leumund.errors import UsageError
from leumund.locale import N_, _

HELP = N_("Write everything into one page to read, print or pass on. Example: leumund report my-report.html")


def report(
    to: Annotated[Path, typer.Argument(metavar="FILE", help=_("The file to write."))] = Path("report.html"),
    part: Annotated[
        int | None,
        typer.Option(
            "--part",
            metavar="N",
            min=1,
            max=999,
            help=_(
                "A draft for your blog instead: part N of your story, as HTML and Markdown with its charts."
            ),
            show_default=False,
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="DATE",
            help=_("With --part: from when on; else since the part before, or the last four weeks."),
            show_default=False,
        ),
    ] = None,
    lab: LabOption = None,
    as_of: AsOfOption = None,
) -> None:
    from leumund.report.overview import as_page, take

    if part is not None:
        from leumund.cli.blog_part import write_part

        write_part(to, part, since, lab, as_of)
        return
    if since is not None:
        raise UsageError(_("--since belongs to --part: leumund report --part 2 --since DATE"))
    with opened(lab) as there:
        taken = take(there, moment(as_of, there), at=now())
        folder = there.folder
    write_page(to, as_page(taken))
    remember(folder, "reports", to)
    print(_("Written: {path}").format(path=shown(to.absolute())))


def write_page(to: Path, page: str) -> None:
    """Write a report whole or not at all.

    Raises:
        UsageError: there is no such folder. LabFullError, LabReadOnlyError: nothing was written.
    """
    import secrets

    from leumund.store.segments import said_plainly

    if not to.absolute().parent.is_dir():
        raise UsageError(_("There is no folder {path}.").format(path=to.absolute().parent))
    with said_plainly(to.absolute().parent):
        part = to.with_name(f".leumund-{secrets.token_hex(4)}.part")  # nobody's file has that name
        try:
            part.write_text(page, "utf-8")
            part.replace(to)
        finally:
            part.unlink(missing_ok=True)
