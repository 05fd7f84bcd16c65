"""A post as a row of tokens, each with its classes, so that the rules read like sentences."""

from __future__ import annotations

import re
from typing import Final

from leumund.facts.endorsements.words import AND, CLASSES, CUSTOMARY, LINKING, QUALITY, THANKS, classes_of
from leumund.facts.handles import is_elision, pieces, whole_name
from leumund.friday_tag import TAG

_BACK: Final = re.compile(r"back|bach|zur|retour|ritorno|ff_*b\Z", re.IGNORECASE)
_STOP: Final = re.compile(r"[.!?;…]")


class Tokens:
    """Parallel rows: `kinds` (one letter each), `words` (lower case), `classes` (bits), `starts`, `ends`.

    Kinds: H handle, T a recommendation's tag, B such a tag that says "back", # another hashtag,
    w word, n number, s end of a sentence, m other mark, l link or mail address.
    """

    __slots__ = (
        "_head",
        "_pointed",
        "classes",
        "ends",
        "every",
        "handles",
        "kinds",
        "names",
        "starts",
        "tags",
        "text",
        "words",
    )

    def __init__(self, text: str) -> None:
        self.text = text
        self.kinds: list[str] = []
        self.words: list[str] = []
        self.classes: list[int] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.tags: list[int] = []
        self.handles: list[int] = []
        self.names: dict[int, str] = {}
        self.every = 0
        self._head: list[int] | None = None
        self._pointed: dict[int, int | None] = {}
        known = CLASSES.get
        kinds, words, classes_, starts, ends = self.kinds, self.words, self.classes, self.starts, self.ends
        every = 0
        for match in pieces(text):
            group = match.lastgroup
            start, end = match.span()
            piece = match[0].lower()
            classes = 0
            if group == "word":
                kind = "w"
                found = known(piece)
                classes = classes_of(piece.replace("’", "'")) if found is None else found
                every |= classes
            elif group == "handle":
                kind = "H"
                name = whole_name(match["handle"])
                start = match.start("handle")
                end = start + len(name)
                if is_elision(text, name, end):
                    continue
                self.names[len(kinds)] = name
                self.handles.append(len(kinds))
            elif group == "hashtag":
                kind, classes = self._hashtag(match["hashtag"])
                every |= classes
            elif group == "number":
                kind = "n"
                classes = known(piece.strip("_"), 0)
            elif group in {"mark", "odd"}:
                kind = "s" if group == "mark" and _STOP.search(piece) else "m"
                classes = AND if piece in {"&", "+"} else 0
            else:
                kind = "l"
            kinds.append(kind)
            words.append(piece)
            classes_.append(classes)
            starts.append(start)
            ends.append(end)
        self.every = every

    def _hashtag(self, body: str) -> tuple[str, int]:
        """The kind and classes of a hashtag; #thanks and #danke thank, too."""
        if TAG.fullmatch(body):
            self.tags.append(len(self.kinds))
            return ("B" if _BACK.search(body) else "T"), 0
        return "#", classes_of(body.lower()) & THANKS

    def __len__(self) -> int:
        return len(self.kinds)

    def has(self, at: int, classes: int) -> bool:
        """True when the token at a place, which may lie outside the text, is of one of the classes."""
        return 0 <= at < len(self.kinds) and bool(self.classes[at] & classes)

    def is_kind(self, at: int, kinds: str) -> bool:
        """True when the token at a place, which may lie outside the text, is of one of the kinds."""
        return 0 <= at < len(self.kinds) and self.kinds[at] in kinds

    def said(self, first: int, last: int) -> str:
        """The text from one token to another, both included."""
        first, last = max(first, 0), min(last, len(self.kinds) - 1)
        return self.text[self.starts[first] : self.ends[last]] if first <= last else ""

    def leading(self) -> list[int]:
        """The handles a reply begins with: before any word, tag or link."""
        if self._head is None:
            self._head = []
            for at, kind in enumerate(self.kinds):
                if kind == "H":
                    self._head.append(at)
                elif kind not in "ms":
                    break
        return self._head

    def handle_after(self, tag: int) -> int | None:
        """The handle a tag points at: right after it, with marks, tags and up to three small words between.

        A colon before the handle makes up for longer words: `#ff zum Wochenende: @anna`.
        """
        if tag not in self._pointed:
            self._pointed[tag] = self._after(tag)
        return self._pointed[tag]

    def _after(self, tag: int) -> int | None:
        at = tag + 1
        small = 0
        hard = False
        while at < len(self.kinds):
            kind = self.kinds[at]
            if kind == "H":
                return None if hard and ":" not in self.words[at - 1] else at
            if kind in "wn":
                small += 1
                hard |= len(self.words[at]) > 4 and not self.classes[at] & (QUALITY | CUSTOMARY | LINKING)
                if small > 3:
                    return None
            elif kind not in "mTB#" and (kind != "s" or small or "?" in self.words[at]):
                return None
            at += 1
        return None
