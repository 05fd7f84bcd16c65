"""time, cost: what a channel takes: hours and money."""

from __future__ import annotations

from typing import Annotated

import typer

from leumund.cli import entries
from leumund.cli.entries import FileArgument, ForGoodOption, NoteOption, NumberArgument, OnOption
from leumund.cli.frame import Group
from leumund.cli.shared import JsonOption, LabOption
from leumund.locale import N_, _

HELP_TIME = N_("Your hours, by network or marketing channel. Example: leumund time add 1:30 mastodon")
HELP_COST = N_(
    "What you paid, by network or marketing channel. Example: leumund cost add 120,50 advert --on 3.3.2026"
)
time_app = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
cost_app = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)

_ChannelArgument = Annotated[
    str,
    typer.Argument(
        metavar="CHANNEL", help=_("What for: a network, advert, fair, print ..."), show_default=False
    ),
]
_ForOption = Annotated[
    str | None, typer.Option("--for", metavar="CHANNEL", help=_("What for."), show_default=False)
]


@time_app.command("add", help=_("Enter hours. Example: leumund time add 1:30 mastodon --on yesterday"))
def add_time(
    hours: Annotated[
        str, typer.Argument(metavar="HOURS", help=_("1:30, 1h30, 90m, 1.5 or 1,5."), show_default=False)
    ],
    channel: _ChannelArgument,
    on: OnOption = None,
    note: NoteOption = None,
    lab: LabOption = None,
) -> None:
    from leumund.spoken.amounts import hours_said

    body = {"time": channel, "hours": hours_said(hours), "note": note}
    entries.add(lab, "time", body, happened_at=entries.day(on))


@time_app.command("list", help=_(entries.HELP_LIST))
def list_time(lab: LabOption = None, json: JsonOption = False) -> None:
    nothing = _("You have entered no hours yet. Do it with: leumund time add 1:30 mastodon")
    entries.listed(lab, "time", json=json, nothing=nothing)


@time_app.command("edit", help=_(entries.HELP_EDIT))
def edit_time(
    number: NumberArgument,
    hours: Annotated[
        str | None, typer.Option("--hours", metavar="HOURS", help=_("How long."), show_default=False)
    ] = None,
    channel: _ForOption = None,
    on: OnOption = None,
    note: NoteOption = None,
    lab: LabOption = None,
) -> None:
    from leumund.spoken.amounts import hours_said

    body = {"time": channel, "hours": hours_said(hours) if hours else None, "note": note}
    entries.change(lab, "time", number, body, happened_at=entries.day(on) if on else None)


@time_app.command("remove", help=_(entries.HELP_REMOVE))
def remove_time(number: NumberArgument, for_good: ForGoodOption = False, lab: LabOption = None) -> None:
    entries.remove(lab, "time", number, for_good=for_good)


@time_app.command("import", help=_(entries.HELP_FILE))
def import_time(path: FileArgument, lab: LabOption = None) -> None:
    entries.read_file(lab, "time", path)


@cost_app.command("add", help=_('Enter a cost. Example: leumund cost add "1.200,50 €" fair'))
def add_cost(
    amount: Annotated[
        str, typer.Argument(metavar="AMOUNT", help=_("120, 120,50 or 1.200,50 €."), show_default=False)
    ],
    channel: _ChannelArgument,
    on: OnOption = None,
    note: NoteOption = None,
    lab: LabOption = None,
) -> None:
    from leumund.spoken.amounts import money_said

    value, currency = money_said(amount)
    body = {"cost": channel, "amount": value, "currency": currency, "note": note}
    entries.add(lab, "cost", body, happened_at=entries.day(on))


@cost_app.command("list", help=_(entries.HELP_LIST))
def list_cost(lab: LabOption = None, json: JsonOption = False) -> None:
    nothing = _("You have entered no costs yet. Do it with: leumund cost add 120 advert")
    entries.listed(lab, "cost", json=json, nothing=nothing)


@cost_app.command("edit", help=_(entries.HELP_EDIT))
def edit_cost(
    number: NumberArgument,
    amount: Annotated[
        str | None, typer.Option("--amount", metavar="AMOUNT", help=_("How much."), show_default=False)
    ] = None,
    channel: _ForOption = None,
    on: OnOption = None,
    note: NoteOption = None,
    lab: LabOption = None,
) -> None:
    from leumund.spoken.amounts import money_said

    value, currency = money_said(amount) if amount else (None, None)
    body = {"cost": channel, "amount": value, "currency": currency, "note": note}
    entries.change(lab, "cost", number, body, happened_at=entries.day(on) if on else None)


@cost_app.command("remove", help=_(entries.HELP_REMOVE))
def remove_cost(number: NumberArgument, for_good: ForGoodOption = False, lab: LabOption = None) -> None:
    entries.remove(lab, "cost", number, for_good=for_good)


@cost_app.command("import", help=_(entries.HELP_FILE))
def import_cost(path: FileArgument, lab: LabOption = None) -> None:
    entries.read_file(lab, "cost", path)
