"""The owner's own words, on goals and experiments, for readers who shall learn nobody's name: who stands in them is masked.

Masked are handles and addresses of accounts, customers and whoever stands in their chains, what the owner calls people, and
the names that accounts in the lab show, as far as these are of two words or more: “Petra” alone may be a word of a language.
Not masked: the owner herself, and who agreed to be named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from leumund.asking import State
from leumund.channels import CHANNELS, channel_of
from leumund.consent import who_may_appear
from leumund.lab import Lab
from leumund.measures import Note, Reading
from leumund.store.consents import words_in
from leumund.store.customers import chain_in
from leumund.store.entries import entries_in

_HANDLE = re.compile(r"(?:https?://\S+/)?@[\w.-]+(?:@[\w.-]+)?|\b[\w-]+\.bsky\.social\b")
_ADDRESS = re.compile(r"(https?://[^/\s]+/)[^\s@…]+")
_WORD = re.compile(r"[\w.@'’-]*\w")
_MOST_WORDS = 5
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Mask:
    """What hides others. names: of people, as they may stand there; agreed: handles that stay, small and without @."""

    names: tuple[str, ...] = ()
    agreed: frozenset[str] = frozenset()

    def text(self, text: str) -> str:
        """A text in which nobody is named who did not agree.

        >>> Mask(("Petra",), frozenset({"ben@b.example"})).text("wie Petras @ben@b.example und @c@d.example")
        'wie … @ben@b.example und @…'
        """
        text = _HANDLE.sub(
            lambda found: found[0] if found[0].lstrip("@").casefold() in self.agreed else "@…", text
        )
        text = _ADDRESS.sub(r"\1…", text)
        if not self.names:
            return text
        longest = sorted(self.names, key=lambda name: (-len(name), name))
        either = "|".join(map(re.escape, longest))
        return re.sub(rf"(?<!\w)(?:{either})(?:['’]?s)?(?!\w)", "…", text, flags=re.IGNORECASE)

    def reading(self, reading: Reading) -> Reading:
        """The same of all texts of a reading; what was written on silences and outages is left out whole."""

        def masked(value: Any) -> Any:
            return self.text(value) if isinstance(value, str) else value

        return replace(
            reading,
            rows=tuple(tuple(masked(v) for v in row) for row in reading.rows),
            notes=tuple(Note(n.text, {k: masked(v) for k, v in n.values.items()}) for n in reading.notes),
            happened=tuple(
                replace(h, text=masked(h.text) if h.kind == "experiment" else "")
                for h in reading.happened
                if h.kind != "note"
            ),
        )  # fmt: skip


def mask_for(state: State, readings: Iterable[Reading], *, at: datetime) -> Mask:
    """What hides everybody in these readings who is not the owner and did not agree to be named in what she writes."""
    shown, own = _shown(state, at), set(state.lab.register.own_accounts())
    names = [*_customers(state.lab), *_called(state.lab, shown | own)]
    names += _profile_names(state.lab, readings, shown | own)
    agreed = frozenset(n.lstrip("@").casefold() for n in state.lab.names(shown | own).values())
    return Mask(tuple({n for name in names if len(n := name.strip()) >= _SHORTEST}), agreed)


def _shown(state: State, at: datetime) -> set[int]:
    """The accounts of all who agreed; one account that refuses is enough for a no."""
    said = [w.account for w in words_in(state.lab.register) if w.purpose == "parts"]
    people = dict.fromkeys(state.tables.person_of(account) for account in said)
    return {
        k for a in who_may_appear(state.lab, state.tables, people, "parts", at=at).values() for k in a.shown
    }


def _customers(lab: Lab) -> list[str]:
    """The names of customers and of whoever stands in their chains."""
    told = [entry.body for entry in entries_in(lab.register, ["customer"])]
    names = [str(body.get("customer") or "") for body in told] + [s for body in told for s in chain_in(body)]
    return [name for name in names if channel_of(name) not in CHANNELS]


def _called(lab: Lab, shown: set[int]) -> list[str]:
    """What the owner calls people."""
    rows = lab.register.db.execute(
        """select person.name, group_concat(account) from person join person_account on person = id
           where person.name <> '' and not person.owner group by person.id"""
    )
    return [name for name, accounts in rows if not shown & {int(a) for a in accounts.split(",")}]


def _profile_names(lab: Lab, readings: Iterable[Reading], shown: set[int]) -> list[str]:
    """What stands in these texts and is the name or the handle of an account of the lab."""
    wanted: set[str] = set()
    for text in {t for reading in readings for t in _texts(reading)}:
        words = _WORD.findall(text)
        for n in range(1, _MOST_WORDS + 1):
            grams = (words[i : i + n] for i in range(len(words) - n + 1))
            wanted |= {f for gram in grams for f in _forms(" ".join(gram)) if n > 1 or "." in f}
    rows = lab.register.db.execute("select name from account where own and name is not null")
    mine = {name.casefold() for (name,) in rows}
    found: list[str] = []
    some = sorted(wanted)
    for i in range(0, len(some), 500):
        part = some[i : i + 500]
        marks = ", ".join("?" * len(part))
        query = f"select key, name, handle from account where name collate nocase in ({marks}) or handle collate nocase in ({marks})"
        for key, name, handle in lab.register.db.execute(query, [*part, *part]):
            if key not in shown:
                found += [
                    n for n in (name, handle) if n and (" " in n or "." in n) and n.casefold() not in mine
                ]
    return found


def _forms(gram: str) -> tuple[str, ...]:
    """A name as it may stand in a sentence: Petras."""
    return (gram, re.sub(r"['’]?s$", "", gram))


def _texts(reading: Reading) -> Iterable[str]:
    yield from (value for row in reading.rows for value in row if isinstance(value, str))
    yield from (h.text for h in reading.happened)
