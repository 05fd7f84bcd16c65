"""Who is named in a vote without being recommended, and sentences that only speak of the tag.

Each rule is tried where it applies and where it must not, in German, English and Italian.
"""

from __future__ import annotations

import pytest

from leumund.facts.endorsements import read_post


def endorsed(text: str) -> str:
    return " ".join(read_post(text, author="papierboot").endorsed)


def kind(text: str) -> str:
    return read_post(text, author="papierboot").kind


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("#FF @kiebitz! Danke an @amselmann für den Tipp.", "kiebitz"),
        ("Danke @amselmann für den Hinweis auf @kiebitz! #FF", "kiebitz"),
        ("#FF @kiebitz, thanks to @amselmann for the tip", "kiebitz"),
        ("#FF @kiebitz (grazie a @amselmann per la dritta)", "kiebitz"),
        ("Auf Empfehlung von @amselmann: #FF @kiebitz", "kiebitz"),
        ("#FF @kiebitz, entdeckt dank @amselmann", "kiebitz"),
        ("#FF @kiebitz, found thanks to @amselmann", "kiebitz"),
        ("#FF @kiebitz scoperta grazie a @amselmann", "kiebitz"),
        ("As @amselmann said: #FF @kiebitz", "kiebitz"),
        ("Come dice @amselmann: #FF @kiebitz", "kiebitz"),
        ("Il #ff di @amselmann: @kiebitz @buchfink", "kiebitz buchfink"),
        ("Danke @amselmann für den Tipp #ff", "amselmann"),  # nobody else is meant
        ("#FF @kiebitz @amselmann danke für die Tipps!", "kiebitz amselmann"),
        ("#FF @kiebitz, dank an @amselmann", "kiebitz amselmann"),
        ("Thanks @amselmann! #FF @kiebitz", "amselmann kiebitz"),
        ("Grazie a @amselmann e #FF @kiebitz", "amselmann kiebitz"),
    ],
)
def test_whoever_is_thanked_for_a_tip_is_its_source(text: str, names: str) -> None:
    assert endorsed(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("#FF @kiebitz, die auch bei @moormuseum führt", "kiebitz"),
        ("#FF @kiebitz vom @moormuseum", "kiebitz"),
        ("#FF @kiebitz weil sie für @moorfreunde kämpft", "kiebitz"),
        ("Schöne Bilder bei @kiebitz (die auch für @moorfreunde zeichnet). #FF", "kiebitz"),
        ("#FF @kiebitz, chief editor of @marshnews", "kiebitz"),
        ("#FF @kiebitz, great writer at @marshnews, and @amselmann", "kiebitz amselmann"),
        ("#FF @kiebitz, giornalista di @giornaleblu", "kiebitz"),
        ("#ff @kiebitz che @amselmann consiglia sempre", "kiebitz"),
        ("#FF @kiebitz für ihre Texte, @amselmann für seine Fotos", "kiebitz amselmann"),
        ("#FF für @kiebitz wegen der Texte, für @amselmann wegen der Fotos", "kiebitz amselmann"),
        ("#FF @kiebitz und die klugen Leute von @moorfreunde", "kiebitz moorfreunde"),
        ("#FF @kiebitz, ohne die Fotos von @amselmann zu vergessen", "kiebitz amselmann"),
        ("#FF to @kiebitz for the photos and to @amselmann for the jokes", "kiebitz amselmann"),
        ("#FF to the team of @marshnews: @kiebitz @amselmann", "marshnews kiebitz amselmann"),
        ("Great talk by @kiebitz #ff", "kiebitz"),
        ("#FF a @kiebitz per le foto, a @amselmann per i testi", "kiebitz amselmann"),
        ("Seguite sia @kiebitz che @amselmann #ff", "kiebitz amselmann"),
    ],
)
def test_one_named_within_the_praise_of_another_is_not_recommended(text: str, names: str) -> None:
    assert endorsed(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Liebe @kiebitz, du suchst gute Köche: @amselmann! #ff", "amselmann"),
        ("Dear @kiebitz, you asked for cooks: @amselmann @buchfink #ff", "amselmann buchfink"),
        ("Cara @kiebitz, hai chiesto di cuochi: @amselmann #ff", "amselmann"),
        ("Liebe @kiebitz, lieber @amselmann: #ff", "kiebitz amselmann"),
        ("Liebe @kiebitz, du bist klasse! @amselmann auch! #ff", "kiebitz amselmann"),
        ("Hi @kiebitz, you and @amselmann rock #ff", "kiebitz amselmann"),
        ("Ciao @kiebitz, tu e @amselmann siete forti #ff", "kiebitz amselmann"),
    ],
)
def test_whoever_is_only_greeted_is_left_out(text: str, names: str) -> None:
    assert endorsed(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Danke @kiebitz fürs #ff! Ich geb's weiter an @amselmann", "amselmann"),
        ("Danke fürs #ff, @kiebitz! Ich empfehle @amselmann", "amselmann"),
        ("Thanks @kiebitz for the #ff! I recommend @amselmann", "amselmann"),
        ("Grazie @kiebitz per il #ff! Lo passo a @amselmann", "amselmann"),
        ("Danke fürs #ff @kiebitz! Gruß an @amselmann", ""),
        ("Thanks for the #ff @kiebitz and @amselmann", ""),
        ("Grazie per il #ff a @kiebitz e @amselmann", ""),
    ],
)
def test_a_recommendation_passed_on_is_one_for_the_next_person(text: str, names: str) -> None:
    assert endorsed(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "Da oggi ti seguo grazie al #ff di @kiebitz, @amselmann",
        "Dank dem #FF von @kiebitz folge ich jetzt @amselmann",
        "Thanks to the #ff of @kiebitz I found @amselmann",
        "Willst du noch ein #FF @kiebitz?",
        "Are you after another #ff @kiebitz ?",
        "Vuoi un altro #ff @kiebitz?",
        "@kiebitz netter Versuch, aber #ff gibts bei mir nicht für Bier",
        "Wenn ich @kiebitz noch einmal im #ff sehe, entfolge ich euch allen",
        "@kiebitz one more #ff like that and I unfollow",
        "@kiebitz @amselmann hai scritto #ff con le minuscole?",
        "@kiebitz hast du mein #FF gesehen?",
        "@kiebitz your #ff brought me ten readers",
        "@kiebitz, wem soll ich heute folgen? #ff",
        "@kiebitz who should I follow today? #ff",
    ],
)
def test_a_tag_that_is_spoken_of_recommends_nobody(text: str) -> None:
    assert kind(text) == "other"


@pytest.mark.parametrize(
    "text",
    [
        "Noch ein #FF: @kiebitz",
        "Noch ein #FF gefällig? @kiebitz!",
        "Another #ff for @kiebitz!",
        "Un altro #FF per @kiebitz e i suoi disegni",
        "Wer kennt @kiebitz nicht? #FF",
        "Do you know @kiebitz? #ff",
        "How can you not follow @kiebitz? #ff",
        "Unfollow @amselmann, #FF @kiebitz",
        "#ff gibts heute nicht ohne @kiebitz",
        "Grazie a tutti! #ff @kiebitz",
        "@kiebitz ecco il tuo #ff meritato",
        "Wem soll man folgen? #ff @kiebitz",
        "Chi dovrei consigliare? #ff @kiebitz",
    ],
)
def test_a_tag_that_points_at_somebody_still_recommends(text: str) -> None:
    assert endorsed(text) == "kiebitz"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kriegt man hier eigentlich auch mal ein #ff?", "begging"),
        ("Wer hat ein #FF für mich übrig?", "begging"),
        ("Any #ff for me today?", "begging"),
        ("Qualcuno ha un #ff per me?", "begging"),
        ("Wer mag mich ein bisschen teilen? #neuhier #followfriday", "begging"),
        ("#ff #followback #f4f", "begging"),
        ("Wer hat ein #ff für @kiebitz übrig?", "vote"),
        ("#ff @kiebitz #followback", "vote"),
        ("Who has time for a #ff?", "other"),
        ("È un #ff per tutti", "other"),
    ],
)
def test_begging_needs_no_handle(text: str, expected: str) -> None:
    assert kind(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“@kiebitz: #FF @papierboot erklärt Moore” danke!", "reshare"),
        ('Wow "@kiebitz: who wants a #ff?"', "reshare"),
        ("“@kiebitz: #FF @papierboot il migliore” grazie mille", "reshare"),
        ("“@kiebitz: Moore sind nass” #FF", "vote"),
        ("“@kiebitz: moors are wet” #FF @amselmann", "vote"),
        ("#FF “@kiebitz: le paludi sono umide”", "vote"),
    ],
)
def test_a_tag_inside_a_quote_is_the_quoted_ones(text: str, expected: str) -> None:
    assert kind(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "#FF @kiebitz Have a superb Friday!",
        "#FF @kiebitz hahahaha",
        "#FF @kiebitz Frohes Fest!",
        "#FF @kiebitz_anna Anna!",
        "#FF @kiebitz entrambi @amselmann",
        "#FF @kiebitz Prost!",
        "#FF @kiebitz Buon Natale!",
        "#FF @kiebitz kommst du morgen ins Moor?",
    ],
)
def test_a_wish_a_laugh_or_a_question_is_no_reason(text: str) -> None:
    assert read_post(text).reason == ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("#FF @kiebitz erklärt Sümpfe", "erklärt Sümpfe"),
        ("#FF @kiebitz, the voice of the marsh", "the voice of the marsh"),
        ("#FF @kiebitz, disegni stupendi", "disegni stupendi"),
        (
            "@kiebitz Dein Thread über Moore war das Beste, was ich gelesen habe. #FF",
            "Dein Thread über Moore war das Beste, was ich gelesen",
        ),
        ("@kiebitz your thread on moors is unmatched #ff", "thread on moors is unmatched"),
        ("@kiebitz il tuo blog sulle paludi è imbattibile #ff", "il tuo blog sulle paludi è imbattibile"),
    ],
)
def test_words_about_the_person_are_a_reason(text: str, reason: str) -> None:
    assert read_post(text).reason == reason
