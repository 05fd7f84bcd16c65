"""Reading files into the lab, one after the other. given: "account", whose they are where they do not say so."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from leumund.bringing import Piece, as_last, bring, pieces_of
from leumund.errors import LabError, SourceError, UnknownFileError
from leumund.intake import Report
from leumund.lab import Lab
from leumund.locale import _, kept, ngettext
from leumund.reading import Reader
from leumund.report.counts import left_out
from leumund.report.import_words import ahead, foreign, limits, news, stage_named, yours
from leumund.sources import Source
from leumund.spoken.accounts import account_said
from leumund.views.cells import number
from leumund.web.work import CancelledError, Job, Part, Talk, Told, Work
from leumund.web.works.sync import with_posts
from leumund.widget import refresh

_OFTEN_S = 0.3


def _do(job: Job, talk: Talk) -> Told:
    whose = account_said(job.given["account"]) if job.given.get("account") else None
    lines: list[str] = []
    wrong: list[tuple[str, str]] = []
    unknown: list[bool] = []
    sources: dict[str, Source] = {}

    def failed(n: int, error: SourceError) -> None:
        is_unknown = type(error) is UnknownFileError
        unknown.append(is_unknown)
        wrong.append((kept(error.message), "" if is_unknown else kept(error.hint)))
        talk.part(str(n), Part(name=job.files[n].name, lines=(kept(_("could not be read")),)))

    for n, file in enumerate(job.files):
        talk.part(str(n), Part(name=file.name, lines=(kept(_("its turn comes")),)))
    with contextlib.ExitStack() as opened:
        pieces = list(_pieces(job, opened, failed))
        lab = opened.enter_context(Lab.open(job.folder.absolute()))
        if pieces:
            reader = opened.enter_context(Reader())
            writer = opened.enter_context(lab.writing_patiently(datetime.now(UTC)))
            done = opened.enter_context(as_last(lab.register))
        following: list[tuple[int | None, Piece | None]] = [*pieces[1:], (None, None)]
        for (n, piece), (after, then) in zip(pieces, following[: len(pieces)], strict=True):
            file = job.files[n]
            account = whose if piece.part.found.whose or len(pieces) == 1 else None
            before = set(lab.register.own_accounts())
            writer.at = datetime.now(UTC)
            progress = _Progress(talk, str(n), file.name)
            try:
                report = bring(writer, piece, then, reader=reader, account=account, progress=progress)
            except SourceError as error:
                failed(n, error)
                continue
            except LabError as error:  # nothing more can be stored; what came of the files before is said
                wrong.append((kept(error.message), kept(error.hint)))
                break
            done(report)
            sources[report.source.name] = report.source
            said = _said(lab, piece, report, before)
            lines += [kept(_("{file}: {what}").format(file=file.name, what=line)) for line in said]
            if after != n:
                talk.part(str(n), Part(name=file.name, lines=(kept(_("read")),), done=1, of=1))
    if sentences := limits(sources.values()):
        lines += [kept(_("What cannot be known from it:")), *(kept(f"· {s}") for s in sentences)]
    leads = [("/", _("To the overview")), ("/sources", _("How far it reaches, and what could not be used"))]
    told = Told(
        state="failed" if wrong else "done",
        lines=tuple(lines),
        wrong=tuple(wrong),
        leads=tuple((address, kept(words)) for address, words in leads),
        unknown=any(unknown),
    )
    return with_posts(told, refresh(job.folder, at=datetime.now(UTC)))


def _pieces(
    job: Job, opened: contextlib.ExitStack, failed: Callable[[int, SourceError], None]
) -> Iterator[tuple[int, Piece]]:
    """What is to be read, each with the place of the file it came in; what is said names that file alone."""
    for n, file in enumerate(job.files):
        try:
            pieces = pieces_of(Path(file.name), opened, folder=file.parent)
        except SourceError as error:
            failed(n, error)
            continue
        yield from ((n, piece) for piece in pieces)


def _said(lab: Lab, piece: Piece, report: Report, before: set[int]) -> list[str]:
    """What is to be said of a file that was read. before: which accounts were hers."""
    problems = [left_out(report.problems)] if report.problems else []
    said = [piece.part.found.what, *news(report), *problems, *ahead(report)]
    return [line for line in (*said, yours(lab, before), foreign(lab, report)) if line]


class _Progress:
    """See `intake.Progress`; now and then only."""

    def __init__(self, talk: Talk, ident: str, name: str) -> None:
        self._talk, self._ident, self._name = talk, ident, name
        self._last = 0.0

    def __call__(self, stage: str, done: int, of: int, rows: int) -> None:
        if self._talk.stop.is_set():
            raise CancelledError
        if time.monotonic() - self._last < _OFTEN_S:
            return
        self._last = time.monotonic()
        many = ngettext("{n} record", "{n} records", rows).format(n=number(rows))
        line = kept(_("{stage}: {many}").format(stage=stage_named(stage), many=many))
        self._talk.part(self._ident, Part(name=self._name, lines=(line,), done=done, of=of))


WORK = Work(kind="import", do=_do)
