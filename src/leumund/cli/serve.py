"""serve: the lab as pages in the browser."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import stat
from pathlib import Path
from typing import Annotated

import typer

from leumund.cli.shared import LabOption, lab_to_show, read_config_names_a_lab, say
from leumund.errors import AddressInUseError, NoLabError, UsageError
from leumund.locale import N_, _, code
from leumund.refused import reason

HELP = N_("Show the lab as pages in the browser. Example: leumund serve")
PASSWORD = "LEUMUND_PASSWORD"  # noqa: S105  the name of the variable
_PORT = 8011
_LEAST_PASSWORD = 8
_AT_ONCE = 500  # connections
_LONGEST_HEAD = 32_768  # bytes of a request before its body
_LEAST_TOKEN = 20
_EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104  recognised to be asked for a password


def serve(
    lab: LabOption = None,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help=_("At which port; 0 for any."))
    ] = _PORT,
    host: Annotated[
        str,
        typer.Option(
            "--host", metavar="NAME", help=_("For others too: under this name or address. Needs a password.")
        ),
    ] = "127.0.0.1",
    password_file: Annotated[
        Path | None,
        typer.Option(
            "--password-file", metavar="FILE", help=_("The password stands in this file."), show_default=False
        ),
    ] = None,
    token_file: Annotated[
        Path | None,
        typer.Option(
            "--token-file",
            metavar="FILE",
            help=_("For programs: the word in this file opens every reading; it is made if it is not there."),
            show_default=False,
        ),
    ] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help=_("Open the browser."))] = True,
) -> None:
    import uvicorn

    from leumund.web.app import make_app
    from leumund.web.guard import LOOPBACK, Rules
    from leumund.web.line import Line

    folder = _lab_or_demo(lab)
    password = _password(password_file)
    alone = host in LOOPBACK or host == "::1"
    if not alone and password is None:
        hint = _("Put one into a file and name it: --password-file FILE, or set {name}.").format(
            name=PASSWORD
        )
        raise UsageError(
            _("With --host {host} others can reach these pages: a password is needed.").format(host=host),
            hint=hint,
        )
    token = None if token_file is None else token_in(token_file)
    there = _listening(host, port)
    port = there.getsockname()[1]
    hosts = LOOPBACK if alone or host in _EVERYWHERE else (*LOOPBACK, host.lower())
    if host in _EVERYWHERE:
        hosts = (*hosts, socket.gethostname().lower(), socket.getfqdn().lower())
    rules = Rules(hosts=hosts, port=port, by_address=host in _EVERYWHERE, password=password, token=token)
    app = make_app(folder, rules, language=code())
    app.state.desk.wake()
    address = f"http://{'127.0.0.1' if alone or host in _EVERYWHERE else host}:{port}/"
    say(_("The lab is shown at {address}  (end with Ctrl-C)").format(address=address))
    if not alone:
        say(
            _(
                "What is asked and answered can be read on the way: put it behind a proxy that encrypts (https)."
            )
        )
    if browser:
        _open_browser(address)
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, lifespan="on", ws="none",
        http=Line, proxy_headers=False, limit_concurrency=_AT_ONCE, h11_max_incomplete_event_size=_LONGEST_HEAD,
    )  # fmt: skip
    signal.signal(signal.SIGTERM, _asked_to_end)
    uvicorn.Server(config).run(sockets=[there])


def _asked_to_end(*_about: object) -> None:
    """Whoever asks it to end gets an end in good order: uvicorn raises the signal once more when the server has stopped, and by
    itself that would kill the process before what it shares with others is given back ("leaked semaphore").
    """
    raise SystemExit(0)


def _lab_or_demo(lab: str | None) -> Path:
    """The lab to show; where there is none at all and none was named, the demo is made."""
    try:
        return lab_to_show(lab)
    except NoLabError:
        if lab is not None or read_config_names_a_lab():
            raise
    from leumund.cli.demo import make_demo

    make_demo()
    return lab_to_show(lab)


def _password(file: Path | None) -> str | None:
    """The password: from the file, else from the environment, else none."""
    given = os.environ.get(PASSWORD)
    if file is not None:
        try:
            given = file.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(_("{path}: {why}").format(path=file, why=error)) from error
    if given is not None and len(given) < _LEAST_PASSWORD:
        raise UsageError(_("The password is too short: at least {n} characters.").format(n=_LEAST_PASSWORD))
    return given


def token_in(file: Path) -> str:
    """The word for programs in that file; a new one, which only its owner can read, where there is no file.

    Raises:
        UsageError: others can read it, it holds no such word, or it cannot be written.
    """
    try:
        with contextlib.suppress(FileExistsError):
            made = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(made, "w", encoding="utf-8") as new:
                new.write(secrets.token_urlsafe(32) + "\n")
        if os.name == "posix" and stat.S_IMODE(file.stat().st_mode) & 0o077:
            raise UsageError(
                _("Others can read {path}.").format(path=file), hint=_("Keep it to yourself: chmod 600 FILE")
            )
        token = file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(_("{path}: {why}").format(path=file, why=error)) from error
    if len(token) < _LEAST_TOKEN or not token.isascii() or len(token.split()) != 1:
        raise UsageError(
            _("{path} holds no word of at least {n} letters and digits.").format(path=file, n=_LEAST_TOKEN),
            hint=_("Name a file that is not there yet: one is made."),
        )
    return token


def _listening(host: str, port: int) -> socket.socket:

    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise AddressInUseError(host, port, reason(error)) from error


def _open_browser(address: str) -> None:
    """Open a browser in a window; none in this terminal, where the server runs."""
    import webbrowser

    with contextlib.suppress(webbrowser.Error):
        found = webbrowser.get()
        if not isinstance(found, webbrowser.GenericBrowser) or isinstance(
            found, webbrowser.BackgroundBrowser
        ):
            found.open(address)
