"""Where links lead, told from their spelling alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leumund.facts.links import Links, links_of, registrable


@pytest.mark.parametrize(
    ("author", "text", "own"),
    [
        ("acct:anna@anna.example.com", "https://blog.anna.example.com/a", 1),
        ("acct:anna@anna-schreibt.de", "neu: https://www.anna-schreibt.de/a", 1),
        ("acct:anna@example.social", "https://example.social/@ben/1", 0),
        ("acct:anna@example.social", "https://example.social/@anna/1", 1),
        ("https://x.com/anna", "https://mastodon.example/@anna/1 and https://other.example/", 1),
        ("at://anna.bsky.social", "https://bsky.social/about", 0),
    ],
)
def test_a_link_to_oneself_is_told_by_the_name(author: str, text: str, own: int) -> None:
    assert links_of(text, author=author).own == own


def test_a_shortened_link_is_hidden_and_one_that_may_be_a_picture_is_dim() -> None:
    assert links_of("http://bit.ly/a http://t.co/b") == Links(count=2, hidden=2, dim=1)


def test_the_end_of_a_sentence_is_no_part_of_a_link_and_the_same_link_counts_once() -> None:
    found = links_of("See https://news.example.org/a. Again: (https://news.example.org/a)!")
    assert (found.count, found.domains) == (1, ("example.org",))


def test_what_is_rented_by_the_name_is_a_site_of_its_own() -> None:
    assert registrable("anna.github.io") != registrable("ben.github.io")
    assert registrable("shop.bbc.co.uk") == registrable("news.bbc.co.uk") == "bbc.co.uk"


@given(st.text(max_size=300))
def test_any_text_has_counts_that_fit_together(text: str) -> None:
    found = links_of(text, author="acct:anna@example.social")
    assert 0 <= found.dim <= found.hidden <= found.count
    assert 0 <= found.own <= found.count - found.hidden
    assert len(found.domains) <= found.count
    assert list(found.domains) == sorted(set(found.domains))
