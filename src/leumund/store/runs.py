"""What was done to a lab by whom nobody watched to the end: the last syncs and imports that pages began.

They stand in the lab, in no language (`locale.kept`). A run that has no end was broken off; nothing it stored is lost.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Literal

from leumund.store.register import Register

_NAME = "runs"
_MOST = 30

State = Literal["going", "done", "failed", "stopped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run. title, lines: as `locale.kept` keeps them; began, ended: ISO times, ended "" while it goes on."""

    kind: str
    title: str
    began: str
    ended: str = ""
    state: State = "going"
    lines: tuple[str, ...] = ()


def runs(register: Register) -> list[Run]:
    """The last runs, the newest first."""
    told: list[dict[str, Any]] = json.loads(register.get(_NAME, "[]"))
    return [Run(**{**one, "lines": tuple(one["lines"])}) for one in reversed(told)]


def begin(register: Register, kind: str, title: str, *, at: datetime) -> Run:
    """Note that a run begins."""
    run = Run(kind=kind, title=title, began=at.isoformat())
    _put(register, [run, *runs(register)])
    return run


def end(register: Register, run: Run, state: State, lines: Sequence[str], *, at: datetime) -> None:
    """Note how it ended."""
    ended = replace(run, state=state, lines=tuple(lines), ended=at.isoformat())
    _put(register, [ended, *(r for r in runs(register) if (r.kind, r.began) != (run.kind, run.began))])


def _put(register: Register, found: Sequence[Run]) -> None:
    with register.transaction():
        register.put(_NAME, json.dumps([asdict(r) for r in reversed(found[:_MOST])]))


def forget(register: Register) -> None:
    """Forget all of them: a title or a line may name somebody. To be called inside a transaction."""
    register.put(_NAME, "[]")
