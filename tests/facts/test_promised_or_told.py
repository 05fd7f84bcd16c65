"""Recommendations promised, reported or only thanked for, and tags that stray among other hashtags.

Each rule is tried where it applies and where it must not, in German, English and Italian.
"""

from __future__ import annotations

import pytest

from leumund.facts.endorsements import read_post


def kind(text: str) -> str:
    return read_post(text, author="papierboot").kind


def endorsed(text: str) -> str:
    return " ".join(read_post(text, author="papierboot").endorsed)


@pytest.mark.parametrize(
    "text",
    [
        "@kiebitz danke #FF",
        "@kiebitz @amselmann vielen lieben Dank #ff :-)",
        "@kiebitz belated thanks #FF",
        "@kiebitz thank you so much #ff!",
        "@kiebitz grazie mille #FF",
        "@kiebitz @amselmann tante grazie #ff :)",
    ],
)
def test_an_answer_of_thanks_and_a_tag_and_no_more_is_thanks(text: str) -> None:
    assert kind(text) == "thanks"


@pytest.mark.parametrize(
    "text",
    [
        "@kiebitz danke! #FF",
        "@kiebitz danke #FF @amselmann",
        "@kiebitz danke fürs Zuhören gestern, du bist großartig #FF",
        "@kiebitz @amselmann @buchfink danke #ff",
        "Danke #ff @kiebitz",
        "@kiebitz Thanks! #FF",
        "@kiebitz thanks #FF back",
        "@kiebitz thanks for the drawings #FF",
        "@kiebitz grazie! #ff a te",
        "@kiebitz grazie #ff @amselmann",
        "@kiebitz sei una persona splendida #FF",
    ],
)
def test_thanks_that_end_or_go_on_before_the_tag_recommend(text: str) -> None:
    assert kind(text) == "vote"


@pytest.mark.parametrize(
    "text",
    [
        "@kiebitz aber warten wir nicht schon seit Jahren auf den Bahnhof? #verkehr #ff",
        "@kiebitz dann sollen halt alle im Regen stehen, aber nicht im Wahlkampf #ff #wahl",
        "@kiebitz but then again the council does not read a single page #planning #ff",
        "@kiebitz @amselmann but where did all the money for the bridge go? #budget #ff #facts",
        "@kiebitz tagliamo gli stipendi dei ministri e non le scuole di montagna #scuola #ff",
        "@kiebitz il ponte costa il triplo ma la ditta resta la stessa #ponte #ff #ricordiamolo",
    ],
)
def test_a_tag_among_others_under_an_argument_recommends_nobody(text: str) -> None:
    assert kind(text) == "other"


@pytest.mark.parametrize(
    "text",
    [
        "@kiebitz du bist nicht nur klug, sondern auch noch lustig, Tag für Tag #moor #ff",
        "@kiebitz erklärt das Moor so, dass man es im Kopf behält und weiterträgt #moor #ff",
        ".@kiebitz erklärt das Moor, aber nicht wie alle anderen im Land es machen #moor #ff",
        "@kiebitz aber warten wir nicht schon seit Jahren auf den Bahnhof? #ff",
        "@kiebitz not a single page of that thread is boring, best on the marsh #moor #ff",
        "@kiebitz but where did all the money for the bridge go? #budget #ff @amselmann",
        "@kiebitz non ho mai letto disegni migliori, altro che il giornale di paese #disegno #ff",
        "@kiebitz sei una voce che non si trova in nessun altro posto al mondo #paludi #ff",
        "@kiebitz non male #paludi #ff",
    ],
)
def test_praise_an_address_or_a_name_beside_the_tag_recommends(text: str) -> None:
    assert kind(text) == "vote"


@pytest.mark.parametrize(
    "text",
    [
        "@kiebitz ich verspreche dir ein #FF, sobald der Text da ist",
        "@kiebitz ein #FF verspreche ich dir, wenn das Bild hängt",
        "Nächsten Freitag gibt es #FF für @kiebitz",
        "@kiebitz am Freitag bekommst du ein #ff",
        "@kiebitz ich werde dir ein #ff geben",
        "Morgen gibt's ein #FF für @kiebitz",
        "Das nächste #ff wird an @kiebitz gehen",
        "@kiebitz I promise a #ff once the book is out",
        "@kiebitz you will get a #ff next Friday",
        "@kiebitz I'll give you a #FF",
        "@kiebitz I will #FF you later",
        "Tomorrow I'll send a #FF to @kiebitz",
        "@kiebitz tomorrow's #ff is all yours",
        "The next #ff will be for @kiebitz",
        "@kiebitz @amselmann appena torno a casa vi prometto un #FF",
        "@kiebitz venerdì ti faccio un #FF",
        "@kiebitz venerdì prossimo ti faccio un #ff",
        "@kiebitz quando il gatto imparerà a scrivere, lei gli farà un #FF",
        "@kiebitz farò un #ff a tutta la palude",
        "Il #FF di domani spetta a @kiebitz",
    ],
)
def test_what_is_promised_recommends_nobody_yet(text: str) -> None:
    found = read_post(text, author="papierboot")
    assert (found.kind, found.why[0].code) == ("other", "promised")


@pytest.mark.parametrize(
    "text",
    [
        "Heute gibt es #FF für @kiebitz",
        "#FF @kiebitz, die nächsten Freitag im Moor führt",
        "Wie versprochen: #FF @kiebitz",
        "Nächster #ff: @kiebitz",
        "Guten Morgen! #ff @kiebitz",
        "Guten Morgen, jetzt gibt es #ff: @kiebitz",
        "Tonight we'll send a #FF to @kiebitz",
        "As promised, a #ff for @kiebitz",
        "Next #FF: @kiebitz",
        "I promise you will love #FF @kiebitz",
        "#FF @kiebitz who will give a talk next Friday",
        "Today I'll give a #ff to @kiebitz",
        "Come promesso #FF @kiebitz",
        "È venerdì e vi faccio un #FF: @kiebitz",
        "Buon venerdì! Oggi farò un #ff a @kiebitz",
        "#FF @kiebitz che domani farà ridere tutti",
    ],
)
def test_what_is_done_today_or_was_promised_before_recommends(text: str) -> None:
    assert endorsed(text) == "kiebitz"


@pytest.mark.parametrize(
    "text",
    [
        "@kiebitz ich habe heute schon #FF gemacht",
        "@kiebitz hab dir ein #ff gegeben",
        "@kiebitz I have already done my #FF",
        "@kiebitz I did a #ff",
        "@kiebitz ieri ti ho #ff'ato dal treno",
        "@kiebitz ho fatto #ff",
        "@kiebitz stamattina ho già fatto un #ff",
    ],
)
def test_what_is_told_as_done_recommends_nobody(text: str) -> None:
    assert kind(text) == "other"


@pytest.mark.parametrize(
    "text",
    [
        "Ich habe heute schon ein #FF gemacht, aber noch eins: #ff @kiebitz",
        "I have a #ff for @kiebitz",
        "I did my #FF, but @kiebitz was missing",
        "Ho già fatto un #FF stamattina: ne avanza uno, @kiebitz",
        "Oggi ho #ff per @kiebitz",
        "@kiebitz ti ho fatto un #FF perché i tuoi disegni curano",
    ],
)
def test_a_report_that_goes_on_to_a_name_or_a_cause_recommends(text: str) -> None:
    assert endorsed(text) == "kiebitz"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("#FF @kiebitz, weil sie noch lustiger als @amselmann malt", "kiebitz"),
        ("#FF @kiebitz wegen @amselmann", "kiebitz"),
        ("#FF @kiebitz, die nach @amselmann die schönsten Moore malt", "kiebitz"),
        ("#FF @kiebitz, die das Herz vom #TeamMoor @amselmann @buchfink ist", "kiebitz"),
        ("#FF @kiebitz whose puns are drier than @amselmann", "kiebitz"),
        ("#FF @kiebitz because of @amselmann", "kiebitz"),
        ("#FF @kiebitz who after @amselmann draws the finest marshes", "kiebitz"),
        ("#FF @kiebitz who is the heart of #TeamMarsh @amselmann @buchfink", "kiebitz"),
        ("#FF @kiebitz perché disegna meglio del @amselmann", "kiebitz"),
        ("#FF @kiebitz che dopo @amselmann dipinge le paludi più belle", "kiebitz"),
        ("#FF @kiebitz che è il cuore del #TeamPalude @amselmann @buchfink", "kiebitz"),
        ("#FF a tutti coloro che zoppicano per colpa di @amselmann", ""),
        ("#FF an alle, die durch die Schuld von @amselmann husten", ""),
        ("#FF to all who through the fault of @amselmann caught a cold", ""),
        # in both directions
        ("#FF @kiebitz wegen der Fotos, @amselmann wegen der Texte", "kiebitz amselmann"),
        ("#FF erst @kiebitz, nach @amselmann dann @buchfink", "kiebitz amselmann buchfink"),
        ("#FF @kiebitz, die malt #kunst @amselmann @buchfink", "kiebitz amselmann buchfink"),
        ("#FF @kiebitz #TeamMoor @amselmann @buchfink", "kiebitz amselmann buchfink"),
        ("#FF first @kiebitz, after that @amselmann", "kiebitz amselmann"),
        ("#FF @kiebitz who rocks! The #TeamMarsh @amselmann", "kiebitz amselmann"),
        ("#FF prima @kiebitz, dopo @amselmann", "kiebitz amselmann"),
        ("#FF per @kiebitz per i disegni, per @amselmann per i testi", "kiebitz amselmann"),
        ("#FF a quelli che ridono con @amselmann", "amselmann"),
        ("#FF an alle, die wie @amselmann lachen", "amselmann"),
        ("#FF to all who laugh like @amselmann", "amselmann"),
    ],
)
def test_a_measure_a_cause_or_a_team_is_named_in_passing(text: str, names: str) -> None:
    assert endorsed(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@kiebitz ich empfehle dir @amselmann #ff", "amselmann"),
        ("@kiebitz dir empfehle ich heute: @amselmann #ff", "amselmann"),
        ("@kiebitz I recommend you @amselmann #ff", "amselmann"),
        ("@kiebitz I'd suggest to you also @amselmann @buchfink #ff", "amselmann buchfink"),
        ("@kiebitz uso il #FF per consigliarti @amselmann", "amselmann"),
        ("@kiebitz ti consiglio @amselmann #ff", "amselmann"),
        ("@kiebitz @buchfink vi segnalo @amselmann #ff", "amselmann"),
        ("@kiebitz #FF für dich, und ich empfehle dir @amselmann", "kiebitz amselmann"),
        ("@kiebitz und @amselmann empfehle ich #ff", "kiebitz amselmann"),
        ("@kiebitz #FF to you, and I recommend you @amselmann", "kiebitz amselmann"),
        ("I recommend @kiebitz and @amselmann #ff", "kiebitz amselmann"),
        ("@kiebitz #FF a te, e ti consiglio @amselmann", "kiebitz amselmann"),
        ("@kiebitz vi consiglio @amselmann #ff", "kiebitz amselmann"),
        ("Vi consiglio @kiebitz @amselmann #ff", "kiebitz amselmann"),
    ],
)
def test_whoever_is_given_a_recommendation_is_not_the_recommended(text: str, names: str) -> None:
    assert endorsed(text) == names
