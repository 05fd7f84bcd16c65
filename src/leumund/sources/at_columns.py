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
    return spelled("at://", dids, f"/{collection}/", keys)


def spelled(start: str, first: Sequence[str], middle: str, second: Sequence[str]) -> pa.Array:
    """Two columns of names with the same signs before and between them."""
    whose, which = as_matrix(first), as_matrix(second)
    if whose is None or which is None:
        texts = [f"{start}{one}{middle}{other}" for one, other in zip(first, second, strict=True)]
        return pa.array(texts, pa.string())
    return put_together(start, whose, middle, which)


def put_together(*parts: str | Matrix) -> pa.Array:
    """The texts that are made of these parts, the same in each or of some letters in each (one column at least)."""
    letters = [np.frombuffer(part.encode(), np.uint8) if isinstance(part, str) else part for part in parts]
    rows = max(len(part) for part in letters if part.ndim > 1)
    whole = np.empty((rows, sum(part.shape[-1] for part in letters)), np.uint8)
    begin = 0
    for part in letters:
        end = begin + part.shape[-1]
        whole[:, begin:end] = part
        begin = end
    return from_matrix(whole)
