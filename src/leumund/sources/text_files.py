"""Reading large text files in pieces that end where a record ends: flat memory, places to resume from."""

from __future__ import annotations

import codecs
import gzip
import io
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Self, cast

import numpy as np
import pyarrow as pa

from leumund.errors import UnreadableFileError
from leumund.events import Problem
from leumund.locale import _
from leumund.refused import reason
from leumund.sources import Page, csv_records

PIECE = 8 * 2**20
"""Bytes in a piece: large enough that a commit's fixed cost is small, small enough for flat memory."""
LONGEST_RECORD = 64 * 2**20
TOO_LONG = "too long"
_SHOWN = 400
_LINE = 2**16
"""Nearly every line is shorter: so far from the end of a piece its last line end is looked for."""
_HEAD = 2**16
_UNPACKED_AT_ONCE = 2**20
_RATIO, _RATIO_FROM = 200, 64 * 2**20  # tables shrink to a tenth; what shrinks to a 200th is made to harm
_BROKEN = (EOFError, zlib.error, gzip.BadGzipFile)


def is_regular(path: Path) -> bool:
    """Whether there is an ordinary file: nothing that waits for a writer, no folder, no broken link."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except (OSError, ValueError):
        return False


def is_gzip(path: Path) -> bool:
    """Whether the file begins as gzip does, whatever its name."""
    with path.open("rb") as handle:
        return handle.read(2) == b"\x1f\x8b"


def is_utf8(data: bytes) -> bool:
    """Whether these bytes are whole UTF-8."""
    try:
        ends = pa.py_buffer(np.array([0, len(data)], np.int32).tobytes())
        pa.BinaryArray.from_buffers(pa.binary(), 1, [None, ends, pa.py_buffer(data)]).cast(pa.string())
    except pa.ArrowInvalid:
        return False
    return True


def opening(path: Path, size: int = _HEAD, *, zeros: int = 0) -> bytes | None:
    """The first bytes of a text file as `pieces` counts them, None where it is no text or cannot be read.

    zeros: so many bytes of nothing, which text has not, are passed over.
    """
    if not is_regular(path):
        return None
    try:
        with _opened(path) as (stream, utf16):
            data = _readable(stream, utf16=utf16).read(size)
    except (OSError, *_BROKEN):
        return None
    return None if data.count(0) > zeros else data


def head(path: Path, size: int = _HEAD, *, zeros: int = 0) -> str | None:
    """The beginning of a text file, None where it is no text or cannot be read."""
    data = opening(path, size, zeros=zeros)
    return None if data is None else as_text(data).removeprefix("\ufeff")


def as_text(data: bytes) -> str:
    r"""Text in UTF-8; single bytes that are none are Windows-1252, as browsers have it.

    >>> as_text(b"Gr\xfc\xdfe"), as_text("Grüße".encode())
    ('Grüße', 'Grüße')
    """
    return data.decode("utf-8", _WESTERN)


class TooLong(bytes):
    """The beginning of a record too long to be read, in the place of a piece. lines: how many lines end in it."""

    lines: int

    @classmethod
    def begun(cls, start: bytes, lines: int) -> Self:
        """Of such a record that so begins only this is kept."""
        made = cls(start[:_SHOWN])
        made.lines = lines
        return made


def kind_of(data: bytes, kind: str) -> str:
    """The kind of page a piece makes: `kind`, or that of a record too long to be read."""
    return TOO_LONG if isinstance(data, TooLong) else kind


def too_long(page: Page) -> Problem:
    """The problem of a page of the kind `TOO_LONG`."""
    message = _("longer than {size} MB and passed over").format(size=LONGEST_RECORD // 2**20)
    excerpt = as_text(page.data).strip()[:80]
    hint = _("A line end or a quotation mark may be missing there.")
    return Problem(where=f"{page.where}:{page.first}", message=message, excerpt=excerpt, hint=hint)


def lines_in(data: bytes) -> int:
    r"""How many lines end in the data; as `count`, in a quarter of the time.

    >>> lines_in(b"a\nb\n\nc")
    3
    """
    if isinstance(data, TooLong):
        return data.lines
    return int(np.count_nonzero(np.frombuffer(data, np.uint8) == ord("\n")))


def pieces(
    path: Path,
    *,
    start: int = 0,
    quoted: bool = False,
    separators: bytes = b",;\t|",
    spaced: bool = False,
    pass_over: bool = False,
) -> Iterator[tuple[bytes, int, int, int]]:
    """The file as UTF-8 in pieces of whole records: (bytes, offset after it, bytes read, bytes in all).

    start: an offset given before. quoted: line ends between double quotes do not end a record (CSV);
    separators, spaced: see `csv_records`. gzip is unpacked. Offsets count the bytes as they are in the
    (unpacked) file; of UTF-16, the bytes it has as UTF-8. pass_over: where no record ends for very long, go on
    after the next line end; in the place of that record stands a `TooLong`.

    Raises:
        UnreadableFileError: no ordinary file, cut off, broken, or no end of a record for very long.
    """
    if not is_regular(path):
        raise UnreadableFileError(path, _("this is no ordinary file"))

    def end_of_records(piece: bytes) -> int:
        if quoted:
            return csv_records.whole(piece, separators, spaced=spaced)
        return piece.rfind(b"\n") + 1

    try:
        with _opened(path) as (stream, utf16):
            total, position = path.stat().st_size, start
            readable = _readable(stream, utf16=utf16)
            readable.seek(start)
            rest, want, unpacked = b"", PIECE, start
            passed: TooLong | None = None
            plain = not quoted and isinstance(stream, io.BufferedReader) and not utf16
            while True:  # the same pieces from every offset on: each tries PIECE bytes first, then more
                if plain and not rest and (piece := _to_line_end(stream, position, total)):
                    position += len(piece)
                    yield _as_utf8(piece), position, position, total
                    continue
                block, fault = _block(readable, want - len(rest))
                unpacked += len(block)
                _check_growth(path, unpacked, total)
                if passed is not None:
                    end = block.find(b"\n") + 1
                    position += end or len(block)
                    if block and not end and fault is None:
                        continue
                    passed.lines += bool(end)
                    yield passed, position, min(_told(stream, total), total), total
                    passed, rest, block = None, block[end:] if end else b"", b""
                    if fault is None:
                        continue
                rest += block
                if len(rest) < want and fault is None:
                    if rest:
                        yield _as_utf8(rest), position + len(rest), total, total
                    return
                piece = rest[:want] if fault is None else rest
                cut = end_of_records(piece)
                if cut:
                    position += cut
                    yield _as_utf8(piece[:cut]), position, min(_told(stream, total), total), total
                    rest, want = rest[cut:], PIECE
                elif len(piece) >= LONGEST_RECORD and pass_over:
                    passed = TooLong.begun(rest, lines_in(rest))
                    position, rest, want = position + len(rest), b"", PIECE
                elif len(piece) >= LONGEST_RECORD:
                    why = _("no end of a record within {size} MB").format(size=LONGEST_RECORD // 2**20)
                    raise UnreadableFileError(path, why, hint=_("Is it really a table or JSON lines?"))
                else:
                    want += PIECE
                if fault is not None:
                    raise fault
    except _BROKEN as error:
        hint = _("Everything before the break was read. Download or copy the file again.")
        raise UnreadableFileError(path, _("the compressed file is cut off or broken"), hint=hint) from error
    except OSError as error:
        raise UnreadableFileError(path, reason(error)) from error


@contextmanager
def _opened(path: Path) -> Iterator[tuple[BinaryIO, bool]]:
    """An opened file, unpacked if need be, and whether it is UTF-16."""
    stream: BinaryIO
    stream = gzip.open(path, "rb") if is_gzip(path) else path.open("rb")  # type: ignore[assignment]  # noqa: SIM115
    with stream:
        start = stream.read(2)
        stream.seek(0)
        yield stream, start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def _block(stream: BinaryIO, size: int) -> tuple[bytes, Exception | None]:
    """So many bytes, fewer at the end; of a broken gzip all that can be unpacked, and the fault."""
    parts: list[bytes] = []
    left = size
    try:
        while left > 0 and (part := _some(stream, left)):
            parts.append(part)
            left -= len(part)
    except _BROKEN as fault:
        return b"".join(parts), fault
    return b"".join(parts), None


def _to_line_end(stream: BinaryIO, position: int, total: int) -> bytes:
    """The next piece of a file that lies there as it is: read once, and nothing of it copied.

    Nothing where it is the last one or no line ends near its end; the stream then stands where it begins.
    """
    end = position + PIECE
    if end < total:
        near = min(_LINE, PIECE)
        stream.seek(end - near)
        cut = stream.read(near).rfind(b"\n") + 1
        if cut:
            stream.seek(position)
            piece = stream.read(PIECE - near + cut)
            if piece.endswith(b"\n"):  # else somebody writes it while we read
                return piece
    stream.seek(position)
    return b""


def _check_growth(path: Path, unpacked: int, packed: int) -> None:
    if unpacked > max(_RATIO_FROM, _RATIO * packed):
        why = _("it grows more than {ratio} times when unpacked").format(ratio=_RATIO)
        raise UnreadableFileError(path, why, hint=_("Ask for a fresh copy where it came from."))


def _readable(stream: BinaryIO, *, utf16: bool) -> BinaryIO:
    return cast("BinaryIO", _Recoded(stream)) if utf16 else stream


def _some(stream: BinaryIO, size: int) -> bytes:
    """What one step of unpacking gives: a fault further on takes nothing of it away."""
    if isinstance(cast("object", stream), gzip.GzipFile):
        return cast("gzip.GzipFile", stream).read1(min(size, _UNPACKED_AT_ONCE))
    return stream.read(size)


class _Recoded(io.RawIOBase):
    """A stream of UTF-16 read as UTF-8. What means nothing becomes the replacement sign."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-16")("replace")
        self._rest = b""
        self._ended = False

    def read(self, size: int = -1) -> bytes:
        while not self._ended and len(self._rest) < size:
            block = self._stream.read(size)
            self._ended = not block
            self._rest += self._decoder.decode(block, self._ended).encode()
        piece, self._rest = self._rest[:size], self._rest[size:]
        return piece

    def seek(self, offset: int, _whence: int = io.SEEK_SET) -> int:
        """Onwards only, by reading."""
        left = offset
        while left > 0 and (block := self.read(min(left, _UNPACKED_AT_ONCE))):
            left -= len(block)
        return offset


def _as_utf8(data: bytes) -> bytes:
    return data if is_utf8(data) else as_text(data).encode()


def _western(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


_WESTERN = "leumund-western"
codecs.register_error(_WESTERN, _western)


def _told(stream: BinaryIO, total: int) -> int:
    """How far the file on the disk has been read; of a packed one the packed bytes."""
    packed = getattr(stream, "fileobj", None)
    try:
        return int((packed or stream).tell())
    except (OSError, ValueError):
        return total
