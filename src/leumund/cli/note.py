"""note: the diary."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leumund.cli import entries
from leumund.cli.entries import ForGoodOption, NetworkOption, OnOption
from leumund.cli.shared import JsonOption, LabOption
from leumund.errors import UsageError
from leumund.locale import N_, _

if TYPE_CHECKING:
    from leumund.entering.said import Said
    from leumund.lab import Lab

HELP = N_(
    'Your diary: a mark on every chart, and how much fun it was. Example: leumund note "Fair in Hamburg" --fun 4'
)


def note(
    text: Annotated[
        str | None,
        typer.Argument(metavar="TEXT", help=_("What happened; none: list all."), show_default=False),
    ] = None,
    fun: Annotated[
        int | None,
        typer.Option("--fun", min=1, max=5, help=_("How much fun it was, 1 to 5."), show_default=False),
    ] = None,
    on: OnOption = None,
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="DATE", help=_("Its last day, if it took longer."), show_default=False),
    ] = None,
    silence: Annotated[bool, typer.Option("--silence", help=_("You were away on purpose."))] = False,
    outage: Annotated[bool, typer.Option("--outage", help=_("A network was out of order."))] = False,
    network: NetworkOption = None,
    edit: Annotated[
        str | None,
        typer.Option("--edit", metavar="NUMBER", help=_("Change this one instead of adding one."), show_default=False),
    ] = None,
    remove: Annotated[
        str | None,
        typer.Option("--remove", metavar="NUMBER", help=_("Take this one away."), show_default=False),
    ] = None,
    for_good: ForGoodOption = False,
    file: Annotated[
        Path | None,
        typer.Option("--file", metavar="FILE", help=_("Read a table of notes."), show_default=False),
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help=_("List all."))] = False,
    lab: LabOption = None,
    json: JsonOption = False,
) -> None:  # fmt: skip
    if silence and outage:
        raise UsageError(_("--silence and --outage do not go together."))
    if remove is not None:
        entries.remove(lab, "note", remove, for_good=for_good)
        return
    if file is not None:
        entries.read_file(lab, "note", file)
        return
    about = "silence" if silence else "outage" if outage else None
    words = (text, fun, about, network, until)

    def words_said(_lab: Lab) -> Said:
        from leumund.entering.notes import said

        return said(
            today=entries.today(), text=text, fun=None if fun is None else str(fun), about=about,
            on_network=network, on=on, until=until,
        )  # fmt: skip

    if edit is not None:
        entries.change(lab, edit, words_said)
    elif list_ or not any(words):
        nothing = _('Your diary is empty. Begin with: leumund note "..." --fun 4')
        entries.listed(lab, "note", json=json, nothing=nothing)
    else:
        entries.add(lab, words_said)
