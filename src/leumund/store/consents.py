"""Who agreed to be named in public, for what, when and how; and who took it back.

Every word is a statement (kind `consent`). The last one holds, whatever moment a reading speaks of: who has taken it back
is named from then on nowhere, not on a board of last month either. A word that is said now goes after all that was
said before, also where the clock has been set back since. It leaves with no export but `--private`; `forget` takes it away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from leumund.errors import UsageError
from leumund.events import Statement
from leumund.ids import account_key, display_handle, network_of
from leumund.locale import _
from leumund.store.marks import moment_us
from leumund.store.nogo import check_lies_ahead
from leumund.store.people import spellings
from leumund.store.register import Register, as_time
from leumund.store.said import Said, said_of_accounts

Purpose = Literal["board", "parts"]
"""board: a published ranking. parts: the owner's blog and reports, where they name people."""

PURPOSES: tuple[Purpose, ...] = get_args(Purpose)


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """The last word on one account and one purpose.

    account: key; uri: as it was written; holds: False where it was taken back; how: the owner's words or a link;
    until: None where it does not end by itself.
    """

    account: int
    uri: str
    purpose: Purpose
    holds: bool
    said_at: datetime
    how: str
    until: datetime | None

    def is_yes(self, at: datetime) -> bool:
        """Whether it is a yes at that moment."""
        return self.holds and self.said_at <= at and not self.has_ended(at)

    def has_ended(self, at: datetime) -> bool:
        return self.until is not None and self.until <= at


def words_in(register: Register) -> list[Word]:
    """The last word of each account on each purpose, also where it was taken back, in the order in which they were said."""
    last: dict[tuple[int, Purpose], Word] = {}
    for said in said_of_accounts(register, register.aliases(), ("consent",)):
        purpose = said.body.get("purpose")
        if purpose in PURPOSES:
            word = _word(said, purpose)
            before = last.get((said.account, purpose))
            if (
                before is None or before.said_at < word.said_at or not word.holds
            ):  # of two at once the no holds
                last[said.account, purpose] = word
    return sorted(last.values(), key=lambda w: (w.said_at, w.uri, w.purpose))


def _word(said: Said, purpose: Purpose) -> Word:
    until = moment_us(said.body.get("until"), None)
    return Word(
        account=said.account, uri=str(said.body["consent"]), purpose=purpose,
        holds=said.body.get("holds", True) is not False, said_at=as_time(said.said_at),
        how=str(said.body.get("how") or ""), until=None if until is None else as_time(until),
    )  # fmt: skip


def agreed(
    register: Register,
    uris: Iterable[str],
    purposes: Iterable[Purpose],
    *,
    at: datetime,
    how: str = "",
    until: datetime | None = None,
) -> dict[int, list[Statement]]:
    """The statements that these accounts may be named from now on for these purposes, by key.

    Raises:
        UsageError: one is the owner's own, or the end is past.
    """
    check_lies_ahead(until, at)
    own = set(register.own_accounts())
    more: dict[str, Any] = {"how": how} if how else {}
    if until is not None:
        more["until"] = until.isoformat()
    said = _said(register, uris, purposes, at, {"holds": True, **more})
    if mine := own & said.keys():
        name = display_handle(register.known_as(mine)[min(mine)]["uri"])
        raise UsageError(
            _("{account} is your own account.").format(account=name),
            hint=_("Your own accounts need no consent."),
        )
    return said


def withdrawn(
    register: Register, uris: Iterable[str], purposes: Iterable[Purpose], *, at: datetime
) -> dict[int, list[Statement]]:
    """The statements that these accounts may not be named, whatever they allow on their networks; by key."""
    return _said(register, uris, purposes, at, {"holds": False})


def _said(
    register: Register,
    uris: Iterable[str],
    purposes: Iterable[Purpose],
    at: datetime,
    more: Mapping[str, Any],
) -> dict[int, list[Statement]]:
    newest = max((w.said_at for w in words_in(register)), default=None)
    when = at if newest is None else max(at, newest + timedelta(microseconds=1))
    heads, wanted = register.aliases(), list(purposes)
    said = {}
    for uri in uris:
        name, key = _lasting(register, uri), account_key(uri)
        body = {"consent": name, "network": network_of(name), **more}
        said[heads.get(key, key)] = [
            Statement(kind="consent", happened_at=when, body={**body, "purpose": purpose})
            for purpose in wanted
        ]
    return said


def _lasting(register: Register, uri: str) -> str:
    """The name under which a word on an account is kept: a DID goes before the handle, which may change hands."""
    names = {row["uri"] for row in register.accounts(spellings(register, account_key(uri))).values()}
    return min((name for name in names if name.startswith("did:")), default=uri)
