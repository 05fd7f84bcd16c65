"""A copy of the lab to take away. given: "form", backup or an open format; "private": also what is for her alone; "into"."""

from __future__ import annotations

import shutil
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from leumund.errors import UsageError
from leumund.lab import Lab
from leumund.locale import _, kept
from leumund.store.backup import backup
from leumund.store.export import export
from leumund.views.cells import number
from leumund.web.work import CancelledError, Job, Part, Talk, Told, Work

_EVER = datetime.max.replace(tzinfo=UTC)  # what is dated in the future leaves with the rest


def _do(job: Job, talk: Talk) -> Told:
    at, into = datetime.now(UTC), Path(job.given["into"])
    form = job.given["form"]
    file = into / f"leumund-{form}-{at:%Y-%m-%d}.zip"
    talk.part("", Part(name="", lines=(kept(_("Being packed ...")),)))
    with Lab.open(job.folder, read_only=True) as lab:
        match form:
            case "backup":
                backup(lab.register, lab.folder, file, at=at)
            case "jsonl" | "csv" | "parquet":
                with lab.tables(as_of=_EVER) as tables:
                    export(tables, lab.register, into / "out", form, private=bool(job.given.get("private")))
                _pack(into / "out", file, talk)
            case _:
                raise UsageError(_("Nothing can be changed here."))
    size = kept(_("{mb} MB").format(mb=number(file.stat().st_size / 2**20, 1)))
    note = kept(
        _("It names people: whoever you forget later stands in this file still. Delete it yourself then.")
    )
    return Told(lines=(size, note), file=file)


def _pack(folder: Path, file: Path, talk: Talk) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for one in sorted(folder.iterdir()):
            if talk.stop.is_set():
                raise CancelledError
            packed.write(one, one.name)
    shutil.rmtree(folder)


WORK = Work(kind="copy", do=_do, noted=False)
