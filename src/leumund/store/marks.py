"""Whom the owner marked: those she trusts, and those on her private no-go list.

A mark is a statement (kinds `trust` and `nogo`). It holds from the moment it is meant from (`since`), also in readings
of days before it was said: what the owner says of the past is taken as true of the past. What is said later goes before
what was said earlier, so marks can be taken back, from the moment at which that is said; one may also be said to end (`until`).

The no-go list is the owner's private statement: nothing of it leaves with an export unless she says so (`PRIVATE`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal

import pyarrow as pa

from leumund.events import Network, Statement, StatementKind
from leumund.store.register import Register, as_time, as_us
from leumund.store.said import said_of_accounts

Mark = Literal["trust", "nogo"]
MARKS: tuple[Mark, ...] = ("trust", "nogo")
PRIVATE: tuple[StatementKind, ...] = ("nogo", "label", "customer", "thanks", "consent")
"""What judges others, or was told in confidence: it leaves the lab only where the owner says so: in an export with --private, and in a backup."""
EVER = datetime(1970, 1, 1, tzinfo=UTC)
"""`since` of somebody whom the owner has trusted as long as anything is known."""

_MOMENT = pa.timestamp("us")
_SHAPE = pa.schema(
    {
        "account": pa.int64(), "mark": pa.string(), "since": _MOMENT, "until": _MOMENT, "said_at": _MOMENT,
        "known_at": _MOMENT, "holds": pa.bool_(),
    }
)  # fmt: skip


def marked(
    mark: Mark,
    account: str,
    network: Network,
    *,
    at: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
    holds: bool = True,
    reason: str = "",
    review: datetime | None = None,
) -> Statement:
    """The statement that an account is marked, or (holds False) no longer is.

    at: when it is said; since: from when on it is to count, `at` unless given; until: when it ends by itself.
    reason: the owner's own words; review: when she wants to look at it again.
    """
    body: dict[str, Any] = {mark: account, "network": network, "holds": holds}
    if since is not None:
        body["since"] = since.isoformat()
    body |= {
        name: when.isoformat() for name, when in (("until", until), ("review", review)) if when is not None
    }
    if reason:
        body["reason"] = reason
    return Statement(kind=mark, happened_at=at, body=body)


def marks_in(register: Register, heads: Mapping[int, int]) -> pa.Table:
    """Every mark that was ever set or taken back: account (key), mark, since, until, said_at, known_at,
    holds. until: None where it does not end by itself.

    heads: the one key of accounts with several. A statement that names no account any more, since it was erased,
    marks nobody; nor is an account of the owner's on her no-go list, which she may have listed before she said it is hers.
    """
    own = set(register.own_accounts())
    rows = [
        {
            "account": said.account, "mark": said.kind, "since": moment_us(said.body.get("since"), said.said_at),
            "until": moment_us(said.body.get("until"), None), "said_at": said.said_at, "known_at": said.known_at, "holds": said.body.get("holds", True) is not False,
        }
        for said in said_of_accounts(register, heads, MARKS)
        if said.kind != "nogo" or said.account not in own
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, _SHAPE)


def moment_us(written: object, otherwise: int | None) -> int | None:
    """A moment of a statement in microseconds since 1970; `otherwise` where there is none."""
    if not isinstance(written, str):
        return otherwise
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        return otherwise
    return as_us(found if found.tzinfo else found.replace(tzinfo=UTC))


def trusted_now(register: Register) -> dict[int, datetime]:
    """Whom the owner trusts now, by the account's key, each with the time since when; newest first.

    Said again, it holds from the earliest time that was named, as standing has it.
    """
    held: dict[int, dict[str, Any]] = {}
    for row in marks_in(register, register.aliases()).to_pylist():
        if row["mark"] != "trust":
            continue
        before = held.pop(row["account"], None)
        if row["holds"]:
            since = row["since"] if before is None else min(row["since"], before["since"])
            held[row["account"]] = {**row, "since": since}
    holding = sorted(held.values(), key=lambda r: (r["said_at"], r["account"]))
    return {r["account"]: as_time(as_us(r["since"].replace(tzinfo=UTC))) for r in reversed(holding)}
