"""The tag of Follow Friday in all its spellings: #FF, #FollowFriday, #FolgeFreitag, #FediFF, #FFback ...

Both the reading of posts and the listening to streams look for it.
"""

from __future__ import annotations

import re
from typing import Final

_TAG_BODY: Final = r"""
    (?: (?:10x)? (?: follow_?frida(?:y|i)s? | friday_?follows? | ffriday | folg[te]?_?freitags? | follow_?freitag
                   | fedi_?(?:ff|follows?|followfriday|friday) | (?:mastodon|masto|bsky|bluesky|sky)_?(?:ff|followfriday)
                   | vendredi_?follow | volg_?vrijdag | viernes_?follow )
          (?: _* (?: back | bach | zurück | zurueck | retour | \w*special\w* | de | at | ch | dach | deutsch(?:land)?
                   | germany | it | ita | italia | uk | us | fr | es | pt | br | nl | eu | en | 2u | day | mastodon ) )?
      | ff (?: _* (?: back | bach | backs | zurück | zurueck | retour | ritorno | b | \w*special\w* | day )
             | _+ (?: de | at | ch | dach | it | ita | italia | uk | us | fr | es | pt | br | nl | eu | en | to ) )?
      | (?-i:FFs) ) _*
"""
TAG: Final = re.compile(_TAG_BODY, re.VERBOSE | re.IGNORECASE)
TAG_IN_TEXT: Final = re.compile(rf"[#＃]\s? {_TAG_BODY} (?!\w)", re.VERBOSE | re.IGNORECASE)


def has_tag(text: str) -> bool:
    """True when the text carries a Follow Friday tag in any spelling; cheap, for millions of posts.

    >>> has_tag("Mein #FF geht an @anna"), has_tag("color: #ff0000"), has_tag("#FFM")
    (True, False, False)
    """
    return ("#" in text or "＃" in text) and TAG_IN_TEXT.search(text) is not None
