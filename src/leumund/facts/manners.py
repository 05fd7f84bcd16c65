"""How a post is written: what of it is talk, what sells, what is aimed at whom. Counts only, no judgement of anybody.

    to     reply (somebody is answered), reshare (another's words), names (accounts named)
    what   advert, own (points at her own things), greeting
    how    words and letters of her own, headed (Words In Capitals), shouted (WORDS), digits, exclamation marks ...

Links, handles and hashtags are not words of her own. `selling.toml` holds the lists of words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from leumund.facts import Derived, Fact
from leumund.facts.links import LINK, NONE, Links, links_of
from leumund.facts.selling import VERSION, bit_of, calls_for_oneself, grounds_in, has_price, is_advert

if TYPE_CHECKING:
    from collections.abc import Sequence

_NAME = re.compile(r"[@＠]\w[\w.-]*(?:@[\w.-]+)?")
_TAG = re.compile(r"[#＃]\w+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_LAUGH = re.compile(
    r"[:;=xX8][-'o^]?[)(DPp/|\\3]+(?!/)|\^[_.]?\^|<3|\b(?:ha){2,}|\b(?:he){2,}|\b(?:ja){2,}\b|k{3,}|\blo+l\b|\bxd\b|[♥❤ｗ]|T_T"
    r"|[\U0001f600-\U0001f64f\U0001f900-\U0001f9ff]",
    re.IGNORECASE,
)
_STRETCHED = re.compile(r"([^\W\d_])\1\1")
_DIGIT = re.compile(r"\d")
_RESHARED = re.compile(r"(?:^|\s)RT:? ?[@＠]|^\W*RT\b|\(via [@＠]")
_GREETING = re.compile(
    r"\W*(?:guten (?:morgen|tag|abend)|gute nacht|moin(?: moin)?|hallo|servus|schönen (?:tag|abend|feierabend)|schönes wochenende|frohe \w+"
    r"|good (?:morning|night|evening|afternoon)|hello|hi|hey|happy \w+|merry \w+|have a (?:nice|great|good) \w+)\b",
    re.IGNORECASE,
)
_THANKS = re.compile(r"\b(?:danke\w*|dankeschön|thanks|thank you|thx|merci)\b", re.IGNORECASE)
_SHORT_WORDS = 9  # a greeting or thanks with more words than these also says something else
ONLY_LINK_WORDS = 10
"""A link with fewer words of one's own than these is a link and hardly anything else: a headline has so many."""

_SELLING = tuple(bit_of(g) for g in ("price", "call", "urgent", "claim", "ware"))
COUNTS = (
    "links", "hidden", "names", "tags", "words", "letters", "length", "headed", "shouted", "exclaims", "asks", "digits", "laughs",
    "stretched", "dots", "wares", "gathers", "yous", "wes", "pitch", "mine", "chat", "daily",
)  # fmt: skip
FLAGS = (
    "reply",
    "reshare",
    "greeting",
    "advert",
    "own",
    "only_link",
    "ends_in_link",
    "small_start",
    "money",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """What is counted of one post; see the module. length: of all of it; letters: of her own words."""

    links: int = 0
    hidden: int = 0
    names: int = 0
    tags: int = 0
    words: int = 0
    letters: int = 0
    length: int = 0
    headed: int = 0
    shouted: int = 0
    exclaims: int = 0
    asks: int = 0
    digits: int = 0
    laughs: int = 0
    stretched: int = 0
    dots: int = 0
    wares: int = 0
    gathers: int = 0
    yous: int = 0
    wes: int = 0
    pitch: int = 0
    mine: int = 0
    chat: int = 0
    daily: int = 0
    reply: bool = False
    reshare: bool = False
    greeting: bool = False
    advert: bool = False
    own: bool = False
    only_link: bool = False
    ends_in_link: bool = False
    small_start: bool = False
    money: bool = False


def manners_of(text: str, *, links: Links = NONE, answers: bool = False) -> Manners:
    """What is counted of a text. answers: the post is a reply, whether or not it begins with a handle.

    >>> m = manners_of("Nur heute: der Kurs zum halben Preis!", links=Links(count=1))
    >>> m.advert, m.reply, m.words
    (True, False, 7)
    """
    linked = links.count > 0 or "://" in text
    bare = LINK.sub(" ", text) if linked else text
    names = tags = 0
    if "@" in bare or "＠" in bare:
        bare, names = _NAME.subn(" ", bare)
    if "#" in bare or "＃" in bare:
        bare, tags = _TAG.subn(" ", bare)
    words = _WORD.findall(bare)
    small = [w.lower() for w in words]
    money = has_price(bare) if _DIGIT.search(bare) else False
    found, often = grounds_in(small, money)
    start = text.lstrip()
    reply = answers or start[:1] in ("@", "＠")
    plain = start.replace("’", "'")
    kept = links.count - links.dim
    return Manners(
        links=links.count, hidden=links.hidden, names=names, tags=tags, words=len(words),
        letters=sum(map(len, words)), length=len(text),
        headed=sum(w[0].isupper() and w[1:].islower() for w in words if len(w) > 1),
        shouted=sum(len(w) > 2 and w.isupper() for w in words),
        exclaims=bare.count("!"), asks=int("?" in bare), digits=len(_DIGIT.findall(bare)),
        laughs=int(_LAUGH.search(bare) is not None), stretched=int(_STRETCHED.search(bare) is not None),
        dots=int(".." in bare or "…" in bare),
        wares=_times(often, _SELLING), gathers=_times(often, (bit_of("gather"),)), yous=_times(often, (bit_of("you"),)),
        wes=_times(often, (bit_of("we"),)), pitch=_times(often, (bit_of("pitch"),)), mine=_times(often, (bit_of("mine"),)),
        chat=_times(often, (bit_of("chat"),)), daily=_times(often, (bit_of("daily"),)),
        reply=reply, reshare="RT" in text and _RESHARED.search(text) is not None,
        greeting=len(words) <= _SHORT_WORDS and kept <= 0 and _GREETING.match(plain) is not None,
        advert=is_advert(found, linked=linked), own=links.own > 0 or calls_for_oneself(found),
        only_link=kept > 0 and len(words) < ONLY_LINK_WORDS,
        ends_in_link=linked and _ends_in_link(text),
        small_start=bare.lstrip()[:1].islower(), money=money,
    )  # fmt: skip


def is_set_phrase(text: str) -> bool:
    """Whether a text is a reply, a reshare, mere thanks or a mere greeting: likeness means nothing there."""
    start = text.lstrip()
    if start[:1] in ("@", "＠") or ("RT" in text and _RESHARED.search(text) is not None):
        return True
    perhaps = _THANKS.search(text) is not None or _GREETING.match(start) is not None
    return perhaps and len(_WORD.findall(_NAME.sub(" ", LINK.sub(" ", text)))) <= _SHORT_WORDS


def _times(often: dict[int, int], bits: Sequence[int]) -> int:
    return sum(times for of, times in often.items() if any(of & bit for bit in bits))


def _ends_in_link(text: str) -> bool:
    last = text.rsplit(None, 1)
    return bool(last) and LINK.match(last[-1]) is not None


def derive(posts: pa.Table) -> Derived:
    """One row per post."""
    columns = ("text", "author_uri", "reply_to", "reply_to_account")
    found = [
        manners_of(text or "", links=links_of(text or "", author=author or ""), answers=bool(to or whom))
        for text, author, to, whom in zip(*(posts[c].to_pylist() for c in columns), strict=True)
    ]
    rows = posts.select(["post", "account", "happened_at", "known_at", "exact"])
    for name in COUNTS:
        rows = rows.append_column(name, pa.array([getattr(f, name) for f in found], pa.int32()))
    for name in FLAGS:
        rows = rows.append_column(name, pa.array([getattr(f, name) for f in found], pa.bool_()))
    return Derived(rows=rows)


FACT = Fact(
    name="manners",
    version=f"1.{VERSION}",
    columns={
        "post": "VARCHAR", "account": "BIGINT", "happened_at": "TIMESTAMP", "known_at": "TIMESTAMP", "exact": "BOOLEAN",
        **dict.fromkeys(COUNTS, "INTEGER"), **dict.fromkeys(FLAGS, "BOOLEAN"),
    },
    accounts=("account",),
    wanted="true",
    derive=derive,
    at_import=False,
)  # fmt: skip
