"""What changed since a day, question by question: the figure now, by how much it changed, and why in one sentence.

influence followers thanks board goals     one file, one question: `changed(readings, since) -> Change`
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from leumund.today import Readings


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One question, in the language in use. value: the figure now; of: what belongs to it in words; change: written with its sign, "" where there is none.

    matters: whether it is worth a look; why: the reason, or that it is nothing that matters; unknown: there is no figure.
    course: the last months as numbers, None where unknown, for a small drawing; page, command: where there is more.
    """

    name: str
    heading: str
    value: str
    of: str = ""
    change: str = ""
    matters: bool = False
    why: str = ""
    unknown: bool = False
    course: Sequence[float | None] = ()
    page: str = ""
    command: str = ""


def changes(readings: Readings, since: date, *, language: str = "") -> list[Change]:
    """What changed since the beginning of that day, in an order that is always the same. language: of the board, as `board`."""
    from leumund.today.changes.board import board
    from leumund.today.changes.followers import followers
    from leumund.today.changes.goals import goals
    from leumund.today.changes.influence import influence
    from leumund.today.changes.thanks import thanks

    asked: tuple[Callable[[Readings, date], Change | None], ...] = (
        influence,
        followers,
        thanks,
        partial(board, language=language),
        goals,
    )
    return [found for ask in asked if (found := ask(readings, since)) is not None]
