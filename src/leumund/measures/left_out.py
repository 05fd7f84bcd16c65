"""Whose acts count for nobody: accounts on the owner's no-go list, and robots by their own word."""

from __future__ import annotations

from leumund.store.tables import Tables


def define_left_out(tables: Tables) -> None:
    """Keep `left_out` (account: a person's key). What was said last holds; for a person one account is enough."""
    tables.define(
        "left_out",
        """with sighted as (
                select coalesce(p.person, s.account) as account, arg_max(automated, happened_at) as automated
                from by_account.sightings s left join persons p on p.account = s.account
                where automated is not null group by s.account, p.person
            ), marked as (
                select account, arg_max(holds, said_at) as holds from marks where mark = 'nogo' group by account
            )
            select account from marked where holds union select account from sighted where automated""",
    )
