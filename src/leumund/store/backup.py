"""Backup and restore: one zip with a consistent copy of a lab and the checksums of all in it."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import sqlite3
import struct
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path, PurePosixPath

from leumund.errors import LabError, LabReadOnlyError, UnreadableFileError, UsageError
from leumund.locale import _
from leumund.store.register import Register
from leumund.store.segments import said_plainly

_MANIFEST = "manifest.json"
_CATALOGUE = "lab.sqlite"
_SEGMENT = re.compile(r"events/[a-z_]+/[0-9a-z-]+/[0-9a-f]{32}\.parquet")
_PLENTY = 2**30  # bytes; up to here nobody asks how well a backup is packed
_BEST_PACKED = 200  # no lab packs better than this
_MOST_MANIFEST = 2**26
_UNDER_WAY = ".leumund-backup-"
_COMING_BACK = ".leumund-restore-"
_AN_HOUR_S = 3600


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
        UsageError: the file is there already, or its folder is not. LabFullError, LabReadOnlyError: nothing remains.
    """
    if to.exists():
        raise UsageError(
            _("{path} is there already.").format(path=to), hint=_("Choose another name for the backup.")
        )
    if not to.absolute().parent.is_dir():
        raise UsageError(_("There is no folder {path}.").format(path=to.absolute().parent))
    _sweep(to.absolute().parent)
    with (
        said_plainly(to.parent),
        tempfile.TemporaryDirectory(
            prefix=_UNDER_WAY, dir=to.parent if os.access(to.parent, os.W_OK) else None
        ) as tmp,
    ):
        copy, part = Path(tmp) / "lab.sqlite", Path(tmp) / "backup.zip"
        with contextlib.closing(sqlite3.connect(copy)) as target:
            register.db.backup(target)
            paths = [
                r[0] for r in target.execute("select path from segment where retired_at is null and rows > 0")
            ]
        sums = {}
        with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED, allowZip64=True) as out:
            for done, (name, path) in enumerate([("lab.sqlite", copy), *((p, folder / p) for p in paths)]):
                sums[name] = _checksum(path)
                out.write(path, name, zipfile.ZIP_DEFLATED if name == "lab.sqlite" else zipfile.ZIP_STORED)
                if progress:
                    progress(done + 1, len(paths) + 1)
            manifest = {"made_at": at.isoformat(), "sha256": sums, "format": 1}
            out.writestr(_MANIFEST, json.dumps(manifest, indent=1, sort_keys=True))
        with part.open("rb+") as handle:
            os.fsync(handle.fileno())
        part.rename(to)
    return to.stat().st_size


def _sweep(folder: Path, begun: str = _UNDER_WAY) -> None:
    """Delete what killed backups, or killed restoring, left in a folder; one that still grows is left to whoever makes it."""
    with contextlib.suppress(OSError):
        for left in folder.glob(begun + "*"):
            newest = max((p.stat().st_mtime for p in (left, *left.rglob("*"))), default=0)
            if left.is_dir() and not left.is_symlink() and time.time() - newest > _AN_HOUR_S:
                shutil.rmtree(left, ignore_errors=True)


def is_backup(archive: Path) -> bool:
    """Whether a file begins as our backups do; whether it is whole, `restore` finds out."""
    head = struct.Struct(
        "<4s22xHH"
    )  # of a zip's first member: its sign, how long its name and what follows it are
    with contextlib.suppress(OSError), archive.open("rb") as file:
        start = file.read(head.size + len(_CATALOGUE))
        if len(start) == head.size + len(_CATALOGUE):
            sign, length, _more = head.unpack_from(start)
            return (
                sign == b"PK\x03\x04"
                and length == len(_CATALOGUE)
                and start[head.size :] == _CATALOGUE.encode()
            )
    return False


def restore(archive: Path, folder: Path, *, before: Callable[[Path], None] = lambda _staging: None) -> None:
    """Make a lab of a backup, in a folder that has none; every file is checked first.

    before: what has to be done in the new lab's folder before it stands in its place; where that fails nothing was made.

    Raises:
        UsageError: there is a lab already, or no folder can be made there. UnreadableFileError: not a whole
        backup; nothing was made.
    """
    _check_free(folder)
    with said_plainly(folder.parent), _staging(folder) as staging:
        with _as_unreadable(archive), zipfile.ZipFile(archive) as source:
            for name, checksum in _manifest(source, archive).items():
                _extract(source, name, checksum, staging, archive)
            _check_catalogue(staging / _CATALOGUE, archive)
        before(staging)
        if folder.exists():
            folder.rmdir()
        staging.rename(folder)


def _check_free(folder: Path) -> None:
    if folder.is_symlink() or folder.name in {"", ".", ".."} or (folder.exists() and not folder.is_dir()):
        hint = _("Name a new folder: leumund restore FILE --lab PATH")
        raise UsageError(_("{path} cannot become the folder of a lab.").format(path=folder), hint=hint)
    if folder.exists() and any(folder.iterdir()):
        hint = _("Choose another place: leumund restore FILE --lab PATH")
        raise UsageError(_("{path} is not empty; nothing is overwritten.").format(path=folder), hint=hint)


@contextlib.contextmanager
def _as_unreadable(archive: Path) -> Iterator[None]:
    """Whatever a broken or made-up archive makes Python say, in words."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, sqlite3.Error, KeyError, ValueError, EOFError, RuntimeError,
            FileNotFoundError) as error:  # fmt: skip
        raise UnreadableFileError(
            archive, _("this is not a whole backup of a lab ({error})").format(error=error)
        ) from error


@contextlib.contextmanager
def _staging(folder: Path) -> Iterator[Path]:
    """A new folder beside the one to be made; it and the folders above it go again if nothing comes of it."""
    above = [p for p in (folder.parent, *folder.parent.parents) if not p.exists()]
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _sweep(folder.parent, _COMING_BACK)
        staging = Path(tempfile.mkdtemp(prefix=_COMING_BACK, dir=folder.parent))
    except FileNotFoundError as error:  # a place where nothing can be made (/proc)
        raise LabReadOnlyError(folder.parent) from error
    try:
        yield staging
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        with contextlib.suppress(OSError):
            for made in above:
                made.rmdir()
        raise


def _manifest(source: zipfile.ZipFile, archive: Path) -> dict[str, str]:
    """The files a backup says it holds, with their checksums; all names are ones that a lab gives.

    Raises:
        UnreadableFileError: it is no backup, or would fill the disk.
    """
    size = sum(info.file_size for info in source.infolist())
    if size > max(_PLENTY, _BEST_PACKED * archive.stat().st_size):
        why = _("unpacked it would take {gb} GB, far more than a lab of this size does")
        raise UnreadableFileError(archive, why.format(gb=size // 2**30))
    if source.getinfo(_MANIFEST).file_size > _MOST_MANIFEST:
        raise UnreadableFileError(archive, _("its list of files is too long"))
    manifest = json.loads(source.read(_MANIFEST))
    sums = manifest.get("sha256") if isinstance(manifest, dict) else None
    if not isinstance(sums, dict) or _CATALOGUE not in sums:
        raise UnreadableFileError(archive, _("it does not list the files of a lab"))
    for name in sums:
        inner = PurePosixPath(name)
        if inner.is_absolute() or ".." in inner.parts or "\\" in name or ":" in name:
            raise UnreadableFileError(archive, _("a name in it leads outside: {name}").format(name=name))
        if name != _CATALOGUE and not _SEGMENT.fullmatch(name):
            raise UnreadableFileError(
                archive, _("{name} in it does not belong in a lab").format(name=name or "“”")
            )
    return sums


def _extract(source: zipfile.ZipFile, name: str, checksum: str, staging: Path, archive: Path) -> None:
    target = staging / name
    target.parent.mkdir(parents=True, exist_ok=True)
    with source.open(name) as read, target.open("wb") as write:
        shutil.copyfileobj(read, write, 2**20)
    if _checksum(target) != checksum:
        raise UnreadableFileError(archive, _("{name} in it is damaged").format(name=name))


def _check_catalogue(catalogue: Path, archive: Path) -> None:
    """Every segment lies where a lab puts it, for files are deleted by what the catalogue says."""
    with contextlib.closing(
        sqlite3.connect(f"{catalogue.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    ) as db:
        made_up = db.execute(
            """select count(*) from sqlite_master where type in ('trigger', 'view')
               or (name = 'segment' and type <> 'table')"""
        ).fetchone()[0]
        paths = [str(row[0]) for row in db.execute("select path from segment")]
    for path in paths:
        if not _SEGMENT.fullmatch(path) and (not path.startswith("none/") or ".." in path):
            raise UnreadableFileError(archive, _("a name in it leads outside: {name}").format(name=path))
    if made_up:
        raise UnreadableFileError(archive, _("{name} in it does not belong in a lab").format(name=_CATALOGUE))


def _checksum(path: Path) -> str:
    with path.open("rb") as handle:
        try:
            return hashlib.file_digest(handle, "sha256").hexdigest()
        except OSError as error:
            raise LabError(_("{path} cannot be read: {error}").format(path=path, error=error)) from error
