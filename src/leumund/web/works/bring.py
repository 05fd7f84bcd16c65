"""Reading files into the lab, one after the other. given: "account", whose they are where they do not say so."""

from __future__ import annotations

import contextlib
import time
from datetime import UTC, datetime
from pathlib import Path

from leumund.errors import LabError, SourceError, UnknownFileError
from leumund.exported import unpacked
from leumund.intake import import_path, parts_of
from leumund.lab import Lab
from leumund.locale import _, kept, ngettext
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
    sources: dict[str, Source] = {}
    unknown = False
    for n, file in enumerate(job.files):
        talk.part(str(n), Part(name=file.name, lines=(kept(_("its turn comes")),)))
    with Lab.open(job.folder.absolute()) as lab:
        for n, file in enumerate(job.files):
            progress = _Progress(talk, str(n), file.name)
            try:
                with (
                    contextlib.chdir(file.parent),
                    unpacked(Path(file.name)) as there,
                ):  # what is said names the file alone
                    said = _read(lab, there, file.name, whose, job, progress, sources)
            except SourceError as error:
                is_unknown = type(error) is UnknownFileError
                unknown = unknown or is_unknown
                wrong.append((kept(error.message), "" if is_unknown else kept(error.hint)))
                talk.part(str(n), Part(name=file.name, lines=(kept(_("could not be read")),)))
                continue
            except LabError as error:  # nothing more can be stored; what came of the files before is said
                wrong.append((kept(error.message), kept(error.hint)))
                break
            lines += [kept(_("{file}: {what}").format(file=file.name, what=line)) for line in said]
            talk.part(str(n), Part(name=file.name, lines=(kept(_("read")),), done=1, of=1))
    if sentences := limits(sources.values()):
        lines += [kept(_("What cannot be known from it:")), *(kept(f"· {s}") for s in sentences)]
    leads = [("/", _("To the overview")), ("/sources", _("How far it reaches, and what could not be used"))]
    told = Told(
        state="failed" if wrong else "done",
        lines=tuple(lines),
        wrong=tuple(wrong),
        leads=tuple((address, kept(words)) for address, words in leads),
        unknown=unknown,
    )
    return with_posts(told, refresh(job.folder, at=datetime.now(UTC)))


def _read(
    lab: Lab,
    there: Path,
    called: str,
    whose: str | None,
    job: Job,
    progress: _Progress,
    sources: dict[str, Source],
) -> list[str]:
    """One file, or the tables of one that was packed; gives what is to be said of it. called: what she calls it."""
    said: list[str] = []
    packed = there.is_dir()
    with contextlib.chdir(there) if packed else contextlib.nullcontext():
        for part, found in parts_of(Path() if packed else there):
            account = whose if found.whose or len(job.files) == 1 else None
            with lab.writing_patiently(datetime.now(UTC)) as writer:
                before = set(lab.register.own_accounts())
                report = import_path(lab, writer, part, account=account, progress=progress, called=called)
                writer.compact()
            sources[report.source.name] = report.source
            said += [found.what, *news(report)]
            if report.problems:
                said.append(left_out(report.problems))
            said += [*ahead(report), yours(lab, before), foreign(lab, report)]
    return [line for line in said if line]


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
