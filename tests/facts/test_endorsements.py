"""The grammar of recommendations, on made-up posts in the shapes real ones have (ff_posts.csv)."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leumund.facts.endorsements import SENTENCES, Code, Endorsement, read_post
from leumund.facts.endorsements.text import readable
from leumund.facts.handles import find_handles, same_account
from leumund.friday_tag import has_tag

with (Path(__file__).parent / "ff_posts.csv").open(encoding="utf-8", newline="") as file:
    POSTS = list(csv.DictReader(file))


def codes(found: Endorsement) -> set[str]:
    return {why.code for why in found.why}


@pytest.mark.parametrize("post", POSTS, ids=[post["text"] for post in POSTS])
def test_a_post_is_read_as_a_careful_reader_reads_it(post: dict[str, str]) -> None:
    found = read_post(post["text"], author=post["author"])
    assert (found.kind, " ".join(found.endorsed)) == (post["class"], post["endorsed"])


def test_reasons_are_told_from_greetings_nearly_always() -> None:
    votes = [post for post in POSTS if post["class"] == "vote"]
    right = sum(
        read_post(post["text"], author=post["author"]).reason_given == (post["reason_given"] == "1")
        for post in votes
    )
    assert right / len(votes) >= 0.92


def test_the_fixtures_hold_every_class() -> None:
    assert {post["class"] for post in POSTS} == {"vote", "thanks", "begging", "reshare", "other"}


def test_every_code_has_a_sentence_that_takes_its_detail() -> None:
    assert set(SENTENCES) == set(get_args(Code))
    assert all(sentence.format(detail="x") for sentence in SENTENCES.values())


@pytest.mark.parametrize(
    "text",
    [
        "#ff",
        "#FF:",
        "##FF x",
        "# ff",
        "#FollowFriday",
        "＃ff",
        "#ffback",
        "#FF_special",
        "#folgefreitag",
        "#FFs",
        "#ff_de",
    ],
)
def test_a_tag_is_known_in_every_spelling(text: str) -> None:
    assert has_tag(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ff",
        "#ffm",
        "#ff0000",
        "#ffxiv",
        "#offen",
        "#follow",
        "#unfollowfriday",
        "#followerpower",
        "#FFS",
        "@ff",
    ],
)
def test_what_only_looks_like_a_tag_is_none(text: str) -> None:
    assert not has_tag(text)
    assert read_post(text).why[0].code == "no_tag"


@pytest.mark.parametrize(
    "text",
    [
        "Danke für die Empfehlung @buchfink https://example.org/#ff",
        "@buchfink thanks https://example.org/#ff",
        "@buchfink ti consiglio @amselmann https://example.org/#ff",
    ],
)
def test_a_tag_inside_a_link_is_none(text: str) -> None:
    assert read_post(text).why[0].code == "no_tag"


def test_what_the_network_calls_a_reshare_is_one() -> None:
    assert read_post("#FF @tintenherz", is_reshare=True).kind == "reshare"


def test_a_reply_that_leaves_the_addressee_to_the_network_still_means_her() -> None:
    assert read_post("#FF back to you!", reply_to="tintenherz").endorsed == ("tintenherz",)
    assert read_post("#FF zurück", reply_to="papierboot", author="papierboot").kind == "other"
    assert read_post("#FF in general", reply_to="tintenherz").kind == "other"


def test_nobody_recommends_herself_on_whatever_server() -> None:
    found = read_post("#FF @papierboot @buchfink", author="papierboot@example.social")
    assert found.endorsed == ("buchfink",)
    assert codes(read_post("#FF @papierboot", author="Papierboot")) == {"own_handle_only"}


def test_each_is_endorsed_once_in_the_first_spelling() -> None:
    assert read_post("#FF @Buchfink @amselmann @buchfink").endorsed == ("Buchfink", "amselmann")


def test_a_vote_says_why_it_is_one() -> None:
    found = read_post("#FF back @buchfink @amselmann, weil ihre Bilder leuchten")
    assert codes(found) == {"names_people", "names_back", "list_of_n", "reason_words"}
    assert found.reason == "weil ihre Bilder leuchten"


def test_who_is_left_out_is_told_with_the_cause() -> None:
    assert "source_only" in codes(read_post("#FF @tintenherz (via @amselmann)"))
    assert "excepted" in codes(read_post("#FF @tintenherz, aber nicht @amselmann"))
    assert "handle_cut_off" in codes(read_post("#FF @tintenherz @ams…"))
    assert "addressed_only" in codes(read_post("@amselmann schau mal hier: #FF @tintenherz"))


def test_thanks_for_something_else_is_a_recommendation() -> None:
    assert read_post("Danke fürs Folgen, @buchfink! #ff").kind == "vote"
    assert read_post("Danke fürs #ff, @buchfink!").kind == "thanks"


def test_broken_accents_and_entities_are_mended() -> None:
    assert readable("fÃ¼r &amp;amp; perchÃ© â€œ@anna") == "für & perché “@anna"
    assert readable("schön & gut “so”") == "schön & gut “so”"


AUTHOR = "papierboot"
PARTS = st.sampled_from(
    [
        "#FF",
        "#ff",
        "#FollowFriday",
        "#ffback",
        "@tintenherz",
        "@Tintenherz",
        "@papierboot",
        "@anna@example.social",
        "@a.bsky.social",
        "@am…",
        "RT",
        "MT",
        "via",
        "not",
        "nicht",
        "danke",
        "grazie",
        "thanks",
        "für",
        "per",
        "for",
        "the",
        "das",
        "il",
        "ein",
        "un",
        "back",
        "zurück",
        "ricambio",
        "?",
        "!",
        ".",
        ":",
        ",",
        '"',
        "“",
        "”",
        "&",
        "cc",
        "wer",
        "chi",
        "who",
        "will",
        "vuole",
        "wants",
        "mir",
        "mi",
        "me",
        "heute",
        "kein",
        "no",
        "weil",
        "perché",
        "because",
        "klug",
        "http://example.org/@x",
        "http://example.org/#ff",
        "#kunst",
    ]
)
WRITTEN = st.one_of(
    st.text(), st.lists(PARTS, max_size=14).map(" ".join), st.lists(PARTS, max_size=9).map("".join)
)
NAMES = st.sampled_from([None, AUTHOR, "tintenherz", "anna@example.social", "@Papierboot"])


@given(WRITTEN, NAMES, st.booleans(), NAMES)
def test_any_text_is_read_and_the_answer_holds_together(
    text: str, author: str | None, is_reshare: bool, reply_to: str | None
) -> None:
    found = read_post(text, author=author, is_reshare=is_reshare, reply_to=reply_to)
    assert bool(found.endorsed) == (found.kind == "vote")
    assert found.reason_given == bool(found.reason)
    assert found.why
    assert all(SENTENCES[why.code].format(detail=why.detail) for why in found.why)
    known = {handle.name.casefold() for handle in find_handles(readable(text))}
    known |= {reply_to.lstrip("@").casefold()} if reply_to else set()
    assert {name.casefold() for name in found.endorsed} <= known
    assert len({name.casefold() for name in found.endorsed}) == len(found.endorsed)
    assert not author or not any(same_account(name, author) for name in found.endorsed)
    assert found == read_post(text, author=author, is_reshare=is_reshare, reply_to=reply_to)


@given(WRITTEN)
def test_without_a_tag_nothing_is_recommended(text: str) -> None:
    if not has_tag(text):
        assert read_post(text).kind in {"other", "reshare"}


@given(st.text())
def test_mending_a_text_ends(text: str) -> None:
    assert isinstance(readable(text), str)
