"""Thanks that no source sees: the owner says that she has thanked somebody, or lets it go.

It settles all that is open from that person up to then; what is done for her later is open again. An entry of hers like
any other (see `entries`), so it can be taken back; it judges nobody, but leaves no lab unless she says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Literal, get_args

from leumund.errors import UsageError
from leumund.events import Statement
from leumund.ids import display_handle, network_of
from leumund.locale import _
from leumund.store.entries import Entry, EntryTable, Known, entered, text_in
from leumund.store.register import Register

How = Literal["thanked", "let go"]
"""thanked: by mail, in person, on a network that tells nothing. let go: there will be no thanks."""

HOWS: tuple[How, ...] = get_args(How)


def settled_by_word(
    register: Register, accounts: Iterable[int], how: How, *, happened_at: datetime, said_at: datetime
) -> list[Statement]:
    """The statements that all which is open from these accounts (keys) up to `happened_at` is settled so.

    Raises:
        UsageError: the lab knows one of them not, or it is the owner's own.
    """
    own, said = set(register.own_accounts()), []
    for key in dict.fromkeys(accounts):
        row = register.known_as([key]).get(key)
        if row is None:
            raise UsageError(_("Nobody in this lab has this address."), hint=_("Find people by their name."))
        if key in own:
            raise UsageError(_("{account} is your own account.").format(account=display_handle(row["uri"])))
        body = {"thanks": row["uri"], "network": network_of(row["uri"]), "answer": how}
        said.append(entered("thanks", body, happened_at=happened_at, said_at=said_at))
    return said


def _rows(entry: Entry, known: Known) -> Iterator[Mapping[str, Any]]:
    uri, how = text_in(entry.body, "thanks"), text_in(entry.body, "answer")
    account = known(uri) if uri else None
    if account is not None and how in HOWS:
        yield {"account": account, "how": how}


THANKED = EntryTable(
    kind="thanks", columns={"account": "BIGINT", "how": "VARCHAR"}, rows=_rows, accounts=("account",)
)
