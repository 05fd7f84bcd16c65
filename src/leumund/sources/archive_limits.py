"""What an archive may do before it is refused: sizes, growth, names."""

from __future__ import annotations

import io
import struct
import tarfile
import zipfile
import zlib
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from leumund.errors import DangerousFileError, UnreadableFileError
from leumund.events import Problem
from leumund.locale import _, ngettext

CHUNK = 1 << 20
LISTED = 20  # so many bad names are told one by one; of the rest only how many

BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    tarfile.TarError,
    zlib.error,
    EOFError,
    struct.error,
    NotImplementedError,  # a way of compressing nobody here knows
    RuntimeError,  # zipfile's word for a wrong password
    ValueError,
    OverflowError,
    OSError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a real archive never comes near; bytes unless said otherwise.

    member, total: decompressed, one wanted member and all together. ratio: decompressed per
    compressed, looked at from `ratio_from` on (posts as JSON reach 30, repeated ones 100).
    members: how many. directory: of a zip's list of members. glance: how far `recognise` looks
    into a tar. depth, entries: of folders that are walked.
    """

    member: int = 1 << 30
    total: int = 4 << 30
    ratio: int = 200
    ratio_from: int = 16 << 20
    members: int = 500_000
    directory: int = 64 << 20
    glance: int = 32 << 20
    depth: int = 3
    entries: int = 20_000


LIMITS = Limits()


class Stream(Protocol):
    """What can be read and closed."""

    def read(self, size: int = ..., /) -> bytes: ...
    def close(self) -> None: ...


class Bounded(AbstractContextManager["Bounded"]):
    """A member's bytes, counted as they come. broken: it broke off, and what was read is what stands before."""

    def __init__(self, stream: Stream, path: Path, name: str, limits: Limits, spent: list[int]) -> None:
        self._stream, self._path, self._name = stream, path, name
        self._limits, self._spent, self._own = limits, spent, 0
        self.broken = False

    def __exit__(self, *about: object) -> None:
        self._stream.close()

    def read(self, size: int = -1) -> bytes:
        """The next `size` bytes, or all there are.

        Raises:
            UnreadableFileError: damaged, cut off, or beyond the limits.
        """
        whole = io.BytesIO()
        while size < 0 or whole.tell() < size:
            want = CHUNK if size < 0 else min(CHUNK, size - whole.tell())
            try:
                data = self._stream.read(want)
            except BROKEN as error:
                self.broken = True
                raise damaged(self._path, self._name) from error
            if not data:
                break
            self._own += len(data)
            self._spent[0] += len(data)
            check_size(self._path, self._name, self._own, self._spent[0], self._limits)
            whole.write(data)
        return whole.getvalue()


class LeftOut:
    """Members that were not used, told one by one up to a point."""

    def __init__(self, path: Path) -> None:
        self._path, self._listed, self._more = path, list[Problem](), 0

    def add(self, name: str, why: str) -> None:
        if len(self._listed) == LISTED:
            self._more += 1
            return
        shown = name[:200].encode("utf-8", "backslashreplace").decode().replace("\x00", "\\0")
        message = _("left out: {why}.").format(why=why)
        self._listed.append(Problem(where=f"{self._path.name}: {shown}", message=message))

    def problems(self) -> tuple[Problem, ...]:
        if not self._more:
            return tuple(self._listed)
        text = ngettext("{count} more file was left out because of its name.",
                        "{count} more files were left out because of their names.", self._more)  # fmt: skip
        message = text.format(count=self._more)
        return (*self._listed, Problem(where=self._path.name, message=message))


def bad_name(name: str) -> str | None:
    """Why a member's name cannot be meant well; None where it can."""
    if "\x00" in name:
        return _("the name holds a NUL")
    if "\\" in name:
        return _("the name holds a backslash")
    if name.startswith("/") or (len(name) > 1 and name[1] == ":" and name[0].isalpha()):
        return _("the name leads to another place on the disk")
    if ".." in name.split("/"):
        return _("the name leads out of the archive")
    return None


def is_shadow(name: str) -> bool:
    """Whether macOS put it there: `__MACOSX/._name` beside each file of a zip."""
    return name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith("._")


def check_growth(path: Path, name: str, size: int, packed: int, limits: Limits) -> None:
    """Refuse what grows as only a bomb does."""
    if size > limits.ratio_from and size > limits.ratio * max(packed, 1):
        why = _("{name} would grow more than {ratio} times when unpacked.").format(
            name=name, ratio=limits.ratio
        )
        raise DangerousFileError(path, why)


def check_size(path: Path, name: str, size: int, total: int, limits: Limits) -> None:
    """Refuse what is larger than fits, alone or with what was read before."""
    if size <= limits.member and total <= limits.total:
        return
    bound = limits.member if size > limits.member else limits.total
    why = _("{name} is too large: I read up to {size} MB.").format(name=name, size=bound >> 20)
    hint = _("Unpack the archive and split that file; or ask for help, if the file is genuine.")
    raise UnreadableFileError(path, why, hint=hint)


def damaged(path: Path, name: str) -> UnreadableFileError:
    """The error of a member that breaks off."""
    return UnreadableFileError(f"{path}: {name}", _("the file is damaged or cut off."), hint=again())


def again() -> str:
    """What to do about a damaged file."""
    return _("Download the archive again; a complete download often mends it.")
