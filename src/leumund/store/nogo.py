"""The owner's no-go list: whom she keeps away from, why, until when, and when she wants to look again. Hers alone.

Every change is a statement (see `marks`), so the list of any day can be told, and the last change undone. It leaves with
no export but `--private`; `forget` takes an entry away with all its words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from leumund.errors import UsageError
from leumund.events import Network, Statement
from leumund.ids import account_key, display_handle, network_of
from leumund.locale import _
from leumund.store.forget import related
from leumund.store.marks import marked, moment_us
from leumund.store.register import Register, as_time, as_us
from leumund.store.said import said_of_accounts

REVIEW_AFTER = timedelta(days=182)
"""Half a year: people change, and nobody should stand here because nobody looked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Somebody on the list. account: key; uri: as it was written; until: None where it does not end by itself."""

    account: int
    uri: str
    reason: str
    since: datetime
    until: datetime | None
    review: datetime

    def is_due(self, at: datetime) -> bool:
        """Whether it is time to look again."""
        return self.review <= at


def listed(register: Register, *, at: datetime) -> list[Entry]:
    """Who is on the list at that moment, by when they are to be looked at again."""
    last: dict[int, Mapping[str, Any]] = {}
    since: dict[int, int] = {}
    for said in _said(register):
        holds = said.body.get("holds", True) is not False
        ended = moment_us((last.get(said.account) or {}).get("until"), None)
        if not holds or (ended is not None and ended <= said.said_at):
            since.pop(said.account, None)
        if holds:
            since.setdefault(said.account, moment_us(said.body.get("since"), said.said_at) or said.said_at)
        last[said.account] = said.body
    entries = [_entry(key, last[key], as_time(begun)) for key, begun in since.items()]
    there = [e for e in entries if e.since <= at and (e.until is None or e.until > at)]
    return sorted(there, key=lambda e: (e.review, e.uri))


def _entry(key: int, body: Mapping[str, Any], since: datetime) -> Entry:
    until = moment_us(body.get("until"), None)
    review = moment_us(body.get("review"), as_us(since + REVIEW_AFTER))
    return Entry(
        account=key, uri=str(body["nogo"]), reason=str(body.get("reason") or ""), since=since,
        until=None if until is None else as_time(until), review=as_time(review or 0),
    )  # fmt: skip


def _said(register: Register) -> list[Any]:
    own = set(register.own_accounts())
    return [s for s in said_of_accounts(register, register.aliases(), ("nogo",)) if s.account not in own]


def added(
    uri: str,
    network: Network,
    *,
    at: datetime,
    reason: str = "",
    until: datetime | None = None,
    review: datetime | None = None,
    since: datetime | None = None,
) -> Statement:
    """The statement that somebody is on the list from now on, or still."""
    return marked(
        "nogo",
        uri,
        network,
        at=at,
        since=since,
        reason=reason,
        until=until,
        review=review or at + REVIEW_AFTER,
    )


def removed(entry: Entry, *, at: datetime, since: datetime | None = None) -> Statement:
    """The statement that somebody is no longer on it."""
    return marked("nogo", entry.uri, network_of(entry.uri), at=at, since=since, holds=False)


def put(
    register: Register,
    uris: Iterable[str],
    *,
    at: datetime,
    reason: str = "",
    until: datetime | None = None,
    review: datetime | None = None,
    since: datetime | None = None,
) -> dict[int, Statement]:
    """The statements that put these accounts on the list, by key. What is not said anew stays: the end above all.

    Raises:
        UsageError: one is the owner's own, or a day is past.
    """
    for day in (until, review):
        check_lies_ahead(day, at)
    own, heads = set(register.own_accounts()), register.aliases()
    before = {e.account: e for e in listed(register, at=at)}
    said = {}
    for uri in uris:
        key = account_key(uri)
        key = heads.get(key, key)
        if key in own:
            raise UsageError(_("{account} is your own account.").format(account=display_handle(uri)))
        entry = before.get(key)
        said[key] = added(
            uri, network_of(uri), at=at, since=since,
            reason=reason or (entry.reason if entry else ""),
            until=until or (entry.until if entry else None),
            review=review or (entry.review if entry and entry.review > at else None),
        )  # fmt: skip
    return said


def kept(entries: Iterable[Entry], *, at: datetime, review: datetime | None = None) -> list[Statement]:
    """The statements that these stay on the list, and are to be looked at again then, else in half a year.

    Raises:
        UsageError: that day is past.
    """
    check_lies_ahead(review, at)
    return [
        added(e.uri, network_of(e.uri), at=at, reason=e.reason, until=e.until, review=review) for e in entries
    ]


def check_lies_ahead(day: datetime | None, at: datetime) -> None:
    """Raises UsageError where a day that is to come is past."""
    if day is not None and day <= at:
        raise UsageError(_("{day} is past.").format(day=day.date().isoformat()))


def entries_of(register: Register, account: int, *, at: datetime) -> list[Entry]:
    """What stands on the list of an account; an entry of another account of the same person is hers too."""
    known = {e.account: e for e in listed(register, at=at)}
    return [known[k] for k in sorted(known.keys() & related(register, account))]


def undone(register: Register, *, at: datetime, since: datetime | None = None) -> list[Statement]:
    """The statements that make the last change as if it had not been; none where there was none.

    Once more, and the change is there again. What was said at one moment, of several accounts, is one change.
    """
    every = _said(register)
    if not every:
        return []
    last = [s for s in every if s.said_at == every[-1].said_at]
    earlier = {s.account: s for s in every if s.said_at < every[-1].said_at}
    made = []
    for said in {s.account: s for s in last}.values():
        before = earlier.get(said.account)
        body = {k: v for k, v in (before or said).body.items() if k != "since"}
        if before is None or before.body.get("holds", True) is False:
            body = {"nogo": body["nogo"], "network": body["network"], "holds": False}
        if since is not None:
            body["since"] = since.isoformat()
        made.append(Statement(kind="nogo", happened_at=at, body=body))
    return made
