"""Coins that nobody can throw again: they follow from a seed that is published before."""

from __future__ import annotations

import hashlib


def coins(seed: str, pairs: int) -> tuple[bool, ...]:
    """For each pair of weeks whether its first week is the one with the change.

    It is where the first hexadecimal digit of SHA-256 of "SEED PAIR" is odd; anybody can look it up with
    printf '%s' 'SEED 1' | sha256sum

    >>> coins("Petra 2026", 4)
    (False, False, True, False)
    """
    digests = (hashlib.sha256(f"{seed} {pair}".encode()).hexdigest() for pair in range(1, pairs + 1))
    return tuple(int(digest[0], 16) % 2 == 1 for digest in digests)


def as_written(seed: str, pairs: int) -> str:
    """The weeks as they are stored: 1 with the change, 0 without, a blank between pairs."""
    return " ".join("10" if first else "01" for first in coins(seed, pairs))
