"""Who is named in passing: a handle beside the recommended ones that nobody recommends.

    #FF @anna! Danke an @ben für den Tipp           ben gave the tip
    #FF @anna, die auch bei @museum_x führt         the museum only says who anna is
    Il #FF di @anna: @ben                           anna recommended, and she is only quoted
    Liebe @anna, du suchst Köche: @ben! #ff         anna is spoken to

Each rule needs somebody else who is plainly meant; nobody is left out where the post names one person only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from leumund.facts.endorsements.words import (
    ADVICE,
    ALSO,
    AND,
    CUSTOMARY,
    FOLLOW,
    FOR,
    FROM,
    GREETING,
    LINKING,
    QUALITY,
    THANKS,
    THE,
    TO,
    WHY,
    WITHOUT,
    YOU,
    YOURS,
    A,
)

if TYPE_CHECKING:
    from leumund.facts.endorsements.tokens import Tokens

_TIP: Final = {
    "tipp",
    "tip",
    "tipps",
    "tips",
    "hinweis",
    "link",
    "suggerimento",
    "dritta",
    "consiglio",
    "find",
}
_AS: Final = {"as", "wie", "come"}
_FOUND: Final = {"found", "discovered", "entdeckt", "gefunden", "scoperto", "scoperta", "scoperti", "trovato"}
_SAY: Final = {"said", "says", "sagt", "sagte", "schrieb", "dice", "diceva", "disse", "scrive"}
_OF: Final = {
    "di",
    "del",
    "dello",
    "della",
    "dell'",
    "dei",
    "degli",
    "delle",
    "of",
    "von",
    "vom",
    "des",
    "der",
}
_AT: Final = {"da", "dal", "dallo", "dalla", "by", "su", "sul", "auf", "bei", "beim", "at", "über", "about"}
_FOR: Final = {"für", "for", "per"}
_AFTER: Final = {"dopo", "nach", "after"}
_MORE: Final = {"più", "piu", "meno", "meglio", "peggio"}
_FAULT: Final = {"colpa", "fault", "schuld"}
_WHO: Final = {"che", "cui", "who", "whose", "which", "die", "der", "das", "dessen", "deren"}
_WHOM: Final = {"che", "cui", "who", "whom"}
_DEAR: Final = {"liebe", "lieber", "liebes", "dear", "cara", "caro", "cari", "care"}
_YOU_TOO: Final = {"hai", "sei", "cerchi", "cercavi", "chiedevi", "suchst", "suchtest", "fragtest"}
_NO_CONTENT: Final = CUSTOMARY | LINKING | QUALITY | THANKS | AND | ALSO | THE | A | TO | FOR | YOU | YOURS


def credited(tokens: Tokens, at: int, before: int) -> bool:
    """True for one thanked for a tip, or whose tip it was; `before` is the place of the word before."""
    if tokens.is_kind(before, "w") and (tokens.words[before] in _OF or tokens.has(before, FROM)):
        if _is_tip(tokens, before - 1):
            return True
        tagged = before - 1 == at - 2 and tokens.is_kind(before - 1, "TB")
        return tagged and tokens.has(before - 2, A | THE) and not tokens.every & THANKS  # "il #ff di @anna"
    if _cited(tokens, at, before):
        return True
    thanked = tokens.has(before, THANKS) or (tokens.has(before, TO) and tokens.has(before - 1, THANKS))
    owing = before - 2 if tokens.has(before, TO) else before - 1  # "found thanks to @anna"
    if thanked and tokens.is_kind(owing, "w") and tokens.words[owing] in _FOUND:
        return True
    if not thanked or not tokens.has(at + 1, FOR):
        return False
    return any(_is_tip(tokens, place) for place in range(at + 2, at + 5))


def _is_tip(tokens: Tokens, at: int) -> bool:
    return tokens.is_kind(at, "w") and (tokens.words[at] in _TIP or tokens.has(at, ADVICE))


def _cited(tokens: Tokens, at: int, before: int) -> bool:
    """As @anna said; wie @anna schon sagte; come dice @anna."""
    if before < 0:
        return False
    if tokens.words[before] in _AS:
        return any(tokens.is_kind(place, "w") and tokens.words[place] in _SAY for place in (at + 1, at + 2))
    return before > 0 and tokens.words[before] in _SAY and tokens.words[before - 1] in _AS


def in_passing(tokens: Tokens, chosen: list[int]) -> list[int]:
    """Those behind a preposition within what is said of people named beside the tag: `... guide at @museum`.

    Not where the preposition is the one the tag uses itself (`für @anna, ..., für @ben`), nor after *and*.
    """
    if len(chosen) < 2:
        return _at_fault(tokens, chosen)
    if not any(tokens.is_kind(at - 1, "w#") for at in chosen[1:]):
        return []
    beside = {at for at in chosen if _beside_tag(tokens, at)}
    first = min(beside) if beside else chosen[0]
    found: list[int] = []
    for at in chosen:
        if at <= first or at in beside or not (beside or _within(tokens, at)):
            continue
        goes_on = bool(found) and tokens.has(at - 1, AND) and found[-1] == at - 2
        used = tokens.words[first - 1] if first else ""
        if goes_on or _says_of_another(tokens, at, used) or _in_team(tokens, at, first, found):
            found.append(at)
    return found


def _in_team(tokens: Tokens, at: int, first: int, found: list[int]) -> bool:
    """@anna, who is the heart of #TeamMoor @ben @eva: those who explain a hashtag that ends her praise."""
    if found and found[-1] == at - 1:
        at = found[0]
    relative = first + 1 + tokens.is_kind(first + 1, "m")
    if not tokens.is_kind(at - 1, "#") or not tokens.is_kind(relative, "w") or at - 2 <= relative:
        return False
    amid = tokens.words[relative] in _WHO and tokens.has(at - 2, A | THE | LINKING)
    return amid and all(kind in "wnm#" for kind in tokens.kinds[relative : at - 1])


def _at_fault(tokens: Tokens, chosen: list[int]) -> list[int]:
    """#ff to all who limp through the fault of @anna (`per colpa di @anna`), where nobody else is named."""
    for at in chosen:
        blamed = any(_is_word(tokens, at - step, _FAULT) for step in (1, 2))
        run = range(max(at - 5, 0), at)
        if blamed and any(tokens.words[by] in _WHO and tokens.kinds[by] == "w" for by in run):
            return [at]
    return []


def _is_word(tokens: Tokens, at: int, words: set[str]) -> bool:
    return tokens.is_kind(at, "w") and tokens.words[at] in words


def _within(tokens: Tokens, at: int) -> bool:
    """True in `@anna (who drew for @ben)` and `@anna at @museum`, wherever the tag stands."""
    if tokens.is_kind(at - 2, "H") and tokens.is_kind(at - 1, "w"):
        return True
    while at > 0 and tokens.kinds[at - 1] in "wnm":
        at -= 1
        if "(" in tokens.words[at]:
            return tokens.is_kind(at - 1, "H") and tokens.words[at + 1] in _WHO
    return False


def _beside_tag(tokens: Tokens, at: int) -> bool:
    return any(at == tag - 1 or tokens.handle_after(tag) == at for tag in tokens.tags)


def _says_of_another(tokens: Tokens, at: int, used: str) -> bool:
    if tokens.is_kind(at - 1, "w") and tokens.words[at - 1] in _WHOM and tokens.is_kind(at - 2, "H"):
        return at < 3 or tokens.words[at - 3] != "sia"  # "@anna che @ben consiglia", not "sia @anna che @ben"
    before = at - 1
    while before > 0 and (tokens.has(before, A) or tokens.words[before] in {"the", "den", "dem"}):
        before -= 1
    word = tokens.words[before] if tokens.is_kind(before, "w") else ""
    if word in {"than", "als"}:
        return _outdone(tokens, before)
    if word == used or word not in _PREPOSITIONS or tokens.has(before - 1, AND):
        return False
    if _because(tokens, before) or (word in _OF and _is_word(tokens, before - 1, _MORE)):
        return True
    start = before
    while start > 0 and tokens.kinds[start - 1] not in "HTBl":
        start -= 1
    while start < before and tokens.kinds[start] == "m" and not tokens.classes[start]:
        start += 1
    if not tokens.is_kind(start - 1, "Hm") or tokens.has(start, AND):
        return False
    if tokens.has(before - 1, ALSO) and tokens.words[start] not in _WHO:
        return False
    if start == before:
        return word in _OF or word in _AT  # "@anna vom @museum"
    run = range(start, before)
    if any(tokens.has(place, WITHOUT | FOLLOW) for place in run):
        return False
    if word in _FOR and not (tokens.words[start] in _WHO or any(tokens.has(place, WHY) for place in run)):
        return False
    if tokens.words[start] in _WHO:
        return True
    return any(tokens.kinds[place] == "w" and not tokens.has(place, _NO_CONTENT) for place in run)


_PREPOSITIONS: Final = _OF | _AT | _FOR | _AFTER | {"wegen"}


def _because(tokens: Tokens, at: int) -> bool:
    """Wegen @ben, because of @ben, per colpa di @ben."""
    if tokens.words[at] == "wegen":
        return True
    return tokens.words[at] in {"of", "di"} and _is_word(tokens, at - 1, {"because", "colpa", "causa"})


def _outdone(tokens: Tokens, at: int) -> bool:
    """@anna is funnier than @ben; besser als @ben: somebody else is only the measure."""
    return tokens.words[at] == "than" or (tokens.is_kind(at - 1, "w") and tokens.words[at - 1].endswith("er"))


def spoken_to(tokens: Tokens, chosen: list[int]) -> list[int]:
    """Those greeted or answered as "you" before somebody else is named: `Liebe @anna, du suchst ...: @ben`."""
    if len(chosen) < 2:
        return []
    head = tokens.leading()
    if not head and tokens.is_kind(1, "H") and (tokens.has(0, GREETING) or tokens.words[0] in _DEAR):
        head = [1]
    if not head or any(at not in chosen for at in head) or len(head) == len(chosen):
        return []
    following = chosen[len(head)]
    between = range(head[-1] + 1, following)
    if _told_of(tokens, between, alone=len(head) == 1):
        return head
    if any(tokens.kinds[at] in "TB" or tokens.has(at, THANKS | ALSO) for at in between):
        return []
    words = [at for at in between if tokens.kinds[at] == "w"]
    if len(words) < 3 or not tokens.is_kind(following - 1, "ms"):
        return []
    if tokens.words[following - 1][0] not in ":?":
        return []
    subject = words[0]
    you = tokens.has(subject, YOU) or tokens.words[subject] in _YOU_TOO
    return head if you else []


def _told_of(tokens: Tokens, between: range, *, alone: bool) -> bool:
    """Ti consiglio, I recommend (to) you, ich empfehle dir, right before the first who is not spoken to."""
    at = between.stop - 1
    while at > between.start and (tokens.kinds[at] == "m" or tokens.has(at, ALSO | TO)):
        at -= 1
    tag = tokens.tags[0]
    if tag in between and not (at - 3 < tag < at):  # "@anna #ff to you, and I recommend you @ben"
        return False
    plural = {"vi", "euch", "ihnen"} if not alone else set()
    if at not in between or tokens.kinds[at] != "w":
        return False
    if tokens.words[at] in _TELL_YOU:
        return True
    if tokens.words[at] in _TELL and _is_word(tokens, at - 1, {"ti"} | plural):
        return True
    told = _is_word(tokens, at, {"you", "dir"} | plural)
    return told and any(_is_word(tokens, at - step, _RECOMMEND) for step in (1, 2))


_TELL: Final = {"segnalo", "consiglio", "raccomando", "suggerisco", "presento"}
_TELL_YOU: Final = {"segnalarti", "consigliarti", "raccomandarti", "suggerirti", "presentarti"}


def passed_on_to(tokens: Tokens, thanks: list[int]) -> list[int]:
    """After thanks for a recommendation: those it is passed on to (`ich geb's weiter an @ben`)."""
    for at in tokens.handles:
        if at < thanks[-1]:
            continue
        before = at - 1
        if tokens.is_kind(before, "m"):
            before -= 1
        if tokens.is_kind(before, "w") and tokens.words[before] in _RECOMMEND:
            return [later for later in tokens.handles if later >= at]
        pass_on = any(
            tokens.is_kind(before - step, "w") and tokens.words[before - step] in _PASS for step in (1, 2, 3)
        )
        if tokens.has(before, TO) and pass_on:
            return [later for later in tokens.handles if later >= at]
    return []


_PASS: Final = {"weiter", "pass", "passing", "passo", "giro", "giriamo", "passiamo"}
_RECOMMEND: Final = {"empfehle", "empfehlen", "recommend", "consiglio", "raccomando", "suggest", "suggerisco"}
