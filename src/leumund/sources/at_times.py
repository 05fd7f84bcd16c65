"""When a record of the AT Protocol came about: what it claims, weighed against what others saw of it.

`createdAt` is what the writer's program claims; nobody checks it. Two things speak against a false one: the record's
key, in which the time stands at which it was made (also the writer's word, but seldom bent to the same lie), and the
time at which somebody else first saw the record (`indexedAt`, a stream's own clock, the last change of a repository):
later it cannot have been.

    claimed after it was seen (by more than an hour), before Bluesky began, or no time at all
        -> not believed; the key's time stands for it, where that is possible
    claimed more than a day before the key was made (posts brought over from another network, or dated back)
        -> the key's time: that is when it came into this network
    else
        -> the earlier of what is claimed and when it was seen
    neither claim nor key can be believed
        -> when it was seen, and not exact: "at the latest then"

The witness differs from source to source, claim and key do not: so one record has one time, whoever tells it.
A claim and a key that lie alike are believed; when the lab learned of it (`known_at`) is kept in any case.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from leumund.sources.at_columns import column as column_of
from leumund.sources.at_uris import tid_micros

MOMENT = pa.timestamp("us", tz="UTC")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PLAIN = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)$"
_HOUR_US, _DAY_US = 3_600 * 10**6, 86_400 * 10**6
UNKNOWN = np.iinfo(np.int64).min


def micros(moment: datetime) -> int:
    """Microseconds since 1970."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def as_moment(us: int) -> datetime:
    """The same as a time in UTC."""
    return _EPOCH + timedelta(microseconds=us)


BEGAN_US = micros(datetime(2022, 11, 1, tzinfo=UTC))
"""Nothing in this network is older: its first accounts are of mid November 2022."""


def moments(
    claimed: Sequence[str | None], keys: Sequence[str], seen: npt.NDArray[np.int64]
) -> tuple[pa.Array, pa.Array]:
    """When each record came about, and whether that is exact. seen: microseconds, when it was there at the latest.

    >>> at, exact = moments(["2999-01-01T00:00:00Z"], ["3jzfcijpj2z2a"], np.array([1_700_000_000_000_000]))
    >>> at[0].as_py().isoformat(), exact[0].as_py()     # the key is believed
    ('2023-06-30T15:03:01.887007+00:00', True)
    """
    return weighed(written_micros(claimed), tid_micros(keys), seen)


def weighed(
    told: npt.NDArray[np.int64], made: npt.NDArray[np.int64], seen: npt.NDArray[np.int64]
) -> tuple[pa.Array, pa.Array]:
    """The same of what is claimed, what the keys tell and when each was seen, all in microseconds."""
    by_key = (made >= BEGAN_US) & (made <= seen + _HOUR_US)
    believed = (told >= BEGAN_US) & (told <= seen + _HOUR_US) & ~(by_key & (made - told > _DAY_US))
    found = np.minimum(np.where(believed, told, np.where(by_key, made, seen)), seen)
    return as_moments(found), pa.array(believed | by_key)


def as_moments(us: npt.NDArray[np.int64]) -> pa.Array:
    """Times in UTC of microseconds since 1970."""
    return pa.array(us).view(pa.timestamp("us")).view(MOMENT)


def written_micros(texts: Sequence[str | None]) -> npt.NDArray[np.int64]:
    """Times as ISO 8601 writes them, in microseconds; UNKNOWN where that is none."""
    return micros_of(column_of(texts))


def micros_of(column: pa.Array) -> npt.NDArray[np.int64]:
    """The same of a column of texts."""
    try:
        found = column.cast(MOMENT)
    except pa.ArrowInvalid:  # one of them is odd: the plain ones at once, the others one by one
        found = _one_by_one(column)
    return np.asarray(pc.fill_null(found.view(pa.int64()), UNKNOWN))


def _one_by_one(column: pa.Array) -> pa.Array:
    plain = pc.fill_null(pc.match_substring_regex(column, _PLAIN), False)
    try:
        found = pc.if_else(plain, column, pa.scalar(None, pa.string())).cast(MOMENT)
    except pa.ArrowInvalid:  # the 31st of February
        found, plain = pa.nulls(len(column), MOMENT), pa.repeat(False, len(column))
    if pc.all(plain).as_py():
        return found
    odd = pc.and_(pc.invert(plain), pc.is_valid(column))
    values = [_micros_of(text) for text in column.filter(odd).to_pylist()]
    return pc.replace_with_mask(
        found, odd, pa.array(values, pa.int64()).view(pa.timestamp("us")).cast(MOMENT)
    )


def _micros_of(text: str) -> int | None:
    try:
        moment = datetime.fromisoformat(text.strip().upper()) if len(text) < 64 else None
        if moment is None:
            return None
        return micros(moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None
