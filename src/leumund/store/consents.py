"""Who agreed to be named in public, for what, when and how; and who took it back.

Every word is a statement (kind `consent`). The last one holds, whatever moment a reading speaks of: who has taken it back
is named from then on nowhere, not on a board of last month either. A word that is said now goes after all that was
said before, also where the clock has been set back since. It leaves with no export but `--private`; `forget` takes it away.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from leumund.events import Network, Statement
from leumund.store.marks import moment_us
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
    uri: str,
    network: Network,
    purposes: Iterable[Purpose],
    *,
    at: datetime,
    how: str = "",
    until: datetime | None = None,
) -> list[Statement]:
    """The statements that an account may be named from now on, for each of these purposes."""
    more: dict[str, Any] = {"how": how} if how else {}
    if until is not None:
        more["until"] = until.isoformat()
    return [_said(register, uri, network, purpose, at, holds=True, **more) for purpose in purposes]


def withdrawn(
    register: Register, uri: str, network: Network, purposes: Iterable[Purpose], *, at: datetime
) -> list[Statement]:
    """The statements that an account may not be named, whatever it allows on its network; for each of these purposes."""
    return [_said(register, uri, network, purpose, at, holds=False) for purpose in purposes]


def _said(
    register: Register, uri: str, network: Network, purpose: Purpose, at: datetime, **more: Any
) -> Statement:
    newest = max((w.said_at for w in words_in(register)), default=None)
    when = at if newest is None else max(at, newest + timedelta(microseconds=1))
    body = {"consent": uri, "network": network, "purpose": purpose, **more}
    return Statement(kind="consent", happened_at=when, body=body)
