"""Bringing connected accounts up to date. given: "only", the connection's name, "" for all; "full"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from leumund import syncing
from leumund.connecting import names_of
from leumund.errors import UsageError
from leumund.lab import Lab
from leumund.locale import _, kept
from leumund.report.counts import left_out
from leumund.report.sync_words import news, said
from leumund.sources.living import Connection, living_named
from leumund.store import connections
from leumund.syncing import Outcome, Step
from leumund.web.work import CancelledError, Job, Part, Talk, Told, Work
from leumund.widget import Refreshed, refresh


def _do(job: Job, talk: Talk) -> Told:
    with Lab.open(job.folder) as lab:
        only = job.given.get("only", "")
        known = connections.all_connections(lab.register)
        which = [connections.connection_named(lab.register, only)] if only else known
        if not which:
            raise UsageError(_("No account is connected yet."))
        names = names_of(lab, which)
        progress = _Progress(which, names, talk)
        full = bool(job.given.get("full"))
        outcomes = syncing.sync(
            lab, which, clock=lambda: datetime.now(UTC), say=progress.step, full=full, stop=talk.stop
        )
        if talk.stop.is_set():
            raise CancelledError
        told = _told(outcomes, names)
        return with_posts(told, refresh(lab.folder, at=datetime.now(UTC)))


def with_posts(told: Told, done: Sequence[Refreshed]) -> Told:
    """With what became of the posts for her homepage."""
    new = (
        kept(_("The posts for your homepage are new: {path}").format(path=d.folder))
        for d in done
        if d.changed
    )
    wrong = ((kept(d.error.message), kept(d.error.hint)) for d in done if d.error)
    return replace(told, lines=(*told.lines, *new), wrong=(*told.wrong, *wrong))


class _Progress:
    """What is known of each connection's streams by now."""

    def __init__(self, which: Sequence[Connection], names: dict[str, str], talk: Talk) -> None:
        self._talk = talk
        self._names = names
        self._open = {c.id: [s.name for s in living_named(c.source).streams] for c in which}
        self._count = {name: len(streams) for name, streams in self._open.items()}
        self._lines: dict[str, dict[str, str]] = {c.id: {} for c in which}
        for connection in which:
            self._show(connection.id)

    def step(self, step: Step) -> None:
        """Take note of one step, and show it."""
        name, lines = step.connection.id, self._lines[step.connection.id]
        lines.pop("", None)
        lines[step.stream.name if step.stream else ""] = kept(said(step))
        if step.stream and step.state not in {"reading", "waiting"} and step.stream.name in self._open[name]:
            self._open[name].remove(step.stream.name)
        self._show(name)

    def _show(self, name: str) -> None:
        done = self._count[name] - len(self._open[name])
        lines = tuple(self._lines[name].values())
        self._talk.part(name, Part(name=self._names[name], lines=lines, done=done, of=self._count[name]))


def _told(outcomes: Sequence[Outcome], names: dict[str, str]) -> Told:
    """What came of each connection."""
    lines: list[str] = []
    wrong: list[tuple[str, str]] = []
    for outcome in outcomes:
        name = names[outcome.connection.id]
        lines += [kept(_("{account}: {what}").format(account=name, what=line)) for line in news(outcome)]
        if outcome.problems:
            lines.append(kept(left_out(outcome.problems)))
        wrong += [(kept(f.message), kept(f.hint)) for f in (*outcome.left_out, *outcome.failures)]
    failed = any(o.failures for o in outcomes)
    leads = [("/", _("To the overview")), ("/sources", _("How far it reaches, and what it cannot tell"))]
    return Told(
        state="failed" if failed else "done",
        lines=tuple(lines),
        wrong=tuple(wrong),
        leads=tuple((address, kept(words)) for address, words in leads),
    )


WORK = Work(kind="sync", do=_do)
