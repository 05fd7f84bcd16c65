"""Names of the AT Protocol: whose record an at-uri names, and the time that a record's key tells.

    at://did:plc:abc.../app.bsky.feed.post/3k2yihcrp6f2c     did / collection / key

A key is nearly always a TID: 13 letters of base 32 that hold the microseconds since 1970 at which it was made
(53 bits) and the number of the clock (10 bits); atproto.com/specs/tid.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from leumund.ids import BadNameError, account_uri
from leumund.sources.at_columns import Matrix, as_matrix

_DID = re.compile(r"did:[a-z]+:[A-Za-z0-9._:%-]+\Z")
_URI = re.compile(r"at://([^/\s]{3,253})/([A-Za-z][A-Za-z0-9.-]{2,316})/([A-Za-z0-9._:~-]{1,512})\Z")
_KEY = re.compile(r"[A-Za-z0-9._:~-]{1,512}\Z")
_LONGEST_KEY = 512
_TID = 13
_LETTERS = b"234567abcdefghijklmnopqrstuvwxyz"
_ACCOUNT = (
    r"^(did:[a-z]+:[A-Za-z0-9._:%-]+|at://[a-z0-9.-]+)$"  # without counting: Arrow makes it anew each time
)
_LONGEST_ACCOUNT = 253
_PLAIN_URI = (
    r"^at://did:plc:[a-z0-9]{24}/[A-Za-z][A-Za-z.]+/[A-Za-z0-9]+$"  # no counting: it is made anew each time
)
_LONGEST_PLAIN = 200
_DID_PLC = 32  # letters
_NONE = 255
_VALUES = np.full(256, _NONE, np.uint8)
_VALUES[np.frombuffer(_LETTERS, np.uint8)] = np.arange(32)
_CLOCK_BITS = 10


def is_did(text: str) -> bool:
    """Whether that is written as a DID is.

    >>> is_did("did:plc:ewvi7nxzyoun6zhxrhs64oiz"), is_did("did:plc:a b"), is_did("anna.example")
    (True, False, False)
    """
    return len(text) <= _LONGEST_ACCOUNT and _DID.match(text) is not None


def is_key(text: str) -> bool:
    """Whether a record can have that key."""
    return _KEY.match(text) is not None


def odd_accounts(accounts: pa.Array) -> list[int]:
    """The numbers of those in a column that name no account, by a DID or by a handle's at-uri; each is looked at once."""
    if not pa.types.is_dictionary(accounts.type):
        accounts = accounts.dictionary_encode()
    names = accounts.dictionary
    good = pc.and_(
        pc.match_substring_regex(names, _ACCOUNT), pc.less_equal(pc.binary_length(names), _LONGEST_ACCOUNT)
    )
    if pc.all(good).as_py() and not accounts.null_count:
        return []
    return [int(n) for n in np.flatnonzero(~np.asarray(pc.fill_null(good.take(accounts.indices), False)))]


def odd_keys(keys: Sequence[str]) -> list[int]:
    """The numbers of those that no record can have as its key."""
    whole = "".join(keys)
    if whole.isascii() and whole.isalnum() and all(keys) and max(map(len, keys)) <= _LONGEST_KEY:
        return []
    return [index for index, key in enumerate(keys) if not is_key(key)]


def author_of(uri: str) -> str | None:
    """The account in whose repository the record lies; None where that is no at-uri of a record.

    >>> author_of("at://did:plc:abc/app.bsky.feed.post/3k2yihcrp6f2c")
    'did:plc:abc'
    >>> author_of("at://Anna.example/app.bsky.feed.post/3k2yihcrp6f2c"), author_of("https://example.org/1")
    ('at://anna.example', None)
    """
    match = _URI.match(uri)
    if match is None:
        return None
    if match[1].startswith("did:"):
        return match[1] if is_did(match[1]) else None
    try:
        return account_uri(match[1], "bluesky")
    except BadNameError:
        return None


def owners(uris: pa.Array) -> pa.Array:
    """Whose the record of each address is."""
    plain = pc.and_(
        pc.match_substring_regex(uris, _PLAIN_URI), pc.less(pc.binary_length(uris), _LONGEST_PLAIN)
    )
    start = len("at://")
    owners = pc.binary_slice(uris.view(pa.binary()), start, start + _DID_PLC).view(pa.string())
    if not pc.all(plain).as_py():
        odd = pc.invert(plain)
        named = [author_of(uri) for uri in uris.filter(odd).to_pylist()]
        owners = pc.replace_with_mask(owners, odd, pa.array(named, pa.string()))
    return owners


def owners_of(uris: Sequence[str]) -> list[str | None]:
    """The same of a list of them."""
    found: list[str | None] = owners(pa.array(uris, pa.string())).to_pylist()
    return found


def record_uri(did: str, collection: str, key: str) -> str:
    """The address of a record."""
    return f"at://{did}/{collection}/{key}"


def tid_micros(keys: Sequence[str]) -> npt.NDArray[np.int64]:
    """The microseconds since 1970 that each key tells; -1 where it is no TID.

    >>> tid_micros(["3jzfcijpj2z2a", "self"]).tolist()
    [1688137381887007, -1]
    """
    matrix = as_matrix(keys)
    if matrix is not None:
        return tid_micros_of(matrix) if matrix.shape[1] == _TID else np.full(len(keys), -1, np.int64)
    found = np.full(len(keys), -1, np.int64)
    right = [index for index, key in enumerate(keys) if len(key) == _TID and key.isascii()]
    if right and (matrix := as_matrix([keys[index] for index in right])) is not None:
        found[right] = tid_micros_of(matrix)
    return found


def tid_micros_of(matrix: Matrix) -> npt.NDArray[np.int64]:
    """The same of keys of 13 letters.

    The first letter holds four bits, every other five; the last ten bits are the clock's.
    """
    values = _VALUES[matrix]
    told = np.zeros(len(matrix), np.int64)
    for letter in range(_TID):
        np.left_shift(told, 5, out=told)
        np.bitwise_or(told, values[:, letter], out=told)
    wrong = (values == _NONE).any(axis=1) | (values[:, 0] >= len(_LETTERS) // 2)
    told >>= _CLOCK_BITS
    told[wrong] = -1
    return told
