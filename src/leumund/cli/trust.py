"""trust: whose acts carry weight, as the owner says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from leumund.cli.people import account_uris, listed
from leumund.cli.shared import JsonOption, LabOption, beginning, now, opened, print_json, say
from leumund.errors import UsageError
from leumund.locale import N_, _

if TYPE_CHECKING:
    from datetime import datetime

    from leumund.lab import Lab

HELP = N_(
    "Say whom you know and trust: what they do counts most. Example: leumund trust @anna@example.social --since 2025-01-01"
)


def trust(
    accounts: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ACCOUNT", help=_("Whom you know and trust; none: list them."), show_default=False
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="DATE|ever",
            help=_("From when on it counts; else from now on."),
            show_default=False,
        ),
    ] = None,
    remove: Annotated[
        list[str] | None,
        typer.Option("--remove", metavar="ACCOUNT", help=_("Take it back; may be given again.")),
    ] = None,
    lab: LabOption = None,
    json: JsonOption = False,
) -> None:
    from leumund.store.marks import EVER

    if since and not accounts:
        raise UsageError(_("--since belongs to accounts: leumund trust ACCOUNT --since DATE"))
    start = EVER if since in ("ever", "immer") else beginning(since) if since else None
    if since and start and start > now():
        raise UsageError(
            _("“{text}” is still to come.").format(text=since),
            hint=_("Say --since with a day in the past, or leave it out: it counts from now on."),
        )
    with opened(lab, read_only=not (accounts or remove)) as there:
        if accounts:
            _trust(there, account_uris(accounts, there), start, json=json)
        if remove:
            _take_back(there, remove)
        _print_all(there, json=json)


def _trust(there: Lab, uris: list[str], since: datetime | None, *, json: bool) -> None:
    """Mark them, and say what the owner may not expect: who was never seen, and whose earlier date stays."""
    from leumund.ids import account_key
    from leumund.store.marks import trusted_now

    heads = there.register.aliases()
    keys = {heads.get(k := account_key(uri), k): uri for uri in uris}
    unseen = [uri for key, uri in keys.items() if not there.register.known_as([key])]
    before = trusted_now(there.register)
    _mark(there, uris, since)
    for uri in unseen:
        _warn_unseen(there, uri)
    if json:
        return
    for key in keys:
        if key in before and before[key] <= (since or now()):
            text = _("{account}: trusted before, {since}; that stays.")
            print(text.format(account=listed(there, [key]), since=_since(before[key])))
    if since is None and not keys.keys() <= before.keys():
        print(
            _("It counts from now on. If you have known them for longer, add --since DATE or --since ever.")
        )


def _warn_unseen(there: Lab, uri: str) -> None:
    """That nothing of an account was seen yet: perhaps it is spelled otherwise."""
    from leumund.ids import display_handle

    name = display_handle(uri)
    text = _("Nothing was seen of {account} in this lab yet. It counts as soon as something is.")
    say(text.format(account=name))
    if near := there.spelled_alike(name):
        say(
            _("Did you mean {name}? To take the other one back: {command}").format(
                name=", ".join(near), command=f"leumund trust --remove {name}"
            )
        )


def _mark(there: Lab, uris: list[str], since: datetime | None) -> None:
    from leumund.ids import account_key, display_handle, network_of
    from leumund.saying import keep
    from leumund.store.marks import marked

    at = now()
    own = set(there.register.own_accounts())
    heads = there.register.aliases()
    mine = [uri for uri in uris if heads.get(k := account_key(uri), k) in own]
    if mine:
        raise UsageError(
            _("{account} is your own account.").format(account=display_handle(mine[0])),
            hint=_("Mark others: people you know."),
        )
    keep(there, [marked("trust", uri, network_of(uri), at=at, since=since) for uri in uris], at=at)


def _take_back(there: Lab, remove: list[str]) -> None:
    from leumund.ids import network_of
    from leumund.meant import account_meant
    from leumund.saying import keep
    from leumund.store.marks import marked, trusted_now
    from leumund.store.one_person import people_in

    trusted = trusted_now(there.register)
    at = now()
    people, _mine = people_in(there.register)
    linked = {account: person.accounts for person in people.values() for account in person.accounts}
    said = []
    for text in remove:
        key = account_meant(there, text)
        taken = [
            k for k in linked.get(key, (key,)) if k in trusted
        ]  # a person is trusted, whichever account was marked
        if not taken:
            raise UsageError(
                _("{account} is not among those you trust.").format(account=text),
                hint=_("List them with: leumund trust"),
            )
        uris = [told["uri"] for told in there.register.known_as(taken).values()]
        said += [marked("trust", uri, network_of(uri), at=at, holds=False) for uri in uris]
    keep(there, said, at=at)


def _since(since: datetime) -> str:
    from leumund.store.marks import EVER
    from leumund.views.cells import written

    return _("always") if since == EVER else _("since {day}").format(day=written("day", since.date()))


def _print_all(there: Lab, *, json: bool) -> None:
    from leumund.store.marks import trusted_now

    trusted = trusted_now(there.register)
    known = there.register.known_as(trusted)
    if json:
        print_json(
            [{"account": known[k]["uri"], "since": s.isoformat()} for k, s in trusted.items() if k in known]
        )
        return
    for key, since in trusted.items():
        print(f"{listed(there, [key])}: {_since(since)}")
    if not trusted:
        print(_("You have not said yet whom you trust. Say it with: leumund trust ACCOUNT"))
