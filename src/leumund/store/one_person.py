"""Which accounts are one person: under one key, whichever of them is asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from leumund.events import NETWORKS
from leumund.ids import network_of
from leumund.store.register import Register


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with several accounts, or with a name.

    name: what the owner calls her, "" where nobody said; accounts: keys, the one people would write first.
    """

    name: str = ""
    accounts: tuple[int, ...]


def people_in(register: Register) -> tuple[dict[int, Person], int | None]:
    """Everybody who was linked, by the key that stands for her, and the key that stands for the owner.

    The smallest key of a person's accounts stands for her, whoever came first; the owner stands under one of those
    that were said to be hers. All accounts of the owner's are one person, whether an archive or she herself said so.
    """
    heads = register.aliases()
    own = register.own_accounts()
    linked: dict[int, set[int]] = {}
    names: dict[int, str] = {}
    rows = register.db.execute(
        "select account, person, name from person_account join person on person.id = person order by person"
    )
    for account, person, name in rows:
        linked.setdefault(person, set()).add(heads.get(account, account))
        names[person] = name
    people, mine = {}, None
    for group in _joined([*linked.values(), set(own)]):
        key = min(group.intersection(own) or group)
        mine = key if group.intersection(own) else mine
        name = next((names[p] for p, accounts in linked.items() if names[p] and accounts <= group), "")
        if len(group) > 1 or name:
            people[key] = Person(name=name, accounts=_best_first(register, group))
    return people, mine


def _joined(groups: Iterable[set[int]]) -> list[set[int]]:
    """Groups that share a member are one."""
    of: dict[int, set[int]] = {}
    for group in groups:
        whole = group.union(*(of[k] for k in group if k in of))
        of.update(dict.fromkeys(whole, whole))
    return list({id(whole): whole for whole in of.values()}.values())


def _best_first(register: Register, accounts: set[int]) -> tuple[int, ...]:
    """A name with its server says most, a number least; else in the order of the networks."""
    known = register.known_as(accounts)

    def order(key: int) -> tuple[Any, ...]:
        row = known.get(key)
        if row is None:
            return (True, len(NETWORKS), "", key)
        bare = not row["handle"] and row["uri"].startswith(("did:", "https://x.com/i/user/"))
        return (bare, NETWORKS.index(network_of(row["uri"])), row["uri"], key)

    return tuple(sorted(accounts, key=order))
