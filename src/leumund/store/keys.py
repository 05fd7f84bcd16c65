"""SQL that shows every account under the one key that stands for it, in words that each engine takes for a join."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Keys:
    """A table that says which accounts stand under another key; each of them once.

    table: its name; of, to: its columns. variable: the same pairs as a map, for lists of accounts. once: whether a list
    then holds each key once, in order.
    """

    table: str
    of: str
    to: str
    variable: str
    once: bool = False


ALIASES = Keys("alias", "key", "canonical", "aliases")
PERSONS = Keys("main.persons", "account", "person", "persons", once=True)


def under_one_key(
    rows: str, keys: Keys, *, accounts: Iterable[str], lists: Iterable[str] = (), columns: Iterable[str] = ()
) -> str:
    """SQL: these rows with the accounts in some columns, and in some lists, under their one key.

    rows: a table, view or query in brackets; it is called `t`. columns: those wanted (none said: all of them).
    """
    changed, joins = {}, []
    for n, column in enumerate(accounts):
        changed[column] = f'coalesce(k{n}.{keys.to}, t."{column}")'
        joins.append(f'left join {keys.table} k{n} on k{n}.{keys.of} = t."{column}"')
    for column in lists:
        one = f"""list_transform(t."{column}", lambda x: coalesce(getvariable('{keys.variable}')[x], x))"""
        changed[column] = f"list_sort(list_distinct({one}))" if keys.once else one
    listed = ", ".join(f'{changed[c]} as "{c}"' if c in changed else f't."{c}"' for c in columns)
    replaced = ", ".join(f'{value} as "{c}"' for c, value in changed.items())
    return f"select {listed or f't.* replace ({replaced})'} from {rows} t {' '.join(joins)}"
