"""The words by which collections say of an account whether it is automated, or a polluter."""

from __future__ import annotations

import re

_YES = frozenset({
    "true", "t", "yes", "y", "bot", "bots", "robot", "robots", "automated", "automatic", "machine", "fake", "fakes", "fake follower",
    "spam", "spammer", "spambot", "spam bot", "social bot", "socialbot", "social spambot", "traditional spambot", "polluter",
    "content polluter", "polluters", "spammers", "advertiser", "advertisers", "sybil", "ja", "wahr", "roboter", "automatisch", "maschine",
})  # fmt: skip
_NO = frozenset({
    "false", "f", "no", "n", "human", "humans", "person", "persons", "people", "genuine", "genuine account", "genuine user", "legit",
    "legitimate", "legitimate user", "real", "organic", "user", "benign", "normal", "ham", "nein", "falsch", "mensch", "menschen",
})  # fmt: skip
_NOT = re.compile(r"^(?:not|non|no|kein|nicht)(?: an?(?= ))? ?(?P<rest>.+)$")
_BETWEEN = re.compile(r"[\s_-]+")


def is_automated(word: str) -> bool | None:
    """What a label says; None where it says neither. Numbers: 1 is automated, 0 and -1 are not.

    >>> is_automated("Social_Bot"), is_automated("not automated"), is_automated("0.0"), is_automated("perhaps")
    (True, False, False, None)
    """
    bare = word.strip().strip("'\"").casefold()
    try:
        number = float(bare)
    except ValueError:
        pass
    else:
        return {1.0: True, 0.0: False, -1.0: False}.get(number)
    plain = _BETWEEN.sub(" ", bare).strip()
    if plain in _YES or plain in _NO:
        return plain in _YES
    denied = _NOT.match(plain)
    return False if denied and denied["rest"] in _YES else None
