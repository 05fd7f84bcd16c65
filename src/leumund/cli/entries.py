"""What the commands for entries share: saying back what was kept, listing, and the options they have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leumund.cli.shared import JsonOption, LabOption, now, opened, print_json, say
from leumund.errors import UsageError
from leumund.locale import N_, _

if TYPE_CHECKING:
    from leumund.entering.said import Said
    from leumund.events import StatementKind
    from leumund.lab import Lab

HELP_LIST = N_("List them, each with its number.")
HELP_EDIT = N_("Change one: only what you name changes; an empty value takes it out.")
HELP_REMOVE = N_("Take one away.")
HELP_FILE = N_("Read a table (CSV, JSON lines) of them; its columns: leumund csv-template NOUN --explain")

NumberArgument = Annotated[
    str, typer.Argument(metavar="NUMBER", help=_("Its number, as the list shows it."), show_default=False)
]
FileArgument = Annotated[
    Path, typer.Argument(metavar="FILE", help=_("A table with documented columns."), show_default=False)
]
NoteOption = Annotated[
    str | None, typer.Option("--note", metavar="TEXT", help=_("Anything else."), show_default=False)
]
OnOption = Annotated[
    str | None,
    typer.Option("--on", metavar="DATE", help=_("On which day; else today."), show_default=False),
]
NetworkOption = Annotated[
    str | None,
    typer.Option("--network", metavar="NETWORK", help=_("On which network; else all."), show_default=False),
]
ForGoodOption = Annotated[
    bool, typer.Option("--for-good", help=_("Erase it with all that was ever said of it; no undo."))
]


def complete(app: typer.Typer, kind: StatementKind, *, nothing: str) -> None:
    """Give a group the commands that are the same for every kind: list, remove, import. nothing: said of an empty list."""

    @app.command("list", help=_(HELP_LIST))
    def list_(lab: LabOption = None, json: JsonOption = False) -> None:
        listed(lab, kind, json=json, nothing=_(nothing))

    @app.command("remove", help=_(HELP_REMOVE))
    def remove_(number: NumberArgument, for_good: ForGoodOption = False, lab: LabOption = None) -> None:
        remove(lab, kind, number, for_good=for_good)

    @app.command("import", help=_(HELP_FILE))
    def import_(path: FileArgument, lab: LabOption = None) -> None:
        read_file(lab, kind, path)


def today() -> date:
    """The day it is where she sits."""
    from leumund.entering.said import today_at

    return today_at(now())


def add(lab: str | None, said: Callable[[Lab], Said]) -> None:
    """Keep a new entry, and say it back as it was understood. said: reads the words, in that lab."""
    from leumund.entering import kept

    at = now()
    with opened(lab, read_only=False) as there:
        done = kept.add(there, said(there), at=at)
        doubts = _doubts(there, done)
    print(_told(done))
    for doubt in doubts:
        say(doubt)
    if done.happened_at is not None and done.happened_at.date() > today():
        say(_("That day lies ahead: it counts from then on."))
    say(_("If that is wrong: leumund undo"))


def change(lab: str | None, number: str, said: Callable[[Lab], Said]) -> None:
    """Say an entry anew. said: reads the words, in that lab; what is not named stays, "" takes it out."""
    from leumund.entering import kept

    with opened(lab, read_only=False) as there:
        words = said(there)
        if not words.named and words.happened_at is None:
            raise UsageError(_("Nothing is to be changed."), hint=_("Name what changes; see --help."))
        done = kept.change(there, words, _number(there, words.kind, number), at=now())
        doubts = _doubts(there, done) if words.named.keys() & {"recommended_by", "through"} else []
    print(_told(done))
    for doubt in doubts:
        say(doubt)
    say(_("If that is wrong: leumund undo"))


def _doubts(there: Lab, done: Said) -> list[str]:
    """What the owner may not expect of what she entered."""
    from leumund.entering.customers import strangers

    return strangers(there, done.body) if done.kind == "customer" else []


def remove(lab: str | None, kind: StatementKind, number: str, *, for_good: bool = False) -> None:
    """Take an entry away, or erase it."""
    from leumund.entering import kept

    with opened(lab, read_only=False) as there:
        done = kept.remove(there, kind, _number(there, kind, number), for_good=for_good, at=now())
    print((_("Erased: {what}") if for_good else _("Taken away: {what}")).format(what=_told(done)))


def listed(
    lab: str | None,
    kind: StatementKind,
    *,
    json: bool,
    nothing: str,
    more: Mapping[str, str] | None = None,
    fields: Mapping[str, Mapping[str, str]] | None = None,
) -> None:
    """Every entry of a kind, the newest first. more: words on some of them, by number; fields: the same for programs."""
    from leumund.entering import kept
    from leumund.entering.lines import dated

    with opened(lab) as there:
        found = kept.listed(there, kind)
    if json:
        print_json(
            [
                {
                    "number": one.entry.entry,
                    "happened_at": one.happened_at.isoformat(),
                    **one.entry.body,
                    **(fields or {}).get(one.entry.entry, {}),
                }
                for one in found
            ]
        )
        return
    for one in found:
        print(f"{one.short}  {dated(kind, one.entry.body, one.happened_at)}")
        if words := (more or {}).get(one.entry.entry):
            print(f"{' ' * len(one.short)}  {words}")
    if not found:
        print(nothing)


def read_file(lab: str | None, kind: StatementKind, path: Path) -> None:
    """Read a table of one kind of entry; the whole file can be taken back at once."""
    from leumund.cli.bring import tell
    from leumund.entering.tables import read_table

    with opened(lab, read_only=False) as there:
        tell(read_table(there, kind, path, at=now()))


def _number(there: Lab, kind: StatementKind, number: str) -> str:
    """The whole number of the entry that is meant; who meant none is told which command lists them."""
    from leumund.entering import kept

    try:
        return kept.meant(there, kind, number).entry
    except UsageError as error:
        command = "leumund note --list" if kind == "note" else f"leumund {kind} list"
        raise UsageError(error.message, hint=_("The numbers: {command}").format(command=command)) from None


def _told(said: Said) -> str:
    from leumund.entering.lines import dated

    assert said.happened_at is not None, "whatever was kept has its day"
    return dated(said.kind, said.body, said.happened_at)
