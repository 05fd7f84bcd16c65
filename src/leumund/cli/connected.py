"""What commands about connected accounts share, and which command comes next."""

from __future__ import annotations

import shlex
from typing import Annotated

import typer

from leumund.locale import _

ServerOption = Annotated[
    str | None,
    typer.Option("--server", metavar="URL", help=_("Another server than the usual one."), show_default=False),
]
PrivateServerOption = Annotated[
    bool,
    typer.Option("--private-server", help=_("The server stands in your own network or on this computer.")),
]


def command_in(words: str, lab: str | None) -> str:
    """The next command, for the same lab."""
    from leumund.clean import clean

    return clean(f"leumund {words}" + (f" --lab {shlex.quote(lab)}" if lab else ""))
