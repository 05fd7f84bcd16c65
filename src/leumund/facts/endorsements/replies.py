"""Posts that carry the tag and names but recommend nobody now: thanks, refusals, talk about the tag.

Each rule gives the words it rests on, or "" (nothing found). They go by structure first: where a word
stands to the tag. `thanks for the kind #FF` is thanks; `thanks! #FF @anna` is not.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from leumund.facts.endorsements.words import (
    ADVICE,
    ALSO,
    AND,
    BACK,
    BUT,
    DISLIKE,
    FAVOUR,
    FIRST,
    FOLLOW,
    FOR,
    FROM,
    GIVE,
    GLAD,
    HAPPY,
    IF,
    IS,
    MEAN,
    MINE,
    NEXT,
    NOT,
    ONLY,
    PLURAL,
    QUALITY,
    RETURN,
    SCORN,
    THANKS,
    THE,
    TO,
    TODAY,
    WANT,
    WITHOUT,
    YOU,
    YOURS,
    A,
)
from leumund.facts.handles import same_account

if TYPE_CHECKING:
    from leumund.facts.endorsements.tokens import Tokens

_MEANING: Final = re.compile(
    r"""\b(?: final\ fantasy | fast[ -]?forward | fan[ -]?fic(?:tion)?s? | firefox | mozilla | fantasy\ football
          | friendly\ fire | foo\ fighters | fringe | (?:freiwillige\ )?feuerwehr | gerätehaus | free\ fire | full\ frontal
          | css | rgb | hex(?:code)? | browser )\b""",
    re.VERBOSE | re.IGNORECASE,
)
_DEFINITION: Final = re.compile(
    r"""(?: \bcos(?:['’]\s?|a\s)(?:è|e'?|é) | che\ (?:cosa\ )?(?:è|e'|significa|vuol\ dire) | significa(?:to)? | sta\ per | vuol\ dire
          | what(?:['’]s|\ is|\ does|\ do) | was\ (?:ist|heißt|heisst|bedeutet|soll) | q\ es | qué\ es | qu['’]est )
        \b .{0,20} [#]ff
        | [#](?:ff|followfriday)\w* \s* .{0,3}
          \b(?: sta\ per | significa | stands\ for | means | mean\? | bedeutet | steht\ für | heißt | vuol\ dire
              | ist\ (?:die\ )?abkürzung ) \b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SPELT_OUT: Final = re.compile(r"#ff\W{1,5}(?:il )?follow ?friday\b", re.IGNORECASE)


def thanked(tokens: Tokens, *, author: str | None = None, replying: bool = False) -> list[int]:
    """The tags for which the post says thanks: word of thanks, word like "for", tag.

    Also: "your #ff" with thanks anywhere, "my first #ff" in reply, "oh, a #ff! thanks", "a #ff from @anna",
    thanks beside a tag that points at the author, thanks for a recommendation called by that name when the
    tag only closes the post, and an answer that is nothing but `@anna belated thanks #ff`.
    """
    grateful = tokens.every & (THANKS | GLAD)
    if grateful and _nothing_but_thanks(tokens):
        return list(tokens.tags)
    found: list[int] = []
    for tag in tokens.tags:
        if found and found[-1] == tag - 1:
            found.append(tag)  # "for the #FF #FollowFriday" is one recommendation
            continue
        if (
            grateful
            and (_thanks_for(tokens, tag) or _thanks_around(tokens, tag) or _for_author(tokens, tag, author))
        ) or _first_ever(tokens, tag, replying=replying):
            found.append(tag)
    if not found and grateful and tokens.every & ADVICE and _thanks_for_advice(tokens):
        return list(tokens.tags)
    return found


def _nothing_but_thanks(tokens: Tokens) -> bool:
    """An answer to one or two that holds words of thanks and, right after them, the tag: no more."""
    head = tokens.leading()
    tag = tokens.tags[0]
    if not head or len(head) != len(tokens.handles) or len(head) > 2 or tokens.kinds[tag] != "T":
        return False
    if any(kind not in "Tms" for kind in tokens.kinds[tag:]) or not tokens.is_kind(tag - 1, "w"):
        return False
    words = [at for at in range(head[-1] + 1, tag) if tokens.kinds[at] not in "ms"]
    if not all(tokens.has(at, THANKS | QUALITY) or tokens.words[at] in _THANK_YOU for at in words):
        return False
    last = tag - 1
    while tokens.is_kind(last, "w") and not tokens.has(last, THANKS):
        last -= 1
    return tokens.is_kind(last, "w") and len(words) <= 5


_THANK_YOU: Final = {"you", "u", "a", "lot", "much", "mille", "tante", "infinite", "tausend", "dir", "euch"}


def _for_author(tokens: Tokens, tag: int, author: str | None) -> bool:
    pointed = tokens.handle_after(tag)
    return author is not None and pointed is not None and same_account(tokens.names[pointed], author)


def _thanks_for(tokens: Tokens, tag: int) -> bool:
    """Thanks ... for (the, your, kind, mention and) #ff; or for the #ff (I) thank ..."""
    at = tag - 1
    leads = THE | A | YOURS | QUALITY | AND | FOR
    if tokens.is_kind(at, "m"):
        at -= 1
        if tokens.is_kind(at - 1, "m") or tokens.has(at - 1, AND):
            leads |= FAVOUR  # "for follows, mentions, #ff"
    if not tokens.has(at, leads):
        return False
    if tokens.has(at, AND) and not tokens.has(at, FOR) and not tokens.has(at - 1, FAVOUR):
        return False
    last = max(tag - 10, -1)
    while at > last:
        kind = tokens.kinds[at]
        if kind in "Hsl":
            return False
        if tokens.has(at, FOR) and _thanks_near(tokens, at, tag):
            return True
        at -= 1
    return False


def _thanks_near(tokens: Tokens, preposition: int, tag: int) -> bool:
    at = preposition - 1
    last = max(preposition - 24, -1)
    while at > last and tokens.kinds[at] != "s":
        if tokens.has(at, THANKS | GLAD):
            return True
        at -= 1
    for at in range(tag + 1, min(tag + 5, len(tokens))):
        if tokens.kinds[at] in "sH":
            return False
        if tokens.has(at, THANKS):
            return True
    return False


def _thanks_around(tokens: Tokens, tag: int) -> bool:
    before = tag - 1
    while tokens.has(before, QUALITY) or tokens.is_kind(before, "n"):
        before -= 1
    comma = tokens.is_kind(tag + 1, "m") and tokens.words[tag + 1][0] == ","  # ", @anna" is spoken to
    pointed = None if comma else tokens.handle_after(tag)
    if tokens.has(before, YOURS) and pointed is None:
        return True
    if tokens.said(tag + 1, tag + 1) == "-" and tokens.has(tag + 2, THANKS):
        return True  # "#FF-Dank"
    from_whom = tokens.is_kind(tag + 2, "H") or tokens.has(tag + 2, YOU)
    if tokens.has(before, A | THE) and tokens.has(tag + 1, FROM) and from_whom:
        return True
    if tokens.has(before, A | THE) and tokens.has(before - 1, GLAD):
        return True
    if tokens.has(before, A | THE) and tokens.has(tag + 1, GLAD):
        return pointed is None
    if not tokens.has(before, A) and before >= 1 and tokens.has(before - 1, A):
        before -= 1  # "a Monday #FF!"
    if tokens.has(before, A) and not tokens.has(tag + 1, YOU | ALSO | TO):
        after = range(tag + 1, min(tag + 4, len(tokens)))
        return any(tokens.has(at, THANKS) for at in after) and pointed is None
    return False


def _first_ever(tokens: Tokens, tag: int, *, replying: bool) -> bool:
    """In reply: "oh, my first #FF!" is somebody's joy at being recommended."""
    mine = tokens.has(tag - 1, FIRST) and tokens.has(tag - 2, MINE)
    if not mine or tokens.has(tag + 1, TO | YOU) or any(at > tag for at in tokens.handles):
        return False
    return bool(replying or tokens.leading() or tokens.every & THANKS)


def _thanks_for_advice(tokens: Tokens) -> bool:
    if any(at > tokens.tags[0] for at in tokens.handles):
        return False
    for at in range(len(tokens)):
        if tokens.has(at, ADVICE):
            back = at - 1
            while back > at - 12 and back >= 0 and tokens.kinds[back] != "s":
                if tokens.has(back, THANKS):
                    return True
                back -= 1
    return False


def unthanked(tokens: Tokens, thanks: list[int]) -> list[int]:
    """The tags that are not thanked for; a mere wish ("happy #ff!") beside a thank-you is none."""
    return [
        tag
        for tag in tokens.tags
        if tag not in thanks
        and not (thanks and tokens.has(tag - 1, HAPPY | NEXT) and tokens.handle_after(tag) is None)
    ]


def given_back(tokens: Tokens, thanks: list[int]) -> str:
    """The word that gives a recommendation back: "ricambio", "#ffback", "back to you", "und zurück"."""
    if not tokens.every & (BACK | RETURN) and "B" not in tokens.kinds:
        return ""
    for at, kind in enumerate(tokens.kinds):
        if kind == "B" and at not in thanks:
            return tokens.said(at, at)
        if kind not in "wn":
            continue
        if tokens.has(at, RETURN):
            return tokens.said(at, at)
        if tokens.has(at, BACK) and at - 1 not in thanks and _back_counts(tokens, at):
            return tokens.said(at - 1, at)
    return ""


def _back_counts(tokens: Tokens, at: int) -> bool:
    if tokens.has(at - 1, FOLLOW):
        return False
    if tokens.is_kind(at - 1, "TB") or tokens.is_kind(at + 1, "TB"):
        return True
    if tokens.has(at + 1, YOU) or tokens.has(at + 2, YOU) or tokens.is_kind(at + 1, "H"):
        return True
    return tokens.has(at - 1, AND | ALSO) and not tokens.is_kind(at + 1, "w")


def another_meaning(tokens: Tokens) -> str:
    """The words that show the tag to mean something else: #ff Final Fantasy, #FF (Fuori Fase)."""
    if any(tokens.handle_after(tag) is not None for tag in tokens.tags):
        return ""
    if any(len(tokens.words[tag]) > 4 for tag in tokens.tags):  # #followfriday has one meaning
        return ""
    known = _MEANING.search(tokens.text)  # rarely reached: most tags point at somebody
    if known:
        return known[0]
    for tag in tokens.tags:
        at = tag + 1
        while tokens.is_kind(at, "m"):
            at += 1
        if _initial(tokens, at) and _initial(tokens, at + 1):
            return tokens.said(at, at + 1)
    return ""


def _initial(tokens: Tokens, at: int) -> bool:
    """An f-word that is not one of this game's own: follow, friday, felice ..."""
    if not tokens.is_kind(at, "w") or not tokens.words[at].startswith("f"):
        return False
    ours = FOLLOW | HAPPY | FOR | THANKS | FAVOUR | GIVE | WANT
    return not tokens.has(at, ours) and not tokens.words[at].startswith(("follow", "feliz", "fin"))


def denied(tokens: Tokens) -> str:
    """No #ff today, questo NON è un #FF; not: "not only", "no #ff without @anna", "never, but @anna"."""
    if tokens.every & THANKS and tokens.every & NOT:
        for at, word in enumerate(tokens.words):
            if word in _NO and any(tokens.has(at + step, THANKS) for step in (1, 2)):
                return tokens.said(at, at + 1)
    if not tokens.every & (NOT | SCORN):
        return ""
    for tag in tokens.tags:
        at = tag - 1
        while at > tag - 4 and tokens.has(at, A | IS | THE) and not tokens.has(at, NOT):
            at -= 1
        refused = tokens.has(at, NOT) and not tokens.has(at + 1, ONLY) and not tokens.has(at - 1, AND | IF)
        if refused and not tokens.has(tag + 1, WITHOUT) and not _yet_named(tokens, tag):
            return tokens.said(at, tag)
        if not refused and tokens.handle_after(tag) is not None:
            return ""
    if _points_nowhere(tokens) and tokens.every & SCORN:
        return tokens.said(tokens.tags[0] - 1, tokens.tags[0])
    return ""


_NO: Final = {"no", "nein", "non"}  # "#FF @anna? No thanks."


def _yet_named(tokens: Tokens, tag: int) -> bool:
    """True when a refusal is taken back for somebody: without @anna, but @anna, follow @anna."""
    if any(tokens.has(handle - 1, FOLLOW) for handle in tokens.handles):
        return True
    named_later = bool(tokens.handles) and tokens.handles[-1] > tag
    after = range(tag + 1, len(tokens))
    return named_later and any(tokens.has(at, WITHOUT | BUT) for at in after if at < tokens.handles[-1])


def asks_meaning(tokens: Tokens) -> str:
    """Asks or explains what the tag means: "what is #ff?", "#ff sta per Follow Friday"."""
    found = _DEFINITION.search(tokens.text) if tokens.every & MEAN or "?" in tokens.text else None
    if not found and len(tokens.handles) <= 2 and tokens.every & FOLLOW:
        found = _SPELT_OUT.search(tokens.text)
    return found[0] if found and all(tokens.handle_after(tag) is None for tag in tokens.tags) else ""


def only_talk(tokens: Tokens) -> str:
    """A reply about the custom: "those #FFs ...", "I hate #ff", "true, today is #ff"."""
    if not _points_nowhere(tokens) or tokens.every & RETURN:
        return ""
    tag = tokens.tags[0]
    before = tag - 1
    while tokens.is_kind(before, "n"):
        before -= 1
    if any(word in _TO_YOU for word in tokens.words[:tag]):
        return ""
    if tokens.has(before, PLURAL) or (tokens.every & DISLIKE and tokens.has(before, THE | DISLIKE)):
        return tokens.said(before, tag)
    if tokens.has(before, THE | YOURS) and tokens.has(tag + 1, IS):
        return tokens.said(before, tag + 1)
    if any(tokens.is_kind(tag + step, "s") and "?" in tokens.words[tag + step] for step in (1, 2)):
        return tokens.said(before, tag + 2)
    if tokens.has(before, IS) and any(tokens.has(before - step, TODAY) for step in (1, 2, 3)):
        return tokens.said(before - 1, tag)
    return ""


_TO_YOU: Final = {"ti", "te", "vi", "voi", "dir", "dich", "euch"}  # "ti dedico tutti i #ff" is meant


def _points_nowhere(tokens: Tokens) -> bool:
    """True when only the head of a reply, of two at most, is named, and words stand before its tag."""
    head = tokens.leading()
    if not head or len(head) != len(tokens.handles) or len(head) > 2:
        return False
    return len(tokens.tags) > 0 and tokens.tags[0] - head[-1] > 1
