"""digest: a week in five minutes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leumund.cli.shared import AsOfOption, LabOption, moment, now, opened, remember, shown
from leumund.errors import UsageError
from leumund.locale import N_, _

if TYPE_CHECKING:
    from leumund.today.week import Digest

HELP = N_("Your week in five minutes, with drafts for Friday. Example: leumund digest --week 2026-W13")


def digest(
    to: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE",
            help=_("Write it into this file instead: .html, .md or .txt."),
            show_default=False,
        ),
    ] = None,
    week: Annotated[
        str,
        typer.Option(
            "--week",
            metavar="2026-W13|DATE",
            help=_("Which week, or a day in it; else the last one."),
            show_default=False,
        ),
    ] = "",
    markdown: Annotated[bool, typer.Option("--markdown", help=_("As Markdown."))] = False,
    html: Annotated[bool, typer.Option("--html", help=_("As HTML."))] = False,
    lab: LabOption = None,
    as_of: AsOfOption = None,
) -> None:
    from leumund.asking import Question, derived
    from leumund.facts import all_facts
    from leumund.today.taken import Taken
    from leumund.today.week import digest as made
    from leumund.today.week.span import meant
    from leumund.today.whose import first_looked_at

    form = _form(to, markdown=markdown, html=html)
    with opened(lab) as there:
        at = moment(as_of, there)
        derived(there, all_facts(), at=now())
        with Question(there, at).state() as state:
            span = meant(week, at.date(), first_looked_at(state.tables))
            text = _written(made(Taken(there, state, now(), at), span), form)
        folder = there.folder
    if to is None:
        print(text, end="")
        return
    from leumund.cli.page_file import write_page

    write_page(to, text)
    remember(folder, "reports", to)
    print(_("Written: {path}").format(path=shown(to.absolute())))


def _form(to: Path | None, *, markdown: bool, html: bool) -> str:
    """How it is written: as wished, as the name of the file says, else as plain text.

    Raises:
        UsageError: two forms at once, or a file of another kind.
    """
    wished = [form for form, is_wished in ((".md", markdown), (".html", html)) if is_wished]
    if to is not None and not wished:
        wished = [to.suffix.lower()]
    if len(wished) > 1 or (wished and wished[0] not in {".md", ".html", ".txt"}):
        raise UsageError(_("A digest is written as text, Markdown or HTML."), hint="leumund digest week.html")
    return wished[0] if wished else ".txt"


def _written(digest: Digest, form: str) -> str:
    from leumund.report.digest import as_markdown, as_page, as_text

    if form == ".txt":
        from leumund.cli.answers import width

        return as_text(digest, width=width())
    return as_markdown(digest) if form == ".md" else as_page(digest)
