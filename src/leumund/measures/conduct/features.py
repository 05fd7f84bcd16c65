"""What the posts of an account are like on average, and what its profile says: the features that the score adds up.

All are means, shares or rates that do not grow with the number of posts, so that five posts and a hundred can be
compared. None is a word, a topic, a language or a name; which words sell and which talk stands in `facts/selling.toml`.
What is unknown is NaN and adds nothing to a score.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from leumund.facts.manners import COUNTS, FLAGS
from leumund.locale import N_

Whole = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
Counted = Mapping[str, npt.NDArray[np.floating[Any]]]
"""Small numbers of each post, by name, in any width."""

NEEDED = (*COUNTS, *FLAGS)
_SHARES = {  # of posts
    "linked": "links", "hidden": "hidden", "named": "names", "asks": "asks", "laughs": "laughs", "stretched": "stretched",
    "dots": "dots",
}  # fmt: skip
_FLAGS = {
    "only_link": "only_link", "ends_in_link": "ends_in_link", "replies": "reply", "reshares": "reshare", "adverts": "advert",
    "greetings": "greeting", "small_start": "small_start", "money": "money",
}  # fmt: skip
_MEANS = {
    "links": "links",
    "names": "names",
    "tags": "tags",
    "length": "length",
    "letters": "letters",
    "exclaims": "exclaims",
}
_OF_WORDS = ("wares", "gathers", "yous", "wes", "pitch", "mine", "chat", "daily")
_LEAST_WORDS = 5.0
POSTS = (*_SHARES, *_FLAGS, *_MEANS, *_OF_WORDS, "spread", "headed", "shouted", "digits", "word_length", "open_links", "same_site",
         "alike")  # fmt: skip
PROFILE = (
    "followers",
    "following",
    "following_to_followers",
    "posts",
    "age",
    "posts_a_day",
    "following_a_day",
)

WORDS = {
    "linked": N_("posts with a link"), "hidden": N_("shortened links"), "named": N_("posts that name somebody"),
    "asks": N_("questions"), "laughs": N_("laughter and smileys"), "stretched": N_("stretched words"), "dots": N_("dots"),
    "only_link": N_("links with hardly a word"), "ends_in_link": N_("posts that end in a link"), "replies": N_("replies"),
    "reshares": N_("others' words"), "adverts": N_("posts that read like adverts"), "greetings": N_("greetings"),
    "small_start": N_("beginnings in small letters"), "money": N_("sums of money"), "links": N_("links a post"),
    "names": N_("names a post"), "tags": N_("hashtags a post"), "length": N_("length of posts"),
    "letters": N_("length of own words"), "exclaims": N_("exclamation marks"), "wares": N_("words of selling"),
    "gathers": N_("words of gathering followers"), "yous": N_("words to the reader"), "wes": N_("words in the name of many"),
    "pitch": N_("words of praise for wares"), "mine": N_("words of oneself"), "chat": N_("words of talk"),
    "daily": N_("words of everyday life"), "spread": N_("how much lengths differ"), "headed": N_("Words In Capitals"),
    "shouted": N_("SHOUTED WORDS"), "digits": N_("digits"), "word_length": N_("length of words"),
    "open_links": N_("posts with an open link"), "same_site": N_("links to one and the same site"),
    "alike": N_("likeness of own posts"), "followers": N_("number of followers"), "following": N_("number of accounts followed"),
    "following_to_followers": N_("followed in proportion to followers"), "posts": N_("number of posts"),
    "age": N_("age of the account"), "posts_a_day": N_("posts a day"), "following_a_day": N_("followed a day"),
}  # fmt: skip
"""What people call the features."""


def of_posts(
    author: Whole, size: int, counted: Counted, same_site: Numbers, alike: Numbers
) -> dict[str, Numbers]:
    """The features of each account's posts. author: 0 to size - 1, one for each post; counted: `NEEDED`, one value a post.

    same_site: see `sites`; alike: the mean likeness of all pairs of an account's posts. NaN for accounts without posts.
    """

    def total(values: npt.NDArray[np.floating[Any]]) -> Numbers:
        return np.asarray(np.bincount(author, values, minlength=size), np.float64)

    posts = np.bincount(author, minlength=size).astype(np.float64)
    none = np.where(posts > 0, posts, np.nan)
    words = total(counted["words"])
    found = {name: total((counted[of] > 0).astype(np.float64)) / none for name, of in _SHARES.items()}
    found |= {name: total(counted[of]) / none for name, of in (_FLAGS | _MEANS).items()}
    found |= {name: total(counted[name]) / np.maximum(_LEAST_WORDS, words) + 0 * none for name in _OF_WORDS}
    square = total(counted["length"] ** 2) - posts * np.nan_to_num(found["length"]) ** 2
    spread = np.sqrt(np.maximum(0.0, square) / np.maximum(1.0, posts - 1))
    found["spread"] = np.where(posts > 1, spread, np.nan)
    found["headed"] = total(counted["headed"]) / np.maximum(1, words) + 0 * none
    found["shouted"] = total(counted["shouted"]) / np.maximum(1, words) + 0 * none
    letters = total(counted["letters"])
    found["digits"] = total(counted["digits"]) / np.maximum(1, letters) + 0 * none
    found["word_length"] = np.where(words > 0, letters / np.maximum(1, words), np.nan)
    found["open_links"] = total((counted["links"] > counted["hidden"]).astype(np.float64)) / none
    found["same_site"] = same_site + 0 * none
    found["alike"] = np.where(posts > 1, alike, np.nan)
    return {name: found[name] for name in POSTS}


def sites(author: Whole, size: int, domains: Sequence[Sequence[str]]) -> Numbers:
    """How often two links of an account, drawn at random, lead to the same site, times links a post. domains: of each post."""
    posts = np.maximum(1, np.bincount(author, minlength=size)).astype(np.float64)
    often = np.fromiter((len(d) for d in domains), np.int64, len(domains))
    whose = np.repeat(author, often)
    if not len(whose):
        return np.zeros(size)
    names = np.unique(
        np.array([d for found in domains for d in found], dtype=object).astype(str), return_inverse=True
    )[1]
    pairs, times = np.unique(np.stack([whose, names.reshape(-1)]), axis=1, return_counts=True)
    links = np.bincount(whose, minlength=size).astype(np.float64)
    same = np.bincount(pairs[0], (times * (times - 1)).astype(np.float64), minlength=size)
    return np.asarray(same / np.maximum(1, links * (links - 1)) * links / posts)


def of_profile(
    *, followers: Numbers, following: Numbers, posts: Numbers, age_days: Numbers
) -> dict[str, Numbers]:
    """What the counts of a profile say, on a logarithmic scale; NaN where a count is unknown."""
    with np.errstate(invalid="ignore"):
        age = np.maximum(0.5, age_days)
        logs = [np.log1p(np.maximum(0.0, c)) for c in (followers, following, posts)]
        rates = [np.log(np.maximum(0.0, c) / age + 0.01) for c in (posts, following)]
        found = (logs[0], logs[1], logs[1] - logs[0], logs[2], np.log(age), *rates)
    return dict(zip(PROFILE, found, strict=True))
