"""time, cost: what a channel takes: hours and money. Both are the same commands with other words."""

# No postponed annotations: a command's options are put together where the command is made.

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from leumund.cli import entries
from leumund.cli.entries import NoteOption, NumberArgument, OnOption
from leumund.cli.frame import group
from leumund.cli.shared import LabOption
from leumund.locale import N_, _

if TYPE_CHECKING:
    from leumund.entering.said import Said

HELP_TIME = N_("Your hours, by network or marketing channel. Example: leumund time add 1:30 mastodon")
HELP_COST = N_(
    "What you paid, by network or marketing channel. Example: leumund cost add 120,50 advert --on 3.3.2026"
)
Kind = Literal["time", "cost"]

_ChannelArgument = Annotated[
    str,
    typer.Argument(
        metavar="CHANNEL", help=_("What for: a network, advert, fair, print ..."), show_default=False
    ),
]
_ForOption = Annotated[
    str | None, typer.Option("--for", metavar="CHANNEL", help=_("What for."), show_default=False)
]


def _group(kind: Kind, *, amount: str, forms: str, how_much: str, example: str, nothing: str) -> typer.Typer:
    """The commands of one kind. amount: its option without the dashes; forms: how one may write it."""
    app = group()
    AmountArgument = Annotated[  # noqa: N806  a type
        str, typer.Argument(metavar=amount.upper(), help=_(forms), show_default=False)
    ]
    AmountOption = Annotated[  # noqa: N806
        str | None,
        typer.Option(f"--{amount}", metavar=amount.upper(), help=_(how_much), show_default=False),
    ]

    @app.command("add", help=_(example))
    def add(
        amount: AmountArgument,
        channel: _ChannelArgument,
        on: OnOption = None,
        note: NoteOption = None,
        lab: LabOption = None,
    ) -> None:
        entries.add(lab, lambda _lab: _said(kind, amount, channel, on, note))

    @app.command("edit", help=_(entries.HELP_EDIT))
    def edit(
        number: NumberArgument,
        amount: AmountOption = None,
        channel: _ForOption = None,
        on: OnOption = None,
        note: NoteOption = None,
        lab: LabOption = None,
    ) -> None:
        entries.change(lab, number, lambda _lab: _said(kind, amount, channel, on, note))

    entries.complete(app, kind, nothing=nothing)
    return app


def _said(kind: Kind, amount: str | None, channel: str | None, on: str | None, note: str | None) -> "Said":
    from leumund.entering import costs, hours

    today = entries.today()
    if kind == "time":
        return hours.said(today=today, hours=amount, channel=channel, on=on, note=note)
    return costs.said(today=today, amount=amount, channel=channel, on=on, note=note)


time_app = _group(
    "time",
    amount="hours",
    forms=N_("1:30, 1h30, 90m, 1.5 or 1,5."),
    how_much=N_("How long."),
    example=N_("Enter hours. Example: leumund time add 1:30 mastodon --on yesterday"),
    nothing=N_("You have entered no hours yet. Do it with: leumund time add 1:30 mastodon"),
)
cost_app = _group(
    "cost",
    amount="amount",
    forms=N_("120, 120,50 or 1.200,50 €."),
    how_much=N_("How much."),
    example=N_('Enter a cost. Example: leumund cost add "1.200,50 €" fair'),
    nothing=N_("You have entered no costs yet. Do it with: leumund cost add 120 advert"),
)
