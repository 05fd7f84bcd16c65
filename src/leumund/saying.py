"""Saying something by hand, and taking the last thing said back.

Each command's statements are remembered as one group, by their numbers alone, so that what was typed by mistake can be
taken back whole: an entry vanishes, a correction gives way to the words before it, what was taken away is there again.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from leumund.events import Statement, StatementKind
from leumund.lab import Lab
from leumund.store.batch import statement_row
from leumund.store.entries import Entry, entries_in
from leumund.store.register import Register, as_us
from leumund.store.said import SAID_BY_HAND

_REMEMBERED = 100
_IMPORT = "import"
"""In the place of a statement's kind: files were read in."""
Number = tuple[str, str]
"""Kind and number of a statement."""
Way = Literal["gone", "as before", "back"]
"""What taking back did. gone: an entry is no more; as before: a correction is undone; back: what was taken away is
there again."""


@dataclass(frozen=True, slots=True)
class TakenBack:
    """kind: of the statement; way: what was done; body: the entry's words: of the one that vanished, else those that
    hold again; happened_at: its time, in microseconds since 1970.
    """

    kind: str
    way: Way
    body: dict[str, Any]
    happened_at: int


def keep(lab: Lab, statements: Sequence[Statement], *, at: datetime) -> None:
    """Keep what the owner says now, as one group that can be taken back.

    Raises:
        LabBusyError, LabReadOnlyError: nothing was kept.
    """
    with lab.writing_patiently(at) as writer:
        writer.add(statements)
        remember(lab.register, [(s.kind, statement_row(s, 0, as_us(s.happened_at))[0]) for s in statements])


@contextmanager
def as_one(register: Register, kind: StatementKind) -> Iterator[None]:
    """What is added of this kind meanwhile (a file of customers) can be taken back as one group."""
    before = _numbers(register, kind)
    yield
    if new := sorted(_numbers(register, kind) - before):
        remember(register, [(kind, number) for number in new])


def remember(register: Register, numbers: Iterable[Number]) -> None:
    """These statements were said together, last of all."""
    said = [*_groups(register), list(numbers)][-_REMEMBERED:]
    with register.transaction():
        register.put(SAID_BY_HAND, json.dumps(said))


def remember_import(register: Register, number: int) -> None:
    """Files were read in, last of all: no entry of before is taken back as if it were they."""
    remember(register, [(_IMPORT, str(number))])


def import_last(register: Register) -> int | None:
    """The number of the import that was done last of all; None where that was something said. Asked once, what was said
    before it is the last.
    """
    groups = _groups(register)
    if not groups or not _is_import(groups[-1]):
        return None
    with register.transaction():
        register.put(SAID_BY_HAND, json.dumps(_said(groups)))
    return int(groups[-1][0][1])


def said_last(register: Register) -> list[tuple[str, dict[str, Any], int]]:
    """What `take_back` would take back next: kind, body and time of each (microseconds since 1970)."""
    groups = _said(_groups(register))
    found = (
        register.db.execute("select * from statement where kind = ? and id = ?", (kind, number)).fetchone()
        for kind, number in (groups[-1] if groups else ())
    )
    return [(row["kind"], json.loads(row["body"]), row["happened_at"]) for row in found if row is not None]


def can_be_taken_back(register: Register, kinds: Collection[str]) -> bool:
    """Whether what was said last is of these kinds; files that were read in since are nothing that was said."""
    groups = _said(_groups(register))
    return bool(groups) and {kind for kind, _number in groups[-1]} <= set(kinds)


def take_back(register: Register, kinds: Collection[str] | None = None) -> list[TakenBack]:
    """Take back what was said last; empty where nothing is remembered. Again, it takes back what was said before that.

    kinds: only where that was of these kinds; else nothing is done.
    """
    done: list[TakenBack] = []
    groups = _said(_groups(register))
    if kinds is not None and groups and not {kind for kind, _number in groups[-1]} <= set(kinds):
        return done
    with register.transaction() as db:
        while groups and not done:
            for kind, number in groups.pop():  # of an import nothing is found here
                row = db.execute(
                    "select * from statement where kind = ? and id = ?", (kind, number)
                ).fetchone()
                if row is None:
                    continue
                body = json.loads(row["body"])
                db.execute("delete from statement where kind = ? and id = ?", (kind, number))
                done.append(_taken(register, kind, number, body, row["happened_at"]))
        register.put(SAID_BY_HAND, json.dumps(groups))
    return done


def erase(register: Register, entry: Entry) -> None:
    """Delete an entry with every word that was ever said of it: it cannot be taken back."""
    with register.transaction() as db:
        db.execute(
            "delete from statement where kind = ? and (id = ? or json_extract(body, '$.entry') = ?)",
            (entry.kind, entry.entry, entry.entry),
        )


def _taken(register: Register, kind: str, number: str, body: dict[str, Any], happened_at: int) -> TakenBack:
    of = body.get("entry")
    if isinstance(of, str) and of != number:
        before = next((e for e in entries_in(register, [kind]) if e.entry == of), None)  # type: ignore[list-item]
        if before is not None:
            way: Way = "as before" if body.get("holds", True) else "back"
            return TakenBack(kind, way, dict(before.body), before.happened_at)
    # a mark that was taken back holds again: whom the owner trusts, whom she avoids, who agreed
    return TakenBack(kind, "gone" if body.get("holds", True) else "back", body, happened_at)


def _groups(register: Register) -> list[list[list[str]]]:
    return list(json.loads(register.get(SAID_BY_HAND, "[]")))


def _said(groups: list[list[list[str]]]) -> list[list[list[str]]]:
    """The same without the imports that came last."""
    last = next((n for n in range(len(groups), 0, -1) if not _is_import(groups[n - 1])), 0)
    return groups[:last]


def _is_import(group: list[list[str]]) -> bool:
    return bool(group) and group[0][0] == _IMPORT


def _numbers(register: Register, kind: str) -> set[str]:
    return {row[0] for row in register.db.execute("select id from statement where kind = ?", (kind,))}
