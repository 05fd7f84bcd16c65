"""What stands before or after a cue, so that it gives no thanks: declined, in advance, ironic, told, a cause."""

from __future__ import annotations

import re
from typing import Final

from leumund.facts.thanks.cues import either


def _before(*parts: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){either(*parts)}[\s'\"“„‘’,:-]*$", re.IGNORECASE)


def _after(*parts: str) -> re.Pattern[str]:
    return re.compile(rf"[\s'\"”“’]*{either(*parts)}(?!\w)", re.IGNORECASE)


_MANY = either("vielen", "herzlichen", "besten", "lieben", "tausend", "schönen", "recht", "ganz", "many", "a", "ein", "einen", "großes", "großen") + r"?\s*"  # fmt: skip
_MANIES = rf"(?:{_MANY}){{0,3}}"

DECLINED_BEFORE: Final = _before(
    rf"(?:nein|n[eé]{{1,3}}|nö+|nope|nah|lieber nicht|bitte nicht|no|(?:hard |i['’]?ll |gonna )pass)\W{{0,4}}{_MANIES}"
)
DECLINED_AFTER: Final = re.compile(
    r"\W{0,4}\s*" + either(
        r"(?:aber )?(?:nein|nö)(?! im ernst)", "(?:but|and) no(?: thanks| thank)?", "aber (?:danke,? )?(?:nein|nicht)",
        "(?:aber |doch |da |ich habe |habe |hab )*kein(?:e|en)? (?:bedarf|interesse|lust|werbung|zeit|spenden)",
        "(?:aber |da |darauf |ich |gern )*verzichte", "(?:but )?i(?:['’]ll| will) pass", "(?:but )?(?:i['’]m )?not interested",
        "(?:but )?no need", "aber ohne mich", "ohne mich", "aber (?:\\w+ ){1,4}lieber", "(?:but )?(?:i['’]d|we['’]d|i would|we would) (?:rather|prefer)", "(?:but )?i(?:['’]ll| will) (?:stick|stay|keep|skip)", "i hate (?:it|this)", "nicht (?:nötig|mit mir|für mich)", "but not for me", "bin versorgt",
    ) + r"(?!\w)",
    re.IGNORECASE,
)  # fmt: skip
FOR_YOU: Final = re.compile(r"\W{0,3}(?:für|fürs|fuer|for|4|dir|euch|ihnen|an)(?!\w)", re.IGNORECASE)

_BEFOREHAND = either(
    r"im\s*vorr?au?s", "im vorhinein", "vorab", "vorweg", "in advan\\w+", "in adv", "in anticipation", "beforehand",
    "ahead of time",
)  # fmt: skip
_ALREADY = either(r"schon\s?(?:jetzt|einmal|mal)", "jetzt schon", "bereits jetzt", "schon im voraus")
ADVANCE_BEFORE: Final = _before(rf"(?:{_BEFOREHAND}|{_ALREADY})\W{{0,3}}{_MANIES}")
ADVANCE_AFTER: Final = re.compile(
    rf"(?:\W{{1,3}}\w+){{0,7}}?\W{{1,3}}{_BEFOREHAND}(?!\w)"
    rf"|(?:\W{{1,3}}(?:euch|dir|ihnen|allen|all|an|alle)){{0,3}}\s+{_ALREADY}(?!\w)"
    r"|(?:\s+(?:euch|dir|ihnen|all|so|much|very|a|lot))*\s+" + either(
        r"for (?:any|every)\b", "for (?:all (?:the )?(?:tips|hints|suggestions|ideas|help you))", r"für jed(?:e|en|es|wede\w*)\b(?! (?:einzelne|die|der))",
        r"für (?:jegliche )?(?:tipps|hinweise|antworten|vorschläge|ideen|rückmeldungen|anregungen|sachdienliche\w*)(?=\W*$)",
        r"für alle (?:tipps|hinweise|antworten)", "if (?:you|u|anyone|someone|somebody) (?:can|could|would|will|do|know)", "(?:wenn|falls) (?:ihr|du|jemand|sie|mir|einer)",
    ),
    re.IGNORECASE,
)  # fmt: skip

WANTED: Final = _before(
    r"(?:kein|no|not (?:a|one|even a)(?: single)?|without a|hardly a) (?:words?|wort) (?:of|des)", "bitte (?:und|oder)", "please (?:and|or|&)", "(?:vergessen|vergisst|vergaß|verlernt)", "stop(?:ped|s)? saying(?: a)?", "(?:für|for) (?:den|the)", r"man (?:sollte|müsste|muss|darf)(?: \w+){0,5}", "(?:ends?|ending) with", "(?:you|one|we all) (?:\\w+ )?say(?: a)?",
    r"(?:come|join us|help us|kommt|komm|kommen sie)\b[^.!?]{0,60}\b(?:say|sagt|sagen|sag)(?: \w+){0,4}", r"\bund sagt(?: \w+){0,4}", r"(?:das wort|das|the word)",
    r"kein(?:e[nmrs]?|erlei)?(?: (?:einziges|einziger|wort|großer|großes))?", "ohne(?: ein(?:en)?)?", r"nicht\s*(?:ein)?mal(?: ein(?:en)?)?(?: kurzes| einfaches)?",
    "nie(?:mals)?(?: ein)?", r"statt(?: eines| einem)?(?: \w+)?", r"auf (?:ein(?:en)?|mein(?:en)?|das|den|einen?) ?(?:\w+)?", "(?:einem|einfaches|bloßes|wort|word|words|worte|simple|sagt man|heißt)",
    r"(?:not|never) (?:even )?(?:once )?(?:a|said|say|says|got|get|gets|heard|hear|received)?(?: a| any| one)?", r"without (?:(?:so much as )?(?:a|any|one|saying|even|ever)(?: saying)?)?",
    r"(?:got|get|gets|getting|received?|receives|deserves?|expect(?:ed|ing|s)?|wait(?:ing|ed)? for|owed?|want(?:ed|s)?|need(?:ed|s)?) (?:you |me |him |her |them |us )?(?:a|any|no|your|my|the|one|some)(?: (?:big|simple|proper|single|little|nice))?",
    r"(?:did|does|do|wo|ca|could|would|should)(?:n['’]?t|nt| not) (?:\w+ )?(?:say|get|give|hear|deserve|want|need|expect)(?: (?:a|any|your|me|no))?",
    r"(?:he|she|they|who|people|nobody|someone|somebody|everyone|one|kids|others) (?:\w+ )?(?:say|says|said|gave|give|gives|sent|sends|saying)(?: (?:a|their|his|her|many|me|us))*",
    r"(?:er|sie|man|wer|jemand|niemand|keiner|leute|kinder|die|der) (?:\w+ ){0,2}?(?:sagte|sagt|sagten)(?: \w+){0,4}",
    r"(?:how|when|forget|forgot|remember|learn|learned|learnt|bother|time|nice|polite|nothing|nichts|costs?|hurts?|kill \w+|teach \w+|taught \w+) (?:to )?(?:say)(?: a)?",
    r"(?:do|does|did|would) (?:you|we|they|i|one) (?:\w+ )?say(?: a)?", r"^\W*(?:please |bitte |and |und |just )?(?:say|sag|sagt|sagen sie)(?: \w+){0,3}", r"giv(?:e|es|ing) (?:me |us |her |him |them )?(?:a |some |any )?",
    "(?:never|should|could|must|always|please) (?:be )?(?:say|give|send|saying)(?: a)?", "(?:als|zum|aus|mit|voller|wenig|viel|erwarte|erwartet|verlange) ?(?:lauter)?",
)  # fmt: skip
I_SAY: Final = _before(
    r"(?:i|we)(?:['’](?:d|ve|m)| am| have| would)? (?:\w+ ){0,4}?(?:say|send|give|offer)(?: (?:a|an|my|our|you|out|everyone|many|big|huge|very|special|heartfelt))*",
    r"(?:want(?:ed)?|like|love|wanna|gotta|have|need|let me|let us|just to|just wanted|wish|quick|allow me|time) (?:to )?(?:say|send|give|offer)(?: (?:a|an|my|our|you|out|many|big|huge|very|special|quick))*",
    r"(?:sag|sage|sagen) (?:ich|wir)(?: \w+){0,4}", r"(?:ich|wir|uns|mich|mir) (?:\w+ ){0,6}?(?:sag|sage|sagen)(?: \w+){0,3}",
    r"to say (?:a )?(?:big|huge|massive|special|very|heartfelt|quick|public)", r"wir (?:dann )?mal",
)  # fmt: skip
WOULD_BE: Final = _after(
    r"(?:wäre?|wär|hätte|würde)(?! ich)", r"(?:reicht|genügt|kostet|costs|heißt|bedeutet|fehlt|kam|kommt)(?! (?:von|aus) herzen)", r"(?:would|wouldn['’]?t|goes a long|means)(?! like)", r"(?:largely|mostly|mainly|partly|chiefly|solely|entirely|in (?:large |small |no small )?part) to", "als (?:wort|floskel|formel|antwort)", "zu sagen\\s*\\?", r"(?:is|ist|are) (?:my|mein|underrated|overrated|important|wichtig|höflich|polite|enough|free|nice|all|not|nicht|das|zu wenig|kein|auch|doch|due|in order|a word)",
    r"(?:from|by|vom|von)\b[^.!?]{1,60}\b(?:is|ist|means|bedeutet|macht)\b", r"zurück ?zu bekommen", r"-?\s?(?:notes?|cards?|letters?|speech|speeches|gifts?|e-?mails?|party)(?!\s*!)", r"(?:zu )?erwarten", "(?:zu )?hören", "bekommen", "bekommt man", "sagen (?:können|kann|lernen|muss|darf|sollte|wäre|reicht|kostet|ist|tut|macht|hilft)", "auf (?:\\w+isch|englisch|deutsch|französisch|spanisch|italienisch)", "in (?:german|\\w+ish|french|any language|every language|italian|latin|dutch|chinese|japanese)",
)  # fmt: skip

TROUBLE: Final = re.compile(
    r"(?<!\w)" + either(
        "nothing", "nuthin\\w*", "nichts", "nix", "aufgeweckt", "geweckt", r"ignorier\w*", "mansplain\\w*", "gaslight\\w*", "ghost(?:ed|ing)", "cut(?:ting)? (?:me|us|my \\w+|the call) off", "cutting off",  r"\w*verspätung\w*", r"verspätet\w*", r"(?:zug|strom|heizungs)?ausf(?:all|älle)\w*", r"ausgefallen\w*", "chaos", r"\w*stau", r"spoiler\w*", "ohrwurm",
        "strafzettel", r"kaputt\w*", r"\w*lärm", "kopfschmerzen", r"warteschleife\w*", "funkloch", "schrott", r"abzocke\w*", r"\w*erhöhung", r"mahnung\w*", r"spam\w*", r"verschwende\w*", "zerstört",
        "zerstören", r"vermasselt\w*", "versaut", "verdorben", r"ruinier\w*", r"verarsch\w*", r"umsonst(?! gespielt)", "zu spät", "schlaflose", r"zumüllen", r"nervig\w*", "im regen stehen\\w*", "stehen(?:ge)?lassen", "absage", "wartezeit\\w*", "sperrung\\w*", "anpöbeln\\w*", "beleidigung\\w*",
        r"(?:\w+ )?stunden? (?:warten|wartezeit|verspätung|in der warteschleife)",
        r"delay\w*", r"cancel\w*", r"ruin(?:ed|ing)", r"wast(?:ed|ing)", "break(?:ing)? (?:it|my|the)", r"broke\w*", r"ignor(?:ed|ing)", r"spoil(?:ed|ing|t)", r"headaches?", "traffic jam", "earworm", "wak(?:ing|e) (?:me|us|the)", "woke me",
        r"mak(?:ing|e) (?:me|us|my \w+) (?:late|wait|miss|sick|feel (?:bad|old|fat|sick|worse))", r"crash(?:ed|ing)", r"los(?:ing|t) (?:my|our)", "charging me", r"overcharg\w+", r"hang(?:ing)? up on", "hung up on", "lying", "screw(?:ed|ing)(?: up)?", "mess(?:ed|ing) up", "(?:leaving|left) (?:me|us)", "let(?:ting)? (?:me|us) down",
        "nightmare", "useless", "horrible", "stealing", "stole my", r"rip-?off", "the flu", "(?:the|that|all that|your) noise", "hours? (?:on hold|late|of waiting)", "late again", "on hold", "killing my", "blocking (?:me|my)", "the hangover", "the cold", r"(?:food )?poisoning", r"\w*vergiftung", r"(?:price|rent|fee) (?:increase|hike|rise)s?", r"outages?", "being (?:down|late|closed|rude|offline)", "ohne (?:internet|strom|wasser|heizung|netz|empfang|heißes)",
    ) + r"(?!\w)",
    re.IGNORECASE,
)  # fmt: skip
NOT_ONLY: Final = re.compile(
    r"\b(?:trotz|despite|sorry|entschuldig\w+|no|keine?|without|ohne|statt|instead of|against|gegen|not|nicht|weniger|apolog\w+|beheben|fix\w*|warn\w*|hinweis\w*|info\w*|heads)\b",
    re.IGNORECASE,
)
"""Words near a trouble that make the thanks meant after all: *danke für die Info zum Ausfall*."""
IRONY: Final = re.compile(
    r"#(?:sarcasm|sarkasmus|ironie|irony|ironieoff|fail|not|servicewüste)\b|(?:ironie|irony|sarkasmus|sarcasm)\s*(?:off|aus|ende|over)|\*ironie|(?:^|\s)/(?:s|sarcasm|ironie)(?=\s|$)|</?(?:sarcasm|ironie)>|🙄|🙃|🤡|🖕|😒",
    re.IGNORECASE,
)
NA: Final = _before(
    rf"na\W{{0,4}}(?:dann )?(?:schön(?:en)?\s*)?{_MANIES}(?:auch )?", r"ja na\W{0,3}(?:dann )?", rf"(?:ja|oh)[,!]? (?:super|toll|klasse|prima|great|brilliant|wunderbar)[,!.…]*\s*{_MANIES}",
    rf"(?:gee|jeez)[,.…]*\s*{_MANIES}",
)  # fmt: skip
DRY: Final = re.compile(
    r"(?<!\w)(?:oh,? (?:great|joy|wonderful|fantastic|brilliant|lovely)|just (?:great|brilliant|wonderful)|(?:na|ganz) (?:toll|super|prima|klasse|großartig|bravo)|way to go|(?:great|brilliant|wonderful|fantastic|toll|super|klasse|prima)(?=,\s[^.!?]{0,40}\b(?:again|wieder|another|noch (?:ein|mehr|so)))|(?=you (?:broke|ruined|killed|deleted|ate|stole|lost)\b)you \w+)[,.!… ][^!?]{0,90}$",
    re.IGNORECASE,
)
"""Praise that is none, shortly before."""
BYE: Final = re.compile(r"\W{0,2}\s*(?:bye|tschüss?|tschau|ciao)\b", re.IGNORECASE)
ALSO: Final = re.compile(r"\s+auch(?=\s*(?:[!,.…:]|$|liebe|herr|frau|@|#))(?!\s*,?\s*(?:an|für|dir|euch|ihnen)\b)", re.IGNORECASE)  # fmt: skip
BLAMED: Final = re.compile(
    r"\s*,?\s*(?:obama|trump|biden|putin|merkel|scholz|merz|ampel|brexit|boomers?|universum|universe|murphy|karma|(?:deutsche )?bahn|(?:bundes)?regierung|politik|schiri|ref(?:eree)?|var|government|tories)\b(?!\W+(?:for|für))",
    re.IGNORECASE,
)
FOR_TROUBLE: Final = re.compile(
    r"(?:\W{0,3}(?:liebe[rs]?|dear|@?\w+)){0,4}?\W{1,3}(?:für|fürs|fuer|for|4|dass|that)\b", re.IGNORECASE
)
HEAVEN: Final = _after("god", "goodness", "mother nature", r"higher\s?power", "(?:the )?universe", "heavens?", "(?:the |my )?(?:good )?lord", "jesus", "christ", "allah", "heck", "fuck", "gods", "gawd", "be to god", "stars", "(?:my|your|our) lucky stars?", "the (?:gods|heavens|stars)")  # fmt: skip
