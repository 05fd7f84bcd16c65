"""The words a post gives as its reason: what is left when everything customary is taken away.

Taken away: names, tags, hashtags, links, smileys; thanks, greetings, wishes, emphasis and articles
(`words.CUSTOMARY`); words that only join others (`words.LINKING`), which count inside a reason but make
none; what one thanks for; and what is said to the head of a reply before the tag, which is talk, unless
it speaks of her (`@anna is ...`, `.@anna ...`). One word of content is enough (`the master`, `great
coaches:`), two where a long list or a "back" makes a stray word likely. A *because* counts with anything
after it but a bare yes (`perché sì`).
Price: a joke or an aside to the recommended reads as a reason, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from leumund.facts.endorsements.words import (
    ADVICE,
    ALSO,
    ANYONE,
    BACK,
    BUT,
    CUSTOMARY,
    DESERVE,
    EXCEPT,
    FOLLOW,
    FOR,
    GREETING,
    HAPPY,
    IS,
    LINKING,
    MINE,
    NOT,
    ONLY,
    RETURN,
    SELF,
    SOURCE,
    THANKS,
    THE,
    TODAY,
    UNFOLLOW,
    WHY,
    WITHOUT,
    YOU,
    YOURS,
    A,
)

if TYPE_CHECKING:
    from leumund.facts.endorsements.tokens import Tokens

_TAKEN: Final = CUSTOMARY | THANKS | RETURN | BACK | HAPPY | FOLLOW | GREETING | UNFOLLOW
_JOINS: Final = LINKING | FOR | THE | A | MINE | YOURS | YOU | SELF | IS | NOT | ONLY | ALSO | BUT
_EMPTY: Final = _TAKEN | _JOINS | WHY | ADVICE | DESERVE | EXCEPT | SOURCE | TODAY | WITHOUT | ANYONE
_SAYS_OF_HER: Final = {
    "has",
    "hat",
    "ha",
    "writes",
    "schreibt",
    "scrive",
    "makes",
    "macht",
    "fa",
    "shares",
    "knows",
    "kann",
}
_BARE_YES: Final = {"sì", "si", "yes", "ja", "so", "halt", "sí"}
_LEAST_LETTERS: Final = 3
_LONG_LIST: Final = 5


def reason_in(tokens: Tokens, *, back: bool = False) -> str:
    """The longest run of own words that says something, as written; "" if there is none."""
    talk_ends = _end_of_talk(tokens)
    thanks = _thanked_for(tokens) if tokens.every & THANKS else ()
    least = 2 if back or len(tokens.handles) >= _LONG_LIST else 1
    best = ""
    weight = 0
    classes = tokens.classes
    wishes = "?" in tokens.text or not _WISHING.isdisjoint(tokens.words)
    names = " ".join(tokens.names.values()).lower()
    for first, last in _runs(tokens):
        if tokens.every & WHY:
            because = next((at for at in range(first, last + 1) if classes[at] & WHY), -1)
            if because >= 0 and _says_why(tokens, because, last):
                return tokens.said(because, _last_word(tokens, last))
        if last < talk_ends:
            continue
        content = [
            at
            for at in range(first, last + 1)
            if not classes[at] & _EMPTY and tokens.kinds[at] == "w" and at not in thanks
            if len(tokens.words[at]) >= _LEAST_LETTERS and not _is_laughter(tokens.words[at])
        ]
        if all(_spells_handle(tokens, at, names) for at in content):
            continue
        if wishes and tokens.tags and first > tokens.tags[0]:
            content = _without_wishes(tokens, content)
        if len(content) >= least and len(content) > weight:
            weight = len(content)
            best = tokens.said(_start(tokens, first, content[0]), content[-1])
    return best


def _is_laughter(word: str) -> bool:
    return word.count("h") > 1 and _LAUGHTER.issuperset(word)


def _spells_handle(tokens: Tokens, at: int, names: str) -> bool:
    """A name that only spells out a handle: `@anna_berg Anna!`."""
    word = tokens.words[at].strip("'’")
    return len(word) > 3 and word in names and tokens.text[tokens.starts[at]].isupper()


def _without_wishes(tokens: Tokens, content: list[int]) -> list[int]:
    """Content behind the tag that is not in a question nor in a wish (`have a superb Friday`, `buon Natale`)."""
    kept = []
    for at in content:
        if tokens.words[at - 1] in _WISHED:
            continue
        first = last = at
        while first > 0 and tokens.kinds[first - 1] not in "sHTBl":
            first -= 1
        while last < len(tokens) - 1 and tokens.kinds[last] not in "sHTBl":
            last += 1
        asked = tokens.is_kind(last, "s") and "?" in tokens.words[last]
        wished = tokens.words[first] in _WISHES or (
            tokens.words[first] == "have" and tokens.has(first + 1, A)
        )
        if not asked and not wished:
            kept.append(at)
    return kept


_LAUGHTER: Final = frozenset("haeiouj")
_WISHED: Final = {"buon", "buona", "happy", "merry", "frohe", "frohes", "frohen", "feliz", "joyeux"}
_WISHES: Final = {
    "wish",
    "wishing",
    "wünsche",
    "wünsch",
    "wünschen",
    "auguro",
    "auguri",
    "enjoy",
    "hope",
    "spero",
}
_WISHING: Final = _WISHED | _WISHES | {"have"}


def _end_of_talk(tokens: Tokens) -> int:
    """The place up to which a reply talks to its head; -1 where it does not."""
    head = tokens.leading()
    if not head or not tokens.tags or tokens.is_kind(head[0] - 1, "s"):
        return -1
    after = head[-1] + 1
    of_her = (
        tokens.has(after, IS | YOURS)
        or (tokens.has(after, THE) and tokens.has(after + 1, YOURS))
        or tokens.words[after] in _SAYS_OF_HER
    )
    return -1 if of_her else tokens.tags[0]


def _thanked_for(tokens: Tokens) -> set[int]:
    """The places of words that say what one thanks for: `thanks @anna for the tip`."""
    places = set()
    thanking = after = False
    for at, kind in enumerate(tokens.kinds):
        if kind == "s":
            thanking = after = False
        thanking = thanking or bool(tokens.classes[at] & THANKS)
        after = after or (thanking and bool(tokens.classes[at] & FOR))
        if after:
            places.add(at)
    return places


def _runs(tokens: Tokens) -> list[tuple[int, int]]:
    """Stretches of text between names, tags and links that hold a word."""
    runs = []
    first = -1
    for at, kind in enumerate(tokens.kinds):
        if kind in "wn":
            if first < 0:
                first = at
        elif kind in "HTBl" and first >= 0:
            runs.append((first, at - 1))
            first = -1
    if first >= 0:
        runs.append((first, len(tokens.kinds) - 1))
    return runs


def _says_why(tokens: Tokens, because: int, last: int) -> bool:
    """True when a because is followed by more than a bare yes."""
    after = [at for at in range(because + 1, last + 1) if tokens.kinds[at] == "w"]
    if not after or tokens.words[after[0]] in _BARE_YES:
        return False
    return any(len(tokens.words[at]) >= _LEAST_LETTERS for at in after)


def _last_word(tokens: Tokens, last: int) -> int:
    while last > 0 and tokens.kinds[last] not in "wn":
        last -= 1
    return last


def _start(tokens: Tokens, first: int, content: int) -> int:
    """A reason begins after the customary words, but with the article or pronoun of its own first word."""
    at = content
    while at > first and tokens.classes[at - 1] & _JOINS and not tokens.classes[at - 1] & _TAKEN:
        at -= 1
    return at
