"""connect, disconnect, sync, coverage: accounts that are kept up to date."""

from __future__ import annotations

import shlex
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leumund.cli.shared import JsonOption, LabOption, folder_of_own, now, opened, print_json, say
from leumund.errors import LeumundError, UsageError
from leumund.locale import N_, _, ngettext

if TYPE_CHECKING:
    from leumund.http import Client
    from leumund.lab import Lab
    from leumund.reach import Part
    from leumund.sources.living import Connected, Connection
    from leumund.syncing import Outcome, Step

HELP_CONNECT = N_(
    "Connect an account, to read only. Without more: which are connected. Example: leumund connect mastodon example.social"
)
HELP_DISCONNECT = N_("Take a connection away; what it brought stays. Example: leumund disconnect mastodon")
HELP_SYNC = N_("Bring the lab up to date with the connected accounts. Example: leumund sync --every 15m")
HELP_COVERAGE = N_(
    "How far back the lab can see, source by source, and what no source tells. Example: leumund coverage"
)
_SHORTEST = timedelta(minutes=1)
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def connect(
    network: Annotated[
        str | None, typer.Argument(help=_("mastodon, bluesky ..."), show_default=False)
    ] = None,
    where: Annotated[
        str | None, typer.Argument(help=_("Your server, or your handle there."), show_default=False)
    ] = None,
    lab: LabOption = None,
    token: Annotated[
        bool, typer.Option("--token", help=_("Ask for a key you made yourself on the server."))
    ] = False,
    paste: Annotated[
        bool, typer.Option("--paste", help=_("Copy the code by hand instead of the browser."))
    ] = False,
    server: Annotated[
        str | None,
        typer.Option(
            "--server", metavar="URL", help=_("Another server than the usual one."), show_default=False
        ),
    ] = None,
    private_server: Annotated[
        bool,
        typer.Option(
            "--private-server", help=_("The server stands in your own network or on this computer.")
        ),
    ] = False,
    language: Annotated[
        str | None,
        typer.Option(
            "--language",
            metavar="de,en",
            help=_("Only posts in these languages (streams)."),
            show_default=False,
        ),
    ] = None,
    budget: Annotated[
        str | None,
        typer.Option(
            "--budget", metavar="USD", help=_("What reading may cost a month at most."), show_default=False
        ),
    ] = None,
) -> None:
    from leumund.lab import Lab
    from leumund.sources.living import Asked, living_named
    from leumund.store.people import link

    if network is None:
        _list(lab)
        return
    living = living_named(network)
    given = {"token": token, "paste": paste, "server": server, "budget": budget, "language": language}
    wanted = {k: str(v) for k, v in given.items() if v}
    for name in wanted:
        if name not in living.options:
            raise UsageError(_("{network} has no option --{option}.").format(network=network, option=name))
    if where is None:
        raise UsageError(
            _("Which account? Write: leumund connect {network} {where}").format(
                network=network, where=living.where
            )
        )
    asked = Asked(
        where=where, options={**wanted, **({"private": "1"} if private_server else {})},
        client=client_maker(private_server), tell=say, prompt=_prompt, browse=_browse, at=now(), before=_before(lab),
    )  # fmt: skip
    found = living.connect(asked)
    folder = folder_of_own(lab)
    if not Lab.exists(folder):
        Lab.create(folder).register.close()
        say(_("Made a new lab: {path}").format(path=folder))
    with opened(lab, read_only=False) as there:
        remember(there, found, private=private_server)
        if found.own:
            link(there.register, [found.connection.account], name="", owner=True)
        (name,) = _names(there, [found.connection]).values()
    print(_("Connected: {account}").format(account=name))
    print(_("Next: {command}").format(command=_command("sync", lab)))


def disconnect(
    name: Annotated[str, typer.Argument(help=_("As leumund connect lists it."), show_default=False)],
    lab: LabOption = None,
) -> None:
    from leumund import vault
    from leumund.store import connections

    with opened(lab, read_only=False) as there:
        connection = connections.connection_named(there.register, name)
        (shown,) = _names(there, [connection]).values()
        vault.drop(connections.secret_name(there.register, connection.id))
        connections.remove(there.register, connection.id)
    print(_("No longer connected: {account}. What was read stays.").format(account=shown))
    say(_("The key is deleted here; to make it worthless, withdraw it on the server, too."))


def sync(
    only: Annotated[
        list[str] | None, typer.Argument(help=_("Only these connections."), show_default=False)
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
    from leumund.store import connections

    with opened(lab, read_only=False) as there:
        known = connections.all_connections(there.register)
        which = [connections.connection_named(there.register, name) for name in only] or known
        if not which:
            raise UsageError(
                _("No account is connected yet."),
                hint=_("Connect one: leumund connect mastodon SERVER   or: leumund connect bluesky HANDLE"),
            )
        names = _names(there, which)
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
    if json:
        print_json([_as_json(o) for o in outcomes])
    else:
        for outcome in outcomes:
            _tell(outcome, names[outcome.connection.id], lab)
    return any(o.failures for o in outcomes)


def ended(outcomes: Sequence[Outcome]) -> bool:
    """Say what went wrong, if anything did; gives whether."""
    from leumund.clean import clean

    for failure in (f for o in outcomes for f in o.failures):
        say(clean(failure.message))
        if failure.hint:
            say(clean(failure.hint))
    return any(o.failures for o in outcomes)


def coverage(lab: LabOption = None, json: JsonOption = False) -> None:
    from leumund.reach import reach_of

    with opened(lab) as there:
        parts = reach_of(there)
    if json:
        print_json([p.as_dict() for p in parts])
        return
    if not parts:
        print(_("Nothing has been read yet."))
    for part in parts:
        _print_part(part)


def _print_part(part: Part) -> None:
    """One source: since when, until when, and what it does not tell."""
    from leumund.clean import clean
    from leumund.views.cells import day

    print(f"{part.title}  {clean(part.place)}")
    for stretch in part.stretches:
        if stretch.since and stretch.until:
            when = _("{first} to {last}").format(first=day(stretch.since), last=day(stretch.until))
        elif stretch.until:
            when = _("as of {last}").format(last=day(stretch.until))
        else:
            when = _("unknown")
        note = f"  ({clean(stretch.note)})" if stretch.note else ""
        print(f"  {stretch.what}: {when}{note}")
    print("  " + _("It cannot tell:"))
    for sentence in part.cannot_tell:
        print(f"    · {sentence}")


# -- connecting


def client_maker(private: bool) -> Callable[[str], Client]:
    """Makes clients for connecting; private: their servers may stand in a private network."""

    def make(origin: str) -> Client:
        from leumund.http import Client
        from leumund.http.addresses import place

        waiting: Callable[[str, float, str], None] = lambda host, seconds, why: say(  # noqa: E731
            _("{host}: {why}, going on in {seconds} s").format(host=host, why=why, seconds=round(seconds))
        )
        return Client(origin=origin, allowed=frozenset({place(origin)} if private else ()), waiting=waiting)

    return make


def _before(lab: str | None) -> Callable[[str, str], tuple[Connection, str | None] | None]:
    """Finds the connection to an account that there is already, with its key."""

    def find(source: str, account: str) -> tuple[Connection, str | None] | None:
        from leumund import vault
        from leumund.lab import Lab
        from leumund.store import connections

        if not Lab.exists(folder_of_own(lab)):
            return None
        with opened(lab) as there:
            for known in connections.all_connections(there.register):
                if (known.source, known.account) == (source, account):
                    return known, vault.find(connections.secret_name(there.register, known.id))
        return None

    return find


def _prompt(text: str, hidden: bool) -> str:
    """A line from the person; from a pipe where none sits there. A secret is never an argument: others could see it."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    if hidden:
        import getpass

        return getpass.getpass(text + ": ")
    return input(text + ": ")


def _browse(url: str) -> bool:
    import os
    import webbrowser

    screens = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    if sys.platform.startswith("linux") and not any(os.environ.get(name) for name in screens):
        return False
    try:
        return webbrowser.open(url)
    except webbrowser.Error:
        return False


def remember(there: Lab, found: Connected, *, private: bool) -> Connection:
    """The connection with its key, and what is known of the account."""
    from dataclasses import replace

    from leumund import vault
    from leumund.store import connections

    settings = {**found.connection.settings, **({"private": "1"} if private else {})}
    connection = connections.add(there.register, replace(found.connection, settings=settings), at=now())
    if found.secret is not None:
        name = connections.secret_name(there.register, connection.id)
        try:
            where = vault.keep(name, found.secret)
        except LeumundError:
            connections.remove(there.register, connection.id)
            raise
        if where != "keyring":
            say(
                _("This computer has no keyring: the key is kept in {path}, readable by you alone.").format(
                    path=where
                )
            )
    with there.writing(now()) as writer:
        writer.add(list(found.events))
    return connection


def _list(lab: str | None) -> None:
    from leumund.sources.living import all_living
    from leumund.store import connections

    with opened(lab) as there:
        known = connections.all_connections(there.register)
        names = _names(there, known)
    for connection in known:
        print(f"{connection.id}  {names[connection.id]}  {connection.server}")
    if not known:
        print(_("No account is connected yet."))
    say(_("To connect one more:"))
    for living in all_living().values():
        say(f"  leumund connect {living.name} {living.where}")


def _names(there: Lab, known: Sequence[Connection]) -> dict[str, str]:
    """How people write the accounts of these connections."""
    from leumund.clean import clean
    from leumund.ids import account_key

    names = there.names(account_key(c.account) for c in known)
    return {c.id: clean(names.get(account_key(c.account)) or _shown(c.account)) for c in known}


def _command(words: str, lab: str | None) -> str:
    """The next command, for the same lab."""
    from leumund.clean import clean

    return clean(f"leumund {words}" + (f" --lab {shlex.quote(lab)}" if lab else ""))


def _shown(account: str) -> str:
    from leumund.clean import clean
    from leumund.ids import display_handle

    return clean(display_handle(account))


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


# -- telling


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

        name = self._names.get(step.connection.id) or _shown(step.connection.account)
        text = f"{name}  {clean(_said(step))}"
        if step.connection.id not in self._lines:
            self._lines[step.connection.id] = self._bar.add_task(text, total=None)
        self._bar.update(self._lines[step.connection.id], description=text)


def _said(step: Step) -> str:
    from leumund.views.cells import number

    if step.state == "waiting" or step.stream is None:
        return step.text
    title = _(step.stream.title)
    match step.state:
        case "skipped":
            return _("{what}: not due yet").format(what=title)
        case "not told":
            return _("{what}: this server does not tell").format(what=title)
        case "failed":
            return f"{title}: {step.text}"
        case _:
            return _("{what}: {n} records").format(what=title, n=number(step.rows))


def _tell(outcome: Outcome, name: str, lab: str | None) -> None:
    """What is new, what went wrong, what this source cannot tell."""
    from leumund.clean import clean
    from leumund.cli.counts import counted

    print(f"{_(outcome.living.title)}  {name}")
    new = counted(
        {k: n for k, n in outcome.new.items() if k != "sightings"}
    )  # descriptions come with everything
    print("  " + (_("New: {what}").format(what=new) if new else _("Nothing new.")))
    if changed := counted({k: n for k, n in outcome.changed.items() if k != "sightings"}):
        print("  " + _("Updated: {what}").format(what=changed))
    if outcome.problems:
        text = ngettext("{n} record could not be used. See: leumund problems",
                        "{n} records could not be used. See: leumund problems", outcome.problems)  # fmt: skip
        print("  " + text.format(n=outcome.problems))
    for failure in (*outcome.left_out, *outcome.failures):
        print("  " + clean(failure.message))
        if failure.hint:
            print("  " + clean(failure.hint))
    command = _command("coverage", lab)
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
