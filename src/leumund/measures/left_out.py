"""Whom the owner marked, as it holds at the moment of a reading, and whose acts count for nobody.

This is the one place that says who is on the no-go list now; `standing` says the same of any moment of the past.
"""

from __future__ import annotations

from leumund.store.register import as_us
from leumund.store.tables import Tables


def define_marked(tables: Tables) -> None:
    """Keep `marked_now` (account: a person's key, mark: trust or nogo). What was said last holds, until it ends."""
    now = as_us(tables.as_of)
    tables.define(
        "marked_now",
        f"""select account, mark from marks where epoch_us(since) <= {now} group by account, mark
            having arg_max(holds and coalesce(epoch_us("until") > {now}, true), (said_at, known_at))""",
    )


def define_left_out(tables: Tables) -> None:
    """Keep `left_out` (account: a person's key, why: nogo or automated): those on the no-go list, and robots by their own
    word. For a person one account is enough. The owner is never among them.
    """
    define_marked(tables)
    tables.define(
        "left_out",
        """with sighted as (
                select coalesce(p.person, s.account) as account, arg_max(automated, happened_at) as automated
                from by_account.sightings s left join persons p on p.account = s.account
                where automated is not null group by s.account, p.person
            )
            select distinct account, 'nogo' as why from marked_now where mark = 'nogo'
            union select account, 'automated' from sighted where automated and account not in (select account from own)""",
    )
