"""goal: what is to be reached, and by when."""

from __future__ import annotations

from typing import Annotated

import typer

from leumund.cli import entries
from leumund.cli.entries import FileArgument, ForGoodOption, NumberArgument
from leumund.cli.frame import Group
from leumund.cli.shared import JsonOption, LabOption
from leumund.errors import UsageError
from leumund.locale import N_, _

HELP = N_('Your goals. Example: leumund goal add "5000 followers by 2027-03-01"')
app = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)

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
NetworkOption = Annotated[
    str | None,
    typer.Option("--network", metavar="NETWORK", help=_("On which network; else all."), show_default=False),
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
    body = _body(text, network)
    entries.add(lab, "goal", body, happened_at=entries.day(since))


@app.command("list", help=_(entries.HELP_LIST))
def list_(lab: LabOption = None, json: JsonOption = False) -> None:
    nothing = _('You have no goal yet. Set one with: leumund goal add "5000 followers by 2027-03-01"')
    entries.listed(lab, "goal", json=json, nothing=nothing)


@app.command("edit", help=_("Say a goal anew, or since when it holds."))
def edit(
    number: NumberArgument,
    text: Annotated[str | None, typer.Argument(metavar="TEXT", show_default=False)] = None,
    network: NetworkOption = None,
    since: _SinceOption = None,
    lab: LabOption = None,
) -> None:
    body = _body(text, network) if text is not None else {"network": known_network(network)}
    entries.change(lab, "goal", number, body, happened_at=entries.day(since) if since else None)


@app.command("remove", help=_(entries.HELP_REMOVE))
def remove(number: NumberArgument, for_good: ForGoodOption = False, lab: LabOption = None) -> None:
    entries.remove(lab, "goal", number, for_good=for_good)


@app.command("import", help=_(entries.HELP_FILE))
def import_(path: FileArgument, lab: LabOption = None) -> None:
    entries.read_file(lab, "goal", path)


def _body(text: str, network: str | None) -> dict[str, str | int | None]:
    from leumund.spoken.aims import aim_said

    aim = aim_said(text, entries.today())
    return {
        "goal": aim.what, "target": aim.target, "until": entries.midnight(aim.by).isoformat(),
        "network": known_network(network) or aim.network, "note": text.strip(),
    }  # fmt: skip


def known_network(written: str | None) -> str | None:
    """The network of that name; "" and None as they are.

    Raises:
        UsageError: there is none of that name.
    """
    from leumund.channels import channel_of
    from leumund.events import NETWORKS

    if not written:
        return written
    found = channel_of(written)
    if found not in NETWORKS:
        raise UsageError(_("“{text}” is no network I know.").format(text=written), hint=", ".join(NETWORKS))
    return found
