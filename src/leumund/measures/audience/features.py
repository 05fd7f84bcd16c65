"""What an account looks like from outside, as a few signs between -1 and 1: unknown is NaN and adds nothing later.

Each sign is turned so that more of it was commoner among automated accounts, whatever the data set. None of them
reads who somebody is or what she believes; words by which an account calls itself a robot are taken out before
(that is a fact of its own, and in the sets to learn from it would be the answer).
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from leumund.locale import N_

Numbers = npt.NDArray[np.float64]

MOST_LETTERS = 2_000  # of a biography or a post; what is longer says nothing more
MOST_POSTS = 200  # of an account, the latest ones


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What is known of an account. None: nobody told; "": told, and empty."""

    followers: float | None = None
    following: float | None = None
    posts: float | None = None
    age_days: float | None = None
    handle: str | None = None
    name: str | None = None
    bio: str | None = None
    place: str | None = None
    url: str | None = None
    written: Sequence[Written] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """A post: its text, and when (seconds since 1970), None where that is not certain."""

    text: str
    at: float | None = None
    reply: bool = False


SIGNS = {
    "young": N_("a young account"),
    "few_followers": N_("few followers"),
    "follows_more": N_("follows many more than follow it"),
    "follows_silently": N_("follows more accounts than it has posts"),
    "follows_fast": N_("follows many for its age"),
    "follows_nobody": N_("follows hardly anybody"),
    "posts_much": N_("many posts a day"),
    "posts_unmet": N_("a great many posts for the few it follows"),
    "posts_little": N_("hardly any posts"),
    "digits": N_("digits in the handle"),
    "same_name": N_("the handle as its name"),
    "no_bio": N_("nothing said of itself"),
    "not_personal": N_("no personal words in the biography"),
    "selling": N_("words of selling or gathering followers in the biography"),
    "bio_marks": N_("links and tags in the biography"),
    "no_place": N_("no place given"),
    "links": N_("most posts carry a link"),
    "no_answers": N_("hardly ever speaks to anybody"),
    "reshares": N_("mostly passes others' posts on"),
    "alike": N_("posts that resemble each other"),
    "clockwork": N_("posts at regular times"),
    "tags": N_("many tags in its posts"),
    "even": N_("posts of much the same length"),
}
"""What the model looks at, in the order of the columns."""

_AUTOMATED = re.compile(r"#?botally|#?automat\w*|#?_?(?:ro)?bot(?:s|er)?(?![a-z])", re.IGNORECASE)
_LINK = re.compile(r"https?://|www\.|\b[\w-]+\.(?:com|net|org|de|ly|co|io|me)\b", re.IGNORECASE)
_TAG = re.compile(r"(?<!\w)#\w")
_NAMED = re.compile(r"(?<![\w.])@\w")
_RESHARE = re.compile(r"^\s*RT\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_PERSONAL = frozenset(
    _WORD.findall(
        """i i'm im i've me my mine myself we our us mom mum dad mama papa mother father wife husband married daughter son
        kids brother sister friend lover love loves life living born live student studying nerd geek fan addict enthusiast he
        him his she her hers they them who sometimes probably opinions tweets views own personal retired trying writer author
        teacher journalist artist engineer developer designer musician photographer researcher professor phd coffee beer dogs
        cats ich bin mein meine mir mich wir uns unser mutter vater frau mann verheiratet tochter sohn kinder lehrer lehrerin
        autorin autor studentin journalistin journalist künstlerin musikerin privat hier meist gern gerne liebe leben
        yo soy mi mis io sono mia mio eu sou meu minha je suis mon ma"""
    )
)
_SELLING = re.compile(
    r"follow\s?(?:back|me|for|train)|f4f|followback|teamfollow|gain\b|\bfree\b|\bwin\b|giveaway|discount|deals?\b|cheap|promo\w*"
    r"|\bbuy\b|\bsale\b|earn\b|money|income|make \$|click|sign up|download|dm (?:me|for|us)|marketing|seo\b|crypto|nft|airdrop"
    r"|casino|betting|daily|updates?\b|quotes?\b|horoscope|latest|breaking|every (?:day|hour|\d+)|generated|feed\b"
    r"|gratis|kostenlos|gewinn\w*|rabatt|angebote|täglich",
    re.IGNORECASE,
)


def signs_of(profiles: Sequence[Profile]) -> Numbers:
    """The signs of each account: rows are accounts, columns as in `SIGNS`, NaN where unknown."""
    found = np.full((len(profiles), len(SIGNS)), np.nan)
    for row, profile in zip(found, profiles, strict=True):
        row[:] = _signs(profile)
    return found


def _signs(of: Profile) -> list[float]:
    handle = None if of.handle is None else _bare(of.handle.rpartition("/")[2].lstrip("@").partition("@")[0])
    name = None if of.name is None else _bare(of.name)
    bio = None if of.bio is None else _bare(of.bio)
    return [*_counts(of), *_names(handle, name), *_bio(bio), _nothing(of.place), *_posts(of.written)]


def _bare(text: str) -> str:
    """A text without the words by which it calls itself a robot."""
    return _AUTOMATED.sub(" ", unicodedata.normalize("NFC", text[:MOST_LETTERS])).strip()


def _counts(of: Profile) -> list[float]:
    followers, following, posts, age = (
        _count(n) for n in (of.followers, of.following, of.posts, of.age_days)
    )
    ratio = math.log10((following + 1) / (followers + 1))
    per_post = math.log10((following + 1) / (posts + 1))
    return [
        _within((2.9 - math.log10(age + 1)) / 1.2),
        _within((2.4 - math.log10(followers + 1)) / 1.5),
        _above(ratio - 0.3),
        _above(per_post + 0.3),
        _above(math.log10((following + 1) / (age + 30)) + 0.2),
        _above(1 - math.log10(following + 1) / 1.8),
        _above(math.log10(posts / max(age, 1.0) + 0.1) - 0.5),
        _above((-per_post - 1) / 2),
        _above(1 - math.log10(posts + 1) / 2.5),
    ]


def _names(handle: str | None, name: str | None) -> list[float]:
    if handle is None:
        return [math.nan] * 2
    digits = sum(c.isdigit() for c in handle)
    same = math.nan
    if name is not None:
        same = float(_joined(name) == _joined(handle) and " " not in name.strip())
    return [_above(digits / 4 - 0.4), same]


def _bio(bio: str | None) -> list[float]:
    if bio is None:
        return [math.nan] * 4
    words = [w.casefold().replace("’", "'") for w in _WORD.findall(bio)]
    personal = sum(w in _PERSONAL for w in words)
    marks = len(_LINK.findall(bio)) + len(_TAG.findall(bio)) / 2
    if not words:
        return [1.0, math.nan, math.nan, math.nan]
    return [
        _within(0.2 - len(words) / 30),
        _within(0.6 - personal / 2),
        _within(len(_SELLING.findall(bio)) - 0.2),
        _within(marks / 2 - 0.3),
    ]


def _nothing(text: str | None) -> float:
    return math.nan if text is None else (-0.4 if text.strip() else 0.6)


def _posts(written: Sequence[Written]) -> list[float]:
    """Signs of what it wrote; what takes several posts to be seen is unknown below three."""
    posts = written[-MOST_POSTS:]
    if not posts:
        return [math.nan] * 7
    n = len(posts)
    texts = [p.text[:MOST_LETTERS] for p in posts]
    sure = n / (n + 2)  # few posts say less
    links = sum(bool(_LINK.search(t)) for t in texts) / n
    reshared = sum(bool(_RESHARE.match(t)) for t in texts) / n
    spoken = (
        sum(
            p.reply or (bool(_NAMED.search(t)) and not _RESHARE.match(t))
            for p, t in zip(posts, texts, strict=True)
        )
        / n
    )
    tags = sum(len(_TAG.findall(t)) for t in texts) / n
    return [
        sure * _within(2 * links - 0.6),
        sure * _within(0.5 - 2 * spoken),
        sure * _within(2 * reshared - 0.5),
        math.nan if n < 3 else sure * _within(3 * _alike(texts) - 0.4),
        math.nan if n < 5 else sure * _clockwork([p.at for p in posts]),
        sure * _within(tags - 0.5),
        math.nan if n < 3 else sure * _even([len(t) for t in texts]),
    ]


def _alike(texts: Sequence[str]) -> float:
    """How much the posts repeat each other: the share of word pairs that stood in another of them already."""
    seen: Counter[tuple[str, str]] = Counter()
    pairs = 0
    for text in texts:
        words = [w.casefold() for w in _WORD.findall(text)][:100]
        own = set(pairwise(words))
        pairs += len(own)
        seen.update(own)
    repeated = sum(times - 1 for times in seen.values() if times > 1)
    return repeated / pairs if pairs else 0.0


def _clockwork(times: Sequence[float | None]) -> float:
    """How regular the gaps between posts are: 1 as a clock, -1 as bursts and pauses; NaN where times are unknown."""
    known = sorted(t for t in times if t is not None)
    gaps = np.diff(known)
    gaps = gaps[gaps > 0]
    if len(gaps) < 4:
        return math.nan
    spread = float(np.std(np.log(gaps + 1)))
    return _within(1 - spread / 1.5)


def _even(lengths: Sequence[int]) -> float:
    """How alike the lengths of posts are."""
    return _within(1 - 2.2 * float(np.std(lengths)) / (float(np.mean(lengths)) + 1))


def _joined(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _count(value: float | None) -> float:
    return math.nan if value is None or not math.isfinite(value) or value < 0 else float(value)


def _above(value: float) -> float:
    """Only what is beyond a threshold is a sign; below it there is none, neither way."""
    return value if math.isnan(value) else max(0.0, min(1.0, value))


def _within(value: float) -> float:
    return value if math.isnan(value) else max(-1.0, min(1.0, value))
