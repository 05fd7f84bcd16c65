"""customer: who came, what it was worth, and through whom; for the owner alone."""

from __future__ import annotations

from typing import Annotated

import typer

from leumund.cli import entries
from leumund.cli.entries import NoteOption, NumberArgument
from leumund.cli.frame import group
from leumund.cli.shared import LabOption
from leumund.locale import N_, _

HELP = N_(
    'Customers and those who only asked; they stay in your lab. Example: leumund customer add "Mrs K." --found mastodon'
)
app = group()

_OnOption = Annotated[
    str | None,
    typer.Option("--on", metavar="DATE", help=_("When they first came; else today."), show_default=False),
]
_ValueOption = Annotated[
    str | None,
    typer.Option(
        "--value", metavar="AMOUNT", help=_("What they brought: 480, 1.200,50 €."), show_default=False
    ),
]
_FoundOption = Annotated[
    str | None,
    typer.Option(
        "--found",
        metavar="TEXT",
        help=_("What they answered to “how did you find me?”: a network, fair, advert ..."),
        show_default=False,
    ),
]
_RecommendedOption = Annotated[
    str | None,
    typer.Option(
        "--recommended-by",
        metavar="ACCOUNT|NAME",
        help=_("Who told them of you: an account or a name."),
        show_default=False,
    ),
]
_ThroughOption = Annotated[
    str | None,
    typer.Option(
        "--through",
        metavar="ACCOUNT|NAME",
        help=_('Through whom that one knew of you; several: "A > B", the one nearest to you first.'),
        show_default=False,
    ),
]
_LeadOption = Annotated[
    bool | None,
    typer.Option("--lead/--no-lead", help=_("They only asked, so far."), show_default=False),
]
_BoughtOption = Annotated[
    str | None,
    typer.Option(
        "--bought", metavar="DATE", help=_("When they became a customer, if later."), show_default=False
    ),
]


@app.command(
    "add",
    help=_('Enter one. Example: leumund customer add "Mrs K." --value 480 --found mastodon --recommended-by @ben@example.social'),
)  # fmt: skip
def add(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help=_("What you call them, if anything."), show_default=False)
    ] = "",
    on: _OnOption = None,
    value: _ValueOption = None,
    found: _FoundOption = None,
    recommended_by: _RecommendedOption = None,
    through: _ThroughOption = None,
    lead: _LeadOption = None,
    bought: _BoughtOption = None,
    note: NoteOption = None,
    lab: LabOption = None,
) -> None:
    from leumund.entering.customers import said

    entries.add(lab, lambda there: said(
        there, today=entries.today(), name=name, on=on, value=value, found=found, recommended_by=recommended_by,
        through=through, lead=lead or None, bought=bought, note=note,
    ))  # fmt: skip


@app.command("edit", help=_(entries.HELP_EDIT))
def edit(
    number: NumberArgument,
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help=_("What you call them."), show_default=False)
    ] = None,
    on: _OnOption = None,
    value: _ValueOption = None,
    found: _FoundOption = None,
    recommended_by: _RecommendedOption = None,
    through: _ThroughOption = None,
    lead: _LeadOption = None,
    bought: _BoughtOption = None,
    note: NoteOption = None,
    lab: LabOption = None,
) -> None:
    from leumund.entering.customers import said

    entries.change(lab, number, lambda there: said(
        there, today=entries.today(), name=name, on=on, value=value, found=found, recommended_by=recommended_by,
        through=through, lead=lead, bought=bought, note=note,
    ))  # fmt: skip


entries.complete(
    app,
    "customer",
    nothing=N_("You have entered no customer yet. Do it with: leumund customer add"),
)
