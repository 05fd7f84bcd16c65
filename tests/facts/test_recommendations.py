"""Recommendations as a fact: whom the handles of a post mean."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest

from leumund.facts.recommendations import derive
from leumund.ids import account_key

AT = datetime(2026, 1, 2, tzinfo=UTC)
AUTHOR = "did:plc:ben"
ANNA, CARLA = account_key("did:plc:anna"), account_key("did:plc:carla")


def endorsed(text: str, *mentions: int, network: str = "bluesky", author: str = AUTHOR) -> list[int]:
    row: dict[str, Any] = {
        "post": "p", "account": account_key(author), "happened_at": AT, "known_at": AT,
        "exact": True, "network": network, "visibility": "public", "text": text, "author_uri": author, "reply_to_uri": None,
        "mentions": list(mentions),
    }  # fmt: skip
    kinds = {"mentions": pa.list_(pa.int64()), "reply_to_uri": pa.string()}
    table = pa.table({name: pa.array([value], kinds.get(name)) for name, value in row.items()})
    (found,) = derive(table).rows["endorsed"].to_pylist()
    return list(found)


def test_what_the_post_says_beside_its_text_goes_before_the_handle() -> None:
    assert endorsed("#FF @anna.bsky.social, who explains patiently", ANNA) == [ANNA]


@pytest.mark.parametrize("handle", ["anna.test", "anna.example", "ANNA.Example"])
def test_a_handle_of_an_unusual_ending_means_who_is_mentioned(handle: str) -> None:
    assert endorsed(f"#FF @{handle}, die klug schreibt", ANNA) == [ANNA]


def test_several_are_told_apart_by_their_order() -> None:
    both = endorsed("#FF @carla.example und @anna.example, beide klug", CARLA, ANNA)
    assert both == sorted([CARLA, ANNA])
    assert endorsed("#FF @carla.example via @anna.example", CARLA, ANNA) == [CARLA]


def test_where_the_numbers_differ_the_handles_are_read() -> None:
    handle = account_key("at://anna.bsky.social")
    assert endorsed("#FF @anna.bsky.social und @carla.bsky.social", ANNA) == sorted(
        [handle, account_key("at://carla.bsky.social")]
    )


def test_nobody_recommends_herself_by_a_mention() -> None:
    assert endorsed("#FF @ben.example, das bin ich", account_key(AUTHOR)) == []
