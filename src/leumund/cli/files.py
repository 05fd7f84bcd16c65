"""init, import, csv-template, problems: getting data in."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leumund.cli.shared import (
    JsonOption,
    LabOption,
    checked_limit,
    now,
    opened,
    print_json,
    say,
    shown,
)
from leumund.errors import SourceError, UnknownFileError, UnreadableFileError
from leumund.locale import N_, _, ngettext

if TYPE_CHECKING:
    from leumund.intake import Progress, Report
    from leumund.lab import Lab
    from leumund.sources import Source

HELP_INIT = N_("Make a lab of your own. Example: leumund init")
HELP_IMPORT = N_(
    "Read an archive or table into the lab; finds out what it is. Example: leumund import archive.zip"
)
HELP_TEMPLATE = N_("Print a CSV to fill in: for what has no importer. Example: leumund csv-template customer")
HELP_PROBLEMS = N_("List the records that could not be used. Example: leumund problems")


_TYPES = {
    "text": N_("text"),
    "whole": N_("whole number"),
    "number": N_("number"),
    "money": N_("amount of money"),
    "hours": N_("hours: 1.5, 1:30 or 90m"),
    "flag": N_("true or false"),
    "uri": N_("address"),
}


def init(
    lab: LabOption = None,
    me: Annotated[
        list[str] | None,
        typer.Option("--me", metavar="ACCOUNT", help=_("An account of yours; may be given again.")),
    ] = None,
    community: Annotated[
        bool,
        typer.Option(
            "--community",
            help=_(
                "A lab of a whole community: standing comes from whom the trusted accounts answer and recommend."
            ),
        ),
    ] = False,
) -> None:
    from leumund.cli.people import account_uris
    from leumund.labs import make_own, own_folder

    uris = account_uris(me or [])
    folder = own_folder(lab)
    make_own(folder, uris, community=community)
    print(_("Your lab: {path}").format(path=shown(folder)))
    if community:
        command = _("leumund trust ACCOUNT") + (f" --lab {shlex.quote(lab)}" if lab else "")
        print(
            _("First say which accounts the community trusts: {command}").format(command=shown(Path(command)))
        )
    command = _("leumund import FILE") + (f" --lab {shlex.quote(lab)}" if lab else "")
    print(
        _("Next: {command}   (an archive of Mastodon or X, or a table)").format(command=shown(Path(command)))
    )


def import_(
    path: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help=_("File or folder: archive, CSV, JSON lines."), show_default=False
        ),
    ],
    lab: LabOption = None,
    mapping: Annotated[
        Path | None,
        typer.Option(
            "--mapping",
            metavar="TOML",
            help=_("Says where each column of a foreign table belongs."),
            show_default=False,
        ),
    ] = None,
    account: Annotated[
        str | None,
        typer.Option(
            "--account",
            metavar="ACCOUNT",
            help=_("Whose it is, where the file does not say so."),
            show_default=False,
        ),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help=_("End with an error if any record could not be used."))
    ] = False,
) -> None:
    from leumund.cli import complain
    from leumund.cli.people import account_uris
    from leumund.cli.widget import refreshed
    from leumund.exported import unpacked
    from leumund.intake import parts_of
    from leumund.lab import Lab
    from leumund.labs import own_folder

    rules = read_mapping(mapping) if mapping else None
    whose = account_uris([account])[0] if account else None
    with unpacked(path) as there:
        try:
            parts = parts_of(there, mapping=rules)
        except UnknownFileError as error:
            if type(error) is UnknownFileError:
                _say_readable()
            raise
        folder = own_folder(lab)
        if not Lab.exists(folder):
            Lab.create(folder).register.close()
            say(_("Made a new lab: {path}").format(path=folder))
        problems_met = broken = 0
        sources: dict[str, Source] = {}
        for part, found in parts:
            called = part if there == path else path.absolute() / part.name
            if found.what:
                say(_("{path}: {what}").format(path=called, what=found.what))
            try:
                report = _brought(part, called, lab, rules, whose if found.whose or len(parts) == 1 else None)
            except SourceError as error:
                if len(parts) == 1:
                    raise
                complain(error)  # the other files of the folder may be good
                broken += 1
                continue
            problems_met += report.problems
            sources[report.source.name] = report.source
    _tell_limits(sources)
    refreshed(folder)
    if broken or (strict and problems_met):
        raise typer.Exit(1)


def _say_readable() -> None:
    """What can be read, and where to get it; why it is said stands beneath."""
    from leumund.report.readable import readable

    say(_("What can be read:"))
    for name, ways in readable():
        say(f"- {name}: {' '.join(ways)}")


def _brought(
    part: Path, called: Path, lab: str | None, rules: Mapping[str, Any] | None, whose: str | None
) -> Report:
    """One file, read in and told of."""
    from leumund.intake import import_path

    with (
        opened(lab, read_only=False) as there,
        there.writing(now()) as writer,
        _progress() as progress,
    ):
        before = set(there.register.own_accounts())
        report = import_path(
            there,
            writer,
            part,
            mapping=rules,
            account=whose,
            progress=progress,
            called=str(called.absolute()),
        )
        writer.compact()
        tell(report)
        _tell_whose(there, report, before)
    return report


def csv_template(
    noun: Annotated[
        str | None,
        typer.Argument(
            metavar="NOUN",
            help=_("post, act, account, person, customer, time, cost, goal, note or experiment."),
            show_default=False,
        ),
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help=_("Say what each column means."))] = False,
) -> None:
    from leumund.errors import UnknownNameError
    from leumund.sources.csv import template
    from leumund.sources.shapes import SHAPES

    if noun is None:
        for name, shape in SHAPES.items():
            print(f"{name}: {', '.join(c + ('*' if f.needed else '') for c, f in shape.items())}")
        say(_("* must be there. Print one with: leumund csv-template post > posts.csv"))
        return
    if noun not in SHAPES:
        raise UnknownNameError(_("Template"), noun, SHAPES)
    if not explain:
        print(template(noun), end="")
        return
    for name, field in SHAPES[noun].items():
        need = _("needed") if field.needed else _("may be empty")
        says = (
            _(field.says) if field.says else ", ".join(field.words) or _(_TYPES.get(field.type, field.type))
        )
        print(f"{name} ({need}): {says}" + (f"   {field.example}" if field.example else ""))


def problems(
    lab: LabOption = None,
    limit: Annotated[int, typer.Option("--limit", help=_("At most so many; 0 for all."))] = 50,
    json: JsonOption = False,
) -> None:
    from leumund.clean import clean
    from leumund.store.problems import left_out
    from leumund.views.cells import number

    with opened(lab) as there:
        total, rows = left_out(there.register, checked_limit(limit) or None)
    if json:
        print_json({"total": total, "problems": [row._asdict() for row in rows]})
        return
    hint = ""
    for row in rows:
        excerpt = f": {clean(row.excerpt)!r}" if row.excerpt else ""
        print(f"{row.source}: {clean(row.place)}  {clean(row.message)}{excerpt}")
        if row.hint and row.hint != hint:  # said once for many of a kind
            print(f"  {clean(row.hint)}")
        hint = row.hint
    if total > len(rows):
        text = _("{n} of {total} shown; all with: leumund problems --limit 0")
        say(text.format(n=number(len(rows)), total=number(total)))
    elif not total:
        print(_("No problems: every record could be used."))


def read_mapping(path: Path) -> dict[str, Any]:
    """The rules of a mapping file.

    Raises:
        UnreadableFileError: there is none, or it is no TOML.
    """
    import tomllib

    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise UnreadableFileError(path, _("there is no such file or folder")) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnreadableFileError(path, _("this is not TOML ({error})").format(error=error)) from error


def tell(report: Report) -> None:
    """What came in, what was there already, what could not be used."""
    from leumund.report.counts import unusable
    from leumund.report.import_words import ahead, news

    for line in news(report):
        print(line)
    if report.problems:
        print(unusable(report.problems))
    for line in ahead(report):
        print(line)


def _tell_limits(sources: dict[str, Source]) -> None:
    """What the sources cannot tell, each thing once."""
    from leumund.report.import_words import limits

    sentences = limits(sources.values())
    if sentences:
        print(
            _("What this source cannot tell:") if len(sources) == 1 else _("What these sources cannot tell:")
        )
    for sentence in sentences:
        print(f"  · {sentence}")


def _tell_whose(there: Lab, report: Report, before: set[int]) -> None:
    """Which accounts became the owner's by an import, and whose archive it was if not hers."""
    from leumund.clean import clean
    from leumund.ids import display_handle
    from leumund.report.import_words import foreign, yours

    if new := yours(there, before):
        print(new)
        print(_("If that is wrong: leumund me --remove ACCOUNT"))
    if report.whose:
        print(foreign(there, report))
        mastodon = report.whose.startswith("acct:")
        name = display_handle(report.whose) if mastodon else report.whose.removeprefix("https://")
        print(_("If it is yours: leumund me {account}").format(account=clean(name)))


@contextmanager
def _progress() -> Iterator[Progress | None]:
    """A bar with an estimate where a person watches, nothing where a program does."""
    import sys

    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from leumund.report.import_words import stage_named
    from leumund.views.cells import number

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"),
               TextColumn("{task.fields[rows]}"), TimeRemainingColumn())  # fmt: skip
    started: dict[str, Any] = {}
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:

        def step(stage: str, done: int, of: int, rows: int) -> None:
            if stage not in started:
                started[stage] = bar.add_task(stage_named(stage), total=of or None, rows="", start=True)
            bar.update(
                started[stage],
                completed=done,
                total=of or None,
                rows=ngettext("{n} record", "{n} records", rows).format(n=number(rows)),
            )

        yield step
