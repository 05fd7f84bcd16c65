"""English words that give thanks only in company: thanks to, thank, cheers, grateful, appreciate."""

from __future__ import annotations

import re

from leumund.facts.thanks import around
from leumund.facts.thanks.cue import FIRST, Cue
from leumund.facts.thanks.cues import either
from leumund.facts.thanks.record import ThanksKind

_GREAT = re.compile(
    r"\b(?:big|huge|many|special|my|our|a|giant|enormous|massive|much|say|want|heartfelt|sincere|public|and|so|million|give|quick|belated|deepest|warm|with|tons|of|again|extra|thousand)\s*$",
    re.IGNORECASE,
)
_ALL = re.compile(
    r"\s+to\s+(?:(?:my|our|these|those|the)\s+)?(?:all|everyone|everybody|each|every|those|both|followers|new|(?:\w+\s+)?(?:people|folks|friends|guys|team|fans|readers|supporters|volunteers|followers|sponsors|gang|crew))\b",
    re.IGNORECASE,
)
_WHO = re.compile(
    r"\s+to\s+(?:(?:all|every|those)\s+of\s+you|everyone|everybody|all|those|anyone|anybody|who|whoever|the\s+\w+)\s+(?:who|that)\b|\s+to\s+whoever\b",
    re.IGNORECASE,
)
_TOLD_OF = re.compile(
    r"(?:^|[\"“])\W*(?:the|his|her|their|nobody|he|she|it|(?:prime\s+)?minister|mayor|president)\s+(?:(?!team|crew|family|staff|committee|board|club|band\b)[\w'’-]+\s+){0,4}$",
    re.IGNORECASE,
)
_OBJECT = re.compile(
    r"\s+(?:the|his|her|their|its|him|them|us|me|people|fans|voters|those|everyone|everybody|all\s+\w+|volunteers|staff|police|[A-Z]\w+)\b(?!\s*[,!])"
)


def thanks(cue: Cue) -> ThanksKind:
    """*Thanks to all who came* gives thanks; *thanks to the rain* names a cause."""
    before, after = cue.before, cue.after
    if cue.text[cue.start : cue.end] == "Ty" and (
        re.match(r"\s+(?:[A-Z]|is\b|was\b|has\b|and\b|will\b)", after)
        or re.search(r"(?<![\w@])[\w'’]+\s+$", before)
    ):
        return "none"
    if cue.word in {"tks", "ty"}:
        return "thanks" if not re.search(r"\d\s*$", before) else "none"
    if re.match(r"\s*-?\s?giv", after, re.IGNORECASE):
        return "none"
    if around.HEAVEN.match(after):
        return "told"
    if re.search(r"(?:^|\W)(?:m?k|kay|mmkay)\W{0,2}$", before, re.IGNORECASE):
        return "ironic"
    if re.match(r"\s+to\b", after, re.IGNORECASE):
        return _thanks_to(cue)
    if cue.word == "thanks" and _TOLD_OF.search(before) and _OBJECT.match(after):
        return "told"
    if re.search(r"\b(?:giv\w+|gave|offer\w*|full of|in)\s*$", before, re.IGNORECASE) and not FIRST.search(
        before
    ):
        return "told"
    return "thanks"


def _thanks_to(cue: Cue) -> ThanksKind:
    before, after = cue.before, cue.after
    before = re.split(r"--|\s[–—-]\s|—", before)[-1]
    bare = re.match(
        r"\W*(?:@\w[\w.@-]*\W*)*(?:(?:oh|and|also|again|so|wow|aw+|yes|yay)\W+)*$", before, re.IGNORECASE
    )
    you = re.match(r"\s+to\s+(?:you|u|ya)\b(?:\s+(?:all|both|guys|too|also|two|three|lot|folks))*\s*(.*)", after, re.IGNORECASE | re.DOTALL)  # fmt: skip
    if you:
        rest = you[1]
        return "thanks" if not re.match(r"\w", rest) or re.match(r"(?:for|and)\b", rest) else "cause"
    if _GREAT.search(before) or _WHO.match(after):
        return "thanks"
    if _ALL.match(after):
        return "thanks" if bare or re.search(r"\bfor\b", after) else "cause"
    if not bare:
        handled = re.match(r"\s+to\s+@\w\S*(?:\W+@\w\S*)*\s+for\b", after)
        return "thanks" if handled else "cause"
    named = re.match(r"\s+to\s+@\w\S*(?:[\s,&+]+(?:and\s+)?@\w\S*)*\s*(.*)", after, re.DOTALL)
    if named:
        caused = re.match(r"(?:,\s*)?(?:i|we|my|our|the|this|it|now|there|he|she|they|its|i['’]\w+|we['’]\w+|\w+\s+(?:is|are|was|has|have|can|now))\b", named[1], re.IGNORECASE)  # fmt: skip
        return "cause" if caused else "thanks"
    if re.match(r"\s+to\s+(?!(?:the|my|a|an|this|that|these|our|its?)\b)\w+(?:\s\w+)?(?:\s*(?:,\s*(?:and\s+)?|\band\s+|&\s*)(?!(?:i|we|it|my|our|now|the|he|she|they|you|this|everything)\b)\w+(?:\s\w+)?){1,6}[.!\s]*$", after, re.IGNORECASE):  # fmt: skip
        return "thanks"
    if re.match(r"\s+to\s+(?:my|our)\s+(?:\w+\s+)?\w+\s*!", after, re.IGNORECASE):
        return "thanks"
    people = re.search(r"\bfor\s+(?:\w+ing\b|the\b|your\b|his\b|her\b|their\b|this\b|all\b|a\b|an\b|being\b|these\b|such\b|her\b)", after, re.IGNORECASE)  # fmt: skip
    return "thanks" if people and "," not in after[: people.start()] else "cause"


def thankyou(cue: Cue) -> ThanksKind:
    """*Thank you* thanks; *thank you Lord* and *he never did thank you* do not."""
    if around.HEAVEN.match(cue.after) or re.match(r"\s*,?\s*(?:next|kindly die)\b", cue.after, re.IGNORECASE):
        return "told"
    if re.match(r"\s+to\s+\w", cue.after) and re.search(r"(?:['’]d|\bwould)\s*$", cue.before, re.IGNORECASE):
        return "told"
    if re.search(r"\bi\s+(?:did|do)\s*$", cue.before, re.IGNORECASE):
        return "thanks"
    if re.search(
        r"\b(?:will|['’]ll|should|would|gonna|did|didn['’]?t|don['’]?t|never|to)\s*$",
        cue.before,
        re.IGNORECASE,
    ):
        never = re.search(r"\b(?:enough|how (?:can|could|do|to)|want|like|love|need|wanted|just|have|must|gotta|ever)\b", cue.before + cue.after, re.IGNORECASE)  # fmt: skip
        return "thanks" if never else "told"
    return "thanks"


def thank(cue: Cue) -> ThanksKind:
    """The verb with whom it names: *I want to thank my team*; not *thank God*, *thank me later*."""
    if around.HEAVEN.match(cue.after) or re.match(r"\s+(?:me|us)\b", cue.after, re.IGNORECASE):
        return "told"
    owed = re.search(r"\b(?:have|has|had|got|'ve)\s+((?:\w+\s+){1,4})to\s*$", cue.before, re.IGNORECASE)
    if owed:
        many = re.search(r"\b(?:you|all|everyone|many|lot|people|@\w+)\b", owed[1], re.IGNORECASE)
        return "thanks" if many else "told"
    if re.search(r"\b(?:can|could|may|should|didn['’]?t|don['’]?t|never|not|who|whom|will|they|he|she|you|people)\s+(?:\w+\s+)?(?:to\s+|do\s+i\s+)?$", cue.before, re.IGNORECASE):  # fmt: skip
        return "thanks" if re.search(r"\benough\b", cue.after, re.IGNORECASE) else "told"
    if re.search(r"\b(?:i|we|i['’]d|we['’]d|let['’]?s|let me|wanna|want to|like to|love to|wanted to|pls|please)\b", cue.before, re.IGNORECASE):  # fmt: skip
        return "thanks"
    return "thanks" if re.match(r"\W*(?:@\w\S*\s+)*(?:just\s+)?(?:to\s+)?$", cue.before) and re.search(r"\b(?:for|4)\b", cue.after) else "told"  # fmt: skip


_MATE = either("mate", "bud", "buddy", "pal", "guys?", "man", "dude", "love", "hun", "bro", "babe", "fella", "fellas", "lads?", "ladies", "all", "everyone", "everybody", "again", "dear", "chaps?", "m8", "u", "you", "peeps", "duck", "chuck", "sir", "sis")  # fmt: skip
_CHEERS = re.compile(
    rf"\s*,?\s*(?:{_MATE}(?:\s+for)?\b|(?:very|v)\s+much|a\s+lot|muchly|@\w|for\b(?!\s+now)|to\s+@\w\S*\s+for\b|dafür|für)",
    re.IGNORECASE,
)
_DRINKS = re.compile(r"\b(?:beer|wine|drinks?|pints?|toast|octo?ber\s?fest|prosit|bottle|whisk\w+|gin|glass|bier|wein|prost|weekend|new year|birthday)\b|🍻|🍺|🥂|🍷|🍾", re.IGNORECASE)  # fmt: skip


def cheers(cue: Cue) -> ThanksKind:
    """*Cheers mate* thanks; *Cheers!* over a beer does not; alone it thanks in an answer only."""
    if cue.word == "ta":
        end = re.match(r"\W*$", cue.after) and re.search(r"(?:^|,|@\w\S*)\s*$", cue.before)
        some = re.match(r"\s+(?:for|very much|muchly|mate|love|hun|duck|chuck)\b", cue.after, re.IGNORECASE)
        return "thanks" if some or (end and "@" in cue.text) else "none"
    if re.search(r"\b(?:hearty|three|two|3|2|loud|more)\s*$", cue.before, re.IGNORECASE):
        return "none"
    if re.match(r",\s+[A-Z]", cue.after) and not re.match(r"\W*(?:@\w\S*\W*)*$", cue.text[: cue.start]):
        return "none"  # a name at the end of a letter
    if _CHEERS.match(cue.after) and not (
        _DRINKS.search(cue.text) and not re.match(r"(?:\W*\w+){0,2}\W*for\b", cue.after)
    ):
        return "thanks"
    answer = re.match(r"\W*@\w", cue.text) and re.match(
        r"(?:\s+[A-Z][a-z]+)?[\s!.,:;)(DPpxX❤☺😊👍]*(?:$|[!.,:;]|\s[–-]\s)", cue.after
    )
    return "thanks" if answer and not _DRINKS.search(cue.text) else "none"


def grateful(cue: Cue) -> ThanksKind:
    """*So grateful to @anna* thanks; *grateful for the sun* names nobody."""
    if cue.word in {"gratitude", "indebted"}:
        return _gratitude(cue)
    if re.search(r"\bhow\s+(?:\w+\s+)?$", cue.before, re.IGNORECASE) and re.match(r"\s+(?:i|we)\b", cue.after, re.IGNORECASE):  # fmt: skip
        return "thanks"
    whole = cue.before + " " + cue.after
    if re.search(r"\b(?:would|['’]d|be|should|could|might|if|not|things|reasons?|so much)\s*$|\b(?:would|should|could|['’]d)\b", cue.before, re.IGNORECASE):  # fmt: skip
        return "told"
    to = re.match(r"\s+(?:to\s+(?:@\w|you|u\b|all|everyone|everybody|each|those|my|our|the)|for\s+(?:you|u\b|your|ur\b|@\w|everyone|(?:my|our|this)\s+(?:\w+\s+)?(?:crew|followers|readers|colleagues|community|volunteers)|all\s+(?:of\s+you|the\s+(?:support|love|help)|your))|(?:to\s+)?have\s+(?:you|u|@\w)|(?:that\s+)?(?:you|u)\s+\w)", cue.after, re.IGNORECASE)  # fmt: skip
    to = to or re.match(r"\s+to\s+(?:Dr|Mrs?|Ms|Prof|[A-Z]\w+)\b(?!\s*(?:Himself|Almighty))", cue.after)
    mine = re.search(r"\b(?:i|we|i['’]?m|we['’]?re|am|so|very|really|truly|eternally|forever|super|beyond|extremely|deeply)\b|^\W*(?:@\w\S*\W*)*$", cue.before, re.IGNORECASE)  # fmt: skip
    return "thanks" if to and mine and whole else "told"


def _gratitude(cue: Cue) -> ThanksKind:
    """*My gratitude to @anna* thanks; *gratitude is a habit* does not."""
    to = re.match(r"(?:\s+and\s+\w+)?\s+(?:to|towards)\s+(?:@\w|you|u\b|all|every|those|my|our|the|whoever)", cue.after, re.IGNORECASE)  # fmt: skip
    mine = re.search(r"\b(?:i|we|i['’]?m|i['’]d|we['’]re|my|our|much|with|deeply|deepest|sincere|in|so)\b[^.!?]*$|^\W*(?:@\w\S*\W*)*$", cue.before, re.IGNORECASE)  # fmt: skip
    return "thanks" if to and mine else "told"


_FAVOUR_EN = re.compile(
    r"\s+(?:it|that|you|u|ya|y['’]?all|all of you)\b|\s+(?:the|your)\s*$|\s+(?:the|your|ur|this|all|these|those|every)\s+(?:\w+\s+){0,2}?(?:follow\w*|rts?|retweets?|mentions?|support|love|help|heads|head|feedback|shares?|sharing|shout\w*|kind\w*|comments?|repl\w+|tips?|link|invite|words|likes?|favs?|favou?rites?|effort|time|info|input|work|reshares?|boosts?|ff|recommendation)\b",
    re.IGNORECASE,
)


def appreciate(cue: Cue) -> ThanksKind:
    """*Appreciate the help* thanks; *any help appreciated* asks."""
    before, after = cue.before, cue.after
    if re.search(r"\b(?:would|['’]d|will be|would be|be|should|could|don['’]?t|doesn['’]?t|not|never|if|any|to|they|he|she|people|pls|please|who)\s+(?:\w+\s+)?$", before, re.IGNORECASE):  # fmt: skip
        return "told"
    if re.search(r"\bif\b|\bbut\b", after, re.IGNORECASE) or re.search(r"\b(?:any|all)\b.*\b(?:is|are)\b", before, re.IGNORECASE):  # fmt: skip
        return "told"
    if cue.word == "appreciated":
        if re.match(r"\W*$", after) and re.match(r"\W*@\w\S*\W+$", cue.text[: cue.start]):
            return "thanks"
        ok = re.search(r"\b(?:much|greatly|really|so|very|truly|deeply|always|it['’]?s|is|highly|well|&|and)\s*$", before, re.IGNORECASE)  # fmt: skip
        asked = re.search(r"\b(?:rts?|retweets?|help|feedback|follows?|votes?|suggestions?|tips?|thoughts|advice|donations?|replies|pls|please)\b", before, re.IGNORECASE)  # fmt: skip
        return "thanks" if ok and not asked else "told"
    if not re.search(r"\b(?:i|we|i['’]?m)\b|\b(?:really|much|greatly|so|truly|always|do|also|sure)\s*$", before, re.IGNORECASE) and not _FAVOUR_EN.match(after):  # fmt: skip
        return "told"
    whom = re.match(r"\s+(?:it|that|the|you|your|ur|u|ya|this|all|y['’]?all|everyone|everything|every|@\w|these|those|how)\b|\s+@\w", after, re.IGNORECASE)  # fmt: skip
    mine = re.search(r"\b(?:i|we|i['’]?m|really|much|greatly|so|truly|always|do|also|sure)\s*$|^\W*(?:@\w\S*\W*)*(?:\w+\W+){0,2}$|[,!.)]\s*$", before, re.IGNORECASE)  # fmt: skip
    return "thanks" if whom and mine else "told"
