"""Handles, hashtags and links are found as a reader finds them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leumund.facts.handles import (
    find_handles,
    find_hashtags,
    find_links,
    same_account,
    whole_name,
    without_invisible,
)


def names(text: str) -> list[str]:
    return [handle.name for handle in find_handles(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello @tintenherz!", ["tintenherz"]),
        (".@tintenherz, @buchfink; (@amselmann)", ["tintenherz", "buchfink", "amselmann"]),
        ("@@tintenherz", ["tintenherz"]),
        ("#ff@tintenherz/@buchfink+@amselmann", ["tintenherz", "buchfink", "amselmann"]),
        ("look@tintenherz", ["tintenherz"]),
        ("＠Tintenherz", ["Tintenherz"]),
        ("\u200f@tintenherz\u200b", ["tintenherz"]),
        ("@tintenherz's and @buchfink’s", ["tintenherz", "buchfink"]),
        ("@__under_score_9", ["__under_score_9"]),
        (f"@{'long' * 10}@x.example", ["long" * 10 + "@x.example"]),
        ("@tintenherz @Tintenherz", ["tintenherz", "Tintenherz"]),
    ],
)
def test_a_handle_is_found_whatever_is_glued_to_it(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@anna@example.social.", ["anna@example.social"]),
        ("@anna@example.social, @ben@two.three.example!", ["anna@example.social", "ben@two.three.example"]),
        ("@anna@example.social.Danke", ["anna@example.social"]),
        ("@anna.b@example.social", ["anna.b@example.social"]),
        ("@moorfrosch.bsky.social", ["moorfrosch.bsky.social"]),
        ("@wollgras.example.org: read it", ["wollgras.example.org"]),
        ("@moor-frosch.bsky.social", ["moor-frosch.bsky.social"]),
        ("@MOORFROSCH.COM", ["MOORFROSCH.COM"]),
    ],
)
def test_a_handle_keeps_its_server(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@anna.Danke", ["anna"]),
        ("@anna.danke dir", ["anna"]),
        ("@anna.", ["anna"]),
        ("@anna...und", ["anna"]),
        ("@eva.ma perché", ["eva"]),
        ("@anna.Team spirit", ["anna"]),
        ("@anna-maria", ["anna"]),
        ("@anna@ben", ["anna", "ben"]),
    ],
)
def test_the_next_sentence_is_not_part_of_a_handle(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "mail anna@example.org or ben.b@two.example.org",
        "https://example.social/@anna",
        "www.example.org/@anna",
        "http://example.org/?to=@anna",
        "@ all of you",
        "@l'amico @l’amico",
        "@",
        "",
    ],
)
def test_mail_addresses_links_and_articles_are_no_handles(text: str) -> None:
    assert names(text) == []


def test_a_handle_at_the_edge_of_a_cut_off_text_is_marked() -> None:
    assert [h.cut for h in find_handles("#FF @anna @be…")] == [False, True]
    assert [h.cut for h in find_handles("#FF @anna @be ...".rjust(140, "x"))] == [False, True]


def test_wistful_dots_cut_nothing_off() -> None:
    assert [h.cut for h in find_handles("#FF @anna ...")] == [False]
    assert [h.cut for h in find_handles("#FF @anna ... because")] == [False]


def test_a_handle_knows_where_it_stands() -> None:
    text = "Danke @anna@example.social!"
    (handle,) = find_handles(text)
    assert text[handle.start : handle.end] == "anna@example.social"


def test_hashtags_come_without_their_sign_and_not_from_links() -> None:
    assert find_hashtags("#FF ＃Café # ff https://example.org/#top #2024 &#39;") == ("FF", "Café", "ff")
    assert find_hashtags("none") == ()


def test_links_come_without_the_punctuation_around_them() -> None:
    assert find_links("(https://example.org/a_b?c=d), www.example.com.") == (
        "https://example.org/a_b?c=d",
        "www.example.com",
    )


def test_a_bare_name_fits_any_server_but_two_servers_are_two_accounts() -> None:
    assert same_account("@Anna", "anna@example.social")
    assert not same_account("anna@one.example", "anna@two.example")
    assert not same_account("anna", "annab")


texts = st.one_of(
    st.text(),
    st.text(alphabet="@＠#.a-Z_ \n'’…\u200b:/é1"),
    st.lists(
        st.sampled_from(
            ["@anna", "@a.bsky.social", "@a@b.example", "http://x.example/@y", "a@b.example", "…", ". "]
        )
    ).map(" ".join),
)


@given(texts)
def test_any_text_can_be_read_and_every_handle_stands_in_it(text: str) -> None:
    for handle in find_handles(text):
        assert text[handle.start : handle.end] == handle.name
        assert text[handle.start - 1] in "@＠"
        assert handle.name
    for found in (*find_hashtags(text), *find_links(text)):
        assert found in text


@given(texts)
def test_a_found_handle_is_found_again_alone(text: str) -> None:
    for handle in find_handles(text):
        assert whole_name(handle.name) == handle.name


@given(texts)
def test_invisible_characters_go_once_and_for_all(text: str) -> None:
    once = without_invisible(text)
    assert without_invisible(once) == once


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@lötstelle@example.social @anna", ["anna"]),
        ("@annaè @ben", ["ben"]),
        ("@anna@lötstelle.example, @ben", ["ben"]),
        ("@annaさん @ben", ["anna", "ben"]),
        ("@anna–toll @ben", ["anna", "ben"]),
        ("@The Economist, @Il Mattino @The_Anna", ["The_Anna"]),
        ("@The! @il mare", ["The", "il"]),
    ],
)
def test_an_odd_name_or_an_article_is_no_handle(text: str, names: list[str]) -> None:
    assert [handle.name for handle in find_handles(text)] == names


@pytest.mark.parametrize(
    ("start", "again"),
    [
        ("#ff ", "@"),
        ("#ff ", "＠"),
        ("#ff é ", "@"),
        ("#ff é @a", "@"),
        ("#ff x@y.z ", ".a"),
        ("#ff x@y.z ", "-a"),
        ("#ff x@y.z ", "a+."),
        ("#ff x@y.z é @a", "-a"),
        ("#ff x@y.z é @a@", "a-"),
        ("#ff x@y.z é @a@", "a."),
        ("#ff é ", "@a.-"),
        ("#ff x@y.z ", "a.a@"),
    ],
)
def test_a_text_twice_as_long_takes_about_twice_as_long(start: str, again: str) -> None:
    def seconds(length: int) -> float:
        text = start + again * (length // len(again))
        times = []
        for _ in range(3):
            before = time.process_time()
            find_handles(text)
            times.append(time.process_time() - before)
        return min(times)

    assert seconds(40_000) < 3.5 * seconds(20_000) + 0.05


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(.anna@example.org)", []),
        ("»-anna.b+c@example.org«", []),
        ("@@@@ @@anna", ["anna"]),
        ("é @@@@anna@example.social", ["anna@example.social"]),
    ],
)
def test_what_stands_before_a_name_or_address_changes_nothing(text: str, expected: list[str]) -> None:
    assert names(text) == expected
