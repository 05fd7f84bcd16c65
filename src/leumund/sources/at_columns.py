"""Columns of short texts of one length each, as names and keys of the AT Protocol nearly always are.

A DID has 32 letters, a key 13, the address of a post 70, a time 24. Such a column is one block of bytes: made in one
step, looked at as a matrix, put together with others by copying. Any other column takes the usual way.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Matrix = npt.NDArray[np.uint8]


def column(texts: Sequence[str | None]) -> pa.Array:
    """The texts as an Arrow column."""
    matrix = as_matrix(texts)
    return pa.array(texts, pa.string()) if matrix is None else from_matrix(matrix)


def as_matrix(texts: Sequence[str | None]) -> Matrix | None:
    """A row for each text, a column for each letter; None where they differ in length or are not plain ASCII."""
    try:
        lengths = set(map(len, texts))  # type: ignore[arg-type]
        whole = "".join(texts) if len(lengths) == 1 else ""  # type: ignore[arg-type]
    except TypeError:  # None among them
        return None
    if not whole:
        return None
    (width,) = lengths
    if not whole.isascii():
        return None
    return np.frombuffer(whole.encode(), np.uint8).reshape(len(texts), width)


def from_matrix(matrix: Matrix) -> pa.Array:
    """The column whose letters these are (ASCII)."""
    rows, width = matrix.shape
    offsets = np.arange(0, (rows + 1) * width, width, dtype=np.int32)
    return pa.StringArray.from_buffers(
        rows, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(matrix))
    )


def addresses(dids: Sequence[str], collection: str, keys: Sequence[str]) -> pa.Array:
    """The address of each record.

    >>> addresses(["did:plc:a", "did:web:b"], "x.y", ["1", "22"]).to_pylist()
    ['at://did:plc:a/x.y/1', 'at://did:web:b/x.y/22']
    """
    whose, which = as_matrix(dids), as_matrix(keys)
    middle = f"/{collection}/"
    if whose is None or which is None:
        return pa.array(
            [f"at://{did}{middle}{key}" for did, key in zip(dids, keys, strict=True)], pa.string()
        )
    start, between = (np.frombuffer(text.encode(), np.uint8) for text in ("at://", middle))
    rows = len(dids)
    parts = [
        np.broadcast_to(start, (rows, len(start))),
        whose,
        np.broadcast_to(between, (rows, len(between))),
        which,
    ]
    return from_matrix(np.concatenate(parts, axis=1))
