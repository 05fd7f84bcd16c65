"""sync: connected accounts brought up to date, once or again and again."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leumund.cli import complain
from leumund.cli.connected import command_in
from leumund.cli.left_keys import take_note
from leumund.cli.shared import JsonOption, LabOption, now, opened, print_json, say
from leumund.cli.widget import refreshed
from leumund.errors import LeumundError, UsageError
from leumund.locale import N_, _

if TYPE_CHECKING:
    from leumund.syncing import Outcome, Step

HELP_SYNC = N_("Bring the lab up to date with the connected accounts. Example: leumund sync --every 15m")
_SHORTEST = timedelta(minutes=1)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def sync(
    only: Annotated[
        list[str] | None,
        typer.Argument(metavar="CONNECTION", help=_("Only these connections."), show_default=False),
    ] = None,
    lab: LabOption = None,
    every: Annotated[
        str | None,
        typer.Option(
            "--every",
            metavar="15m",
            help=_("Again and again, until Ctrl-C: 15m, 2h, 1d."),
            show_default=False,
        ),
    ] = None,
    full: Annotated[
        bool, typer.Option("--full", help=_("Read long lists too that were read less than a day ago."))
    ] = False,
    live: Annotated[
        bool, typer.Option("--live", help=_("Stay with streams that never end, until Ctrl-C."))
    ] = False,
    json: JsonOption = False,
) -> None:
    pause = _span(every) if every else None
    while True:
        began = time.monotonic()
        failed = _sync_once(only or [], lab, json=json, full=full, live=live, forgiving=pause is not None)
        if pause is None:
            if failed:
                raise typer.Exit(1)
            return
        left = pause.total_seconds() - (time.monotonic() - began)
        say(_("Next at {time}.").format(time=f"{now() + timedelta(seconds=max(left, 0)):%H:%M} UTC"))
        time.sleep(max(left, 1.0))


def _sync_once(
    only: list[str], lab: str | None, *, json: bool, full: bool, live: bool, forgiving: bool
) -> bool:
    """One sync; gives whether something failed."""
    from leumund import syncing
    from leumund.connecting import names_of
    from leumund.store import connections

    with opened(lab, read_only=False) as there:
        known = connections.all_connections(there.register)
        which = [connections.connection_named(there.register, name) for name in only] or known
        if not which:
            raise UsageError(
                _("No account is connected yet."),
                hint=_("Connect one: leumund connect mastodon SERVER   or: leumund connect bluesky HANDLE"),
            )
        names = names_of(there, which)
        take_note(there)
        with watching(quiet=json, names=names) as watch:
            try:
                outcomes = syncing.sync(there, which, clock=now, say=watch, full=full, live=live)
            except LeumundError as error:
                if not forgiving:
                    raise
                say(error.message)
                if error.hint:
                    say(error.hint)
                outcomes = []
        refreshed(there.folder)
    if json:
        print_json([_as_json(o) for o in outcomes])
    else:
        for outcome in outcomes:
            _tell(outcome, names[outcome.connection.id], lab)
    return any(o.failures for o in outcomes)


def ended(outcomes: Sequence[Outcome]) -> bool:
    """Say what went wrong, if anything did; gives whether."""
    failures = [f for o in outcomes for f in o.failures]
    for failure in failures:
        complain(failure)
    return bool(failures)


def _span(text: str) -> timedelta:
    """15m, 2h, 1d.

    Raises:
        UsageError: it is none, or too short for the servers' patience.
    """
    number, unit = text[:-1], text[-1:]
    if not (number.isascii() and number.isdigit()) or unit not in _UNITS or len(number) > 4:
        raise UsageError(
            _("“{text}” is no span of time.").format(text=text), hint=_("Write it like 15m, 2h or 1d.")
        )
    span = timedelta(**{_UNITS[unit]: int(number)})
    if span < _SHORTEST:
        raise UsageError(_("At least one minute must lie between two syncs."))
    return span


class watching:  # noqa: N801  reads as what it does
    """One line of progress per connection, where a person watches."""

    def __init__(self, *, quiet: bool, names: Mapping[str, str] | None = None) -> None:
        self._names = names or {}
        self._quiet = quiet or not sys.stderr.isatty()
        self._lines: dict[str, Any] = {}
        self._bar: Any = None
        self._lock = threading.Lock()

    def __enter__(self) -> Callable[[Step], None]:
        if self._quiet:
            return self._plainly
        from rich.console import Console
        from rich.progress import Progress, SpinnerColumn, TextColumn

        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            console=Console(stderr=True),
            transient=True,
        )
        self._bar.start()
        return self._step

    def __exit__(self, *_error: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def _plainly(self, step: Step) -> None:
        if step.state == "waiting" or (step.state == "failed" and step.stream is not None):
            say(f"{step.connection.id}: {step.text}")

    def _step(self, step: Step) -> None:
        from leumund.clean import clean
        from leumund.connecting import handle_of
        from leumund.report.sync_words import said

        name = self._names.get(step.connection.id) or handle_of(step.connection.account)
        text = f"{name}  {clean(said(step))}"
        if step.connection.id not in self._lines:
            self._lines[step.connection.id] = self._bar.add_task(text, total=None)
        self._bar.update(self._lines[step.connection.id], description=text)


def _tell(outcome: Outcome, name: str, lab: str | None) -> None:
    """What is new, what went wrong, what this source cannot tell."""
    from leumund.clean import clean
    from leumund.report.counts import unusable
    from leumund.report.sync_words import news

    print(f"{_(outcome.living.title)}  {name}")
    for line in news(outcome):
        print("  " + line)
    if outcome.problems:
        print("  " + unusable(outcome.problems))
    for failure in (*outcome.left_out, *outcome.failures):
        print("  " + clean(failure.message))
        if failure.hint:
            print("  " + clean(failure.hint))
    command = command_in("coverage", lab)
    print("  " + _("How far it reaches, and what it cannot tell: {command}").format(command=command))


def _as_json(outcome: Outcome) -> dict[str, Any]:
    return {
        "connection": outcome.connection.id,
        "source": outcome.connection.source,
        "account": outcome.connection.account,
        "new": outcome.new,
        "changed": outcome.changed,
        "problems": outcome.problems,
        "requests": outcome.requests,
        "left_out": [{"message": f.message, "hint": f.hint} for f in outcome.left_out],
        "failures": [{"message": f.message, "hint": f.hint} for f in outcome.failures],
    }
