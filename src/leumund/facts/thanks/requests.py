"""Thanks that close a request: what was asked for has not been done yet."""

from __future__ import annotations

import re
from typing import Final

from leumund.facts.thanks.cues import either

_CLOSING: Final = re.compile(
    r"(?:https?://\S+|[@#＃]\w[\w.@-]*|\W|\b(?:\d+|x+|xo+|so|much|all|you|guys|everyone|a|lot|very|again|lg|vg|gruß|grüße|[A-Z]{2}|euch|dir|ihnen|allen|sehr|schön|schon|via|tho|lol|mal|xd|rt|d|p)\b)*+",
    re.IGNORECASE,
)
_REQUEST: Final = re.compile(
    r"(?<!\w)" + either(
        "pls", "plz", "please", "bitte(?! ?(?:schön|sehr|,? gern))", r"(?<!will\s)(?<!['’]ll\s)(?<!to\s)(?<!\bi\s)check (?:out|it|my|this|us|the|our)",
        r"(?<!will\s)(?<!['’]ll\s)(?<!to\s)(?:visit|click|sign up|subscribe|download|vote|retweet|rt this|follow me|follow back|dm me|email me|call us|contact us|drop me|let me know)",
        "(?:can|could|would|will) (?:all of |some of |any of )?(?:you|u|someone|anyone|anybody|somebody|any of you|y['’]all)", "(?:does|do|has|have|is|did) (?:anyone|anybody|someone|any of you)", "anyone (?:know|have|got|else|want|up|here)", "need (?:\\w+ ){0,8}?help", "help me", "like to know", "love to hear from", "(?:would|will|wud) (?:\\w+ ){0,3}be (?:\\w+ ){0,2}appreciated", "appreciate (?:any|if|it if)", "kindly", "checkout (?:my|our|this|the)", "look me up", "add me", r"(?:^|(?<=[.!:;]))\s*(?:suche|gesucht)\b", "(?:tipps|hinweise|anregungen|spenden|vorschläge) (?:sind )?(?:willkommen|erbeten|erwünscht)", "(?:tips|hints|ideas) (?:are )?welcome", "get out of", "leave me", "stop \\w+ing", "go away", "shut up", "help needed", "looking for (?:a|an|some|someone|recommendations|tips|people|advice)", "any (?:tips|ideas|suggestions|recommendations|advice|help|recs)",
        "könnt(?:e|et|en)? (?:ihr|du|jemand|sie|mir)", "kannst du", "kann (?:jemand|mir|man mir|einer|wer)", r"könnt ihr", r"können sie", r"wer (?:kennt|weiß|weiss|hat|kann|mag|hilft|möchte)", "schaut ihr", "schau(?:t|en sie)? (?:mal|doch|bitte)", "(?:hat|weiß|weiss|kennt) (?:jemand|wer|einer|hier)", "(?:habt|wisst|kennt|mögt) ihr", "freue? mich (?:über|auf) (?:\\w+ ){0,3}(?:anregungen|hinweise|tipps|feedback|rückmeldung\\w*|kommentare|vorschläge|antworten|jede\\w*|eure)", "(?:gebt|sagt|schreibt|schickt|teilt|helft|meldet|folgt|spendet|retweetet) (?:mir|uns|das|es|gern|gerne|doch|dies\\w*)", "ich (?:suche|brauche|bräuchte)", "wir (?:suchen|brauchen)", "um (?:hilfe|tipps|rat|mithilfe|antwort|rt) ", r"(?:^|(?<=[,.!:;]))\s*(?:meldet|hört|haltet|nehmt|unterschreibt|klickt|abonniert|achtet|keep|turn|close|shut|leave|mind|respect)\b(?! (?:ihr|er|sie|es|uns|well|warm|safe|calm|up the))", "meld(?:et|e|en sie) (?:euch|dich|sich)", "gern(?:e)? (?:teilen|rt|retweeten)", "rt erwünscht", "retweet erwünscht", "tipps\\?", "ideen\\?", "hinweise an",
    ) + r"(?!\w)",
    re.IGNORECASE,
)  # fmt: skip
_QUESTION: Final = re.compile(r"((?:[\w'’-]+\W+){3,}[\w'’-]+)[\s\"”]*\?[\s?!.:;)(DPp😊🙏🙂-]*$")
_ADDRESSED: Final = re.compile(r"[\s,]*@\w")
_NAMES: Final = re.compile(r"[@#＃]\w[\w.@-]*|https?://\S+")
_MINE: Final = re.compile(
    r"\b(?:bitte\s?sch\w+|yes please|ja,? bitte|oh please|please (?:i|do)\b)", re.IGNORECASE
)


def is_closing(text: str, end: int) -> bool:
    """Nothing but greetings, signs, links and names follow, and nobody is named first."""
    return _CLOSING.fullmatch(text, end) is not None and not _ADDRESSED.match(text, end)


def is_request(before: str) -> bool:
    """Something is asked for in what stands before."""
    before = _NAMES.sub(" ", before[-400:])
    if _MINE.search(before):
        return False
    return _REQUEST.search(before) is not None or _QUESTION.search(before) is not None
