"""Handles, hashtags and links in the text of a post, found the way a reader finds them.

    @anna                    X, and people of one's own server on Mastodon: letters, digits, _
    @anna@example.social     Mastodon and its kin
    @anna.bsky.social        Bluesky: a host name, so its end must be a known top-level domain

What is not a handle: the part after @ in an e-mail address; anything inside a link, a profile's
address too (`https://example.social/@anna` leads to anna, it does not name her; the sources list
such mentions by themselves); an article (`@l'amico`, `@The Economist`, `@Il Mattino`); a name with
letters no network allows (`@lötstelle`, kind "odd"), for its plain part would name somebody else.
Chinese and Japanese, written without spaces, may follow a handle.

Texts are untidy, and a slip of the keyboard does not hide a name: `.@anna`, `@@anna`, `#ff@anna`,
`look@anna`, the full-width `＠anna` and `@anna's` all name anna. `@anna.Thanks` names anna, for
".Thanks" is the next sentence. A handle that runs into the end of a cut-off text (`@ann…`) is
marked `cut`: who is meant is not known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

# Ends of host names. Two-letter ones that are also everyday words (@eva.ma, @eva.so) are left out: after
# a handle they open the next sentence far more often than they end a name.
_COUNTRIES = """
    ac ad ae af ag ai al ao aq ar at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cat
    cc cd cf cg ch ck cl cm cn co cr cu cv cx cy cz de dk dz ee eg er et eu fi fj fk fm fo fr ga gd ge gf gg
    gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie im io iq ir it je jm jp ke kg kh ki
    kn kp kr kw ky kz lb lc li lk lr ls lt lu lv ly mc md me mg mh mk ml mm mn mp mq mr ms mt mu mv mw mx my
    mz na nc nf ng nl np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa ro rs ru rw sa sb sc
    sd sg sh sk sl sm sn sr ss sv sx sy sz tc td tf tg th tj tk tl tm tn tr tt tv tw tz ua ug uk us uy uz
    vc ve vg vn vu wf ws ye yt za zm zw
"""
_OTHERS = """
    com org net edu gov int mil info biz name pro museum coop aero jobs mobi travel social app dev blog art
    xyz online site website club cloud news live life team page tech world space zone chat community network
    digital media studio design photo photos photography music band film video games game fun wtf lol cafe
    bar pub shop store agency company consulting coach academy school science systems software codes
    link click email host press press rocks ninja guru expert institute foundation berlin hamburg
    koeln cologne bayern wien tirol swiss saarland ruhr nrw paris london nyc vegas amsterdam brussels scot
    wales eus gal bzh gay lgbt green earth eco farm garden pizza coffee beer wine yoga fit run bike ski
    football horse dog cool best top vip one land city town wiki exchange moe cyber ink log
"""
TOP_LEVEL = frozenset(_COUNTRIES.split()) | frozenset(_OTHERS.split())
"""Ends of host names that make `@name.end` a domain handle."""

_HOST = r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,24}"
_AT = "[@＠]"
_ATS = rf"(?<!{_AT}){_AT}++"  # a whole run of them, tried once: a thousand @ take no longer than a thousand letters
_FOREIGN = "[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0370-\u052f]"  # letters no handle has

_LINK = r"""(?P<link> https?://[^\s<>"“”«»]+ | \bwww\.[^\s<>"“”«»]+ )"""
_MAIL = rf"(?P<mail> (?<![\w@＠#＃]) [\w.+-]{{1,64}}+ @ {_HOST} \b (?!@) )"
_ODD = rf"{_ATS} (?P<odd> [A-Za-z0-9_]* (?: {_AT} [A-Za-z0-9.-]* )? {_FOREIGN} (?: [.-]? [\w@＠] )* )"
_REST = rf"""
      {_ATS} (?P<handle> [A-Za-z0-9_]{{1,64}} (?:
            (?:[.-]+[A-Za-z0-9_]+)* {_AT} {_HOST}
          | (?:-[A-Za-z0-9-]*)? (?:\.[A-Za-z0-9-]+)+ )?  )
    | [#＃]\s? (?P<hashtag> \w+ )
    | (?P<word> [^\W\d_]+['’]? )
    | (?P<number> \w+ )
    | (?P<mark> [^\w\s@＠#＃]+ | [@＠#＃] )
"""
_PIECES = {
    (mail, odd): re.compile(
        " | ".join((_LINK, *([_MAIL] if mail else []), *([_ODD] if odd else []), _REST)), re.VERBOSE
    )
    for mail in (False, True)
    for odd in (False, True)
}
_PERHAPS_MAIL = re.compile(r"\w@[\w-]+\.\w")

_NO_WORDS = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_PLAIN = re.compile("[A-Za-z0-9_]*")
_LINK_END = ".,;:!?)]}'’…"

PieceKind: TypeAlias = Literal["link", "mail", "handle", "odd", "hashtag", "word", "number", "mark"]


def pieces(text: str) -> Iterator[re.Match[str]]:
    """Everything in a text, in order, each with its kind (a PieceKind) as the name of the last group.

    Looking for mail addresses costs a third more, so it is done only where one may be; odd names need an
    odd letter.
    """
    perhaps = "@" in text and _PERHAPS_MAIL.search(text) is not None
    return _PIECES[perhaps, not text.isascii()].finditer(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handle:
    """A handle as written, without the leading @; `cut`: the text breaks off inside or right after it."""

    name: str
    start: int
    end: int
    cut: bool = False


def without_invisible(text: str) -> str:
    """The text without characters that only steer its direction or breaking (U+200B, U+200F ...)."""
    return text if text.isascii() else _NO_WORDS.sub("", text)


def whole_name(found: str) -> str:
    """The part of a run like `anna.Danke` or `anna.bsky.social.` that is the handle.

    >>> whole_name("anna.Danke"), whole_name("anna.bsky.social"), whole_name("a@b.example.social.See")
    ('anna', 'anna.bsky.social', 'a@b.example.social')
    """
    if "." not in found:
        return found
    user, at, host = found.replace("＠", "@").rpartition("@")
    labels = host.split(".")
    while len(labels) > 1 and not _ends_host(labels, named=bool(at)):
        labels.pop()
    if len(labels) > 1:
        return found[: len(user + at + ".".join(labels))]
    return found[: len(user)] if at else _PLAIN.match(found)[0]  # type: ignore[index]


def _ends_host(labels: list[str], *, named: bool) -> bool:
    """`@anna.team` ends a host; `@anna.Team` opens a sentence, unless the name is in capitals as well.

    After `@anna@` a host is sure to come, so that any end in small letters will do.
    """
    last = labels[-1]
    if last[0].isupper() and not labels[0][0].isupper():
        return False
    return named or last.lower() in TOP_LEVEL


def is_cut(text: str, end: int) -> bool:
    """True where the text breaks off at `end`: an ellipsis glued to it, or one at the end of a full post.

    Old reshares are cut at 140 characters as `@name ...`; a short post that ends in dots is only wistful.
    """
    if len(text) - end > 6:
        return False
    rest = text[end:].strip()
    if rest in {"…", "..."}:
        return text[end : end + 1] == "…" or len(text) >= 135
    return False


def find_handles(text: str) -> tuple[Handle, ...]:
    """Every handle in the text, in order, repeated ones too.

    >>> [h.name for h in find_handles("Danke .@anna, @ben@example.social! mail me@example.org")]
    ['anna', 'ben@example.social']
    """
    if "@" not in text and "＠" not in text:
        return ()
    return tuple(_handles(text))


def _handles(text: str) -> Iterator[Handle]:
    for match in pieces(text):
        if match.lastgroup == "handle":
            start = match.start("handle")
            name = whole_name(match["handle"])
            end = start + len(name)
            if not is_elision(text, name, end):
                yield Handle(name=name, start=start, end=end, cut=is_cut(text, end))


def is_elision(text: str, name: str, end: int) -> bool:
    """True for an article, not a name: the l in `@l'amico`, the Il in `@Il Mattino`."""
    if len(name) == 1:
        return text[end : end + 1] in {"'", "’"}
    return name in _ARTICLES and text[end : end + 1] == " " and text[end + 1 : end + 2].isupper()


_ARTICLES = {"Il", "La", "Lo", "Gli", "Le", "The", "Der", "Die", "Das", "El", "Los"}


def find_hashtags(text: str) -> tuple[str, ...]:
    """Every hashtag without its #, as written, in order; those inside links are not hashtags.

    >>> find_hashtags("#FF @anna https://example.org/#top #Coaching")
    ('FF', 'Coaching')
    """
    if "#" not in text and "＃" not in text:
        return ()
    found = (m["hashtag"] for m in pieces(text) if m.lastgroup == "hashtag")
    return tuple(tag for tag in found if not tag.isdigit())


def find_links(text: str) -> tuple[str, ...]:
    """Every web address, in order, without the punctuation of the sentence around it.

    >>> find_links("See https://example.org/a, (www.example.com).")
    ('https://example.org/a', 'www.example.com')
    """
    return tuple(m["link"].rstrip(_LINK_END) for m in pieces(text) if m.lastgroup == "link")


def same_account(handle: str, other: str) -> bool:
    """True when two handles name one account as far as their writing tells; a bare name fits any server.

    >>> same_account("Anna", "anna@example.social"), same_account("anna@a.example", "anna@b.example")
    (True, False)
    """
    one, two = handle.casefold().lstrip("@"), other.casefold().lstrip("@")
    if one == two:
        return True
    if "@" in one and "@" in two:
        return False
    return one.partition("@")[0] == two.partition("@")[0]
