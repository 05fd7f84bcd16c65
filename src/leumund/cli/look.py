"""look: a glance at any public account, without logging in and without leaving anything behind."""

from __future__ import annotations

import shlex
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from leumund.cli.connected import PrivateServerOption, ServerOption
from leumund.cli.connections import say_where_kept
from leumund.cli.shared import now, say, shown
from leumund.cli.sync import ended, watching
from leumund.errors import UsageError
from leumund.locale import N_, _

HELP = N_("Look at any public Bluesky account, without logging in. Example: leumund look anna.bsky.social")


def look(
    handle: Annotated[
        str, typer.Argument(help=_("name.bsky.social, or another handle."), show_default=False)
    ],
    keep: Annotated[
        Path | None,
        typer.Option(
            "--keep", metavar="FOLDER", help=_("Keep what was read as a lab there."), show_default=False
        ),
    ] = None,
    server: ServerOption = None,
    private_server: PrivateServerOption = False,
) -> None:
    from leumund import syncing
    from leumund.connecting import client_maker, remember
    from leumund.lab import Lab
    from leumund.report.overview import as_text, take
    from leumund.sources.living import Asked, living_named

    if keep is not None and Lab.exists(keep):
        raise UsageError(_("There is a lab already: {path}").format(path=shown(keep)))
    whom = Asked(
        where=handle, options={"server": server} if server else {}, client=client_maker(private=private_server, say=say), tell=say,
        prompt=lambda _text, _hidden: "", browse=lambda _url: False, at=now(),
    )  # fmt: skip
    found = living_named("bluesky_public").connect(whom)
    with tempfile.TemporaryDirectory(prefix="leumund-look-", ignore_cleanup_errors=True) as made:
        folder = keep or Path(made) / "look"
        with Lab.create(folder) as there:
            made_now = remember(there, found, private=private_server, at=now())
            say_where_kept(made_now)
            with watching(quiet=False) as watch:
                outcomes = syncing.sync(there, [made_now.connection], clock=now, say=watch)
            name = made_now.name
            say(_("What everybody can see of {account}.").format(account=name))
            for sentence in outcomes[0].living.cannot_tell:
                say(f"  · {_(sentence)}")
            asked = f" --lab {shlex.quote(str(keep))}" if keep is not None else None
            print(as_text(take(there, now(), at=now(), about=name), asked=asked), end="")
        failed = ended(outcomes)
    if keep is not None:
        say(_("Kept: {path}   Look again with: leumund overview --lab {path}").format(path=shown(keep)))
    if failed:
        raise typer.Exit(1)
