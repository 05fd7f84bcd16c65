"""The records that could not be used, as imports left them."""

from __future__ import annotations

from typing import NamedTuple

from leumund.locale import told
from leumund.store.register import Register


class Left(NamedTuple):
    """One record that could not be used. file: where it came from; place: where in it; message: why, in
    words; excerpt: its beginning; hint: what to do.
    """

    source: str
    file: str
    place: str
    message: str
    excerpt: str
    hint: str


def left_out(register: Register, most: int | None = None) -> tuple[int, list[Left]]:
    """How many there are, and the first of them; most: None for all."""
    total: int = register.db.execute("select count(*) from problem").fetchone()[0]
    rows = register.db.execute(
        """select import.source, import.place, problem.place, message, excerpt, hint from problem
           join import on import.id = import order by problem.id limit ?""",
        (-1 if most is None else most,),
    ).fetchall()
    return total, [Left(*(told(str(value or "")) for value in row)) for row in rows]
