"""Blocks of a CAR file (ipld.io/specs/transport/car/carv1), looked up by their names without holding them in memory.

    length, header {"roots": [name], "version": 1}; then again and again: length, name (CID), bytes

Lengths are varints. A block's name holds the SHA-256 of its bytes, so a block that is not as it was is found out. Only
where each block lies is kept: some 50 bytes a block.
"""

from __future__ import annotations

import hashlib
import mmap
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import libipld
import numpy as np

from leumund.errors import UnreadableFileError
from leumund.locale import _
from leumund.refused import reason

NAME = b"\x01\x71\x12\x20"
"""How a name begins: CID version 1, DAG-CBOR, SHA-256, 32 bytes of it."""
_NAME_SIZE = len(NAME) + 32
_LONGEST_HEADER, LONGEST_BLOCK = 64 * 2**10, 4 * 2**20  # a record has at most 1 MB
_HINT_SIZE = 8


class BlockError(Exception):
    """A block that is not there, or not as it was."""


class CarFile:
    """An opened CAR file. `broken_at`: the byte at which it breaks off, None where it is whole."""

    def __init__(self, path: Path, data: mmap.mmap | bytes, *, within: int | None = None) -> None:
        """within: look no further than so many bytes.

        Raises:
            UnreadableFileError: no CAR file.
        """
        self.size = len(data)
        self.broken_at: int | None = None
        self._data = data
        self._starts, self._sizes, self._digests = array("Q"), array("L"), bytearray()
        self.root = self._index(path, min(within or self.size, self.size))
        hints = np.frombuffer(bytes(self._digests), ">u8").reshape(-1, 4)[:, 0].astype(np.uint64)
        self._order = np.argsort(hints, kind="stable")
        self._hints = hints[self._order]

    def _index(self, path: Path, end: int) -> bytes:
        size, at = _varint(self._data, 0)
        if not 0 < size <= _LONGEST_HEADER or at + size > self.size:
            raise UnreadableFileError(path, _("this is no CAR file"))
        root = _root(self._data[at : at + size])
        if root is None:
            raise UnreadableFileError(path, _("this is no CAR file of a repository"))
        at += size
        while at < end:
            size, start = _varint(self._data, at)
            if size <= 0 or start + size > self.size:
                self.broken_at = at
                break
            if self._data[start : start + len(NAME)] == NAME and size >= _NAME_SIZE:
                self._starts.append(start + _NAME_SIZE)
                self._sizes.append(size - _NAME_SIZE)
                self._digests += self._data[start + len(NAME) : start + _NAME_SIZE]
            at = start + size
        return root

    def __len__(self) -> int:
        return len(self._starts)

    def block(self, name: Any) -> bytes:
        """The bytes of a block.

        Raises:
            BlockError: it is not there, too large, or its bytes are not those its name was made of.
        """
        if not isinstance(name, bytes) or not name.startswith(NAME) or len(name) != _NAME_SIZE:
            raise BlockError
        digest = name[len(NAME) :]
        hint = np.uint64(int.from_bytes(digest[:_HINT_SIZE], "big"))
        first, end = np.searchsorted(self._hints, hint, "left"), np.searchsorted(self._hints, hint, "right")
        for place in range(int(first), int(end)):
            index = int(self._order[place])
            size, start = self._sizes[index], self._starts[index]
            if self._digests[index * 32 : index * 32 + 32] == digest and size <= LONGEST_BLOCK:
                found = self._data[start : start + size]
                if hashlib.sha256(found).digest() == digest:
                    return found
        raise BlockError

    def value(self, name: Any) -> Any:
        """What a block holds.

        Raises:
            BlockError: it cannot be had, or it is no DAG-CBOR.
        """
        try:
            return libipld.decode_dag_cbor(self.block(name))
        except (ValueError, RecursionError) as error:
            raise BlockError from error


@contextmanager
def open_car(path: Path, *, within: int | None = None) -> Iterator[CarFile]:
    """The file, opened as long as this lasts.

    Raises:
        UnreadableFileError: it cannot be read, or is no CAR file.
    """
    try:
        with path.open("rb") as handle:
            if not path.stat().st_size:
                raise UnreadableFileError(path, _("the file is empty"))
            with mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ) as data:
                yield CarFile(path, data, within=within)
    except OSError as error:
        raise UnreadableFileError(path, reason(error)) from error


def _varint(data: mmap.mmap | bytes, at: int) -> tuple[int, int]:
    """A length and where it ends; -1 where there is none."""
    value = 0
    for count, byte in enumerate(data[at : at + 9]):
        value |= (byte & 0x7F) << (7 * count)
        if not byte & 0x80:
            return value, at + count + 1
    return -1, at


def _root(header: bytes) -> bytes | None:
    try:
        found = libipld.decode_dag_cbor(header)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or found.get("version") != 1:
        return None
    roots = found.get("roots")
    if not isinstance(roots, list) or not roots or not isinstance(roots[0], bytes):
        return None
    return roots[0] if roots[0].startswith(NAME) else None
