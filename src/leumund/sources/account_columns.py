"""Whole columns of accounts, brought into their canonical spelling: each spelling once a network."""

from __future__ import annotations

from functools import lru_cache
from typing import cast

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leumund.events import NETWORKS, Network
from leumund.ids import BadNameError, account_uri

_LISTED = r'^\[("[^"\\]*"(,"[^"\\]*")*)?\]$'
_PLAIN: dict[Network, str] = {
    "mastodon": r"^acct:[a-z0-9_.~-]+@[a-z0-9-]+(\.[a-z0-9-]+)+$",
    "x": r"^https://x\.com/(i/user/[0-9]+|[a-z0-9_]{1,20})$",
    "bluesky": r"^did:(plc|web):[A-Za-z0-9._:%-]+$",
}


def canonical(raw: pa.Array, networks: pa.DictionaryArray | None) -> pa.DictionaryArray:
    """The accounts by their URIs; null where it can be none. networks: of each row; None where none is told.

    Every spelling is looked at once a network: a table has far fewer accounts than rows.
    """
    coded = raw.dictionary_encode()
    names = networks.dictionary.to_pylist() if networks is not None else ["other"]
    if len(names) <= 1:
        uris = _spelled(coded.dictionary, names[0] if names else None)
        return pa.DictionaryArray.from_arrays(coded.indices, uris)
    assert networks is not None
    pairs = pc.add(pc.multiply(coded.indices.cast(pa.int64()), len(names)), networks.indices.cast(pa.int64()))
    pairs = pairs.dictionary_encode()
    spellings = coded.dictionary.to_pylist()
    found = [
        _canonical(spellings[p // len(names)], names[p % len(names)]) for p in pairs.dictionary.to_pylist()
    ]
    return pa.DictionaryArray.from_arrays(pairs.indices, pa.array(found, pa.string()))


def canonical_lists(raw: pa.Array, networks: pa.DictionaryArray | None) -> pa.Array:
    """Lists of accounts, given as words or as JSON; what cannot be an account is left out."""
    rows = np.flatnonzero(pc.is_valid(raw))
    words = pc.split_pattern_regex(_as_words(raw.drop_null()), r"[\s,]+")
    owner = pa.array(rows).take(pc.list_parent_indices(words))
    flat = pc.list_flatten(words)
    of_each = networks.take(owner) if networks is not None else None
    uris = canonical(flat, of_each).cast(pa.string())
    kept = pc.is_valid(uris)
    sizes = np.bincount(np.asarray(owner.filter(kept)), minlength=len(raw))
    offsets = np.concatenate(([0], np.cumsum(sizes))).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), uris.filter(kept))


def _as_words(raw: pa.Array) -> pa.Array:
    """Lists in JSON as words with blanks between; other strings as they are."""
    listed = pc.starts_with(raw, "[")
    if not pc.any(listed).as_py():
        return raw
    plain = pc.match_substring_regex(raw, _LISTED)
    words = pc.if_else(plain, pc.replace_substring(pc.ascii_trim(raw, '[]"'), '","', " "), raw)
    if pc.all(pc.or_(plain, pc.invert(listed))).as_py():
        return words
    return pa.array(map(_words, words.to_pylist()), pa.string())


def _words(text: str) -> str:
    try:
        return " ".join(
            str(v) for v in msgspec.json.decode(text, type=list[object]) if isinstance(v, str | int)
        )
    except (msgspec.DecodeError, RecursionError):
        return text


def _spelled(spellings: pa.Array, network: str | None) -> pa.Array:
    """The canonical spelling of each; what is canonical already is not looked at one by one."""
    plain = _PLAIN.get(cast("Network", network))
    if plain:
        odd = pc.invert(pc.fill_null(pc.match_substring_regex(spellings, plain), True))
        if not pc.any(odd).as_py():
            return spellings
        spelled = [_canonical(s, network) for s in spellings.filter(odd).to_pylist()]
        return pc.replace_with_mask(spellings, odd, pa.array(spelled, pa.string()))
    return pa.array([_canonical(s, network) for s in spellings.to_pylist()], pa.string())


@lru_cache(maxsize=200_000)
def _canonical(spelling: str | None, network: str | None) -> str | None:
    if spelling is None or network not in NETWORKS:
        return None
    try:
        return account_uri(spelling, network)
    except BadNameError:
        return None
