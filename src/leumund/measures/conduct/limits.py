"""The owner's limits, as she says them: "more than half adverts", "weniger als ein Zehntel Dank".

    [more than | fewer than]  [half, two thirds, 40 per cent, 3 of 10]  [adverts, links to themselves, repetitions ...]

A limit names one kind of evidence and a share of somebody's posts. It is passed only where the whole interval of that
share lies beyond it. German and English may be mixed; what is said again of a kind goes before what was said earlier.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from leumund.clean import clean
from leumund.errors import UsageError
from leumund.locale import N_, _

Numbers = npt.NDArray[np.float64]

Kind = Literal["advert", "self", "bare", "repeat", "similar", "thanks"]
"""What somebody's posts may be: read like adverts, point at her own things, a link and hardly a word, like another post
of her own, similar to an earlier post of somebody else, give thanks."""

KINDS: tuple[Kind, ...] = get_args(Kind)
LEVEL = 0.9

_KIND: dict[Kind, str] = {
    "advert": r"adverts?|ads|advertis\w+|werbung|werbebeiträge|anzeigen|reklame",
    "self": r"links? to (?:themsel(?:f|ves)|oneself|herself|himself|their own \w+)|self[- ]promotion|their own things"
    r"|links? (?:zu|auf) sich selbst|eigenwerbung|eigene (?:seiten|sachen|dinge|links)",
    "bare": r"(?:nothing but|only|just|bare|mere) links|link[- ]slinging|nur links|bloße links|nichts als links|lauter links",
    "repeat": r"repetitions?|repeats|repeated posts|the same again|wiederholungen|wiederholtes|immer dasselbe",
    "similar": r"(?:posts? )?similar to (?:earlier posts? of )?others?|like (?:earlier )?posts? of others"
    r"|ähnlich(?:es)? wie (?:früher )?(?:bei )?andere\w*|was andere(?:n)? früher ähnlich schrieben",
    "thanks": r"thanks|thank[- ]yous?|dank|danksagungen",
}
_MORE = r"more than|over|above|mehr als|über"
_LESS = r"(?:fewer|less) than|under|below|weniger als|unter"
_WORDS = {
    "half": "1/2", "die hälfte": "1/2", "a third": "1/3", "ein drittel": "1/3", "two thirds": "2/3", "zwei drittel": "2/3",
    "a quarter": "1/4", "ein viertel": "1/4", "three quarters": "3/4", "drei viertel": "3/4", "dreiviertel": "3/4",
    "a fifth": "1/5", "ein fünftel": "1/5", "a tenth": "1/10", "ein zehntel": "1/10", "nine tenths": "9/10",
    "neun zehntel": "9/10", "one in ten": "1/10", "one in twenty": "1/20", "one in a hundred": "1/100",
}  # fmt: skip
_NUMBERS = r"(\d+(?:[.,]\d+)?) ?(?:%|per ?cent|prozent)|(\d+) (?:of|in|von) (\d+)"
_SENTENCE = re.compile(
    rf"(?:(?P<more>{_MORE})|(?P<less>{_LESS})) (?P<share>{'|'.join(_WORDS)}|{_NUMBERS})(?: of)? "
    rf"(?:{'|'.join(f'(?P<{kind}>{words})' for kind, words in _KIND.items())})"
)

DEFAULTS = (
    N_("more than half adverts"),
    N_("more than half links to themselves"),
    N_("more than three quarters nothing but links"),
    N_("more than three quarters repetitions"),
    N_("more than a quarter similar to others"),
)
"""Where the owner has set none. Nobody is proposed for giving no thanks unless she says so."""


@dataclass(frozen=True, slots=True)
class Limit:
    """share: of somebody's posts, 0 to 1; above: whether more than that is beyond it, else less. words: as it was said."""

    kind: Kind
    above: bool
    share: float
    words: str

    def is_passed(self, low: Numbers, high: Numbers) -> npt.NDArray[np.bool_]:
        """Where the whole interval lies beyond this limit."""
        return np.asarray(low > self.share if self.above else high < self.share, np.bool_)

    def is_kept(self, low: Numbers, high: Numbers) -> npt.NDArray[np.bool_]:
        """Where the whole interval lies on this side of it; neither kept nor passed: it cannot be told."""
        return np.asarray(high <= self.share if self.above else low >= self.share, np.bool_)


def limit_said(words: str) -> Limit:
    """A limit as somebody says it.

    Raises:
        UsageError: it cannot be understood, or lies outside of 0 and 1.

    >>> limit_said("Mehr als die Hälfte Links zu sich selbst")
    Limit(kind='self', above=True, share=0.5, words='Mehr als die Hälfte Links zu sich selbst')
    >>> limit_said("fewer than 3 of 100 thanks").share
    0.03
    """
    found = _SENTENCE.fullmatch(" ".join(words.lower().split()).rstrip(".!"))
    if found is None:
        raise UsageError(
            _("The limit “{words}” cannot be understood.").format(words=clean(words, 80)),
            hint=_("Say it like this: more than half adverts; more than 60 per cent links to themselves; more than two thirds nothing but links; more than 9 of 10 repetitions; more than a quarter similar to others; fewer than 1 of 100 thanks."),
        )  # fmt: skip
    share = _share(found)
    if share is None or not 0 <= share <= 1:
        raise UsageError(
            _("The limit “{words}” is no share between nothing and all.").format(words=clean(words, 80))
        )
    kind = next(k for k in KINDS if found[k])
    return Limit(kind, found["more"] is not None, float(share), words)


def _share(found: re.Match[str]) -> Fraction | None:
    written = found["share"]
    if written in _WORDS:
        return Fraction(_WORDS[written])
    numbers = re.fullmatch(_NUMBERS, written)
    assert numbers is not None
    if numbers[1]:
        return Fraction(numbers[1].replace(",", ".")) / 100
    return Fraction(int(numbers[2]), int(numbers[3])) if int(numbers[3]) else None


def limits_said(words: Iterable[str] | None) -> tuple[Limit, ...]:
    """All limits; None: the usual ones, in the language in use. An empty list proposes nobody."""
    if words is None:
        usual = [limit_said(text) for text in DEFAULTS]
        return tuple(Limit(u.kind, u.above, u.share, _(u.words)) for u in usual)
    said = [limit_said(text) for text in words]
    return tuple({limit.kind: limit for limit in said}.values())


def interval(count: Numbers, posts: Numbers) -> tuple[Numbers, Numbers]:
    """The 90 % interval of a share: the quantiles of Beta(count + 1/2, posts - count + 1/2), Jeffreys' prior.

    It holds the observed share: with none the lower end is 0, with all the upper end is 1. Of no posts it is 0 to 1.
    """
    from scipy.special import betaincinv

    count, posts = np.asarray(count, np.float64), np.asarray(posts, np.float64)
    tail = (1 - LEVEL) / 2
    low = betaincinv(count + 0.5, posts - count + 0.5, tail)
    high = betaincinv(count + 0.5, posts - count + 0.5, 1 - tail)
    return np.where(count <= 0, 0.0, low), np.where(count >= posts, 1.0, high)
