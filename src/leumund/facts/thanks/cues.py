"""Words that may give thanks, in German and English. One table serves both: people mix them within a post."""

from __future__ import annotations

import re
from typing import Final


def either(*parts: str) -> str:
    """A group that is any of these, written with spaces where any space will do."""
    return "(?:" + "|".join(part.replace(" ", r"\s+") for part in parts) + ")"


_ALONE = r"(?<![\w#@])(?<!\w-){}(?!\w|-\w)"

_CUES: Final = {
    "hashtag": "[#＃]" + either(
        r"dankesch(?:ö|oe)n(?!\w)", r"danke(?!\w)", r"vielendank(?!\w)", r"thank(?:s|you|u)(?!\w)", r"thankyouso(?:very)?much(?!\w)", r"t(?:y|hx)(?!\w)",
    ),
    "danke": _ALONE.format(either(
        r"d{1,9}[aå]{1,9}n{1,9}k{1,9}[eöä]{1,9}h?(?:\s?sehr)?", r"dangg?e", r"(?:riesen|herzens|mega|super|extra|tausend)-?dank(?:e|esch(?:ö|oe)n)?", r"dan[gk]{1,2}schee?(?:n|h)?", r"dank[iy]{1,9}", r"dank['’]?e?sch(?:ö{1,9}|oe|o|ä|ee|e|õ)h*n*\w{0,3}", r"danke?['’]?\s+sch(?:ö|oe|ee)n?",
        r"merci{1,9}(?!ful)", "mersi", r"vergelt['’]?s(?: gott)?",
    )),
    "dank": _ALONE.format(r"(?:\w{3,12}-)?dank"),
    "danken": _ALONE.format(either("bedanken?", "danken")),
    "dankt": _ALONE.format(either("dankt", "bedankt")),
    "dankbar": _ALONE.format(either("dankbar(?:keit)?", "verbunden", "zu sch(?:ä|ae)tzen")),
    "thanks": _ALONE.format(either(
        r"t{1,9}h{1,9}a{1,9}n{1,9}k{1,9}[sz]{1,9}", "thn{1,9}ks", "thx{1,9}", "thanx{1,9}", "thnx{1,9}", "tnx{1,9}", "thks", "tks", r"tanks(?=\s+(?:for|4)\s+(?:\w+ing|(?:(?:the|ur|your)\s+)?(?:rts?|follow\w*|mention|ff|shout\w*|add|likes?|share|retweet\w*|info|tips?|help|support|love|reply|link))\b)", "fanks",
        "thankies", "tyvm", "tysm", "ty", "much obliged",
    )),
    "thankyou": _ALONE.format(either(
        r"t{1,9}h{1,9}a{1,9}n{1,9}k{1,9}\s*(?:y{1,9}o{1,9}u{1,9}|y{1,9}a{1,9}|y{1,9}e{1,9}|y['’]?all|yous?)", r"thank\s?(?:q|u)+", "thanku{1,9}", "thankyou{1,9}", "thankyew",
    )),
    "thank": _ALONE.format(r"thank(?=\s)"),
    "cheers": _ALONE.format(either("cheers", "ta")),
    "grateful": _ALONE.format(either("grateful", "thankful", "gratitude", "indebted")),
    "appreciate": _ALONE.format("appreciated?"),
}  # fmt: skip
CUE: Final = re.compile("|".join(f"(?P<{name}>{cue})" for name, cue in _CUES.items()), re.IGNORECASE)
"""Every cue, by kind; the kinds are handled in `grammar`."""

PERHAPS: Final = (
    r"(?i)d{1,9}[aå]{1,9}n{1,9}[kg]|t{1,9}h{1,9}a{1,9}n{1,9}[kx]|thx|thnx|thn{1,9}ks|tnx|thks|tks|\btanks|fanks|merci|mersi|vergelt|\bty|cheers|\bta\b"
    "|grateful|gratitude|indebted|appreciat|verbunden|zu sch.{1,2}tzen|obliged"
)
"""What every post with a cue has, for DuckDB and Python: the others need not be looked at."""
