"""German words that give thanks only in company: Dank, danken, dankt, dankbar."""

from __future__ import annotations

import re

from leumund.facts.thanks.cue import FIRST, Cue
from leumund.facts.thanks.record import ThanksKind

_ADJECTIVE = re.compile(
    r"(?:\b(?:viel\w*|best(?:en?|er|em)?|herzlich\w*|lieb\w*|tausend|1000|großen?r?|grosser|ganz|aufrichtig\w*|tief\w*|mein\w*|unser\w*|ein(?:e[nmrs]?)?|der|den|besonder\w*|innig\w*|hab(?:t|e|en sie)?|schön\w*|riesen\w*|riesig\w*|verbindlich\w*|ewig\w*|doppelt\w*|fett\w*|dick\w*|extra\w*|allergrößt\w*|allerherzlich\w*|1\.?000|100|dies\w*|(?<!vor )all\w*|lieb\w*n|vielmals|sage|sagen|gilt|gebührt|nochmals?|und|mille|auch|grossen|großem|spezieller|wärmst\w*|freundlich\w*))\s*$",
    re.IGNORECASE,
)
_GIVEN = re.compile(
    r"\s*(?:[!.,;:…)\]💙❤♥🙏☺😊:-]|$|@|an\b|für\b|fürs\b|gilt\b|geht\b|gebührt\b|auch\b|dafür\b|nochmals?\b|euch\s*(?:allen|beiden|fürs?|[^\w\s]|$)|(?:dir|ihnen|ihr)\s*(?:fürs?\b|auch\b|[!.,;:…@#🙏❤♥💙💚☺😊)]|$)|allen\b|dass\b|from\b|schee\b|dem\s+team|sehr\b|und\s+(?:gruß|grüße|lg|liebe|herzliche|bis|alles|schön\w*|ein))",
    re.IGNORECASE,
)
_WEAK = re.compile(r"\b(?:auch|der|den|und|all\w*|dies\w*)\s*$", re.IGNORECASE)
_WITHOUT_VERB = re.compile(
    r"\s+(?:(?:und|&)\s+\w+\s+(?:gilt|gelten|gebührt|an|allen|für|den)\b"
    r"|(?:unseren|euren|den|allen|unserem|eurem)\s+(?:(?!(?:ist|sind|haben|hat|habe|kann|können|konnten|wird|werden|wurde|läuft|bleiben|bleibt|gibt|geht|war|waren)\b)\w+\W{1,3}){1,12}!*$)",
    re.IGNORECASE,
)
_SEI = re.compile(r"\bsei(?:\s+es)?(?:\s+(?:ge)?)?\s*$", re.IGNORECASE)
_OBLIGED = re.compile(r"\b(?:gilt|gelten|gebührt|gebühren|geht|verpflichtet|schulde\w*|aussprechen|sprech\w*)\b", re.IGNORECASE)  # fmt: skip


def dank(cue: Cue) -> ThanksKind:
    """*Vielen Dank* and *Dank an alle* give thanks; *dank des Regens* and *Gott sei Dank* do not."""
    before, after = cue.before, cue.after
    if "-" in cue.word:
        return "thanks" if _GIVEN.match(after) and not cue.word.startswith(("ernte", "un")) else "told"
    if _SEI.search(before) and not re.search(r"\b(?:euch|dir|ihnen|allen)\s+sei\s*$", before, re.IGNORECASE):
        return "told"
    if re.search(r"\bmit\s+(?:\w+\s+){1,3}$", before, re.IGNORECASE) and not re.match(
        r"\s+(?:an|für)\b", after
    ):
        return "told"
    if re.search(
        r"\b(?:zum|als|aus|statt|mit|ohne|kein\w*|wenig|auf|der|des)\s*$", before, re.IGNORECASE
    ) and not (re.search(r"\bder\s*$", before, re.IGNORECASE) and _OBLIGED.search(before + after)):
        return "told"
    if re.search(r"\bnach\s+\w+\s*$", before) or re.match(r"\s+sag(?:en|t)\b(?!\s+(?:ich|wir))", after):
        return "told" if not re.search(r"\b(?:ich|wir)\b", before, re.IGNORECASE) else "thanks"
    if re.match(r"\s+(?:des|eines|einer|dieses|dieser)\b", after, re.IGNORECASE) and _WEAK.search(before):
        return "cause"
    small = cue.text[cue.start : cue.end].islower() and any(map(str.isupper, cue.text))
    if small and _WEAK.search(before) and not _GIVEN.match(after):
        return "cause"
    if _ADJECTIVE.search(before) or _GIVEN.match(after):
        return "thanks"
    if _WITHOUT_VERB.match(after) and re.search(r"(?:^|:)\W*$", before):
        return "thanks"
    if re.search(r"\b(?:wir|ich)\s+schuld\w*\s+(?:\S+\s+){1,3}$", before, re.IGNORECASE):
        return "thanks"
    if _OBLIGED.search(after) and re.search(r"\b(?:mein|unser)\w*\s*$", before, re.IGNORECASE):
        return "thanks"
    return "cause"


def danken(cue: Cue) -> ThanksKind:
    """The verb: *wir danken*, *möchte mich bedanken*, *bedanke mich*."""
    whole = cue.before + " " + cue.after
    zu = re.search(r"\bzu\s*$", cue.before, re.IGNORECASE)
    if "?" in cue.after and re.match(r"\W*(?:muss|soll|sollte|darf|kann)\s+(?:ich|wir|man)\b", cue.before, re.IGNORECASE):  # fmt: skip
        return "told"
    if zu and re.search(
        r"\b(?:nichts|nix)\s+zu\s*$|\bist\s+(?:es\s+)?(?:\w+\s+){0,6}zu\s*$", cue.before, re.IGNORECASE
    ):
        return "told"
    if re.search(r"\b(?:fast|beinahe|nicht|nie|niemand\w*|niemals|ohne|statt|warum|wieso|sollte[nt]?|müsste[nt]?|könnte[nt]?|würde[nt]?|werde[nt]?\s+(?:es\s+)?(?:mir|dir|uns))\b", cue.before, re.IGNORECASE):  # fmt: skip
        grateful = re.search(r"\b(?:genug|weiß\w*\s+(?:gar\s+)?nicht,?\s+wie|wie\s+soll)|anlass|gelegenheit", whole, re.IGNORECASE)  # fmt: skip
        return "thanks" if grateful else "told"
    if cue.word == "bedanke" or FIRST.search(whole):
        wanting = re.search(
            r"\b(?:uns|mich|mir)\s+(?:\w+\s+){0,3}(?:danken|bedanken)\b|\?\s*$", whole, re.IGNORECASE
        )
        return "told" if wanting and not re.search(r"\b(?:ich|wir|möchten?|wollen?)\b", whole, re.IGNORECASE) else "thanks"  # fmt: skip
    if zu and re.search(
        r"\b(?:allen|gelegenheit|anlass|jenen|denen|zeitpunkt|zeit|bleibt|gilt|moment|tag)\b",
        whole,
        re.IGNORECASE,
    ):
        return "thanks"
    if re.match(r"\W*$", cue.before) and cue.word == "danken":
        return "thanks"
    return "told"


def dankt(cue: Cue) -> ThanksKind:
    """*Das Team dankt* speaks for itself; *Anna dankt* and *hat sich bedankt* tell of others."""
    if cue.word == "dankt" and re.match(r"\W*$", cue.before) and re.match(r"\s+(?:nicht|lieber|mir|ihm|ihr|ihnen|den|dem)\b", cue.after):  # fmt: skip
        return "told"
    if cue.word == "bedankt":
        mine = re.search(
            r"\b(?:sei(?:d|en sie)?|fühl\w*)\s+(?:\w+\s+){0,4}$|\bheißt\b", cue.before, re.IGNORECASE
        )
        to_hers = re.match(r"\s+sich\s+(?:\w+\s+){0,4}?(?:bei\s+)?(?:euch|dir|ihnen|all\w*|(?:ihren|unseren|seinen)\s+(?:\w+\s+)?(?:follower\w*|leser\w*|fans|unterstützer\w*|gästen|kund\w+|besuch\w+|mitglied\w+|freund\w+|wähler\w*|zuschauer\w*|hörer\w*))\b", cue.after, re.IGNORECASE)  # fmt: skip
        return "thanks" if mine or to_hers else "told"
    own = re.search(r"(?:^|\b)(?:(?:das|unser|dein|euer)\s+(?:ganze\s+)?\w*team|ganz\s+\w+|die\s+redaktion|eure|euer|dein|deine|es|die\s+familie)\s+(?:\w+\s+){0,3}$", cue.before, re.IGNORECASE)  # fmt: skip
    return "thanks" if own or re.match(r"\W*$", cue.before) else "told"


_WHOM = re.compile(
    r"(?:\W|^)(?:dir|euch|ihnen|allen|jedem|@\w|den\s+\w+en\b|mit\s+@|meine[mnr]|unsere[mnr]|deine|eure|für\s+(?:deine|eure|ihre|den\s+\w*austausch|das\s+vertrauen|alle))",
    re.IGNORECASE,
)


_FAVOUR = re.compile(
    r"\s+für\s+(?:(?:die|den|das|eure|deine|ihre|jede|so\s+viel|all|viele?|große?n?|tolle?n?|vertrauensvollen|gute?n?|breite|\w+e[nrs]?)\s+){0,4}(?:unterstützung|hilfe|einladung\w*|austausch|vertrauen|gespräche?|angebot|einsatz|arbeit|worte|rückmeldung\w*|feedback|geduld|empfehlung\w*|zusammenarbeit|tipps?|hinweise?|zuspruch|anteilnahme|solidarität|nachrichten|glückwünsche|ortskräfte|engagement)\b",
    re.IGNORECASE,
)


_SO = re.compile(
    r"\W*(?:@\w\S*\W*)*(?:(?:heute|einfach|nur|so|sehr|unendlich|super|mega|echt|wirklich|unglaublich|total|zutiefst|riesig|ewig|wieder)\s+)+$",
    re.IGNORECASE,
)
_OF_WHOM = re.compile(
    r"\s*,?\s*(?:dass\s+(?:es\s+)?(?:dich|euch|du|ihr)\b|für\s+(?:alle\b|dich|euch|mein|unser|dieses|das)\s*(?:\w+\s+)?(?:team|community|follower\w*|leute|kolleg\w+)?)",
    re.IGNORECASE,
)


def dankbar(cue: Cue) -> ThanksKind:
    """*Ich bin dir dankbar*: somebody must be there to whom it is said."""
    whole = cue.before + " " + cue.after
    if cue.word == "dankbarkeit":
        owed = re.search(r"\b(?:mein|unser)e\s+(?:\w+\s+)?$", cue.before, re.IGNORECASE)
        return "thanks" if owed and re.search(r"\b(?:gilt|gebührt)\b", whole, re.IGNORECASE) else "told"
    if cue.word == "dankbar":
        if re.search(r"\bwie\s+(?:\w+\s+)?$", cue.before, re.IGNORECASE) and re.match(r"\s+(?:ich|wir)\b", cue.after, re.IGNORECASE):  # fmt: skip
            return "thanks"
        if _SO.match(cue.before) and (_OF_WHOM.match(cue.after) or _FAVOUR.match(cue.after)):
            return "thanks"
    if not re.search(r"\b(?:ich|wir|bin|sind)\b", whole, re.IGNORECASE):
        return "told"
    if cue.word == "verbunden":
        return "thanks" if re.search(r"\b(?:sehr|bin|sind)\s+(?:\w+\s+)?(?:dir|euch|ihnen|sehr)\s*(?:sehr\s*)?$", cue.before, re.IGNORECASE) else "none"  # fmt: skip
    if cue.word.startswith("zu"):
        return "thanks" if re.search(r"\b(?:weiß|wissen)\s+(?:\w+\s+){0,4}$", cue.before, re.IGNORECASE) and not re.search(r"\bnicht\b", cue.before) else "none"  # fmt: skip
    if re.search(
        r"\b(?:wären?|wär|sollten?|müssen|nicht|würden?|könnten?|kann|können)\b", whole, re.IGNORECASE
    ):
        return "told"
    if re.search(r"\b(?:dafür|hierfür)\b", cue.before, re.IGNORECASE) or _FAVOUR.match(cue.after):
        return "thanks"
    if re.search(r"\b(?:[Ww]ir|[Ii]ch)\s+(?:sind|bin)\s+(?:Frau|Herrn|Dr|Prof)\b[^!?]{0,40}$", cue.before):
        return "thanks"
    if re.search(r"\b(?:wir|ich)\s+(?:sind|bin)\s+(?:der|dem|den|meine[rmn]|unsere[rmn])\s+\S+\s+(?:\w+\s+)?$", cue.before, re.IGNORECASE):  # fmt: skip
        return "thanks"
    return "thanks" if _WHOM.search(whole) or "@" in whole else "told"
