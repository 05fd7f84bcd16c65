"""Keeping what was said: adding, changing, taking away, listing. Whatever is kept can be taken back (`saying`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from leumund.entering.said import Said, midnight, today_at
from leumund.errors import UsageError
from leumund.events import StatementKind
from leumund.lab import Lab
from leumund.locale import N_, _
from leumund.saying import erase, keep
from leumund.store.entries import Entry, corrected, entered, held, time_in
from leumund.store.register import as_time, as_us

LAST = frozenset({"last", "letzte", "letzter", "letztes", "letzten"})
_ENOUGH = 4


class Listed(NamedTuple):
    """One entry of a list. short: the shortest beginning of its number that no other of its kind has."""

    entry: Entry
    short: str

    @property
    def happened_at(self) -> datetime:
        return as_time(self.entry.happened_at)


def add(lab: Lab, said: Said, *, at: datetime) -> Said:
    """Keep a new entry, of today where no day was named; gives it as it was kept.

    Raises:
        UsageError: something is missing, or cannot be. LabBusyError, LabReadOnlyError: nothing was kept.
    """
    happened_at = said.happened_at or midnight(today_at(at))
    whole = Said(said.kind, _filled(said.body), happened_at)
    check(whole)
    keep(lab, [entered(said.kind, whole.body, happened_at=happened_at, said_at=at)], at=at)
    return whole


def change(lab: Lab, said: Said, number: str, *, at: datetime) -> Said:
    """Say an entry anew: what was not named stays; gives it as it stands then.

    Raises:
        UsageError: nothing was named, there is no such entry, something is missing, or cannot be.
    """
    if not said.named and said.happened_at is None:
        raise UsageError(_("Nothing is to be changed."))
    entry = meant(lab, said.kind, number)
    when = said.happened_at or as_time(entry.happened_at)
    whole = Said(said.kind, _filled({**entry.body, **said.named}), when)
    check(whole)
    keep(lab, [corrected(entry, whole.body, happened_at=when, said_at=at)], at=at)
    return whole


def remove(lab: Lab, kind: StatementKind, number: str, *, for_good: bool = False, at: datetime) -> Said:
    """Take an entry away, or erase it with every word that was ever said of it; gives what it was.

    Raises:
        UsageError: there is no such entry.
    """
    entry = meant(lab, kind, number)
    when = as_time(entry.happened_at)
    if for_good:
        erase(lab.register, entry)
    else:
        keep(lab, [corrected(entry, entry.body, happened_at=when, said_at=at, holds=False)], at=at)
    return Said(kind, entry.body, when)


def listed(lab: Lab, kind: StatementKind) -> list[Listed]:
    """Every entry of a kind, the newest first."""
    entries = held(lab.register, kind)[::-1]
    short = _short([e.entry for e in entries])
    return [Listed(e, short[e.entry]) for e in entries]


def meant(lab: Lab, kind: StatementKind, number: str) -> Entry:
    """The entry of which a person wrote the number or its beginning; "last" is the one said last.

    Raises:
        UsageError: there is none, or several.
    """
    entries = held(lab.register, kind)
    if number.strip().lower() in LAST and entries:
        return max(entries, key=lambda e: (e.versions[0].known_at, e.last.known_at))
    found = [e for e in entries if e.entry == number] or [
        e for e in entries if number and e.entry.startswith(number)
    ]
    if len(found) != 1:
        text = _("“{number}” may be several entries.") if found else _("There is no entry “{number}”.")
        raise UsageError(text.format(number=number), hint=_("Look at the list again: it may have changed."))
    return found[0]


def check(said: Said) -> None:
    """Whether a whole entry says what it must and nothing that cannot be.

    Raises:
        UsageError: with what is wrong.
    """
    for name, words in _NEEDED.get(said.kind, {}).items():
        if said.body.get(name) in (None, ""):
            raise UsageError(_(words))
    for name, most in _MOST_LETTERS.items():
        if len(str(said.body.get(name) or "")) > most:
            text = _("{n} letters are too many: at most {most} stand there.")
            hint = _("It begins: {text}").format(text=str(said.body[name])[:40])
            raise UsageError(text.format(n=len(str(said.body[name])), most=most), hint=hint)
    last, words = _IN_ORDER.get(said.kind, ("", ""))
    later = time_in(said.body, last)
    if later is not None and said.happened_at is not None and later < as_us(said.happened_at):
        raise UsageError(_(words), hint=_("Look at both days again."))


def _filled(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if value is not None and value != ""}


def _short(numbers: Iterable[str]) -> dict[str, str]:
    """The shortest beginning of each number that no other has."""
    ordered = sorted(numbers)
    found = {}
    for number, *near in zip(ordered, ["", *ordered], [*ordered[1:], ""], strict=False):
        length = _ENOUGH
        while length < len(number) and any(n.startswith(number[:length]) for n in near):
            length += 1
        found[number] = number[:length]
    return found


_NEEDED: Mapping[str, Mapping[str, str]] = {
    "time": {"time": N_("Say what the hours were for."), "hours": N_("Say how long it took.")},
    "cost": {"cost": N_("Say what the money was for."), "amount": N_("Say how much it was.")},
    "note": {"note": N_("Say what happened.")},
}
_MOST_LETTERS = {
    "customer": 200, "experiment": 100, "change": 500, "time": 100, "cost": 100, "found_us_by": 500, "recommended_by": 2000,
    "through": 2000, "note": 10_000,
}  # fmt: skip
"""What is longer was not meant: a name, not a file."""
_IN_ORDER: Mapping[str, tuple[str, str]] = {
    "customer": ("bought_at", N_("They cannot have bought before they came.")),
    "note": ("until", N_("It cannot end before it begins.")),
}
"""The time that must not come before the entry's own."""
