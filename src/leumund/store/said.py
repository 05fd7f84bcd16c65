"""What the owner said of accounts: statements whose body names one under the word of their kind."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from leumund.events import StatementKind
from leumund.ids import account_key
from leumund.store.register import Register

SAID_BY_HAND = "said by hand"
"""Where the register keeps the numbers of what was said together, for taking it back (see `leumund.saying`)."""


@dataclass(frozen=True, slots=True)
class Said:
    """A statement about an account (its key). said_at, known_at: microseconds since 1970."""

    kind: str
    account: int
    body: Mapping[str, Any]
    said_at: int
    known_at: int


def said_of_accounts(
    register: Register, heads: Mapping[int, int], kinds: Sequence[StatementKind]
) -> Iterator[Said]:
    """The statements of these kinds, in the order in which they were said.

    heads: the one key of accounts with several. Where an account was erased its statement speaks of nobody any more
    (what stands in place of its name is no URI), and is left out.
    """
    marks = ", ".join("?" * len(kinds))
    query = f"select * from statement where kind in ({marks}) order by happened_at, id"
    for row in register.db.execute(query, tuple(kinds)):
        body = json.loads(row["body"])
        uri = body.get(row["kind"])
        if isinstance(uri, str) and ":" in uri:
            key = account_key(uri)
            yield Said(row["kind"], heads.get(key, key), body, row["happened_at"], row["known_at"])
