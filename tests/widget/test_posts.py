"""Which posts are shown: her own, public, newest first, each once; nobody else is named."""

from __future__ import annotations

from typing import Any

import pytest

from leumund.errors import UsageError
from leumund.events import Deletion
from leumund.lab import Lab
from leumund.widget import Chosen, Wanted, chosen
from tests.widget.conftest import BLUESKY, MASTODON, NOW, add, post


def shown(lab: Lab, **wanted: Any) -> Chosen:
    with lab.tables(as_of=NOW) as tables:
        return chosen(lab, tables, Wanted(**wanted))


def texts(lab: Lab, **wanted: Any) -> list[str]:
    return [p.text for p in shown(lab, **wanted).posts]


def test_the_newest_come_first_and_only_so_many(lab: Lab) -> None:
    add(lab)(*(post(n, f"Number {n}", hours=n) for n in range(1, 8)))
    assert texts(lab, count=3) == ["Number 1", "Number 2", "Number 3"]
    assert len(texts(lab, count=50)) == 7


@pytest.mark.parametrize("visibility", ["unlisted", "followers", "direct"])
def test_what_is_not_public_is_never_shown(lab: Lab, visibility: Any) -> None:
    add(lab)(post(1, "For a few", visibility=visibility), post(2, "For all", hours=2))
    assert texts(lab, replies=True) == ["For all"]


def test_what_others_wrote_is_never_shown(lab: Lab) -> None:
    add(lab)(post(1, "Mine"), post(2, "Not mine", account="acct:ben@example.social"))
    assert texts(lab) == ["Mine"]


def test_what_was_once_told_to_be_private_stays_so(lab: Lab) -> None:
    add(lab)(post(1, "Once for few", visibility="followers"))
    add(lab)(post(1, "Once for few"))
    assert texts(lab) == []


def test_answers_and_quotes_are_shown_only_when_asked_for(lab: Lab) -> None:
    add(lab)(
        post(1, "An answer", reply_to="https://elsewhere.example/1"),
        post(2, "A quote", hours=2, quote_of="https://elsewhere.example/2"),
        post(3, "Alone", hours=3),
    )
    found = shown(lab)
    assert [p.text for p in found.posts] == ["Alone"]
    assert found.left_out == {"reply": 1, "quote": 1}
    assert texts(lab, replies=True) == ["An answer", "A quote", "Alone"]


@pytest.mark.parametrize(
    "text", ["Thanks @ben@example.social!", "#FF @ben", "hi @ben.bsky.social", "＠ben, look", "@@ben", "@löt"]
)
def test_whoever_was_not_asked_is_not_named(lab: Lab, text: str) -> None:
    add(lab)(post(1, text), post(2, "Nobody", hours=2), post(3, "A link", hours=3, mentions=("acct:ben@example.social",)))  # fmt: skip
    found = shown(lab, replies=True)
    assert [p.text for p in found.posts] == ["Nobody"]
    assert found.left_out["names"] == 1 + 1


def test_her_own_names_and_addresses_of_mail_name_nobody_else(lab: Lab) -> None:
    add(lab)(
        post(1, "I am @anna@example.social", mentions=(MASTODON,)),
        post(2, "Write to anna@berg.example", hours=2),
    )
    assert len(texts(lab)) == 2


def test_a_post_on_two_networks_is_shown_once_with_both(lab: Lab) -> None:
    add(lab)(
        post(1, "Salary talks: ask first! https://anna.example/a #job"),
        post(2, "Salary talks: ask first! https://short.example/x #Job", hours=2, account=BLUESKY),
        post(3, "Something else", hours=3),
    )
    first, second = shown(lab).posts
    assert [c.network for c in first.copies] == ["mastodon", "bluesky"]
    assert first.copies[1].address == f"https://bsky.app/profile/{BLUESKY}/post/3k2"
    assert second.text == "Something else"


def test_a_copy_that_was_cut_gives_way_to_the_whole_text(lab: Lab) -> None:
    whole = "Whoever sends standard sentences only gives half of the attention away, and that is a pity."
    add(lab)(post(1, whole[:60] + "…", account=BLUESKY), post(2, whole, hours=2))
    (only,) = shown(lab).posts
    assert only.text == whole


def test_the_same_words_again_are_two_posts(lab: Lab) -> None:
    add(lab)(post(1, "Good morning"), post(2, "Good morning", hours=24))
    add(lab)(post(3, "Good morning", hours=24 * 9, account=BLUESKY))
    assert len(texts(lab)) == 3


def test_the_last_ones_copy_is_found_too(lab: Lab) -> None:
    add(lab)(post(1, "Last"), post(2, "Last", hours=3, account=BLUESKY), post(3, "Before", hours=2))
    assert [len(p.copies) for p in shown(lab, count=1).posts] == [2]


def test_what_was_deleted_is_gone(lab: Lab) -> None:
    add(lab)(post(1, "Wrong"), post(2, "Right", hours=2))
    add(lab)(Deletion(of="post", subject=post(1, "").post, happened_at=NOW))
    assert texts(lab) == ["Right"]


def test_pictures_without_words_and_what_is_yet_to_come_are_left_out(lab: Lab) -> None:
    add(lab)(
        post(1, " https://pic.example/1 "), post(2, "Tomorrow", hours=-24), post(3, "Sometime", exact=False)
    )
    assert texts(lab) == []
    assert shown(lab).left_out == {"wordless": 1}


def test_one_of_her_accounts_alone(lab: Lab) -> None:
    add(lab)(post(1, "There"), post(2, "Here", account=BLUESKY))
    assert texts(lab, accounts=(BLUESKY,)) == ["Here"]
    assert [a.network for a in shown(lab, accounts=(BLUESKY,)).authors] == ["bluesky"]
    with pytest.raises(UsageError, match="not one of your own"):
        shown(lab, accounts=("acct:ben@example.social",))


def test_the_language_is_the_one_declared(lab: Lab) -> None:
    add(lab)(post(1, "Guten Morgen", language="de"), post(2, "??", hours=2, language="<x>"))
    assert [p.language for p in shown(lab).posts] == ["de"]
