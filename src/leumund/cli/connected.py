"""How connected accounts are written, and which command comes next."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from leumund.locale import _

if TYPE_CHECKING:
    from leumund.lab import Lab
    from leumund.sources.living import Connection


ServerOption = Annotated[
    str | None,
    typer.Option("--server", metavar="URL", help=_("Another server than the usual one."), show_default=False),
]
PrivateServerOption = Annotated[
    bool,
    typer.Option("--private-server", help=_("The server stands in your own network or on this computer.")),
]


def names_of(there: Lab, known: Sequence[Connection]) -> dict[str, str]:
    """How people write the accounts of these connections."""
    from leumund.clean import clean
    from leumund.ids import account_key

    names = there.names(account_key(c.account) for c in known)
    return {c.id: clean(names.get(account_key(c.account)) or handle_of(c.account)) for c in known}


def command_in(words: str, lab: str | None) -> str:
    """The next command, for the same lab."""
    from leumund.clean import clean

    return clean(f"leumund {words}" + (f" --lab {shlex.quote(lab)}" if lab else ""))


def handle_of(account: str) -> str:
    """A canonical account as people write it, safe to print."""
    from leumund.clean import clean
    from leumund.ids import display_handle

    return clean(display_handle(account))
