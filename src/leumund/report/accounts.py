"""Accounts as people write them."""

from __future__ import annotations

from collections.abc import Iterable

from leumund.clean import clean
from leumund.lab import Lab
from leumund.views.words import word


def listed(there: Lab, keys: Iterable[int]) -> str:
    """The accounts of these keys, each with its network."""
    rows = there.register.known_as(keys)
    names = there.names(rows)
    return ", ".join(sorted({f"{clean(names[k])} ({word(str(r['network']))})" for k, r in rows.items()}))
