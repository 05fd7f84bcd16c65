"""Customers as the owner entered them, each with the chain of people through whom she came."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from leumund.measures.returns.credit import UNKNOWN, WORD_OF_MOUTH, Customer, Link, Touch, chains
from leumund.measures.returns.spending import currency_in
from leumund.store.register import as_us
from leumund.store.tables import Tables


@dataclass(frozen=True, slots=True)
class Came:
    """Somebody who came: entry: its number; customer; chain: touches, first to last; is_foreign: what she brought is in
    another currency than most of what was entered, so that it is not counted.
    """

    entry: str
    customer: Customer
    chain: tuple[Touch, ...]
    is_foreign: bool = False


def came_in(tables: Tables) -> list[Came]:
    """Everybody who came by as_of, in order of time; who buys later than as_of has only asked."""
    now = as_us(tables.as_of)
    rows = tables.arrow(
        """select entry, epoch_us(happened_at) as at_us, coalesce(name, '') as name, lead, epoch_us(bought_at) as bought_us,
                  value, currency, coalesce(channel, '') as channel from customers order by happened_at, entry"""
    ).to_pylist()
    through = _through(tables)
    usual = currency_in(tables)
    foreign = [row["value"] is not None and (row["currency"] or usual) != usual for row in rows]
    rows = [row | {"value": None} if other else row for row, other in zip(rows, foreign, strict=True)]
    customers = [_customer(row, through.get(row["entry"], ()), now) for row in rows]
    known = _Acquainted(tables, {who for c in customers for who in c.through if isinstance(who, int)})
    found = chains(customers, known.link)
    return [
        Came(row["entry"], c, chain, is_foreign=other)
        for row, c, chain, other in zip(rows, customers, found, foreign, strict=True)
    ]


def _customer(row: dict[str, Any], through: Sequence[int | str], now: int) -> Customer:
    lead = row["lead"] or row["bought_us"] is None or row["bought_us"] > now
    return Customer(
        name=row["name"], at_us=row["at_us"], lead=lead, value=None if lead else row["value"],
        found_us_by=row["channel"] if row["channel"] != UNKNOWN else "", through=tuple(through),
    )  # fmt: skip


def _through(tables: Tables) -> dict[str, list[int | str]]:
    """Through whom each came. The owner recommends herself to nobody: she is left out where others are named."""
    rows = tables.sql("select entry, account, name from chains order by entry, step").fetchall()
    found: dict[str, list[int | str]] = {}
    for entry, account, name in rows:
        if account is not None or name:
            found.setdefault(entry, []).append(account if account is not None else name)
    own = {row[0] for row in tables.sql("select account from own").fetchall()}
    return {entry: [w for w in who if w not in own] or who for entry, who in found.items()}


class _Acquainted:
    """What these people did towards the owner, the first thing each of them did first."""

    def __init__(self, tables: Tables, accounts: Iterable[int]) -> None:
        wanted = sorted(accounts)
        marks = ", ".join(str(int(a)) for a in wanted) or "null"
        rows = tables.sql(
            f"""select actor, epoch_us(happened_at) as at_us, kind, network from acts
                where exact and kind <> 'unfollow' and actor in ({marks}) and target in (select account from own)
                qualify row_number() over (partition by actor order by happened_at, kind, network) = 1"""
        ).fetchall()
        self._first = {actor: (at_us, kind, network) for actor, at_us, kind, network in rows}
        profiles = tables.profiles(wanted)
        self._home = {a: str(known[0]["network"]) for a, known in profiles.items() if known}

    def link(self, account: int, at_us: int) -> Link:
        """Where she turned to the owner first; where that is not known, the network of her account."""
        first = self._first.get(account)
        if first is not None and first[0] <= at_us:
            return Link(channel=first[2], account=account, first=first[1], since_us=first[0])
        return Link(channel=self._home.get(account, WORD_OF_MOUTH), account=account)
