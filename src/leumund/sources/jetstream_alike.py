"""The frames of a batch that look alike, taken out and kept as columns; the rest is for the decoder."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from leumund.events import Rows
from leumund.sources.at_columns import from_matrix
from leumund.sources.at_plain import Plain, about, acts, deletions
from leumund.sources.at_times import BEGAN_US, micros_of
from leumund.sources.jetstream_forms import LONGEST, Form, form_of, numbers

ENOUGH = 32  # two at least
"""So many frames of one length in a batch are worth a look whether they have one form."""
_MOST_FORMS = 64
_TRIES = 8
_MOST_AT_A_LENGTH = 4

_Numbers = npt.NDArray[np.int64]


class Forms:
    """The forms met so far, by the length of their frames: not many, since a hostile stream could have any number."""

    def __init__(self, decode: Callable[[bytes], object]) -> None:
        self._decode = decode
        self._known: dict[int, tuple[Form, ...]] = {}
        self._in_vain: Counter[int] = Counter()
        self._lock = threading.Lock()  # sources are read side by side

    def of(self, length: int) -> tuple[Form, ...]:
        """Those of that length."""
        return self._known.get(length, ())

    def learn(self, line: bytes) -> Form | None:
        """The form of that frame; None where it has none of use, or none was found at that length for too long."""
        length = len(line)
        if self._in_vain[length] >= _TRIES or len(self.of(length)) >= _MOST_AT_A_LENGTH:
            return None
        try:
            form = form_of(line, self._decode(line))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            form = None
        with self._lock:
            if form is None:
                self._in_vain[length] += 1
                return None
            if sum(map(len, self._known.values())) >= _MOST_FORMS:
                self._known, self._in_vain = {}, Counter()
            self._known[length] = (*self.of(length), form)
        return form


class Alike:
    """What was taken so far. collections: which of them are wanted; by version, as the forms are."""

    def __init__(self, forms: Forms, collections: Iterable[str]) -> None:
        self.last = -1
        """The number of the last frame that was taken of the last batch."""
        self._forms = forms
        self._written = {collection: Plain(collection) for collection in collections}
        self._deleted = {collection: Plain(collection) for collection in collections}

    def take(self, lines: Sequence[bytes]) -> list[int]:
        """Take what has a form; gives the numbers of all others."""
        lengths = np.fromiter(map(len, lines), np.int64, len(lines))
        several = np.flatnonzero(np.bincount(np.minimum(lengths, LONGEST + 1))[: LONGEST + 1] >= ENOUGH)
        self.last = -1
        left = np.ones(len(lines), np.bool_)
        for length in several.tolist():
            if length > 1:
                taken = self._take(lines, np.flatnonzero(lengths == length), length)
                left[taken] = False
        if not left.all():
            self.last = int(np.flatnonzero(~left)[-1])
        return np.flatnonzero(left).tolist()

    def _take(self, lines: Sequence[bytes], waiting: _Numbers, length: int) -> _Numbers:
        """The numbers of those that were taken, of frames of one length."""
        taken = [waiting[:0]]
        known = iter(self._forms.of(length))
        while len(waiting) >= ENOUGH:
            form = next(known, None) or self._forms.learn(lines[waiting[0]])
            if form is None:
                break
            fits = self._read(form, b"".join(itemgetter(*waiting.tolist())(lines)))
            taken.append(waiting[fits])
            waiting = waiting[~fits]
        return np.concatenate(taken)

    def _read(self, form: Form, joined: bytes) -> npt.NDArray[np.bool_]:
        """Keep the values of those that fit and say when that was; gives which did."""
        fits, pieces = form.read(joined)
        into = (self._deleted if form.operation == "delete" else self._written).get(form.collection)
        if into is None:  # of no use to us, or not wanted
            return fits
        seen = micros_of(from_matrix(pieces["time"])) if form.version else numbers(pieces["time_us"])
        fits &= seen >= BEGAN_US
        if not fits.all():
            seen, pieces = seen[fits], {name: piece[fits] for name, piece in pieces.items()}
        into.seen.append(seen)
        into.dids.append(pieces["did"])
        into.keys.append(pieces["key"])
        if form.operation != "delete":
            into.owners.append(pieces["owner"])
            into.claimed.append(micros_of(from_matrix(pieces["claimed"])))
            if "post" in pieces:
                into.posts.append(pieces["post"])
        return fits

    def rows(self, known: pa.Array | None) -> Iterator[tuple[int, Rows]]:
        """What was taken, each with how many frames it is made of. known: acts of others are not wanted; None: all are."""
        for plain in self._written.values():
            wanted = plain if known is None or not len(plain) else about(plain, known)
            if len(wanted):
                yield len(wanted), acts(wanted)
        for plain in self._deleted.values():
            if len(plain):
                yield len(plain), deletions(plain)
