"""The machine words of the house in a person's words: verbs, networks, names of figures.

A measure needs no entry here for words of its own: `learned_later` is looked up in the catalogue as
"learned later", so the measure marks that text with `N_`.
"""

from __future__ import annotations

from leumund.clean import clean
from leumund.locale import N_, _

_WORDS = {
    "like": N_("like"),
    "follow": N_("follow"),
    "unfollow": N_("unfollow"),
    "reshare": N_("reshare"),
    "reply": N_("reply"),
    "quote": N_("quote"),
    "mention": N_("mention"),
    "endorse": N_("recommendation"),
    "mastodon": "Mastodon",
    "bluesky": "Bluesky",
    "x": "X",
    "linkedin": "LinkedIn",
    "facebook": "Facebook",
    "blog": N_("blog"),
    "other": N_("other"),
    "n_eff": N_("effective number of people"),
    "low": N_("lower bound"),
    "high": N_("upper bound"),
    "start": N_("at the start"),
    "end": N_("at the end"),
    "new": N_("new"),
    "fading": N_("fading"),
    "own posts": N_("own posts"),
    "recommendations": N_("recommendations"),
    "not needed": N_("not needed"),
    "languages": N_("languages"),
    "vote": N_("recommendation"),
    "thanks": N_("thanks"),
    "consent": N_("consent"),
    "begging": N_("request for a recommendation"),
}


def word(name: str) -> str:
    """A machine word as people say it, in the language in use.

    >>> word("endorse"), word("learned_later")
    ('recommendation', 'learned later')
    """
    return clean(_(_WORDS.get(name) or name.replace("_", " ")), 60)


def label(name: str) -> str:
    """The same with a capital, for a heading.

    >>> label("learned_later")
    'Learned later'
    """
    said = word(name)
    return said[:1].upper() + said[1:]
