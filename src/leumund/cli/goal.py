"""goal: what is to be reached, and by when."""

from __future__ import annotations

from typing import Annotated

import typer

from leumund.cli import entries
from leumund.cli.entries import NetworkOption, NumberArgument
from leumund.cli.frame import group
from leumund.cli.shared import LabOption
from leumund.locale import N_, _

HELP = N_('Your goals. Example: leumund goal add "5000 followers by 2027-03-01"')
app = group()

_TextArgument = Annotated[
    str,
    typer.Argument(
        metavar="TEXT",
        help=_(
            "A number of followers, people (among the followers), responders (in a week) or customers, or a place on "
            "the board; and the day."
        ),
        show_default=False,
    ),
]
_SinceOption = Annotated[
    str | None,
    typer.Option(
        "--since", metavar="DATE", help=_("Since when you pursue it; else from today."), show_default=False
    ),
]


@app.command("add", help=_('Set a goal. Example: leumund goal add "5000 followers by 2027-03-01"'))
def add(
    text: _TextArgument, network: NetworkOption = None, since: _SinceOption = None, lab: LabOption = None
) -> None:
    from leumund.entering.goals import said

    entries.add(lab, lambda _lab: said(today=entries.today(), text=text, on_network=network, since=since))


@app.command("edit", help=_("Say a goal anew, or since when it holds."))
def edit(
    number: NumberArgument,
    text: Annotated[str | None, typer.Argument(metavar="TEXT", show_default=False)] = None,
    network: NetworkOption = None,
    since: _SinceOption = None,
    lab: LabOption = None,
) -> None:
    from leumund.entering.goals import said

    entries.change(
        lab, number, lambda _lab: said(today=entries.today(), text=text, on_network=network, since=since)
    )


entries.complete(
    app,
    "goal",
    nothing=N_('You have no goal yet. Set one with: leumund goal add "5000 followers by 2027-03-01"'),
)
