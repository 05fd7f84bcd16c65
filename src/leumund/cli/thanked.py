"""thanked: thanks that no source sees, said by the owner; or that there will be none."""

from __future__ import annotations

from typing import Annotated

import typer

from leumund.cli.shared import LabOption, moment, now, opened, say
from leumund.errors import UsageError
from leumund.locale import N_, _

HELP = N_(
    "Say that you have thanked somebody by mail or in person, for all that is open. Example: leumund thanked @anna@example.social"
)


def thanked(
    accounts: Annotated[
        list[str],
        typer.Argument(metavar="ACCOUNT", help=_("Whom; several may be given."), show_default=False),
    ],
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="DATE", help=_("On which day; else today."), show_default=False),
    ] = None,
    let_go: Annotated[
        bool, typer.Option("--let-go", help=_("You did not, and it shall be open no more."))
    ] = False,
    lab: LabOption = None,
) -> None:
    from leumund.cli.people import listed
    from leumund.meant import account_meant
    from leumund.saying import keep
    from leumund.store.thanked import settled_by_word

    at = now()
    with opened(lab, read_only=False) as there:
        when = moment(on) if on else moment(None, there)
        if when.date() > at.date():
            raise UsageError(_("“{text}” is still to come.").format(text=on))
        keys = [account_meant(there, text) for text in accounts]
        keep(there, settled_by_word(there.register, keys, "let go" if let_go else "thanked", happened_at=min(when, at), said_at=at), at=at)  # fmt: skip
        words = _("No longer open: {accounts}") if let_go else _("Thanked: {accounts}")
        print(words.format(accounts=listed(there, keys)))
    say(_("What they do for you from now on is open again. If that is wrong: leumund undo"))
