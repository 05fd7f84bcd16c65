"""Whom the owner means: an account of her lab as she writes it, or a person as she calls her.

account_meant(lab, "@ben")             somebody who must be there already: a key
uri_meant(lab, "@ben@example.social")  somebody who may be new: a canonical name
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from leumund.errors import UsageError
from leumund.ids import display_handle
from leumund.lab import Lab
from leumund.locale import _
from leumund.spoken.accounts import account_said, is_bare
from leumund.store.one_person import people_in


def account_meant(lab: Lab, written: str) -> int:
    """The key of an account of the lab; of a person under the owner's name for her, one of her accounts.

    Raises:
        UsageError: the lab knows none, or several.
    """
    found = heads(lab, written) or heads(lab, _in_full(written))
    if len(found) == 1:
        return next(iter(found))
    if (key := person_called(lab, written)) is not None:
        return key
    if found:
        raise several(written, [_unmistakable(uri) for uri in found.values()])
    hint = _("Write it as on the network: @name, @name@server, name.bsky.social or its address.")
    raise UsageError(_("{account} is not in this lab.").format(account=written), hint=hint)


def uri_meant(lab: Lab, written: str, *, guessed: Callable[[str, str], None] | None = None) -> str:
    """The canonical name of an account that may be new to the lab.

    A bare word could be anybody's on any network: it is taken only for an account, or for a person called so, that is
    in the lab already. guessed: is told then of what was written and for which account it is taken.

    Raises:
        UsageError: it cannot be told.
    """
    found = heads(lab, written)
    if len(found) == 1:
        uri = next(iter(found.values()))
        if is_bare(written) and guessed is not None:
            guessed(written, uri)
        return uri
    try:
        return account_said(written)
    except UsageError:
        key = person_called(lab, written)
        if key is None:
            raise
        uri = str(lab.register.known_as([key])[key]["uri"])
        if guessed is not None:
            guessed(written, uri)
        return uri


def heads(lab: Lab, written: str) -> dict[int, str]:
    """The accounts a person may mean by what she wrote: key -> canonical name, aliases of one account once."""
    aliases = lab.register.aliases()
    found: dict[int, str] = {}
    for row in lab.find_account(written):
        found.setdefault(int(aliases.get(row["key"], row["key"])), str(row["uri"]))
    return found


def person_called(lab: Lab, name: str) -> int | None:
    """One account of the person the owner calls so; None where she calls nobody so.

    Raises:
        UsageError: she calls several so.
    """
    told = " ".join(name.split()).casefold()
    people, _mine = people_in(lab.register)
    found = [p.accounts[0] for p in people.values() if p.name and p.name.casefold() == told]
    if len(found) > 1:
        raise several(name, lab.names(found).values())
    return found[0] if found else None


def several(written: str, names: Iterable[str]) -> UsageError:
    """That it cannot be told who is meant."""
    told = ", ".join(dict.fromkeys(names))
    words = _("{account} may be several: {several}").format(account=written, several=told)
    return UsageError(words, hint=_("Write the one you mean in full."))


def _unmistakable(uri: str) -> str:
    """An account so that no other can be meant: with its server, or with the network."""
    return display_handle(uri) if uri.startswith(("acct:", "at://")) else uri.removeprefix("https://")


def _in_full(written: str) -> str:
    """The canonical name of an account where its spelling tells the network: x.com/name, a profile link."""
    try:
        return account_said(written)
    except UsageError:
        return written
