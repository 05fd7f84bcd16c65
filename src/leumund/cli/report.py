"""report: everything on one page, or what a month or a quarter brought, to read, print or pass on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leumund.cli.page_file import write_page
from leumund.cli.shared import AsOfOption, LabOption, moment, now, opened, remember, say, shown
from leumund.errors import UnknownNameError, UsageError
from leumund.locale import N_, _

if TYPE_CHECKING:
    from datetime import date

    from leumund.spoken.periods import Period

HELP = N_("Write everything into one page to read, print or pass on. Example: leumund report my-report.html")
_USUAL = Path("report.html")


def report(
    to: Annotated[Path, typer.Argument(metavar="FILE", help=_("The file to write."))] = _USUAL,
    month: Annotated[
        str | None,
        typer.Option(
            "--month",
            metavar="2026-10",
            help=_("What that month brought, beside the one before."),
            show_default=False,
        ),
    ] = None,
    quarter: Annotated[
        str | None,
        typer.Option("--quarter", metavar="2026-Q3", help=_("The same of a quarter."), show_default=False),
    ] = None,
    first: Annotated[
        str | None,
        typer.Option("--from", metavar="DATE", help=_("The same from this day on."), show_default=False),
    ] = None,
    last: Annotated[
        str | None,
        typer.Option("--to", metavar="DATE", help=_("With --from: until this day."), show_default=False),
    ] = None,
    readers: Annotated[
        str,
        typer.Option(
            "--for",
            metavar="team|client",
            help=_("Who reads it; for a client nobody is named who did not agree."),
        ),
    ] = "team",
    also: Annotated[
        list[str] | None,
        typer.Option(
            "--with",
            metavar="words|customers",
            help=_(
                "With --for client: also your own words on goals and experiments (read them before), or how many customers came."
            ),
            show_default=False,
        ),
    ] = None,
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

    spans = [o for o in (month, quarter, first or last) if o is not None]
    if len(spans) + (part is not None) > 1:
        raise UsageError(_("One of these at a time: --month, --quarter, --from with --to, --part."))
    if part is not None:
        from leumund.cli.blog_part import write_part

        write_part(to, part, since, lab, as_of)
        return
    if since is not None:
        raise UsageError(_("--since belongs to --part: leumund report --part 2 --since DATE"))
    if spans:
        if as_of is not None:
            raise UsageError(_("--as-of does not belong here: the report speaks of the end of its time."))
        _write_periodic(
            to, _period(month, quarter, first, last, now().date()), readers, tuple(also or ()), lab
        )
        return
    if also:
        raise UsageError(_("--with belongs to --for client."))
    if readers != "team":
        raise UsageError(
            _("--for belongs to --month, --quarter or --from: leumund report --month 2026-10 --for client")
        )
    with opened(lab) as there:
        taken = take(there, moment(as_of, there), at=now())
        folder = there.folder
    write_page(to, as_page(taken))
    remember(folder, "reports", to)
    print(_("Written: {path}").format(path=shown(to.absolute())))


def _period(
    month: str | None, quarter: str | None, first: str | None, last: str | None, today: date
) -> Period:
    from leumund.spoken.periods import month_said, quarter_said, span_said

    if month is not None:
        return month_said(month, today)
    if quarter is not None:
        return quarter_said(quarter)
    if first is None:
        raise UsageError(_("--to belongs to --from: leumund report --from DATE --to DATE"))
    return span_said(first, last or today.isoformat(), today)


def _write_periodic(to: Path, period: Period, readers: str, also: tuple[str, ...], lab: str | None) -> None:
    from leumund.report.periodic import ALSO, READERSHIPS, as_page, file_name, take

    readership = next((r for r in READERSHIPS if r == readers), None)
    if readership is None:
        raise UnknownNameError("--for", readers, READERSHIPS)
    if unknown := [a for a in also if a not in ALSO]:
        raise UnknownNameError("--with", unknown[0], ALSO)
    if also and readership != "client":
        raise UsageError(_("--with belongs to --for client."))
    with opened(lab) as there:
        more = frozenset(a for a in ALSO if a in also)
        taken = take(there, period, at=now(), readership=readership, also=more)
        folder = there.folder
    file = Path(file_name(period, readership)) if to == _USUAL else to
    write_page(file, as_page(taken))
    remember(folder, "reports", file)
    print(_("Written: {path}").format(path=shown(file.absolute())))
    if readership == "team":
        say(_("It names people: think before you pass it on. For others: --for client"))
