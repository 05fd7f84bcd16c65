"""Recommendations promised, announced for another day or reported, so that this post makes none.

    @anna ti prometto un #FF              promised, and nothing follows
    Nächsten Freitag gibt es #FF für @anna
    Il #FF di domani spetta a @anna       meant for another day, whoever is named
    @anna, he will give her a #FF         told of somebody
    @anna ieri ti ho #FF-ato              told as done

Whatever is said of today with names right behind the tag is a recommendation: `tonight I'll do a #FF for @anna`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from leumund.facts.endorsements.words import (
    ALSO,
    DUTY,
    FRIDAY,
    MINE,
    NEXT,
    QUALITY,
    SELF,
    THE,
    TO,
    TODAY,
    WHY,
    YOU,
    YOURS,
    A,
)

if TYPE_CHECKING:
    from leumund.facts.endorsements.tokens import Tokens

_PROMISE: Final = {"prometto", "promettiamo", "promise", "verspreche", "versprech", "versprechen"}
_TOMORROW: Final = {"domani", "tomorrow", "tomorrow'", "morgen"}
_TOMORROWS: Final = {"tomorrow'", "morgiges", "morgige", "morgigen", "morgiger"}
_NOW: Final = {"tonight", "stasera", "stanotte", "heut", "now", "jetzt", "ora", "adesso", "already", "schon"}
_WILL: Final = {"will", "ll", "i'll", "we'll", "gonna", "shall"}
_WILL_BE: Final = {"sarà", "sara'", "will", "wird", "gehört"}
_MAKE: Final = {"give", "do", "send", "make", "write", "get", "have"}
_MADE: Final = {"machen", "geben", "schreiben", "schenken", "widmen", "verpassen", "bekommen"}
_WERDE: Final = {"werde", "wird", "werden", "wirst"}
_FARE: Final = {
    "farò",
    "faro'",
    "farà",
    "fara'",
    "farai",
    "faremo",
    "farete",
    "faranno",
    "dedicherò",
    "dedicherà",
}
_PRESENT: Final = {"faccio", "facciamo", "mando", "dedico", "metto", "regalo"}
_GIVES: Final = _FARE | _PRESENT | {
    "gibt",
    "gibt'",
    "gibts",
    "bekommst",
    "bekommt",
    "kriegst",
    "kriegt",
    "gebe",
    "geb",
    "mache",
    "mach",
    "will",
    "ll",
    "i'll",
    "get",
    "gets",
    "bekommen",
    "kriegen",
}  # fmt: skip
_HAVE: Final = {"ho", "hai", "ha", "abbiamo", "avete", "hanno", "avevo", "aveva"}
_THEM: Final = {"gli", "le", "ti", "vi", "lo", "la", "loro", "him", "her", "them", "es", "ihm"}
_ON: Final = {"am", "on", "this", "diesen"}
_SMALL: Final = A | THE | MINE | YOURS | QUALITY | YOU | ALSO
_TOLD: Final = _PROMISE | _TOMORROW | _TOMORROWS | _WILL | _WERDE | _FARE | {"sarà", "sara'", "gehört"}


def promised(tokens: Tokens) -> str:
    """The words that put the recommendation off, "" if none: I wait for Friday; the next #ff is yours."""
    if tokens.every & FRIDAY:
        found = _owed_on_friday(tokens) or _on_friday(tokens)
        if found:
            return found
    for tag in tokens.tags if tokens.every & NEXT else ():
        if tokens.has(tag - 1, NEXT) and (
            not _named_after(tokens, tag)
            or (tokens.is_kind(tag + 1, "w") and tokens.words[tag + 1] in _WILL_BE)
        ):
            return tokens.said(tag - 1, tag)
    if len(tokens.tags) != 1 or _TOLD.isdisjoint(tokens.words):
        return ""
    tag = tokens.tags[0]
    if tokens.handle_after(tag) is not None and _is_today(tokens):
        return ""
    return _vowed(tokens, tag) or _tomorrow(tokens, tag) or _future(tokens, tag)


def _owed_on_friday(tokens: Tokens) -> str:
    if not tokens.every & DUTY or tokens.every & TODAY:
        return ""
    for at in range(len(tokens)):
        if tokens.has(at, DUTY) and any(tokens.has(at + step, FRIDAY) for step in range(-3, 5)):
            return tokens.said(at, at + 2)
    return ""


def _is_today(tokens: Tokens) -> bool:
    return bool(tokens.every & TODAY) or not _NOW.isdisjoint(tokens.words)


def _named_after(tokens: Tokens, tag: int) -> bool:
    return bool(tokens.handles) and tokens.handles[-1] > tag


def _small_before(tokens: Tokens, tag: int, most: int = 3) -> int:
    """The place of the word before a tag and its articles, pronouns and adjectives."""
    at = tag - 1
    while at > tag - 1 - most and tokens.is_kind(at, "w") and _is_small(tokens, at):
        at -= 1
    return at


def _is_small(tokens: Tokens, at: int) -> bool:
    return tokens.has(at, _SMALL) or tokens.words[at] in _THEM


def _word(tokens: Tokens, at: int, words: set[str]) -> bool:
    return tokens.is_kind(at, "w") and tokens.words[at] in words


def _plain(tokens: Tokens, first: int, last: int) -> bool:
    """True when only words stand from one place up to before another."""
    return all(tokens.kinds[at] == "w" for at in range(first, last))


def _on_friday(tokens: Tokens) -> str:
    """Nächsten Freitag gibt es #ff für @anna; a #ff next Friday; venerdì ti faccio un #ff."""
    if len(tokens.tags) != 1 or _is_today(tokens):
        return ""
    tag = tokens.tags[0]
    for at in range(max(tag - 8, 0), min(tag + 6, len(tokens))):
        if not tokens.has(at, FRIDAY) or tokens.kinds[at] != "w":
            continue
        coming = tokens.has(at - 1, NEXT) or (tokens.has(at + 1, NEXT) and at + 1 < tag)
        if at < tag and _plain(tokens, at, tag):
            gives = any(tokens.words[by] in _GIVES for by in range(at + 1, tag))
            if gives and (coming or _coming_friday(tokens, at, tag)):
                return tokens.said(at - 1, tag)
        elif coming and at > tag and _plain(tokens, tag + 1, at):
            before = _small_before(tokens, tag)
            if any(tokens.words[by] in _GIVES for by in (*range(tag + 1, at), max(before, 0))):
                return tokens.said(tag, at)
    return ""


def _coming_friday(tokens: Tokens, at: int, tag: int) -> bool:
    """A Friday not called the next one: with nobody named behind the tag, and no habit ("every Friday")."""
    if _named_after(tokens, tag):
        return False
    if _word(tokens, at - 1, _ON):
        return True
    return (
        not tokens.is_kind(at - 1, "wn")
        and tokens.has(at + 1, YOU)
        and _word(tokens, at + 2, _FARE | _PRESENT)
    )


def _vowed(tokens: Tokens, tag: int) -> str:
    """Prometto #ff; I promise you a #ff; verspreche dir ein #ff; #ff verspreche ich dir."""
    at = _small_before(tokens, tag)
    mine = (at - 1, at - 2, at + 1)
    if at >= 0 and tokens.has(at, SELF) and _word(tokens, at - 1, _PROMISE):
        at -= 1  # "verspreche ich #ff"
    elif _word(tokens, at, {"promise", "versprechen"}) and not any(tokens.has(by, SELF) for by in mine):
        return ""
    if _word(tokens, at, _PROMISE):
        return tokens.said(at, tag)
    if _word(tokens, tag + 1, {"verspreche", "versprech"}) and tokens.has(tag + 2, SELF):
        return tokens.said(tag, tag + 2)
    return ""


def _tomorrow(tokens: Tokens, tag: int) -> str:
    """Il #ff di domani; tomorrow's #ff; morgen gibt es ein #ff für @anna."""
    if _word(tokens, tag + 2, _TOMORROW) and _word(tokens, tag + 1, {"di", "von", "for"}):
        return tokens.said(tag, tag + 2)
    if any(_word(tokens, tag - step, _TOMORROWS) for step in (1, 2)):
        return tokens.said(tag - 2, tag)
    for at in range(max(tag - 7, 0), tag):
        if _word(tokens, at, _TOMORROW) and not tokens.is_kind(at - 1, "w") and _plain(tokens, at, tag):
            given = any(tokens.words[by] in _GIVES for by in range(at + 1, tag))
            return tokens.said(at, tag) if given else ""
    return ""


def _future(tokens: Tokens, tag: int) -> str:
    """Gli farà un #ff; I will give you a #ff; ich werde dir ein #ff geben: with nobody behind the tag."""
    if _named_after(tokens, tag):
        return ""
    at = _small_before(tokens, tag, 4)
    if _word(tokens, at, _FARE):
        return tokens.said(at, tag)
    if _word(tokens, at, _WILL) and tokens.has(tag + 1, YOU):
        return tokens.said(at, tag + 1)  # "I will #ff you"
    if _word(tokens, at, _MAKE) and any(_word(tokens, at - step, _WILL) for step in (1, 2)):
        return tokens.said(at - 1, tag)
    if _word(tokens, tag + 1, _MADE):
        for by in range(max(tag - 5, 0), tag):
            if tokens.words[by] in _WERDE and _plain(tokens, by, tag):
                return tokens.said(by, tag + 1)
    return ""


def reported(tokens: Tokens) -> str:
    """Told as done, with nobody behind the tag: `ti ho #ff-ato`, `ho già fatto #ff`, `habe schon #ff gemacht`."""
    if len(tokens.tags) != 1 or _named_after(tokens, tokens.tags[0]) or tokens.every & WHY:
        return ""
    tag = tokens.tags[0]
    if _word(tokens, tag - 1, _HAVE) and not tokens.has(tag + 1, TO | A):
        return tokens.said(tag - 1, tag)
    at = _small_before(tokens, tag)
    done = _word(tokens, at, {"fatto", "fatti", "done"})
    if done and any(_word(tokens, at - step, _HAVE | {"have", "ve", "i've"}) for step in (1, 2)):
        return tokens.said(at - 1, tag)
    if _word(tokens, at, {"did"}) and tokens.has(at - 1, SELF | ALSO):
        return tokens.said(at - 1, tag)
    if _word(tokens, tag + 1, {"gemacht", "gegeben"}):
        for by in range(max(tag - 5, 0), tag):
            if tokens.words[by] in {"hab", "habe", "haben", "hat"} and _plain(tokens, by, tag):
                return tokens.said(by, tag + 1)
    return ""
