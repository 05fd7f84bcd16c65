"""Lines of a file packed with zstd, in pieces that end where a line ends: flat memory, places to go on from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from leumund.errors import UnreadableFileError
from leumund.locale import _
from leumund.sources.text_files import LONGEST_RECORD, PIECE, is_regular

MAGIC = b"\x28\xb5\x2f\xfd"
_DICTIONARY = 0x03  # of the byte behind the magic: how long the dictionary's number is; 0 without one
_BLOCK = 2**20
_RATIO, _RATIO_FROM = 200, 256 * 2**20  # as for gzip: what shrinks to a 200th is made to harm


def is_zstd(path: Path) -> bool:
    """Whether the file begins as zstd does, whatever its name."""
    if not is_regular(path):
        return False
    try:
        with path.open("rb") as handle:
            return handle.read(4) == MAGIC
    except OSError:
        return False


def opening(path: Path, size: int) -> bytes | None:
    """Its first unpacked bytes; None where they cannot be had."""
    try:
        with pa.OSFile(str(path), "rb") as file, pa.CompressedInputStream(file, "zstd") as stream:
            return bytes(stream.read(size))
    except OSError:
        return None


def pieces(path: Path, *, start: int = 0) -> Iterator[tuple[bytes, int, int, int]]:
    """The unpacked file in pieces of whole lines: (bytes, offset after it, packed bytes read, bytes in all).

    start: an offset given before; offsets count unpacked bytes.

    Raises:
        UnreadableFileError: cut off, broken, packed with a dictionary, grows without measure, a line without end.
    """
    rest, position, skip, want = b"", start, start, PIECE
    for block, done, total in _unpacked(path):
        ended = not block
        kept, skip = block[skip:], max(skip - len(block), 0)
        rest += kept
        while len(rest) >= want or (ended and rest):
            cut = rest.rfind(b"\n", 0, want) + 1
            if ended and len(rest) <= want:
                cut = len(rest)
            if cut:
                position += cut
                yield rest[:cut], position, done, total
                rest, want = rest[cut:], PIECE
            elif want >= LONGEST_RECORD:
                why = _("no end of a record within {size} MB").format(size=LONGEST_RECORD // 2**20)
                raise UnreadableFileError(path, why, hint=_("Is it really a table or JSON lines?"))
            else:
                want += PIECE


def _unpacked(path: Path) -> Iterator[tuple[bytes, int, int]]:
    """(bytes, packed bytes read, bytes in all), at last with no bytes: all is there."""
    total, unpacked = path.stat().st_size, 0
    try:
        with pa.OSFile(str(path), "rb") as file, pa.CompressedInputStream(file, "zstd") as stream:
            while block := bytes(stream.read(_BLOCK)):
                unpacked += len(block)
                if unpacked > max(_RATIO_FROM, _RATIO * total):
                    why = _("it grows more than {ratio} times when unpacked").format(ratio=_RATIO)
                    raise UnreadableFileError(path, why, hint=_("Ask for a fresh copy where it came from."))
                yield block, min(file.tell(), total), total
    except OSError as error:
        if _needs_dictionary(path):
            why = _("it is packed with a dictionary that I do not have")
            raise UnreadableFileError(
                path, why, hint=_("Unpack it first: zstd -d -D DICTIONARY FILE")
            ) from error
        hint = _("Everything before the break was read. Download or copy the file again.")
        raise UnreadableFileError(path, _("the compressed file is cut off or broken"), hint=hint) from error
    yield b"", total, total


def _needs_dictionary(path: Path) -> bool:
    with path.open("rb") as handle:
        start = handle.read(5)
    return len(start) == 5 and bool(start[4] & _DICTIONARY)
