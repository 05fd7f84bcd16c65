"""What a page sees: one state of the lab at one moment, each reading taken and drawn once."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from leumund.asking import Question, State, derived
from leumund.facts import all_facts
from leumund.lab import Lab
from leumund.locale import code
from leumund.measures import Reading, measure_named
from leumund.report.shown import Shown, shown
from leumund.views import Mark, vague
from leumund.web.hints import sentence_in_pages

T = TypeVar("T")
_MOST_KEPT = 300  # readings: whoever asks for ever other ones does not fill the memory


@dataclass(slots=True)
class Sight:
    """One state of the lab. at: the clock when it was opened; as_of: the moment its answers speak of (the demo's last)."""

    lab: Lab
    state: State
    at: datetime
    as_of: datetime
    _kept: dict[tuple[Any, ...], Any] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return self.lab.folder

    @property
    def own(self) -> frozenset[int]:
        """The owner's accounts, and the one that stands for all of them."""
        mine = self.state.tables.own
        return frozenset({*self.lab.register.own_accounts(), *([mine] if mine is not None else [])})

    def reading(self, name: str, **options: Any) -> Reading:
        """A measure's reading.

        Raises:
            UsageError: there is no such measure, or it has no such option.
        """
        return self._once(
            ("reading", name, *_key(options)), lambda: self.state.reading(measure_named(name), **options)
        )

    def explanation(self, name: str, account: int | None = None, **options: Any) -> Reading:
        """The facts behind a reading.

        Raises:
            UsageError: there is no such measure, or nothing to explain.
        """
        return self._once(
            ("why", name, account, *_key(options)),
            lambda: self.state.explanation(measure_named(name), account, **options),
        )

    def shown(self, ident: str, reading: Reading, *, marks: tuple[Mark, ...] = ()) -> Shown:
        """The reading, drawn and written; the accounts of the owner are picked out."""
        answer = shown(ident, reading, highlight=self.own, marks=marks, as_of=self.as_of)
        return replace(
            answer,
            notes=[said for n in answer.notes if (said := sentence_in_pages(n))],
            # where nothing else says the answer, the rows are it; here they scroll, however many they are
            folded=answer.folded and bool(answer.wide or answer.headlines),
        )

    def once(self, name: str, take: Callable[[], T]) -> T:
        """Whatever a page works out once for this state and this language."""
        return self._once(("page", name, vague.is_on()), take)

    def _once(self, key: tuple[Any, ...], take: Callable[[], T]) -> T:
        full = (code(), *key)
        found: T = self._kept.pop(full) if full in self._kept else take()
        self._kept[full] = found  # the last one asked for goes last
        while len(self._kept) > _MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        return found


@contextlib.contextmanager
def open_sight(folder: Path) -> Iterator[Sight]:
    """The lab in that folder, as it is now."""
    at = datetime.now(UTC)
    with Lab.open(folder, read_only=True) as lab:
        derived(lab, all_facts(), at=at)  # while another process writes, the newest posts are not counted yet
        as_of = lab.last_moment(at)
        with Question(lab, as_of).state() as state:
            yield Sight(lab, state, at, as_of)


def _key(options: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(sorted((k, v) for k, v in options.items() if v is not None))
