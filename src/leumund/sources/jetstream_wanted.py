"""What of a whole network's stream is wanted: the rows for a board, and no more.

A Follow-Friday board wants the tagged posts of everybody, and who likes, reposts and follows those it knows:

    Wanted(tagged=has_tag, languages=frozenset({"de"}), accounts=frozenset(known))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from leumund.sources.at_posts import languages_of, tags_of
from leumund.sources.at_shapes import FOLLOW, NEEDED, POST, PROFILE, Record
from leumund.sources.at_uris import author_of
from leumund.sources.at_written import Written

_A_POST = f'"{POST}"'.encode()
_SIGNS = (b"#", b'"tag', b"\\u", "＃".encode())  # a tag, in whatever way it may be written


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is wanted; of what nothing is said here, everything.

    tagged: is a text (or "#tag") one for the board? Other posts come in only from `accounts`.
    languages: posts that declare others alone stay out; those that declare none come in.
    accounts: DIDs; likes, reposts, follows and profiles come in where they are by or towards one of these.
    collections: all others stay out.
    Changes of names and deleted accounts come in always, and the deletions of all `collections`: whether the lab ever
    had what is deleted, only the lab can tell.
    """

    tagged: Callable[[str], bool] | None = None
    languages: frozenset[str] = frozenset()
    accounts: frozenset[str] | None = None
    collections: frozenset[str] = frozenset(NEEDED)

    def __post_init__(self) -> None:
        object.__setattr__(self, "collections", self.collections & NEEDED.keys())

    def perhaps(self) -> Callable[[bytes], bool] | None:
        """A look at a frame's bytes that costs a fraction of decoding it; None where none would help."""
        if self.tagged is None or self.accounts:
            return None
        signs = _SIGNS
        return lambda line: _A_POST not in line or any(sign in line for sign in signs)

    def which(self, written: Written) -> list[bool] | None:
        """Which of the records of a collection are wanted; None for all of them."""
        known = self.accounts or frozenset()
        if written.collection == POST:
            if self.tagged is None and not self.languages:
                return None
            pairs = zip(written.dids, written.records, strict=True)
            return [did in known or self._is_for_board(record) for did, record in pairs]
        if self.accounts is None:
            return None
        if written.collection == PROFILE:
            return [did in known for did in written.dids]
        towards = written.subjects if written.collection == FOLLOW else map(author_of, written.subjects)
        return [did in known or other in known for did, other in zip(written.dids, towards, strict=True)]

    def _is_for_board(self, record: Record) -> bool:
        if self.languages and record.langs:
            declared = languages_of(record)
            if declared and self.languages.isdisjoint(declared):
                return False
        if self.tagged is None or self.tagged(record.text or ""):
            return True
        return any(map(self.tagged, (f"#{tag}" for tag in tags_of(record))))


ALL = Wanted()
