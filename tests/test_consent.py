"""Who may be named in public: a yes is needed, any refusal beats it, and what was seen long ago is not believed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leumund.consent import RECHECK_AFTER, Answer, may_appear, who_may_appear
from leumund.events import Account, Deletion, Event
from leumund.ids import account_key
from leumund.lab import Lab
from leumund.saying import keep, take_back
from leumund.store.consents import PURPOSES, Purpose, agreed, withdrawn, words_in
from leumund.store.export import kept_back
from leumund.store.people import link

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
ANNA, BEN, DID = "acct:anna@example.social", "acct:ben@example.social", "did:plc:carla"
SITE = "https://dora.example"


def seen(account: str = BEN, *, days_ago: float = 1, **more: Any) -> Account:
    network = (
        "bluesky" if account.startswith("did:") else "mastodon" if account.startswith("acct:") else "blog"
    )
    told: dict[str, object] = (
        {"locked": False} if network == "mastodon" else {"limited": False} if network == "bluesky" else {}
    )
    return Account(account=account, seen_at=NOW - timedelta(days=days_ago), network=network, **(told | more))  # type: ignore[arg-type]


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    monkeypatch.setenv("LEUMUND_ERASURE_KEY", str(tmp_path / "key"))
    made = Lab.create(tmp_path / "lab")
    add(made, seen(ANNA, own=True))
    return made


def add(lab: Lab, *events: Event) -> None:
    with lab.writing(NOW) as writer:
        writer.add(list(events))


def yes(
    lab: Lab, uri: str = BEN, *purposes: Purpose, at: datetime = NOW, until: datetime | None = None
) -> None:
    said = agreed(lab.register, [uri], purposes or ("board",), at=at, until=until)
    keep(lab, [s for group in said.values() for s in group], at=at)


def no(lab: Lab, uri: str = BEN, *purposes: Purpose, at: datetime = NOW) -> None:
    said = withdrawn(lab.register, [uri], purposes or PURPOSES, at=at)
    keep(lab, [s for group in said.values() for s in group], at=at)


def asked(lab: Lab, uri: str = BEN, purpose: Purpose = "board", at: datetime = NOW) -> Answer:
    heads = lab.register.aliases()
    key = heads.get(account_key(uri), account_key(uri))
    with lab.tables(as_of=at) as tables:
        return may_appear(lab, tables, [key], purpose, at=at)[key]


def test_nobody_may_be_named_who_did_not_agree_but_the_owner(lab: Lab) -> None:
    add(lab, seen(discoverable=True, indexable=True))
    assert (asked(lab).yes, asked(lab).reason) == (False, "unasked")
    assert (asked(lab, ANNA).yes, asked(lab, ANNA).reason) == (True, "own")
    assert asked(lab, "acct:nobody@example.social").yes is False


def test_a_recorded_yes_holds_for_what_it_was_said_for(lab: Lab) -> None:
    add(lab, seen())
    yes(lab, BEN, "board")
    assert asked(lab).reason == "said"
    assert asked(lab, purpose="parts").reason == "unasked"


def test_taken_back_it_ends_at_once_whatever_the_account_allows(lab: Lab) -> None:
    add(lab, seen(featurable=True))
    yes(lab)
    no(lab)
    assert asked(lab).reason == "withdrawn"
    assert asked(lab, at=NOW + timedelta(days=1)).reason == "withdrawn"
    take_back(lab.register)
    assert asked(lab).yes


def test_a_word_said_now_goes_last_also_where_the_clock_was_set_back(lab: Lab) -> None:
    add(lab, seen())
    yes(lab, at=NOW)
    no(lab, at=NOW - timedelta(days=400))
    assert asked(lab).reason == "withdrawn"


def test_it_ends_by_itself_when_it_was_said_to(lab: Lab) -> None:
    add(lab, seen())
    yes(lab, until=NOW + timedelta(days=2))
    assert asked(lab).yes
    assert asked(lab, at=NOW + timedelta(days=3)).reason == "ended"


def test_whoever_lets_all_list_the_account_may_stand_on_boards_alone(lab: Lab) -> None:
    add(lab, seen(featurable=True))
    assert asked(lab).reason == "lists"
    assert not asked(lab, purpose="parts").yes
    add(lab, seen(days_ago=0.5, featurable=False))
    assert asked(lab).reason == "unasked", "the newest sighting tells"


@pytest.mark.parametrize("flag", ["locked", "limited"])
def test_what_a_server_tells_refuses_and_may_end(lab: Lab, flag: str) -> None:
    yes(lab)
    add(lab, seen(BEN, days_ago=2, **{flag: True}))
    assert asked(lab).refuses
    add(lab, seen(days_ago=1))
    assert asked(lab).yes


@pytest.mark.parametrize("bio", ["Liest. #nobot", "#NoBots please", "bitte\n#noindex", "＃nobot"])
def test_tags_in_the_profile_refuse(lab: Lab, bio: str) -> None:
    yes(lab)
    add(lab, seen(bio=bio, featurable=True))
    assert asked(lab).reason == "tag"


def test_other_words_in_a_profile_do_not_refuse(lab: Lab) -> None:
    yes(lab)
    add(lab, seen(bio="#nobotany, #noindexing; nobot"))
    assert asked(lab).yes


def test_bluesky_accounts_for_logged_in_people_only_refuse_until_they_no_longer_do(lab: Lab) -> None:
    yes(lab, DID)
    add(lab, seen(DID, days_ago=3, discoverable=False))
    assert asked(lab, DID).reason == "members"
    add(lab, seen(DID, days_ago=1))
    assert asked(lab, DID).yes


def test_a_yes_is_kept_with_the_identifier_that_stays_and_not_with_a_handle(lab: Lab) -> None:
    add(lab, seen(DID, handle="carla.example", aliases=("at://carla.example",)))
    yes(lab, "at://carla.example")
    yes(lab, BEN)
    assert {w.uri for w in words_in(lab.register)} == {DID, BEN}
    assert asked(lab, "at://carla.example").yes


def test_a_deleted_account_is_named_no_more(lab: Lab) -> None:
    add(lab, seen(), Deletion(of="account", subject=BEN, happened_at=NOW - timedelta(hours=1)))
    yes(lab)
    assert asked(lab).reason == "deleted"


@pytest.mark.parametrize(
    ("account", "days", "may"), [(BEN, 6.9, True), (BEN, 7.1, False), (DID, 7.1, False), (SITE, 90, True)]
)
def test_what_was_seen_longer_ago_than_a_week_is_not_believed(
    lab: Lab, account: str, days: float, may: bool
) -> None:
    """Where no server could be asked, the owner's own word of this week is the look."""
    assert timedelta(days=7) == RECHECK_AFTER
    add(lab, seen(account, days_ago=days, featurable=True if account == BEN else None))
    yes(lab, account)
    assert asked(lab, account).reason == ("said" if may else "unchecked")
    if account == SITE:
        assert asked(lab, account, at=NOW + timedelta(days=8)).reason == "unchecked"


def test_a_sighting_that_does_not_tell_is_no_look(lab: Lab) -> None:
    add(lab, seen(days_ago=1, locked=None))
    yes(lab)
    assert asked(lab).reason == "unchecked"


def test_one_account_that_refuses_is_enough_for_a_person_and_only_those_that_agreed_are_shown(
    lab: Lab,
) -> None:
    add(lab, seen(), seen(DID))
    link(lab.register, [BEN, DID], name="Mein Nachbar")
    yes(lab, BEN)
    with lab.tables(as_of=NOW) as tables:
        person = tables.person_of(account_key(BEN))
        found = who_may_appear(lab, tables, [person], "board", at=NOW)[person]
    assert (found.yes, found.shown) == (True, (account_key(BEN),))
    no(lab, DID, "board")
    with lab.tables(as_of=NOW) as tables:
        found = who_may_appear(lab, tables, [person], "board", at=NOW)[person]
    assert (found.yes, found.shown) == (False, ())
    assert "took it back" in str(found)


def test_who_is_forgotten_leaves_no_word_and_gets_none(lab: Lab) -> None:
    add(lab, seen())
    yes(lab)
    assert kept_back(lab.register) == 1
    with lab.writing(NOW) as writer:
        writer.forget(account_key(BEN))
    assert words_in(lab.register) == []
    yes(lab)
    assert words_in(lab.register) == []


_TELLS = {"locked": st.booleans(), "limited": st.sampled_from([None, True, False]), "featurable": st.sampled_from([None, True, False]),
          "bio": st.sampled_from([None, "Liest.", "#nobot"])}  # fmt: skip


@settings(max_examples=4, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(
    told=st.lists(
        st.tuples(st.integers(0, 240), st.fixed_dictionaries(_TELLS)), max_size=3, unique_by=lambda t: t[0]
    ),
    words=st.lists(st.booleans(), max_size=3),
)
def test_no_yes_without_a_word_or_a_list_and_none_against_a_refusal(
    tmp_path_factory: pytest.TempPathFactory, told: list[tuple[int, dict[str, Any]]], words: list[bool]
) -> None:
    with Lab.create(tmp_path_factory.mktemp("lab") / "lab") as lab:
        order = sorted(told, key=lambda t: -t[0])
        add(lab, *(seen(days_ago=hours / 24, **tells) for hours, tells in order))
        for n, holds in enumerate(words):
            (yes if holds else no)(lab, BEN, "board", at=NOW - timedelta(hours=9 - n))
        answer = asked(lab)
        if answer.yes:
            hours, newest = order[-1]
            assert hours <= 7 * 24
            assert not newest["locked"]
            assert not newest["limited"]
            assert [t["bio"] for _, t in order if t["bio"]][-1:] != ["#nobot"]
            last = [t["featurable"] for h, t in order if t["featurable"] is not None and h <= 7 * 24]
            assert words[-1:] == [True] or (not words and last[-1:] == [True])
        elif words[-1:] == [False]:
            assert answer.refuses
