"""Backup and restore: one zip with a consistent copy of a lab and the checksums of all in it."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path, PurePosixPath

from leumund.errors import LabError, UnreadableFileError, UsageError
from leumund.locale import _
from leumund.store.register import Register
from leumund.store.segments import said_plainly

_MANIFEST = "manifest.json"


def backup(
    register: Register,
    folder: Path,
    to: Path,
    *,
    at: datetime,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Write the whole lab into one zip; gives its size in bytes. Reading and writing may go on meanwhile.

    Raises:
        UsageError: the file is there already. LabFullError, LabReadOnlyError: nothing remains.
    """
    if to.exists():
        raise UsageError(
            _("{path} is there already.").format(path=to), hint=_("Choose another name for the backup.")
        )
    part = to.with_name(to.name + ".part")
    with (
        said_plainly(to.parent),
        tempfile.TemporaryDirectory(dir=to.parent if os.access(to.parent, os.W_OK) else None) as tmp,
    ):
        copy = Path(tmp) / "lab.sqlite"
        with contextlib.closing(sqlite3.connect(copy)) as target:
            register.db.backup(target)
            paths = [
                r[0] for r in target.execute("select path from segment where retired_at is null and rows > 0")
            ]
        sums = {}
        try:
            with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED, allowZip64=True) as out:
                for done, (name, path) in enumerate(
                    [("lab.sqlite", copy), *((p, folder / p) for p in paths)]
                ):
                    sums[name] = _checksum(path)
                    out.write(
                        path, name, zipfile.ZIP_DEFLATED if name == "lab.sqlite" else zipfile.ZIP_STORED
                    )
                    if progress:
                        progress(done + 1, len(paths) + 1)
                manifest = {"made_at": at.isoformat(), "sha256": sums, "format": 1}
                out.writestr(_MANIFEST, json.dumps(manifest, indent=1, sort_keys=True))
            with part.open("rb+") as handle:
                os.fsync(handle.fileno())
            part.rename(to)
        finally:
            part.unlink(missing_ok=True)
    return to.stat().st_size


def restore(archive: Path, folder: Path) -> None:
    """Make a lab of a backup, in a folder that has none; every file is checked first.

    Raises:
        UsageError: there is a lab already. UnreadableFileError: not a whole backup; nothing was made.
    """
    if folder.exists() and any(folder.iterdir()):
        hint = _("Choose another place: leumund restore FILE --lab PATH")
        raise UsageError(_("{path} is not empty; nothing is overwritten.").format(path=folder), hint=hint)
    staging = folder.with_name(folder.name + ".restoring")
    shutil.rmtree(staging, ignore_errors=True)
    with said_plainly(folder.parent):
        try:
            with zipfile.ZipFile(archive) as source:
                sums: dict[str, str] = json.loads(source.read(_MANIFEST))["sha256"]
                for name, checksum in sums.items():
                    _extract(source, name, checksum, staging, archive)
        except (zipfile.BadZipFile, KeyError, json.JSONDecodeError, EOFError, FileNotFoundError) as error:
            shutil.rmtree(staging, ignore_errors=True)
            raise UnreadableFileError(
                archive, _("this is not a whole backup of a lab ({error})").format(error=error)
            ) from error
        except BaseException:
            shutil.rmtree(staging, ignore_errors=True)
            raise
        if folder.exists():
            folder.rmdir()
        staging.rename(folder)


def _extract(source: zipfile.ZipFile, name: str, checksum: str, staging: Path, archive: Path) -> None:
    inner = PurePosixPath(name)
    if inner.is_absolute() or ".." in inner.parts or "\\" in name or ":" in name:
        raise UnreadableFileError(archive, _("a name in it leads outside: {name}").format(name=name))
    target = staging / inner
    target.parent.mkdir(parents=True, exist_ok=True)
    with source.open(name) as read, target.open("wb") as write:
        shutil.copyfileobj(read, write, 2**20)
    if _checksum(target) != checksum:
        raise UnreadableFileError(archive, _("{name} in it is damaged").format(name=name))


def _checksum(path: Path) -> str:
    with path.open("rb") as handle:
        try:
            return hashlib.file_digest(handle, "sha256").hexdigest()
        except OSError as error:
            raise LabError(_("{path} cannot be read: {error}").format(path=path, error=error)) from error
