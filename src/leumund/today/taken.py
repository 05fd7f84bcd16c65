"""The readings of one state of a lab, each taken once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from leumund.asking import State
from leumund.lab import Lab
from leumund.measures import Reading, measure_named


@dataclass(slots=True)
class Taken:
    """What was taken so far; see `today.Readings`."""

    lab: Lab
    state: State
    at: datetime
    as_of: datetime
    _kept: dict[tuple[Any, ...], Reading] = field(default_factory=dict)

    def reading(self, name: str, **options: Any) -> Reading:
        """A measure's reading."""
        key = ("reading", name, *sorted(options.items()))
        if key not in self._kept:
            self._kept[key] = self.state.reading(measure_named(name), **options)
        return self._kept[key]

    def explanation(self, name: str, account: int | None = None, **options: Any) -> Reading:
        """The facts behind a reading."""
        key = ("why", name, account, *sorted(options.items()))
        if key not in self._kept:
            self._kept[key] = self.state.explanation(measure_named(name), account, **options)
        return self._kept[key]
