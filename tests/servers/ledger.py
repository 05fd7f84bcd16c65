"""What was done on the servers, act by act, in the words of `leumund.events`: the truth that tests compare with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from leumund.events import Kind

What = Kind | Literal["join", "post", "edit", "delete", "rename", "leave", "return"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Did:
    """One thing somebody did. Accounts and posts are named as Leumund names them.

    act: the URI of the act's own record, where the network gives one; post: what it was done to; via: what it was
    done with (the reply, the quote, the mention). A reply is two things: a post, and a reply to somebody.
    """

    what: What
    who: str
    whom: str | None = None
    act: str | None = None
    post: str | None = None
    via: str | None = None
    text: str | None = None
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass(slots=True)
class Ledger:
    """All that was done, in order, and which of it was taken back."""

    done: list[Did] = field(default_factory=list)
    taken_back: list[Did] = field(default_factory=list)

    def note(self, **did: object) -> Did:
        """Write down that something was done."""
        entry = Did(**did)  # type: ignore[arg-type]
        self.done.append(entry)
        return entry

    def take_back(self, entry: Did) -> None:
        """Write down that something does not hold any more, and all that was done with it."""
        gone = [d for d in self.done if d is entry or (entry.what == "post" and entry.post in (d.act, d.via))]
        self.taken_back += [d for d in gone if d not in self.taken_back]

    def holds(self, *whats: What, who: str | None = None, whom: str | None = None) -> list[Did]:
        """What was done and still holds. No whats: everything."""
        return [d for d in self._looked_for(whats, who, whom) if d not in self.taken_back]

    def ever(self, *whats: What, who: str | None = None, whom: str | None = None) -> list[Did]:
        """What was done, taken back or not."""
        return list(self._looked_for(whats, who, whom))

    def _looked_for(self, whats: tuple[What, ...], who: str | None, whom: str | None) -> Iterator[Did]:
        for entry in self.done:
            if whats and entry.what not in whats:
                continue
            if who in (None, entry.who) and whom in (None, entry.whom):
                yield entry
