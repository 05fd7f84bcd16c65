"""Archives opened without trust: a zip, a tar(.gz) or an unpacked folder, read and never unpacked to disk.

The caller says by name which members it wants; nothing else is decompressed (a tar is gone through
once, because it has no directory, and the wanted members are kept in memory). Archives within
archives stay closed. What a file is, is told by its first bytes, not by its name.

Refused before a byte of it is used (`DangerousFileError`): a wanted member that would grow more
than 200-fold and beyond 16 MB, more members than anybody has, a directory made to fill the memory.
What is decompressed is counted as well, so that headers that lie are of no use.
Left out, with a `Problem`: names that lead elsewhere (`../`, `/`, `C:`, backslashes, NUL), links,
devices, and the second of two members of one name.
"""

from __future__ import annotations

import gzip
import io
import os
import stat
import struct
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from leumund.errors import DangerousFileError, UnreadableFileError
from leumund.events import Problem
from leumund.locale import _
from leumund.sources.archive_limits import (
    BROKEN,
    CHUNK,
    LIMITS,
    Bounded,
    LeftOut,
    Limits,
    Stream,
    again,
    bad_name,
    check_growth,
    check_size,
    damaged,
    is_shadow,
)

Wanted = Callable[[str], bool]
_PART = 1 << 16  # what is lost at most before a break
_HALVES = bytes(range(0x80, 0x100))  # of a letter that breaks off


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A wanted file: its name with `/`, its size in bytes, when it was last changed (zip: as if in UTC)."""

    name: str
    size: int
    changed_at: datetime | None = None


@dataclass(slots=True, kw_only=True)
class Archive:
    """An opened archive; use it in a `with`.

    members: what was wanted and is safe, by name, in the order of names. problems: what was left
    out and why. complete: False where a glance at a tar ended before its end. seen: names that were
    met, wanted or not, a few (to recognise an archive whose wanted members come late).
    """

    path: Path
    members: Mapping[str, Member]
    problems: tuple[Problem, ...] = ()
    complete: bool = True
    seen: tuple[str, ...] = ()
    opener: Callable[[str], IO[bytes]]
    closer: Callable[[], None]
    limits: Limits = LIMITS
    spent: list[int] = field(default_factory=lambda: [0])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closer()

    def open(self, name: str) -> Bounded:
        """The member as a stream that ends with a clear error where it grows out of bounds."""
        try:
            stream = self.opener(name)
        except BROKEN as error:
            raise damaged(self.path, name) from error
        return Bounded(stream, self.path, name, self.limits, self.spent)

    def read(self, name: str) -> bytes:
        """The whole member."""
        with self.open(name) as stream:
            return stream.read()

    def read_on(self, name: str) -> tuple[bytes, UnreadableFileError | None]:
        """The member as far as it can be read, and what is wrong with it where that is not all.

        Raises:
            UnreadableFileError: it cannot be opened, or it is beyond the limits.
        """
        whole = io.BytesIO()
        with self.open(name) as stream:
            try:
                while part := stream.read(_PART):
                    whole.write(part)
            except UnreadableFileError as error:
                if not stream.broken:
                    raise
                return whole.getvalue().rstrip(_HALVES), error
        return whole.getvalue(), None

    def head(self, name: str, size: int = 512) -> bytes:
        """The first bytes of the member."""
        with self.open(name) as stream:
            return stream.read(size)


def is_archive(path: Path) -> bool:
    """Whether this is a folder, or a file that begins as a zip, a gzip or a tar does."""
    try:
        return path.is_dir() or (path.is_file() and _form(path) is not None)
    except OSError:
        return False


def open_archive(path: Path, wanted: Wanted, *, glance: bool = False, limits: Limits = LIMITS) -> Archive:
    """Open what is at `path` and look up the members whose names are wanted.

    glance: go into a tar only so far as needed to know what it is.

    Raises:
        UnreadableFileError: no archive, cut off, locked, or beyond the limits.
        DangerousFileError: made to do harm.
    """
    try:
        if path.is_dir():
            return _open_folder(path, wanted, limits)
        form = _form(path)
        if form == "zip":
            return _open_zip(path, wanted, limits)
        if form in {"gzip", "tar"}:
            return _open_tar(path, wanted, limits, packed=form == "gzip", glance=glance)
    except FileNotFoundError:
        raise UnreadableFileError(path, _("there is no such file.")) from None
    except BROKEN as error:
        raise UnreadableFileError(path, _("the archive is damaged or cut off."), hint=again()) from error
    raise UnreadableFileError(
        path,
        _("this is no zip, tar or tar.gz archive, whatever its name says."),
        hint=_("Unpack it with another program and give me the folder."),
    )


# -- the three kinds ----------------------------------------------------------------------------


def _open_zip(path: Path, wanted: Wanted, limits: Limits) -> Archive:
    count, size = _zip_directory(path)
    if count > limits.members or size > limits.directory:
        raise DangerousFileError(path, _("it claims to hold {count} files.").format(count=count))
    archive = zipfile.ZipFile(path)
    try:
        return _list_zip(path, archive, wanted, limits)
    except BaseException:
        archive.close()
        raise


def _list_zip(path: Path, archive: zipfile.ZipFile, wanted: Wanted, limits: Limits) -> Archive:
    left_out = LeftOut(path)
    infos: dict[str, zipfile.ZipInfo] = {}
    members: dict[str, Member] = {}
    listed = archive.infolist()
    if len(listed) > limits.members:
        raise DangerousFileError(path, _("it claims to hold {count} files.").format(count=len(listed)))
    for info in listed:
        name = info.filename
        if why := bad_name(info.orig_filename):
            left_out.add(info.orig_filename, why)
        elif info.is_dir() or is_shadow(name) or not wanted(name):
            continue
        elif stat.S_ISLNK(info.external_attr >> 16):
            left_out.add(name, _("a link instead of a file"))
        elif name in infos:
            left_out.add(name, _("the name occurs twice; the first is used"))
        else:
            infos[name] = info
            members[name] = Member(name=name, size=info.file_size, changed_at=_zip_time(info))
            check_growth(path, name, info.file_size, info.compress_size, limits)
            _check_zip_member(path, info)
    _check_total(path, members, limits)
    return Archive(
        path=path,
        members=dict(sorted(members.items())),
        problems=left_out.problems(),
        seen=tuple(info.filename for info in listed[:200]),
        opener=lambda name: archive.open(infos[name]),
        closer=archive.close,
        limits=limits,
    )


def _check_zip_member(path: Path, info: zipfile.ZipInfo) -> None:
    if info.flag_bits & 0x1:
        hint = _("Unpack it with its password and give me the folder.")
        raise UnreadableFileError(path, _("the archive is locked with a password."), hint=hint)
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        hint = _("Unpack it with another program and give me the folder.")
        why = _("{name} is packed in a way I do not read.").format(name=info.filename)
        raise UnreadableFileError(path, why, hint=hint)


def _zip_directory(path: Path) -> tuple[int, int]:
    """How many members a zip says it has, and how large its list of them is, from its last bytes.

    PKWARE APPNOTE 4.3.16 (end of central directory) and 4.3.14-15 (zip64); looked at before
    `zipfile` reads the list into memory.
    """
    with path.open("rb") as file:
        length = file.seek(0, os.SEEK_END)
        start = max(0, length - 65_557)
        file.seek(start)
        tail = file.read()
        at = tail.rfind(b"PK\x05\x06")
        if at < 0 or len(tail) < at + 22:
            raise zipfile.BadZipFile
        count, size = struct.unpack_from("<HL", tail, at + 10)
        if (count == 0xFFFF or size == 0xFFFFFFFF) and tail[max(0, at - 20) : at].startswith(b"PK\x06\x07"):
            file.seek(min(struct.unpack_from("<Q", tail, at - 12)[0], length))
            record = file.read(56)
            if len(record) == 56 and record.startswith(b"PK\x06\x06"):
                count, size = struct.unpack_from("<QQ", record, 32)
    return int(count), int(size)


def _open_tar(path: Path, wanted: Wanted, limits: Limits, *, packed: bool, glance: bool) -> Archive:
    with path.open("rb") as raw:
        counted = _Counted(gzip.GzipFile(fileobj=raw) if packed else raw, raw, path, limits)
        with tarfile.open(fileobj=counted, mode="r|", bufsize=CHUNK) as tar:
            return _gather_tar(path, tar, counted, wanted, limits, glance=glance)


def _gather_tar(
    path: Path, tar: tarfile.TarFile, counted: _Counted, wanted: Wanted, limits: Limits, *, glance: bool
) -> Archive:
    left_out = LeftOut(path)
    members: dict[str, Member] = {}
    data: dict[str, bytes] = {}
    seen: list[str] = []
    spent = [0]
    complete = True
    for number, info in enumerate(tar, start=1):
        tar.members = []  # type: ignore[attr-defined]  # or the list of all members grows with the archive
        if number > limits.members:
            raise DangerousFileError(
                path, _("it holds more than {count} files.").format(count=limits.members)
            )
        name = info.name.removeprefix("./")
        if len(seen) < 200:
            seen.append(name)
        if why := bad_name(info.name):
            left_out.add(info.name, why)
        elif info.isdir() or is_shadow(name) or not wanted(name):
            pass
        elif not info.isreg():
            left_out.add(name, _("a link or device instead of a file"))
        elif name in members:
            left_out.add(name, _("the name occurs twice; the first is used"))
        else:
            check_size(path, name, info.size, spent[0] + info.size, limits)
            stream = tar.extractfile(info)
            assert stream is not None  # a regular file has one
            data[name] = Bounded(stream, path, name, limits, spent).read()
            members[name] = Member(name=name, size=len(data[name]), changed_at=_epoch(info.mtime))
        if glance and counted.total > limits.glance:
            complete = False
            break
    return Archive(
        path=path,
        members=dict(sorted(members.items())),
        problems=left_out.problems(),
        complete=complete,
        seen=tuple(seen),
        opener=lambda name: io.BytesIO(data[name]),
        closer=data.clear,
        limits=limits,
    )


class _Counted(io.RawIOBase):
    """What a tar's gzip layer gives, counted against what it has read: a bomb stops early."""

    def __init__(self, stream: Stream, raw: IO[bytes], path: Path, limits: Limits) -> None:
        super().__init__()
        self._stream, self._raw, self._path, self._limits, self.total = stream, raw, path, limits, 0

    def read(self, size: int = -1, /) -> bytes:
        data = self._stream.read(size)
        self.total += len(data)
        check_growth(self._path, self._path.name, self.total, self._raw.tell(), self._limits)
        return data


def _open_folder(path: Path, wanted: Wanted, limits: Limits) -> Archive:
    left_out = LeftOut(path)
    members: dict[str, Member] = {}
    root = path.resolve()
    for name, entry in _walk(path, limits):
        if not wanted(name):
            continue
        try:
            real = Path(entry.path).resolve(strict=True)
            about = real.stat()
        except (OSError, RuntimeError):  # RuntimeError: a ring of links
            left_out.add(name, _("a link that leads nowhere"))
            continue
        if not real.is_relative_to(root):
            left_out.add(name, _("a link that leads out of the folder"))
        elif not stat.S_ISREG(about.st_mode):  # a pipe would wait for ever
            left_out.add(name, _("a link or device instead of a file"))
        else:
            members[name] = Member(name=name, size=about.st_size, changed_at=_epoch(about.st_mtime))
    _check_total(path, members, limits)
    return Archive(
        path=path,
        members=dict(sorted(members.items())),
        problems=left_out.problems(),
        seen=tuple(members),
        opener=lambda name: (path / name).resolve().open("rb"),
        closer=lambda: None,
        limits=limits,
    )


def _walk(path: Path, limits: Limits) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Files by level, so that those near the top are found even in a home folder; media folders stay shut."""
    level: list[tuple[str, Path]] = [("", path)]
    met = 0
    for _depth in range(limits.depth):
        deeper: list[tuple[str, Path]] = []
        for prefix, folder in level:
            try:
                with os.scandir(folder) as scan:
                    entries = []
                    for entry in scan:
                        entries.append(entry)
                        if (met := met + 1) > limits.entries:
                            break
            except OSError:  # not ours to read
                continue
            for entry in sorted(entries, key=lambda e: e.name):
                if entry.is_dir(follow_symlinks=False):
                    if not entry.name.endswith(("_media", "media_attachments")) and not entry.name.startswith(
                        "."
                    ):
                        deeper.append((f"{prefix}{entry.name}/", Path(entry.path)))
                elif not is_shadow(entry.name):
                    yield prefix + entry.name, entry
            if met > limits.entries:
                return
        level = deeper


def _check_total(path: Path, members: Mapping[str, Member], limits: Limits) -> None:
    total = 0
    for member in members.values():
        total += member.size
        check_size(path, member.name, member.size, total, limits)


def _form(path: Path) -> str | None:
    with path.open("rb") as file:
        head = file.read(512)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    return "tar" if head[257:262] == b"ustar" else None


def _zip_time(info: zipfile.ZipInfo) -> datetime | None:
    try:
        return datetime(*info.date_time, tzinfo=UTC) if info.date_time[0] > 1980 else None
    except ValueError:
        return None


def _epoch(seconds: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds > 0 else None
    except (ValueError, OverflowError, OSError):
        return None
