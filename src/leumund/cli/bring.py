"""import: bringing files into the lab."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leumund.cli.files import read_mapping
from leumund.cli.shared import LabOption, now, opened, say
from leumund.errors import SourceError, UnknownFileError
from leumund.locale import N_, _, ngettext

if TYPE_CHECKING:
    from leumund.bringing import Piece
    from leumund.intake import Progress, Report
    from leumund.lab import Lab, Writer
    from leumund.reading import Reader
    from leumund.sources import Source

HELP = N_(
    "Read archives or tables into the lab; finds out what they are. Example: leumund import archive.zip"
)


def import_(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...", help=_("Files or folders: archive, CSV, JSON lines."), show_default=False
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
    from leumund.bringing import as_last
    from leumund.cli import complain
    from leumund.cli.people import account_uris
    from leumund.cli.widget import refreshed
    from leumund.lab import Lab
    from leumund.labs import own_folder
    from leumund.reading import Reader

    rules = read_mapping(mapping) if mapping else None
    whose = account_uris([account])[0] if account else None
    problems_met = 0
    sources: dict[str, Source] = {}
    with ExitStack() as opened_ones:
        pieces, broken = _pieces(paths, rules, opened_ones)
        if not pieces:
            raise typer.Exit(1)
        folder = own_folder(lab)
        if not Lab.exists(folder):
            Lab.create(folder).register.close()
            say(_("Made a new lab: {path}").format(path=folder))
        reader = opened_ones.enter_context(Reader())
        # one writer for all: it remembers which accounts and events it has met
        there = opened_ones.enter_context(opened(lab, read_only=False))
        writer = opened_ones.enter_context(there.writing(now()))
        done = opened_ones.enter_context(as_last(there.register))
        for piece, then in zip_longest(pieces, pieces[1:]):
            found = piece.part.found
            if found.what:
                say(_("{path}: {what}").format(path=piece.called, what=found.what))
            account = whose if found.whose or len(pieces) == 1 else None
            try:
                report = _brought(writer, piece, rules, account, reader, then)
            except SourceError as error:
                if len(pieces) == 1 and not broken:
                    raise
                complain(error)  # the others may be good
                broken += 1
                continue
            done(report)
            problems_met += report.problems
            sources[report.source.name] = report.source
    _tell_limits(sources)
    refreshed(folder)
    if broken or (strict and problems_met):
        raise typer.Exit(1)


def _pieces(
    paths: list[Path], rules: Mapping[str, Any] | None, opened_ones: ExitStack
) -> tuple[list[Piece], int]:
    """What is to be read, and how many paths are nothing that can be; of these is said why. One alone raises it."""
    from leumund.bringing import pieces_of
    from leumund.cli import complain

    pieces: list[Piece] = []
    broken = 0
    for path in paths:
        try:
            pieces += pieces_of(path, opened_ones, mapping=rules)
        except SourceError as error:
            if type(error) is UnknownFileError:
                _say_readable()
            if len(paths) == 1:
                raise
            complain(error)
            broken += 1
    return pieces, broken


def _say_readable() -> None:
    """What can be read, and where to get it; why it is said stands beneath."""
    from leumund.report.readable import readable

    say(_("What can be read:"))
    for name, ways in readable():
        say(f"- {name}: {' '.join(ways)}")


def _brought(
    writer: Writer,
    piece: Piece,
    rules: Mapping[str, Any] | None,
    account: str | None,
    reader: Reader,
    then: Piece | None,
) -> Report:
    """One file, read in and told of. then: the one that comes after it."""
    from leumund.bringing import bring

    there = writer.lab
    before = set(there.register.own_accounts())
    writer.at = now()
    with _progress() as progress:
        report = bring(writer, piece, then, reader=reader, account=account, mapping=rules, progress=progress)
        tell(report)
        _tell_whose(there, report, before)
    return report


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
