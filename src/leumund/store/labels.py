"""What the owner says of accounts while looking through her followers: person, robot, or just what she did.

A label is a statement of the kind `label`, kept for her alone: it stands in no report and on no page. What was said
last holds; "later" says nothing yet. Labels are what shares of an audience are reckoned from, never a mark on somebody.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, get_args

import pyarrow as pa

from leumund.events import Network, Statement
from leumund.ids import account_key
from leumund.store.register import Register, as_us
from leumund.store.said import said_of_accounts

Answer = Literal["person", "robot", "reviewed", "follow_back", "later"]
"""person, robot: what it is. reviewed: seen, cannot tell. follow_back: a person, to be followed back. later: ask again."""

ANSWERS: tuple[Answer, ...] = get_args(Answer)
TELLING: Mapping[str, bool] = {"person": False, "follow_back": False, "robot": True}
"""The answers that say what an account is: whether it is automated."""

_MOMENT = pa.timestamp("us")
_SHAPE = pa.schema({"account": pa.int64(), "answer": pa.string(), "said_at": _MOMENT, "known_at": _MOMENT})


def labelled(account: str, network: Network, answer: Answer, *, at: datetime) -> Statement:
    """The statement that the owner looked at an account and what she says of it; said again at that moment it replaces the first."""
    body: dict[str, Any] = {"label": account, "network": network, "answer": answer}
    number = f"{account_key(f'label|{as_us(at)}|{account}'):016x}"
    return Statement(kind="label", happened_at=at, body=body, statement=number)


def labels_in(register: Register, heads: Mapping[int, int]) -> pa.Table:
    """Every label that was ever given: account (key), answer, said_at, known_at; in the order in which they were said.

    heads: the one key of accounts with several. A label of an account that was erased is nobody's.
    """
    rows = [
        {"account": said.account, "answer": answer, "said_at": said.said_at, "known_at": said.known_at}
        for said in said_of_accounts(register, heads, ("label",))
        if (answer := said.body.get("answer")) in ANSWERS
    ]
    return pa.Table.from_pylist(rows, _SHAPE)
