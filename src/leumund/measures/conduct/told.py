"""The posts that conduct looks at and what is told of them, some accounts at a time: a million at once need gigabytes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from leumund.measures.conduct import features
from leumund.store.tables import Tables

Whole = npt.NDArray[np.int64]

LAST_POSTS = 100
LEAST_POSTS = 5
"""With fewer posts nothing is said of an account."""
_AT_ONCE = 50_000  # posts


def define_posts(tables: Tables, only: int | None) -> int:
    """Keep `co_posts` (post, account, happened_at): the last hundred of everybody with enough; how many had too few."""
    tables.define(
        "co_known",
        f"""select post, account, happened_at from posts
           where {"true" if only is None else f"account = {only}"} and exact and text is not null and text <> '' and coalesce(visibility, 'public') not in ('followers', 'direct')
             and account not in (select account from own)""",
    )
    tables.define(
        "co_posts",
        f"""select post, account, happened_at from co_known
            where account in (select account from co_known group by account having count(*) >= {LEAST_POSTS})
            qualify row_number() over (partition by account order by happened_at desc, post desc) <= {LAST_POSTS}""",
    )
    ((few,),) = tables.sql(
        f"select count(*) from (select account from co_known group by account having count(*) < {LEAST_POSTS})"
    ).fetchall()
    return int(few)


def define_told(tables: Tables) -> None:
    """Keep `co_told`: those posts with all that is told of them, so that they can be gone through some at a time."""
    needed = ", ".join(f'm."{c}"' for c in features.NEEDED)
    tables.define(
        "co_told",
        f"""select c.post, c.account, c.happened_at, p.text, {needed}, coalesce(l.domains, []) as domains,
                  t.post is not null as thanked
           from co_posts c join posts p on p.post = c.post join manners m on m.post = c.post
           left join links l on l.post = c.post
           left join (select post from thanks where "class" = 'thanks') t on t.post = c.post""",
    )


def batches(often: Whole) -> list[slice]:
    """Runs of accounts with at most some fifty thousand posts together; often: the posts of each. At least one run.

    >>> batches(np.array([30_000, 30_000, 60_000, 10]))
    [slice(0, 1, None), slice(1, 2, None), slice(2, 3, None), slice(3, 4, None)]
    """
    found, first, posts = [], 0, 0
    for at, many in enumerate(often.tolist()):
        if posts and posts + many > _AT_ONCE:
            found.append(slice(first, at))
            first, posts = at, 0
        posts += many
    return [*found, slice(first, len(often))]


def accounts_told(tables: Tables) -> tuple[Whole, Whole]:
    """Of whom there are posts, sorted, and how many."""
    rows = tables.arrow("select account, count(*) as n from co_told group by account order by account")
    accounts, often = (rows[n].to_numpy().astype(np.int64) for n in ("account", "n"))
    return accounts, often


def rows_of(tables: Tables, accounts: Whole, columns: Sequence[str]) -> tuple[pa.Table, Whole]:
    """These columns of the posts of these accounts, and whose each is (a place in `accounts`, which are sorted)."""
    tables.bring("co_asked", pa.table({"account": pa.array(accounts, pa.int64())}))
    wanted = ", ".join(f'"{c}"' for c in columns)
    rows = tables.arrow(
        f"""select {wanted} from co_told where account in (select account from co_asked)
            order by account, happened_at, post"""
    )
    return rows, np.searchsorted(accounts, rows["account"].to_numpy().astype(np.int64)).astype(np.int64)


def counted_in(rows: pa.Table) -> dict[str, npt.NDArray[np.float32]]:
    """What is counted of each post. The counts are small: half as wide they hold half as much of the memory."""
    return {n: np.asarray(rows[n].to_numpy(zero_copy_only=False), np.float32) for n in features.NEEDED}
