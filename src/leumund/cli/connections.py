"""connect, disconnect: accounts that are kept up to date."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from leumund.cli.connected import PrivateServerOption, ServerOption, command_in
from leumund.cli.frame import places
from leumund.cli.shared import LabOption, now, opened, say
from leumund.errors import NoLabError, TokenRefusedError, UsageError
from leumund.locale import N_, _

if TYPE_CHECKING:
    from leumund.connecting import Remembered
    from leumund.sources.living import Connection, Living

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
    from leumund.connecting import before, client_maker, remember
    from leumund.lab import Lab
    from leumund.labs import own_folder
    from leumund.sources.living import Asked, living_named

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
        client=client_maker(private=private_server, say=say), tell=say, prompt=_prompt, browse=_browse, at=now(),
        before=before(own_folder(lab)),
    )  # fmt: skip
    try:
        found = living.connect(asked)
    except TokenRefusedError as error:  # its own hint is for keys that were good once
        flags = ["--private-server"] if private_server else []
        again = command_in(_again(network, where, wanted, flags), lab)
        error.message = _("{where}: this key is not accepted.").format(where=where)
        error.hint = _new_key(living, again)
        raise
    if not Lab.exists(folder := own_folder(lab)):
        Lab.create(folder).register.close()
        say(_("Made a new lab: {path}").format(path=folder))
    with opened(lab, read_only=False) as there:
        made = remember(there, found, private=private_server, at=now())
    say_where_kept(made)
    print(_("Connected: {account}").format(account=made.name))
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
    from leumund.connecting import disconnect as take_away
    from leumund.store import connections

    with opened(lab, read_only=False) as there:
        shown = take_away(there, connections.connection_named(there.register, name))
    print(_("No longer connected: {account}. What was read stays.").format(account=shown))
    say(_("The key is deleted here; to make it worthless, withdraw it on the server, too."))


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


def say_where_kept(made: Remembered) -> None:
    """Say where the key lies, if it is not where one would look for it."""
    if made.kept_in not in {"", "keyring"}:
        say(
            _("This computer has no keyring: the key is kept in {path}, readable by you alone.").format(
                path=made.kept_in
            )
        )


def _list(lab: str | None) -> None:
    from leumund.connecting import names_of
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
