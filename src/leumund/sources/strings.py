"""Whole columns of strings: what is empty, which signs are in them at all, whether they are composed (NFC)."""

from __future__ import annotations

import unicodedata

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc


def none_if_empty(raw: pa.Array) -> pa.Array:
    """The same, null where nothing stands."""
    if pa.types.is_null(raw.type):
        return raw.cast(pa.string())
    sizes = pc.binary_length(raw)
    if pc.min(sizes).as_py() != 0:
        return raw
    return pc.if_else(pc.equal(sizes, 0), pa.scalar(None, raw.type), raw)


def _bytes_of(raw: pa.Array) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int32]]:
    """The bytes of a column of strings, and where each string begins and the last one ends in them."""
    data = raw.buffers()[2]
    if data is None or not len(raw):
        return np.empty(0, np.uint8), np.zeros(1, np.int32)
    offsets = np.frombuffer(raw.buffers()[1], np.int32)[raw.offset : raw.offset + len(raw) + 1]
    return np.frombuffer(data, np.uint8)[offsets[0] : offsets[-1]], offsets - offsets[0]


def lowest(raw: pa.Array) -> int:
    """The smallest byte in a column of strings: whether there are blanks and the like in it at all."""
    return int(_bytes_of(raw)[0].min(initial=255))


def is_composed(raw: pa.Array) -> bool:
    """Whether all texts are in NFC, as nearly all are; looking costs a tenth of bringing them into it.

    Letters below U+0300 (in UTF-8 all that begin below 0xCC) are so in any case: only texts with others are read.
    """
    signs, offsets = _bytes_of(raw)
    if signs.max(initial=0) < 0xCC:
        return True
    places = np.flatnonzero(signs >= 0xCC)
    rows = np.unique(np.searchsorted(offsets, places, side="right") - 1)
    return all(unicodedata.is_normalized("NFC", text) for text in raw.take(pa.array(rows)).to_pylist())
