"""On the other days of the week the recommendations for Friday can be looked at ahead."""

from __future__ import annotations

from leumund.today import Doing, Readings, Task
from leumund.today.tasks.friday import is_near, whom


def find(readings: Readings) -> Doing | None:
    """Not on the days on which they come first."""
    return None if is_near(readings) else whom(readings)


TASK = Task(name="friday_ahead", turn="in turn", find=find, order=30)
