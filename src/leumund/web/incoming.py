"""Files that the owner gives to a page: written to disk as they come, never whole in memory, gone when they were read.

They lie in a folder of their own beside the labs. What a server that was killed left there goes when the next one starts.
The first field of a form must be its word: nothing of a form that is not ours is ever written.
"""

from __future__ import annotations

import contextlib
import hmac
import re
import shutil
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import filelock
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool

from leumund.clean import clean
from leumund.config import labs_folder
from leumund.errors import LabFullError, UsageError
from leumund.locale import _
from leumund.store.segments import said_plainly

_MOST_FILES = 50
_LONGEST_FIELD = 10_000
_LONGEST_HEADS = 8_192
_LONGEST_NAME = 100
_JUST_NOW_S = 60
_LEFT_FREE = 512 << 20  # bytes; a disk that is quite full is nobody's friend
_HARD = re.compile(r'[\x00-\x1f<>:"/\\|?*\x7f\ufffd]+')  # what some system does not want in a name


class NotOursError(Exception):
    """The form does not carry our word."""


class Incoming:
    """The folder of one server. Made when it is needed."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._lock: filelock.BaseFileLock | None = None

    def sweep(self) -> None:
        """Delete what servers left that are no more."""
        home = labs_folder() / ".incoming"
        for folder in home.iterdir() if home.is_dir() else ():
            lock = folder / "lock"
            if not lock.exists() and time.time() - folder.stat().st_mtime < _JUST_NOW_S:
                continue  # it is being made
            with contextlib.suppress(OSError, filelock.Timeout):
                filelock.FileLock(lock, timeout=0).acquire().lock.release()
                shutil.rmtree(folder, ignore_errors=True)

    def new(self) -> Path:
        """An empty folder for what comes now.

        Raises:
            LabFullError, LabReadOnlyError: there can be none.
        """
        with said_plainly(labs_folder()):
            if self._folder is None or not self._folder.is_dir():
                home = labs_folder() / ".incoming"
                home.mkdir(parents=True, exist_ok=True)
                self._folder = Path(tempfile.mkdtemp(dir=home))
                self._lock = filelock.FileLock(self._folder / "lock", timeout=0)
                self._lock.acquire()
            return Path(tempfile.mkdtemp(dir=self._folder))

    def close(self) -> None:
        """Nothing is kept."""
        if self._lock is not None:
            self._lock.release()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)


def check_room(folder: Path, size: int) -> None:
    """Whether that much can lie there.

    Raises:
        LabFullError: the disk would be full.
    """
    if shutil.disk_usage(folder).free - size < _LEFT_FREE:
        raise LabFullError(labs_folder())


def safe_name(told: str) -> str:
    r"""A name that a file may have on any disk, as much of the one it had as possible.

    >>> safe_name("../../etc/passwd"), safe_name("C:\\archive.zip"), safe_name("..."), safe_name("a\u202egpj.zip")
    ('passwd', 'archive.zip', 'file', 'a_gpj.zip')
    """
    name = _HARD.sub("_", clean(re.split(r"[/\\]", told)[-1])).strip(". ")
    stem, dot, kind = name.rpartition(".")
    if len(name.encode()) > _LONGEST_NAME and dot and len(kind) < 20:
        name = stem.encode()[: _LONGEST_NAME - len(kind) - 1].decode(errors="ignore") + "." + kind
    return name.encode()[:_LONGEST_NAME].decode(errors="ignore") or "file"


@dataclass(slots=True)
class _Part:
    name: str = ""
    filename: str | None = None
    value: bytearray = field(default_factory=bytearray)
    out: BinaryIO | None = None


class Receiving:
    """Takes one form apart while it comes. fields, files: what is known by now."""

    def __init__(self, kind: str, word: str, into: Path) -> None:
        _name, options = parse_options_header(kind)
        self.fields: dict[str, str] = {}
        self.files: list[Path] = []
        self._word, self._into = word, into
        self._part = _Part()
        self._heads: list[tuple[bytearray, bytearray]] = []
        self._whole = False
        self._boundary = options.get(b"boundary", b"")

    async def take(self, body: AsyncIterator[bytes]) -> None:
        """All of it.

        Raises:
            NotOursError: without our word. UsageError: it is no form. LabFullError: no room is left.
        """
        try:
            parser = self._parser()  # a boundary may be none at all
            async for chunk in body:
                if chunk:
                    await run_in_threadpool(parser.write, chunk)
        except FormParserError as error:
            raise UsageError(_("What came cannot be read.")) from error
        else:
            if not self._whole:  # half a file may look like a whole one
                raise UsageError(_("What came cannot be read."))
        finally:
            if self._part.out is not None:
                self._part.out.close()

    def _parser(self) -> MultipartParser:
        return MultipartParser(
            self._boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": lambda data, start, end: self._head(0, data[start:end]),
                "on_header_value": lambda data, start, end: self._head(1, data[start:end]),
                "on_header_end": lambda: self._heads.append((bytearray(), bytearray())),
                "on_headers_finished": self._named,
                "on_part_data": lambda data, start, end: self._data(data[start:end]),
                "on_part_end": self._end,
                "on_end": self._ended,
            },
        )

    def _ended(self) -> None:
        self._whole = True

    def _begin(self) -> None:
        self._part, self._heads = _Part(), [(bytearray(), bytearray())]

    def _head(self, which: int, data: bytes) -> None:
        self._heads[-1][which].extend(data)
        if sum(len(name) + len(value) for name, value in self._heads) > _LONGEST_HEADS:
            raise UsageError(_("What came cannot be read."))

    def _named(self) -> None:
        for name, value in self._heads:
            if name.lower() == b"content-disposition":
                _kind, options = parse_options_header(bytes(value))
                self._part.name = options.get(b"name", b"").decode("utf-8", "replace")
                if b"filename" in options:
                    self._part.filename = options[b"filename"].decode("utf-8", "replace")
        if self._part.name != "word" and not self._is_ours():
            raise NotOursError
        if self._part.filename:
            if len(self.files) >= _MOST_FILES:
                raise UsageError(_("At most {n} files at once.").format(n=_MOST_FILES))
            called, folder = safe_name(self._part.filename), self._into
            if (folder / called).exists():  # two may be called the same
                folder = folder / f"{len(self.files)}.of"
                folder.mkdir()
            self.files.append(folder / called)
            self._part.out = self.files[-1].open("xb")

    def _is_ours(self) -> bool:
        given = self.fields.get("word", "")
        return bool(self._word) and hmac.compare_digest(given.encode(), self._word.encode())

    def _data(self, data: bytes) -> None:
        if self._part.out is not None:
            check_room(self._into, len(data))
            self._part.out.write(data)
        elif self._part.filename is None:
            self._part.value.extend(data)
            if len(self._part.value) > _LONGEST_FIELD:
                raise UsageError(_("What came cannot be read."))

    def _end(self) -> None:
        if self._part.out is not None:
            self._part.out.close()
        elif self._part.filename is None:
            self.fields[self._part.name] = self._part.value.decode("utf-8", "replace")
