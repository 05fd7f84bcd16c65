"""What the commands for entries share: which one is meant, adding, changing, taking away, listing, reading a file."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leumund.cli.shared import now, opened, print_json, say, shown
from leumund.errors import UsageError
from leumund.locale import N_, _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from leumund.events import StatementKind
    from leumund.lab import Lab
    from leumund.spoken.days import Toward
    from leumund.store.entries import Entry

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
ForGoodOption = Annotated[
    bool, typer.Option("--for-good", help=_("Erase it with all that was ever said of it; no undo."))
]
_ENOUGH = 4
_LAST = frozenset({"last", "letzte", "letzter", "letztes", "letzten"})


def day(text: str | None, *, toward: Toward = "past") -> datetime:
    """The day a person wrote, at its beginning in UTC; today where she wrote none."""
    return midnight(_today() if text is None else said_day(text, toward=toward))


def said_day(text: str, *, toward: Toward) -> date:
    """The day a person wrote; without a year the nearest one towards the past or the future."""
    from leumund.spoken.days import day_said

    return day_said(text, _today(), toward=toward)


def midnight(found: date) -> datetime:
    """The beginning of a day in UTC: how entries keep days."""
    return datetime.combine(found, time(), UTC)


def _today() -> date:
    """The day it is where she sits: what she means by it."""
    return now().astimezone().date()


def today() -> date:
    return _today()


def add(lab: str | None, kind: StatementKind, body: Mapping[str, Any], *, happened_at: datetime) -> None:
    """Keep a new entry, and say it back as it was understood."""
    from leumund.saying import keep
    from leumund.store.entries import entered

    at = now()
    with opened(lab, read_only=False) as there:
        keep(there, [entered(kind, _filled(body), happened_at=happened_at, said_at=at)], at=at)
    print(_told(kind, body, happened_at))
    if happened_at.date() > _today():
        say(_("That day lies ahead: it counts from then on."))
    say(_("If that is wrong: leumund undo"))


def change(
    lab: str | None,
    kind: StatementKind,
    number: str,
    changes: Mapping[str, Any],
    *,
    happened_at: datetime | None = None,
) -> None:
    """Say an entry anew. changes: None leaves a value as it is, "" takes it out."""
    from leumund.saying import keep
    from leumund.store.entries import corrected
    from leumund.store.register import as_time

    told = {name: value for name, value in changes.items() if value is not None}
    if not told and happened_at is None:
        raise UsageError(_("Nothing is to be changed."), hint=_("Name what changes; see --help."))
    at = now()
    with opened(lab, read_only=False) as there:
        entry = meant(there, kind, number)
        body = _filled({**entry.body, **told})
        when = happened_at or as_time(entry.happened_at)
        keep(there, [corrected(entry, body, happened_at=when, said_at=at)], at=at)
    print(_told(kind, body, when))
    say(_("If that is wrong: leumund undo"))


def remove(lab: str | None, kind: StatementKind, number: str, *, for_good: bool = False) -> None:
    """Take an entry away, or erase it."""
    from leumund.saying import erase, keep
    from leumund.store.entries import corrected
    from leumund.store.register import as_time

    at = now()
    with opened(lab, read_only=False) as there:
        entry = meant(there, kind, number)
        when = as_time(entry.happened_at)
        if for_good:
            erase(there.register, entry)
        else:
            keep(there, [corrected(entry, entry.body, happened_at=when, said_at=at, holds=False)], at=at)
    told = _told(kind, entry.body, when)
    print((_("Erased: {what}") if for_good else _("Taken away: {what}")).format(what=told))


def listed(lab: str | None, kind: StatementKind, *, json: bool, nothing: str) -> None:
    """Every entry of a kind, the newest first."""
    from leumund.store.entries import held
    from leumund.store.register import as_time

    with opened(lab) as there:
        entries = held(there.register, kind)[::-1]
        numbers = _short(entries)
    if json:
        print_json(
            [
                {"number": e.entry, "happened_at": as_time(e.happened_at).isoformat(), **e.body}
                for e in entries
            ]
        )
        return
    for entry in entries:
        print(f"{numbers[entry.entry]}  {_told(kind, entry.body, as_time(entry.happened_at))}")
    if not entries:
        print(nothing)


def read_file(lab: str | None, kind: StatementKind, path: Path) -> None:
    """Read a table of one kind of entry; the whole file can be taken back at once.

    Raises:
        UsageError: it is a table of something else.
    """
    from leumund.cli.files import tell
    from leumund.intake import import_path, what_is
    from leumund.saying import as_one
    from leumund.sources.csv import noun_in

    source, _found = what_is(path)
    noun = noun_in(path) if source.name == "csv" else kind
    if noun != kind:
        hint = _("Its columns should be: leumund csv-template {noun}").format(noun=kind)
        raise UsageError(_("{path} is a table of “{noun}”.").format(path=shown(path), noun=noun), hint=hint)
    with (
        opened(lab, read_only=False) as there,
        as_one(there.register, kind),
        there.writing_patiently(now()) as writer,
    ):
        tell(import_path(there, writer, path))


def meant(there: Lab, kind: StatementKind, number: str) -> Entry:
    """The entry of which a person wrote the number or its beginning; "last" is the one said last.

    Raises:
        UsageError: there is none, or several.
    """
    from leumund.store.entries import held

    entries = held(there.register, kind)
    if number.strip().lower() in _LAST and entries:
        return max(entries, key=lambda e: (e.versions[0].known_at, e.last.known_at))
    found = [e for e in entries if e.entry == number] or [
        e for e in entries if number and e.entry.startswith(number)
    ]
    if len(found) != 1:
        hint = (
            _("The numbers: leumund {kind} list").format(kind=kind)
            if kind != "note"
            else _("The numbers: leumund note --list")
        )
        text = _("“{number}” may be several entries.") if found else _("There is no entry “{number}”.")
        raise UsageError(text.format(number=number), hint=hint)
    return found[0]


def _told(kind: StatementKind, body: Mapping[str, Any], happened_at: datetime) -> str:
    from leumund.cli.entry_lines import line
    from leumund.views.cells import written

    return f"{written('day', happened_at.date())}  {line(kind, body)}"


def _filled(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if value is not None and value != ""}


def _short(entries: list[Entry]) -> dict[str, str]:
    """The shortest beginning of each number that no other has."""
    numbers = sorted(e.entry for e in entries)
    found = {}
    for i, number in enumerate(numbers):
        near = [n for n in (numbers[i - 1] if i else "", numbers[i + 1] if i + 1 < len(numbers) else "") if n]
        length = _ENOUGH
        while length < len(number) and any(n.startswith(number[:length]) for n in near):
            length += 1
        found[number] = number[:length]
    return found
