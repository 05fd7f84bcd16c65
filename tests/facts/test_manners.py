"""How posts are written: counted, not judged."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leumund.facts.links import links_of
from leumund.facts.manners import COUNTS, FLAGS, Manners, is_set_phrase, manners_of


def read(text: str, **more: bool) -> Manners:
    return manners_of(text, links=links_of(text, author="acct:anna@example.social"), **more)


@pytest.mark.parametrize(
    "text",
    [
        "Nur heute: 50 % Rabatt auf alle Kurse! https://shop.example/a",
        "Jetzt sichern: Webinar, kostenlos und ohne Risiko https://shop.example/a",
        "Make money from home, click here: https://shop.example/a",
        "Limited time offer: buy now for $ 20 https://shop.example/a",
    ],
)
def test_two_different_grounds_and_a_link_make_an_advert(text: str) -> None:
    assert read(text).advert


@pytest.mark.parametrize(
    "text",
    [
        "Der Eintritt ist frei, kommt vorbei! https://verein.example/fest",
        "Heute im Plenum: die Debatte über die Versicherung der Bauern. https://bundestag.example/a",
        "Check out this photo of our cat https://pictures.example/a",
        "Ich habe mir einen Kurs gekauft und bin begeistert",
        "Danke für das Gespräch über Preise und Kunden!",
    ],
)
def test_one_ground_is_not_enough(text: str) -> None:
    assert not read(text).advert


def test_pointing_at_ones_own_things_is_told_by_words_and_by_links() -> None:
    assert read("Neu in meinem Blog: der Herbst").own
    assert read("Lest das: https://example.social/@anna/1").own
    assert not read("Lest das: https://example.social/@ben/1").own


def test_a_link_and_hardly_a_word_is_only_a_link_but_a_headline_is_not() -> None:
    assert read("Lesetipp https://news.example/a").only_link
    assert not read(
        "Warum die Stadt im Sommer wärmer ist als das Land ringsum und bleibt https://news.example/a"
    ).only_link
    assert not read("Seht nur! http://t.co/a").only_link, "t.co may be a picture"


@pytest.mark.parametrize(
    ("text", "set_phrase"),
    [
        ("Danke dir!", True),
        ("Guten Morgen zusammen", True),
        ("@anna das sehe ich auch so, und zwar seit vielen Jahren schon", True),
        ("RT @anna: das sehe ich auch so", True),
        ("Danke ist ein Wort, über das ich heute lange nachgedacht habe im Zug", False),
        ("Heute lange über das Wort nachgedacht", False),
    ],
)
def test_what_everybody_says_has_no_wording_of_its_own(text: str, set_phrase: bool) -> None:
    assert is_set_phrase(text) is set_phrase


@given(st.text(max_size=300), st.booleans())
def test_counts_of_any_text_are_whole_and_fit_together(text: str, answers: bool) -> None:
    found = read(text, answers=answers)
    assert all(getattr(found, name) >= 0 for name in COUNTS)
    assert all(isinstance(getattr(found, name), bool) for name in FLAGS)
    assert found.headed + found.shouted <= 2 * found.words
    assert found.letters <= found.length
    assert found.reply or not answers
