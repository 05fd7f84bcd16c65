"""Posts that ask to be recommended or followed, the one thing Follow Friday is not for.

Asking for somebody else (`a #ff for @anna, please`) is no begging, nor is `they deserve a #ff`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from leumund.facts.endorsements.words import (
    ALSO,
    AND,
    ANYONE,
    FOLLOW,
    FOR,
    GIVE,
    IF,
    ME,
    MINE,
    NOBODY,
    ONLY,
    QUALITY,
    SELF,
    SHARE,
    SHOUT,
    THE,
    TODAY,
    WANT,
    YOU,
    YOURS,
    A,
)
from leumund.facts.handles import same_account

if TYPE_CHECKING:
    from leumund.facts.endorsements.tokens import Tokens


_ASKING: Final = ANYONE | FOLLOW | GIVE | ME | MINE | SELF | SHARE | WANT


def begged(tokens: Tokens, author: str | None = None) -> str:
    """The words that ask for a recommendation or a following, "" if the post does not.

    who wants a #ff / I need a #ff / give me a #ff / RT for a #ff / #ff me; and with nobody else named:
    follow me.
    """
    for tag in tokens.tags if tokens.every & _ASKING else ():
        pointed = tokens.handle_after(tag)
        if tokens.has(tag + 1, ME) and tokens.words[tag + 1] in {"me", "mich", "uns"}:
            if pointed is None:
                return tokens.said(tag, tag + 1)
            continue
        at = tag - 1
        while tokens.has(at, A | ALSO | QUALITY | ONLY | TODAY) or tokens.is_kind(at, "n"):
            at -= 1
        article = at < tag - 1
        start = _asks(tokens, at, tag, article=article) if pointed is None else None
        if pointed is not None and tokens.kinds[tag + 1] in "ms":
            start = _asks_crowd(tokens, at)
        if start is not None:
            return tokens.said(start, tag)
    if all(author is not None and same_account(name, author) for name in tokens.names.values()):
        return _follow_me(tokens)
    return ""


def _asks(tokens: Tokens, at: int, tag: int, *, article: bool) -> int | None:
    """`at` is the last word before the tag that is no article; gives where the asking begins."""
    crowd = _asks_crowd(tokens, at)
    if crowd is not None:
        return crowd
    near = range(at, max(at - 4, -1), -1)
    if any(tokens.has(place, NOBODY) and not tokens.has(place, ANYONE) for place in near):
        return None
    gives = any(handle > tag for handle in tokens.handles) and len(tokens.words[tag + 1]) > 4
    if article and tokens.has(at, WANT) and _first_person(tokens, at) and not gives:
        return at - 1  # `gives`: "ich will ein #ff aussprechen, und zwar für @anna"
    if _for_me(tokens, tag):
        return tag - 1
    if tokens.has(at, GIVE | ME) and (article or tokens.has(at, ME)):
        for place in near:
            if tokens.has(place, ME) and any(tokens.has(place + step, GIVE) for step in (-2, -1, 1)):
                return place - 1
    if at >= 0 and (tokens.words[at] in _GIVE_ME or (_has_article(tokens, tag) and _gets(tokens, at))):
        return at
    if tokens.has(tag - 1, MINE) and any(
        tokens.words[place] in _WHERE for place in range(max(tag - 6, 0), tag)
    ):
        return tag - 2
    if article and tokens.has(at, WANT) and "?" in tokens.said(tag + 1, tag + 1) and not tokens.handles:
        return at  # "want a #ff?"
    offered = tokens.has(at, YOU) and tokens.has(at - 1, GIVE)
    if article and offered and tokens.every & (SHARE | FOLLOW) and not tokens.handles:
        return at - 1  # "comment and I'll give you a #ff"
    if tokens.has(at, ANYONE) and article and (tokens.has(at - 1, ME) or tokens.has(at - 2, ME)):
        return at - 2  # "kann mir jemand ein #ff geben"
    if article and tokens.every & SHARE and tokens.every & WANT and tokens.every & IF:
        return _exchange(tokens, at + 1)
    if article and tokens.has(at, FOR) and tokens.every & (SHARE | FOLLOW):
        return _exchange(tokens, at)
    return None


def _gets(tokens: Tokens, at: int) -> bool:
    """Can I get a #ff? Krieg ich ein #ff? Kriegt man hier eigentlich auch mal ein #ff?"""
    if "?" not in tokens.text:
        return False
    for place in range(at, max(at - 6, -1), -1):
        if tokens.kinds[place] != "w":
            return False
        if tokens.words[place] in _GET:
            beside = (place - 1, place + 1)
            return any(tokens.has(by, SELF) or tokens.words[by] == "man" for by in beside if by >= 0)
    return False


def _has_article(tokens: Tokens, tag: int) -> bool:
    return tokens.has(tag - 1, A) or tokens.has(tag - 2, A) or (tag > 0 and tokens.words[tag - 1] == "any")


def _for_me(tokens: Tokens, tag: int) -> bool:
    """Wer hat ein #ff für mich? Is there a #ff for me?"""
    if not (tokens.has(tag + 1, FOR) and tokens.has(tag + 2, ME) and _has_article(tokens, tag)):
        return False
    return "?" in tokens.text and not any(handle > tag for handle in tokens.handles)


_GET: Final = {"get", "have", "krieg", "kriege", "kriegt", "bekomme", "bekomm", "bekommt"}
_WHERE: Final = {"wo", "where", "where'", "wheres", "dove", "dov'"}
_GIVE_ME: Final = {"gimme", "fammi", "dammi", "fatemi", "datemi", "regalatemi"}
_ALONE: Final = {
    "voglio",
    "merito",
    "pretendo",
    "esigo",
    "aspetto",
    "brauche",
    "brauch",
    "möchte",
    "verdiene",
}


def _asks_crowd(tokens: Tokens, at: int) -> int | None:
    """Who wants a #ff? Chi vuole un #ff? Wer will ein #ff?"""
    if not (tokens.has(at, WANT | GIVE) or (at >= 0 and tokens.words[at] in _WANTS)):
        return None
    reach = 8 if tokens.words[at] in _GETS else 5
    for place in range(at, max(at - reach, -1), -1):
        if tokens.has(place, ANYONE):
            gives = tokens.has(at, GIVE) and not tokens.has(at, WANT) and tokens.words[at] not in _GETS
            return None if gives and not _me_between(tokens, place, at) else place
    return None


_GETS: Final = {"bekommt", "kriegt", "erhält", "gets", "riceve"}  # whoever shares this gets a #ff
_WANTS: Final = {"vuole", "braucht", "möchte", "will", "wants", "needs", "want", "need"}


def _me_between(tokens: Tokens, first: int, last: int) -> bool:
    return any(tokens.has(at, ME) for at in range(first, last + 2))


def _first_person(tokens: Tokens, at: int) -> bool:
    if tokens.words[at] in _ALONE:
        return True
    return any(tokens.has(at + step, SELF) for step in (-1, -2, 1))


def _exchange(tokens: Tokens, preposition: int) -> int | None:
    """RT this for a #ff, follow me for a #ff: something asked, a recommendation paid."""
    for at in range(preposition - 1, max(preposition - 9, -1), -1):
        if tokens.kinds[at] == "H":
            return None
        if tokens.has(at, SHARE) or (tokens.has(at, FOLLOW) and tokens.has(at + 1, ME)):
            return None if tokens.has(at - 1, THE | A | YOURS | FOR | AND) else at
    return None


_TRADE: Final = {"#followback", "#teamfollowback", "#f4f", "#follow4follow", "#followforfollow", "#s4s"}
_FOLLOW_ME: Final = _TRADE | {"seguimi", "seguitemi", "followatemi", "#followme", "#siguemeytesigo"}


def _follow_me(tokens: Tokens) -> str:
    """Follow me!, shout-outs asked for, tags such as #followme: only where nobody else is named."""
    for at, word in enumerate(tokens.words):
        if word in _FOLLOW_ME:
            return tokens.said(at, at)
        if tokens.has(at, ANYONE) and tokens.every & SHARE and tokens.every & ME and "?" in tokens.text:
            reach = range(max(at - 2, 0), min(at + 7, len(tokens)))  # "wer mag mich teilen?"
            if any(tokens.has(place, SHARE) for place in reach) and any(
                tokens.has(place, ME) for place in reach
            ):
                return tokens.said(at, reach[-1])
        follows = tokens.has(at, FOLLOW) or (tokens.has(at, GIVE) and tokens.has(at + 2, A))
        if follows and tokens.has(at + 1, ME):
            return tokens.said(at, at + 1)
        if tokens.has(at, SHOUT) and _asks_crowd(tokens, at - 2) is not None:
            return tokens.said(at - 3, at)
        if tokens.has(at, WANT) and tokens.every & SHARE and "follower" in tokens.said(at, at + 3).lower():
            return tokens.said(at, at + 3)
        if word == "mention" and tokens.has(at + 1, ME):
            return tokens.said(at, at + 1)
    return ""
