"""Who is behind an act: the standing of people, in one owner's lab or in a community's."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Literal, Protocol
from weakref import WeakKeyDictionary

from leumund.measures import Note
from leumund.measures.standing.personal import Flags, Indices, Numbers, Personal, personal
from leumund.store.tables import Tables


class Standing(Protocol):
    """What is known of people at any moment.

    kind: in a personal lab standing lies between 0 and 1, in a community's it has no upper end: the two cannot be
    compared. known_since: since when anybody has any (microseconds since 1970), None where nobody ever had.
    """

    @property
    def kind(self) -> Literal["personal", "community"]: ...

    @property
    def known_since(self) -> int | None: ...

    @property
    def marks(self) -> Personal:
        """The owner's marks and all ties that are known, whichever kind this is."""
        ...

    @property
    def keys(self) -> Indices:
        """Everybody of whom anything is known, sorted."""
        ...

    def at(self, keys: Indices, moment_us: int, *, marks_us: int | None = None) -> Numbers:
        """The standing of these people at a moment. marks_us: the owner's marks as of then."""
        ...

    def barred(self, keys: Indices, moment_us: int, *, marks_us: int | None = None) -> Flags:
        """Who is on the no-go list or a robot by her own word."""
        ...

    def turn(self, moment_us: int, *, marks_us: int | None = None) -> Hashable:
        """What all standing depends on: two moments with the same turn give the same."""
        ...

    def reached(self, moment_us: int) -> tuple[float | None, float | None]:
        """In a community, what share of accounts and of ties the trusted accounts can see; else None."""
        ...

    def notes(self) -> tuple[Note, ...]:
        """What must be said wherever it is used."""
        ...


_OF: WeakKeyDictionary[Tables, Standing] = WeakKeyDictionary()


def standing_of(tables: Tables) -> Standing:
    """The standing of everybody in this lab; found once for all readings of one state."""
    if tables not in _OF:
        _OF[tables] = _found(tables)
    return _OF[tables]


def give_standing(tables: Tables, standing: Standing) -> None:
    """From now on this is the standing of everybody in this lab at this moment, for whoever asks `standing_of`."""
    _OF[tables] = standing


def _found(tables: Tables) -> Standing:
    if not tables.community:
        return personal(tables)
    # SciPy's graphs, which a personal lab does not need
    from leumund.measures.standing.community import community

    return community(tables)
