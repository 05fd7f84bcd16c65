"""A number for each account: four bytes instead of eight, and a place in every list. New ones come at the end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from leumund.measures.standing.searched import distinct, places

Keys = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.int32]


@dataclass(slots=True)
class Accounts:
    """ordered: the keys, rising; number: of each of these. A number, once given, is never given again."""

    ordered: Keys
    number: Numbers

    @classmethod
    def none(cls) -> Accounts:
        """Before there was anybody."""
        return cls(np.zeros(0, np.int64), np.zeros(0, np.int32))

    def __len__(self) -> int:
        return len(self.ordered)

    def keys(self) -> Keys:
        """The key of each number."""
        keys = np.empty(len(self), np.int64)
        keys[self.number] = self.ordered
        return keys

    def numbers(self, keys: Keys) -> Numbers:
        """The number of each of these keys, -1 where it has none."""
        if not len(self):
            return np.full(len(keys), -1, np.int32)
        at = np.minimum(places(self.ordered, keys), len(self) - 1)
        return np.where(self.ordered[at] == keys, self.number[at], np.int32(-1))

    def with_all(self, keys: Keys) -> Accounts:
        """The same with numbers for these keys too."""
        new = distinct(keys[self.numbers(keys) < 0])
        if not len(new):
            return self
        at = np.searchsorted(self.ordered, new)
        numbers = np.arange(len(self), len(self) + len(new), dtype=np.int32)
        return Accounts(np.insert(self.ordered, at, new), np.insert(self.number, at, numbers))
