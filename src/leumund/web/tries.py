"""Who guesses passwords waits: from one address a few at once, then one every ten seconds; from all together one a second.

An address of IPv6 counts by its network (/64), which is what one household or one attacker has.
"""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

_AT_ONCE, _ONE_EACH_S = 5.0, 10.0
_AT_ONCE_ALL, _ONE_EACH_ALL_S = 50.0, 1.0
_MOST_ADDRESSES = 10_000


@dataclass(slots=True)
class _Left:
    """What is left of the tries, as of a moment."""

    tries: float
    at: float


@dataclass(slots=True)
class Tries:
    """Wrong passwords, by address. Safe to be used by many threads."""

    clock: Callable[[], float] = time.monotonic
    _by_address: OrderedDict[str, _Left] = field(default_factory=OrderedDict)
    _all: _Left = field(default_factory=lambda: _Left(_AT_ONCE_ALL, -math.inf))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, address: str) -> int:
        """In how many seconds that address may try again; 0: now."""
        with self._lock:
            one = self._filled(self._of(_network(address)), _AT_ONCE, _ONE_EACH_S)
            every = self._filled(self._all, _AT_ONCE_ALL, _ONE_EACH_ALL_S)
            return max(
                0, math.ceil((1 - one.tries) * _ONE_EACH_S), math.ceil((1 - every.tries) * _ONE_EACH_ALL_S)
            )

    def wrong(self, address: str) -> None:
        """That address gave a wrong password."""
        with self._lock:
            for left in (self._of(_network(address)), self._all):
                left.tries -= 1

    def _of(self, network: str) -> _Left:
        left = self._by_address.pop(network, None) or _Left(_AT_ONCE, self.clock())
        self._by_address[network] = left
        while len(self._by_address) > _MOST_ADDRESSES:
            self._by_address.popitem(last=False)
        return left

    def _filled(self, left: _Left, most: float, each_s: float) -> _Left:
        now = self.clock()
        left.tries = min(most, left.tries + (now - left.at) / each_s)
        left.at = now
        return left


def _network(address: str) -> str:
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else str(found)
