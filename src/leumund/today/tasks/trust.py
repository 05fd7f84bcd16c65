"""Nobody's standing is known: as long as all others are strangers, influence says next to nothing."""

from __future__ import annotations

from leumund.locale import _
from leumund.measures.standing.personal import NOBODY_KNOWN
from leumund.store.marks import trusted_now
from leumund.today import Doing, Readings, Task


def find(readings: Readings) -> Doing | None:
    """For an owner who trusts nobody yet, where nothing else tells whom she knows; as soon as others did something for her."""
    if readings.state.tables.own is None or trusted_now(readings.lab.register):
        return None
    standing = readings.reading("standing")
    if not standing.figures["acts"] or all(note.text != NOBODY_KNOWN for note in standing.notes):
        return None
    return Doing(
        what=_("Say whom you know and trust"),
        why=_("Until then all others are strangers to Leumund, and what strangers do counts for little."),
        go=_("To the people"), page="/people", command="trust",
    )  # fmt: skip


TASK = Task(name="trust", turn="first", find=find, order=40)
"""Behind what is due today."""
