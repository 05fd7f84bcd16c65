"""connect, disconnect: accounts that are kept up to date."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from leumund.cli.connected import PrivateServerOption, ServerOption, command_in, names_of
from leumund.cli.frame import places
from leumund.cli.shared import LabOption, folder_of_own, now, opened, say
from leumund.errors import LeumundError, NoLabError, TokenRefusedError, UsageError
from leumund.locale import N_, _

if TYPE_CHECKING:
    from leumund.http import Client
    from leumund.lab import Lab
    from leumund.sources.living import Connected, Connection, Living

HELP_CONNECT = N_(
    "Connect an account, to read only. Without more: which are connected. Example: leumund connect mastodon example.social"
)
HELP_DISCONNECT = N_("Take a connection away; what it brought stays. Example: leumund disconnect mastodon")


def connect(
    network: Annotated[
        str | None,
        typer.Argument(
            metavar="NETWORK", help=_("mastodon, bluesky ...; none: list them."), show_default=False
        ),
    ] = None,
    where: Annotated[
        str | None,
        typer.Argument(
            metavar="SERVER|HANDLE", help=_("Your server, or your handle there."), show_default=False
        ),
    ] = None,
    lab: LabOption = None,
    token: Annotated[
        bool, typer.Option("--token", help=_("Ask for a key you made yourself on the server."))
    ] = False,
    paste: Annotated[
        bool, typer.Option("--paste", help=_("Copy the code by hand instead of the browser."))
    ] = False,
    server: ServerOption = None,
    private_server: PrivateServerOption = False,
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
                network=network, where=places(living.where)
            )
        )
    asked = Asked(
        where=where, options={**wanted, **({"private": "1"} if private_server else {})},
        client=client_maker(private_server), tell=say, prompt=_prompt, browse=_browse, at=now(), before=_before(lab),
    )  # fmt: skip
    try:
        found = living.connect(asked)
    except TokenRefusedError as error:  # its own hint is for keys that were good once
        flags = ["--private-server"] if private_server else []
        again = command_in(_again(network, where, wanted, flags), lab)
        error.message = _("{where}: this key is not accepted.").format(where=where)
        error.hint = _new_key(living, again)
        raise
    folder = folder_of_own(lab)
    if not Lab.exists(folder):
        Lab.create(folder).register.close()
        say(_("Made a new lab: {path}").format(path=folder))
    with opened(lab, read_only=False) as there:
        remember(there, found, private=private_server)
        if found.own:
            link(there.register, [found.connection.account], name="", owner=True)
        (name,) = names_of(there, [found.connection]).values()
    print(_("Connected: {account}").format(account=name))
    print(_("Next: {command}").format(command=command_in("sync", lab)))


def _again(network: str, where: str, options: dict[str, str], flags: list[str]) -> str:
    """The same command once more, as it is to be typed."""
    told = [word for name, v in options.items() for word in (f"--{name}", *([v] if v != "True" else []))]
    return "connect " + " ".join(shlex.quote(word) for word in (network, where, *told, *flags))


def _new_key(living: Living, command: str) -> str:
    """Where another key is to be had, and what to do with it."""
    if living.key is None:
        return _("Try again with: {command}").format(command=command)
    text = _("Copy the key whole, or make a new one ({where}); then again: {command}")
    return text.format(where=_(living.key), command=command)


def disconnect(
    name: Annotated[
        str, typer.Argument(metavar="CONNECTION", help=_("As leumund connect lists it."), show_default=False)
    ],
    lab: LabOption = None,
) -> None:
    from leumund import vault
    from leumund.store import connections

    with opened(lab, read_only=False) as there:
        connection = connections.connection_named(there.register, name)
        (shown,) = names_of(there, [connection]).values()
        vault.drop(connections.secret_name(there.register, connection.id))
        connections.remove(there.register, connection.id)
    print(_("No longer connected: {account}. What was read stays.").format(account=shown))
    say(_("The key is deleted here; to make it worthless, withdraw it on the server, too."))


def client_maker(private: bool) -> Callable[[str], Client]:
    """Makes clients for connecting; private: their servers may stand in a private network."""

    def make(origin: str) -> Client:
        from leumund.http import Client
        from leumund.http.addresses import place
        from leumund.http.words import waiting_for

        def waiting(host: str, seconds: float, why: str) -> None:
            say(waiting_for(host, seconds, why))

        allowed = frozenset({place(origin)} if private else ())
        # a person sits there and may have misspelled the name: there is nothing to wait for
        return Client(origin=origin, allowed=allowed, waiting=waiting, unknown_tries=1)

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
    wanted = replace(found.connection, settings=settings)
    before = connections.all_connections(there.register)
    connection = connections.add(there.register, wanted, at=now())
    if found.secret is not None:
        name = connections.secret_name(there.register, connection.id)
        try:
            where = vault.keep(name, found.secret)
        except LeumundError:
            older = next((c for c in before if c.id == connection.id), None)
            if older is None:
                connections.remove(there.register, connection.id)
            else:  # it goes on as it was, with its old key and with all it has read
                connections.add(there.register, older, at=now())
            raise
        vault.note([name], there.folder)
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

    known: list[Connection] = []
    names: dict[str, str] = {}
    try:
        with opened(lab) as there:
            known = connections.all_connections(there.register)
            names = names_of(there, known)
    except NoLabError:  # it is made when the first account is connected
        if lab is not None:
            raise
    for connection in known:
        print(f"{connection.id}  {names[connection.id]}  {connection.server}")
    if not known:
        print(_("No account is connected yet."))
    every = {f"leumund connect {k.name} {places(k.where)}": k for k in all_living().values()}
    longest = max(map(len, every), default=0)
    say(_("To connect one more (what it needs):"))
    for command, living in every.items():
        say(f"{command:<{longest}}   {_(living.needs) or _(living.title)}")
