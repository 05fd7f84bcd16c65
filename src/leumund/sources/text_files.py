"""Reading large text files in pieces that end where a record ends: flat memory, places to resume from."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from leumund.errors import UnreadableFileError
from leumund.locale import _

PIECE = 24 * 2**20
"""Bytes in a piece: large enough that a commit's fixed cost is small, small enough for flat memory."""
LONGEST_RECORD = 64 * 2**20


def is_gzip(path: Path) -> bool:
    """Whether the file begins as gzip does, whatever its name."""
    with path.open("rb") as handle:
        return handle.read(2) == b"\x1f\x8b"


def is_utf8(data: bytes) -> bool:
    """Whether these bytes are whole UTF-8."""
    try:
        pa.array([data], pa.binary()).cast(pa.string())
    except pa.ArrowInvalid:
        return False
    return True


def head(path: Path, size: int = 65536) -> str | None:
    """The beginning of a text file, None where it is no text or cannot be read."""
    try:
        with _opened(path) as (stream, encoding):
            text = codecs.getincrementaldecoder(encoding)("strict").decode(stream.read(size))
    except (OSError, EOFError, zlib.error, UnicodeError):
        return None
    return None if "\x00" in text else text.removeprefix("\ufeff")


def pieces(
    path: Path, *, start: int = 0, quoted: bool = False, size: int = PIECE
) -> Iterator[tuple[bytes, int, int, int]]:
    """The file as UTF-8 in pieces of whole records: (bytes, offset after it, bytes read, bytes in all).

    start: an offset given before. quoted: line ends between double quotes do not end a record (CSV).
    gzip is unpacked; UTF-16 and Windows-1252 become UTF-8 (offsets count the UTF-8).

    Raises:
        UnreadableFileError: cut off, broken, or no line end for a very long while.
    """
    total = path.stat().st_size
    try:
        with _opened(path) as (stream, encoding):
            raw = stream
            data = _as_utf8(stream, encoding)
            position = _skip(data, start, stream if encoding == "utf-8" else None)
            rest = b""
            while True:
                block = data.read(size)
                if not block:
                    break
                piece = rest + block
                cut = _record_end(piece, quoted=quoted)
                if cut == 0 and len(piece) < LONGEST_RECORD:
                    rest = piece
                    continue
                if cut == 0:
                    why = _("no end of a record within {size} MB").format(size=LONGEST_RECORD // 2**20)
                    raise UnreadableFileError(path, why, hint=_("Is it really a table or JSON lines?"))
                rest = piece[cut:]
                position += cut
                yield piece[:cut], position, min(_told(raw, path), total), total
            if rest:
                yield rest, position + len(rest), total, total
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        hint = _("Everything before the break was read. Download or copy the file again.")
        raise UnreadableFileError(path, _("the compressed file is cut off or broken"), hint=hint) from error
    except UnicodeError as error:
        raise UnreadableFileError(path, _("this is not text ({error})").format(error=error)) from error


class _opened:  # noqa: N801  reads as a statement
    """An opened file, unpacked if need be, and its encoding."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.stream: BinaryIO

    def __enter__(self) -> tuple[BinaryIO, str]:
        self.stream = gzip.open(self.path, "rb") if is_gzip(self.path) else self.path.open("rb")  # type: ignore[assignment]
        start = self.stream.read(65536)
        self.stream.seek(0)
        return self.stream, _encoding(start)

    def __exit__(self, *_args: object) -> None:
        self.stream.close()


def _encoding(start: bytes) -> str:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _as_utf8(stream: BinaryIO, encoding: str) -> BinaryIO:
    if encoding == "utf-8":
        return stream
    return _Recoded(stream, encoding)  # type: ignore[return-value]


class _Recoded(io.RawIOBase):
    """A stream of another encoding, read as UTF-8. Bytes that mean nothing become the replacement sign."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._reader = codecs.getreader(encoding)(stream, "replace")
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        while len(self._rest) < size:
            text = self._reader.read(size)
            if not text:
                break
            self._rest += text.encode()
        piece, self._rest = self._rest[:size], self._rest[size:]
        return piece


def _skip(data: BinaryIO, start: int, seekable: BinaryIO | None) -> int:
    if seekable is not None:
        seekable.seek(start)
        return start
    left = start
    while left > 0 and (block := data.read(min(left, PIECE))):
        left -= len(block)
    return start


def _told(stream: BinaryIO, path: Path) -> int:
    """How far the file on the disk has been read; of a packed one the packed bytes."""
    packed = getattr(stream, "fileobj", None)
    try:
        return int((packed or stream).tell())
    except (OSError, ValueError):
        return path.stat().st_size


def _record_end(piece: bytes, *, quoted: bool) -> int:
    """Where the last whole record ends; 0 where none does."""
    end = piece.rfind(b"\n") + 1
    if not quoted:
        return end
    for _attempt in range(1000):
        if end == 0 or piece.count(b'"', 0, end) % 2 == 0:
            return end
        end = piece.rfind(b"\n", 0, max(piece.rfind(b'"', 0, end), 0)) + 1
    return 0
