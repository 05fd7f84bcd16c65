"""me, link: whose accounts are whose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from leumund.cli.shared import JsonOption, LabOption, opened, print_json, say
from leumund.errors import UsageError
from leumund.locale import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from leumund.lab import Lab

HELP_ME = N_(
    "Say which accounts are yours, on any network. Example: leumund me @anna@example.social anna.bsky.social"
)
HELP_LINK = N_(
    "Say that several accounts are one person. Example: leumund link @ben@example.social ben.bsky.social"
)

RemoveOption = Annotated[
    list[str] | None,
    typer.Option("--remove", metavar="ACCOUNT", help=_("Take this one out again; may be given again.")),
]


def me(
    accounts: Annotated[
        list[str] | None,
        typer.Argument(metavar="ACCOUNT", help=_("Your accounts; none: list them."), show_default=False),
    ] = None,
    remove: RemoveOption = None,
    lab: LabOption = None,
    json: JsonOption = False,
) -> None:
    from leumund.store.people import disown
    from leumund.store.people import link as join

    changes = bool(accounts or remove)
    with opened(lab, read_only=not changes) as there:
        gone = [_hers(there, text) for text in remove or ()]
        if accounts:
            join(there.register, account_uris(accounts, there), name="", owner=True)
        for key in gone:
            disown(there.register, key)
        mine = there.register.known_as(there.register.own_accounts())
        if json:
            print_json([{"account": row["uri"], "network": row["network"]} for row in mine.values()])
        elif mine:
            print(_("Yours: {accounts}").format(accounts=listed(there, mine)))
        else:
            print(_("No account is known as yours. Add one with: leumund me ACCOUNT"))


def link(
    accounts: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ACCOUNT", help=_("Two or more accounts of one person; none: list all."), show_default=False
        ),
    ] = None,
    name: Annotated[str, typer.Option("--name", metavar="NAME", help=_("What you call that person."))] = "",
    remove: RemoveOption = None,
    lab: LabOption = None,
    json: JsonOption = False,
) -> None:  # fmt: skip
    from leumund.meant import account_meant
    from leumund.store.people import link as join
    from leumund.store.people import unlink

    if accounts and len(accounts) < 2:
        raise UsageError(_("Name at least two accounts."))
    if name and not accounts:
        raise UsageError(_("--name belongs to accounts: leumund link ACCOUNT ACCOUNT --name NAME"))
    with opened(lab, read_only=not (accounts or remove)) as there:
        for text in remove or ():
            key = account_meant(there, text)
            if key in there.register.own_accounts():
                hint = _("To take it out: leumund me --remove {account}").format(account=text)
                raise UsageError(_("{account} is your own account.").format(account=text), hint=hint)
            if not unlink(there.register, key):
                raise UsageError(_("{account} is linked with nobody.").format(account=text))
        if accounts:
            uris = account_uris(accounts, there)
            join(there.register, uris, name=name)
            print(_("One person: {accounts}").format(accounts=_named(there, uris)))
        elif json or not remove:
            _print_all(there, json=json)
        else:
            print(_("Taken out: {accounts}").format(accounts=", ".join(remove)))


def _hers(there: Lab, text: str) -> int:
    """The account of the owner's that is meant.

    Raises:
        UsageError: none of hers is, or several may be.
    """
    from leumund.meant import account_meant, several

    own = there.register.own_accounts()
    bare = text.strip().lstrip("@").lower()
    names = {key: name.lstrip("@").lower() for key, name in there.names(own).items()}
    fitting = [key for key, name in names.items() if bare == name] if "@" in bare else []
    fitting = fitting or [key for key, name in names.items() if bare == name.partition("@")[0]]
    if len(fitting) > 1:
        raise several(text, [listed(there, fitting)])
    key = fitting[0] if fitting else account_meant(there, text)
    if key not in own:
        hint = _("List yours with: leumund me")
        raise UsageError(_("{account} is not among your accounts.").format(account=text), hint=hint)
    return key


def _print_all(there: Lab, *, json: bool) -> None:
    from leumund.clean import clean
    from leumund.store.people import persons

    linked = [p for p in persons(there.register) if not p.owner]
    if json:
        print_json([{"name": p.name or None, "accounts": list(p.accounts)} for p in linked])
        return
    for person in linked:
        print((f"{clean(person.name)}: " if person.name else "") + _named(there, person.accounts))
    if not linked:
        print(_("Nobody is linked. Say it with: leumund link ACCOUNT ACCOUNT"))


def _named(there: Lab, uris: Iterable[str]) -> str:
    from leumund.ids import account_key

    return listed(there, [account_key(uri) for uri in uris])


def listed(there: Lab, keys: Iterable[int]) -> str:
    """Accounts as people write them, each with its network."""
    from leumund.report.accounts import listed as written

    return written(there, keys)


def account_uris(written: Iterable[str], there: Lab | None = None) -> list[str]:
    """The canonical names of accounts as a person writes them; which account a bare word is taken for is said.

    Raises:
        UsageError: it cannot be told.
    """
    from leumund.meant import uri_meant
    from leumund.spoken.accounts import account_said

    if there is None:
        return [account_said(text) for text in written]

    def guessed(text: str, uri: str) -> None:
        say(_("“{text}” is taken for {account}.").format(text=text, account=_named(there, [uri])))

    return [uri_meant(there, text, guessed=guessed) for text in written]
