"""me, link: whose accounts are whose."""

from __future__ import annotations

from typing import Annotated

import typer

from leumund.cli.shared import LabOption, opened
from leumund.errors import UsageError
from leumund.locale import N_, _

HELP_ME = N_(
    "Say which accounts are yours, on any network. Example: leumund me @anna@example.social anna.bsky.social"
)
HELP_LINK = N_(
    "Say that several accounts are one person. Example: leumund link @ben@example.social ben.bsky.social"
)


def own_uris(written: list[str]) -> list[str]:
    """The canonical names of accounts as a person writes them; the network is told by the spelling.

    Raises:
        UsageError: it cannot be told.
    """
    from leumund.events import Network
    from leumund.ids import BadNameError, account_uri

    found = []
    for text in written:
        bare = text.strip().lstrip("@")
        order: list[Network]
        if "linkedin.com" in bare:
            order = ["linkedin"]
        elif "facebook.com" in bare:
            order = ["facebook"]
        elif bare.startswith(("did:", "at://")) or "bsky.app" in bare:
            order = ["bluesky"]
        elif "x.com/" in bare or "twitter.com/" in bare:
            order = ["x"]
        elif "@" in bare:
            order = ["mastodon"]
        elif "." in bare and "/" not in bare:
            order = ["bluesky"]
        else:
            order = ["x"]
        for network in order:
            try:
                found.append(account_uri(text, network))
                break
            except BadNameError:
                continue
        else:
            hint = _(
                "Write it as on the network: @name@server, name.bsky.social, x.com/name or a profile link."
            )
            raise UsageError(_("“{text}” does not look like an account.").format(text=text), hint=hint)
    return found


def me(
    accounts: Annotated[list[str], typer.Argument(help=_("Your accounts."), show_default=False)],
    lab: LabOption = None,
) -> None:
    from leumund.clean import clean
    from leumund.store.people import link as join

    with opened(lab, read_only=False) as there:
        join(there.register, own_uris(accounts), name="", owner=True)
        mine = there.register.own_accounts()
        print(_("Yours: {accounts}").format(accounts=clean(", ".join(sorted(there.names(mine).values())))))


def link(
    accounts: Annotated[
        list[str], typer.Argument(help=_("Two or more accounts of one person."), show_default=False)
    ],
    lab: LabOption = None,
    name: Annotated[str, typer.Option("--name", help=_("What you call that person."))] = "",
) -> None:
    from leumund.clean import clean
    from leumund.store.people import link as join

    if len(accounts) < 2:
        raise UsageError(_("Name at least two accounts."))
    with opened(lab, read_only=False) as there:
        uris = []
        for text in accounts:
            known = there.find_account(text)
            uris.append(known[0]["uri"] if len(known) == 1 else own_uris([text])[0])
        join(there.register, uris, name=name)
        print(_("One person: {accounts}").format(accounts=clean(", ".join(uris))))
