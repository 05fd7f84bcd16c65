"""Whom to recommend: who gave much and got little, never whom one must not, with drafts that fit and count."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leumund.errors import UsageError
from leumund.facts.endorsements import read_post
from leumund.ids import account_key
from leumund.measures.suggestions import MEASURE, explain, suggestions
from leumund.measures.suggestions.drafts import LIMITS, Grounds, draft, weight_on_x
from leumund.measures.suggestions.fitting import _words
from leumund.simulate.truth import HUMAN

from .conftest import Coach
from .made import World, friday

ANNA, BEN, CARLA, DORA, EMIL = 1, 2, 3, 4, 5
NOW = friday(10)
LATELY = friday(9)


def world() -> World:
    made = World(own=(ANNA,))
    for account in range(1, 10):
        made.profile(account, handle=f"a{account}@example.social")
    return made


def rows(made: World, **options: Any) -> list[dict[str, Any]]:
    return list(suggestions(made.tables(NOW), **options).rows.to_pylist())


def order(made: World) -> list[int]:
    return [row["account"] for row in rows(made)]


def test_who_gave_much_comes_before_who_gave_little_and_before_who_got_it_all_back() -> None:
    made = world().act("like", CARLA, ANNA, at=LATELY)
    for n in range(4):
        made.act("reply", BEN, ANNA, at=LATELY, via=f"b{n}").act("reply", DORA, ANNA, at=LATELY, via=f"d{n}")
        made.act("reply", ANNA, DORA, at=LATELY, via=f"x{n}").act(
            "reshare", ANNA, DORA, at=LATELY, post=f"y{n}"
        )
    assert order(made) == [BEN, DORA, CARLA]


def test_what_was_given_is_worth_what_it_is_in_influence_and_fades() -> None:
    made = (
        world()
        .act("reshare", BEN, ANNA, at=NOW, post="p")
        .act("reply", CARLA, ANNA, at=NOW - timedelta(days=28))
    )
    assert {r["account"]: r["given"] for r in rows(made)} == {BEN: pytest.approx(3), CARLA: pytest.approx(1)}


def test_a_place_in_a_long_list_is_a_small_gift() -> None:
    made = world().ff(BEN, ANNA, 20, 21, 22, at=NOW).ff(CARLA, ANNA, at=NOW)
    assert {r["account"]: r["given"] for r in rows(made)} == {BEN: pytest.approx(1), CARLA: pytest.approx(4)}


def test_whom_the_owner_recommended_lately_is_left_out_and_said() -> None:
    made = world().act("reply", BEN, ANNA, at=LATELY).ff(ANNA, BEN, at=friday(4))
    result = suggestions(made.tables(NOW))
    assert result.rows.num_rows == 0
    assert any("last eight weeks: 1." in str(note) for note in result.notes)
    assert "eight weeks" in str(explain(made.tables(NOW), BEN).notes[0])
    again = suggestions(made.tables(friday(12.5)), days=60).rows.to_pylist()
    assert [row["account"] for row in again] == [BEN]
    assert again[0]["last"] == friday(4)


def test_who_was_recommended_before_comes_after_who_never_was() -> None:
    made = world().ff(ANNA, BEN, at=friday(1))
    for account in (BEN, CARLA):
        made.act("reply", account, ANNA, at=LATELY)
    assert order(made) == [CARLA, BEN]


@pytest.mark.parametrize(
    "told",
    [{"automated": True}, {"locked": True}, {"limited": True}, {"featurable": False}],
    ids=lambda d: next(iter(d)),
)
def test_robots_and_closed_accounts_are_never_suggested(told: dict[str, bool]) -> None:
    made = world().act("reply", BEN, ANNA, at=LATELY).act("reply", CARLA, ANNA, at=LATELY)
    made.sighting(BEN, 5, at=friday(1))
    made.rows["sightings"][-1] |= told
    made.sighting(BEN, 6, at=friday(3))  # says nothing of it
    assert order(made) == [CARLA]
    assert explain(made.tables(NOW), BEN).rows.num_rows == 0


def test_one_locked_account_of_a_person_is_enough() -> None:
    made = world().act("reply", BEN, ANNA, at=LATELY)
    made.persons = ((BEN, 9),)
    made.sighting(9, 5, at=friday(1))
    made.rows["sightings"][-1] |= {"locked": True}
    assert not order(made)


def test_who_is_on_the_no_go_list_is_never_suggested_until_taken_from_it() -> None:
    made = world().act("reply", BEN, ANNA, at=LATELY).mark(BEN, "nogo", at=friday(2))
    assert not order(made)
    assert order(made.mark(BEN, "nogo", at=friday(3), holds=False)) == [BEN]
    assert order(world().act("reply", BEN, ANNA, at=LATELY).mark(BEN, "trust", at=friday(2))) == [BEN]


def test_what_was_for_a_few_only_is_no_reason() -> None:
    made = world().post(BEN, at=LATELY, post="secret", visibility="direct")
    made.act("mention", BEN, ANNA, at=LATELY, via="secret")
    assert not order(made)


def test_who_writes_in_the_readers_language_and_on_her_topics_comes_first() -> None:
    made = world()
    for account, language, tag in (
        (ANNA, "de", "#Garten"),
        (BEN, "en", ""),
        (CARLA, "de", ""),
        (DORA, "de", "#garten"),
    ):
        for n in range(4):
            made.post(account, at=friday(n), language=language, post=f"q{account}.{n}")
            made.rows["posts"][-1]["text"] = f"Heute {tag} und {n}"
    for account in (BEN, CARLA, DORA):
        made.act("reply", account, ANNA, at=LATELY)
    found = rows(made)
    assert [row["account"] for row in found] == [DORA, CARLA, BEN]
    assert found[0]["draft_mastodon"] == "#FF @a4@example.social: schreibt über #garten und redet mit."


def test_a_draft_is_there_for_each_network_where_both_have_an_account() -> None:
    made = world()
    made.persons = ((ANNA, 11, 12), (BEN, 21, 22))
    for account, network, uri in (
        (11, "bluesky", "did:plc:anna"), (12, "x", "https://x.com/anna"), (21, "bluesky", "did:plc:ben"), (22, "blog", "https://b.example"),
    ):  # fmt: skip
        made.profile(account, network=network, uri=uri, handle="ben.example" if account == 21 else None)
    made.act("reply", BEN, ANNA, at=LATELY)
    (row,) = rows(made)
    assert "@a2@example.social" in row["draft_mastodon"]
    assert "@ben.example:" in row["draft_bluesky"]
    assert row["draft_x"] is None


def test_why_shows_drafts_with_their_length_and_what_it_was_drawn_from() -> None:
    made = world().post(BEN, at=LATELY, post="r").act("reply", BEN, ANNA, at=LATELY, via="r", post="mine")
    made.post(BEN, at=friday(3), post="own")
    found = explain(made.tables(NOW), BEN).rows.to_pylist()
    assert [row["what"] for row in found] == ["draft", "done for you", "written", "written"]
    assert found[0]["letters"] == len(found[0]["text"])
    assert explain(made.tables(NOW)).rows["what"].to_pylist()[0] == "draft"
    drafts = [r["text"] for r in found if r["what"] == "draft"]
    whole = [str(note) for note in explain(made.tables(NOW), BEN).notes if "To copy" in str(note)]
    assert drafts
    assert [text.partition(": ")[2] for text in whole] == drafts, "in one piece, however narrow the table is"


def test_nothing_to_go_by_is_said() -> None:
    assert "leumund me" in str(suggestions(World().tables(NOW)).notes[0])
    assert "Nobody is known" in str(suggestions(world().tables(NOW)).notes[0])
    assert MEASURE.private
    with pytest.raises(UsageError):
        suggestions(world().tables(NOW), days=0)


def test_limit_shortens_the_list_and_not_the_count() -> None:
    made = world()
    for account in range(2, 9):
        made.act("reply", account, ANNA, at=LATELY)
    result = suggestions(made.tables(NOW), limit=3)
    assert (result.rows.num_rows, result.figures["people"]) == (3, 7)


KINDS_OF_ACTS = st.lists(
    st.sampled_from(["reply", "quote", "reshare", "endorse", "like", "mention"]), unique=True
)


@given(
    st.sampled_from(["mastodon", "bluesky", "x"]), st.from_regex(r"[a-z][a-z0-9_]{0,29}", fullmatch=True),
    st.lists(st.from_regex(r"[^\W\d_]\w{1,29}", fullmatch=True), max_size=6).map(tuple), KINDS_OF_ACTS.map(tuple),
    st.text(max_size=200), st.sampled_from(["de", "en"]),
)  # fmt: skip
def test_every_draft_fits_and_is_read_as_a_vote_for_that_account_with_a_reason(
    network: Any, handle: str, topics: tuple[str, ...], acts: tuple[str, ...], words: str, language: Any
) -> None:
    text = draft(network, handle, Grounds(topics=topics, acts=acts, words=words), language)
    assert text is not None
    limit, length = LIMITS[network]
    assert length(text) <= limit
    found = read_post(text)
    assert (found.kind, found.endorsed, found.reason_given) == ("vote", (handle,), True)


def test_emoji_and_chinese_weigh_twice_on_x() -> None:
    assert weight_on_x("a" * 280) == 280
    assert weight_on_x("字😀") == 4


def test_an_endless_handle_has_no_draft() -> None:
    assert draft("x", "a" * 400, Grounds(), "de") is None


def test_in_the_made_up_world_only_people_who_mean_it_are_suggested_first(coach: Coach) -> None:
    with coach.tables() as tables:
        found = suggestions(tables, limit=20).rows["account"].to_pylist()
    who = {account_key(uri): kind for uri, kind in coach.world.truth.who.items()}
    assert {who[a] for a in found[:15]} <= HUMAN
    assert sum(who[a] not in HUMAN for a in found) <= 2  # robots that hide may pass, at the end of the list
    assert "ring" not in {who[a] for a in found}


@pytest.mark.parametrize(
    "text",
    [
        "Kommt auf evil.example vorbei heute noch, es lohnt sich sehr",
        "Heute HTTPS://EVIL.example schön gemacht und alles gut soweit",
        "Schreibt mir: ben(at)evil.example, ich freue mich über alles",
        "Auf evil。example steht es auch, und evil．example ist dasselbe",
        "Folgt evil＠evil.example unbedingt, sie schreibt so wunderbar",
        "javascript:alert(1) ist auch nur ein Text und macht gar nichts",
        "Mein Garten blüht \u202eelpmaxe.live\u202c und ich freue mich",
    ],
)
def test_a_draft_leads_nowhere_whoever_is_recommended(text: str) -> None:
    assert _words(text) == ""


def test_what_stands_by_itself_may_be_an_example() -> None:
    text = "Im Garten blüht es. Ab 7.30 Uhr sind z. B. die Bienen da: ganz leise."
    assert _words(text) == text.rstrip(".")
