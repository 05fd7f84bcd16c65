"""Persons in the register: joined, listed, taken apart, read from a table."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leumund.errors import UsageError
from leumund.events import Account, Statement
from leumund.ids import account_key
from leumund.lab import Lab
from leumund.store import people

from . import worlds as w

BEN, BENNI, BLUE = w.BEN, "https://x.com/benni", "at://ben.example"


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab.create(tmp_path / "lab")


def row(person: str, account: str, **more: str | bool) -> Statement:
    return Statement(kind="person", happened_at=w.NOW, body={"person": person, "account": account, **more})


def told(lab: Lab) -> list[tuple[list[str], str, bool]]:
    return [(list(p.accounts), p.name, p.owner) for p in people.persons(lab.register)]


def test_two_links_that_share_an_account_are_one_person_and_the_first_name_stays(lab: Lab) -> None:
    people.link(lab.register, [BEN, BENNI], name="Ben")
    people.link(lab.register, [BENNI, BLUE], name="")
    assert told(lab) == [(sorted([BEN, BENNI, BLUE]), "Ben", False)]


def test_an_account_is_the_same_one_under_any_of_its_names(lab: Lab) -> None:
    page = "https://werkstatt.example/users/ben"
    with lab.writing(w.NOW) as writer:
        writer.add([Account(account=BEN, aliases=(page,), seen_at=w.NOW, network="mastodon")])
    people.link(lab.register, [page, BENNI], name="")
    people.link(lab.register, [BEN, BLUE], name="")
    assert told(lab) == [(sorted([BEN, BENNI, BLUE]), "", False)]
    assert people.unlink(lab.register, account_key(BEN))
    assert told(lab) == [(sorted([BENNI, BLUE]), "", False)]
    people.link(lab.register, [page], name="", owner=True)
    assert people.disown(lab.register, account_key(BEN))
    assert lab.register.own_accounts() == []


def test_what_an_archive_made_hers_is_listed_as_hers(lab: Lab) -> None:
    with lab.writing(w.NOW) as writer:
        writer.add([w.anna()])
    people.link(lab.register, [BLUE], name="", owner=True)
    (hers,) = people.persons(lab.register)
    assert hers.owner
    assert dict(hers.accounts) == {w.ANNA: people.BY_ARCHIVE, BLUE: people.BY_OWNER}
    with pytest.raises(UsageError):
        people.link(lab.register, [w.ANNA, BENNI], name="")


def test_what_she_took_back_stays_so_however_often_it_is_seen(lab: Lab) -> None:
    with lab.writing(w.NOW) as writer:
        writer.add([w.anna()])
        assert people.is_hers(lab.register, [w.ANNA], "mastodon")
        assert people.disown(lab.register, account_key(w.ANNA))
        writer.add([w.anna(own=False, name="Anna B.")])
    assert people.is_hers(lab.register, [w.ANNA], "mastodon") is False
    assert people.is_hers(lab.register, [BEN], "mastodon") is None, "nobody else's is out of the question"
    people.link(lab.register, [w.ANNA], name="", owner=True)
    assert people.is_hers(lab.register, [w.ANNA], "mastodon")


def test_rows_of_a_table_link_by_their_word_and_a_second_time_changes_nothing(lab: Lab) -> None:
    rows = [row("1", BEN, name="Ben"), row("2", w.CARLA), row("1", BENNI), row("2", BLUE, name="Carla")]
    with lab.writing(w.NOW) as writer:
        assert writer.add(rows).new["persons"] == 2
        before = told(lab)
        added = writer.add(rows)
    assert (added.new["persons"], added.known["persons"]) == (0, 2)
    assert told(lab) == before
    assert sorted((name, len(accounts)) for accounts, name, _owner in before) == [("Ben", 2), ("Carla", 2)]
    assert lab.register.db.execute("select count(*) from statement").fetchone()[0] == 0


def test_a_name_given_since_stays_when_an_old_table_is_read(lab: Lab) -> None:
    people.link(lab.register, [BEN, BENNI], name="Benedikt")
    with lab.writing(w.NOW) as writer:
        writer.add([row("1", BEN, name="Ben"), row("1", BENNI)])
    assert told(lab)[0][1] == "Benedikt"


def test_a_row_alone_links_nobody(lab: Lab) -> None:
    with lab.writing(w.NOW) as writer:
        writer.add([row("1", BEN, name="Ben")])
    assert told(lab) == []


def test_a_table_that_would_make_the_owner_somebody_else_is_a_problem(lab: Lab) -> None:
    people.link(lab.register, [w.ANNA], name="", owner=True)
    with lab.writing(w.NOW) as writer:
        added = writer.add([row("1", w.ANNA), row("1", BENNI), row("2", BEN), row("2", BLUE)])
    assert added.problems == 1
    assert told(lab) == [([w.ANNA], "", True), (sorted([BEN, BLUE]), "", False)]


def test_a_person_of_whom_one_account_is_erased_is_not_linked_again(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEUMUND_ERASURE_KEY", str(tmp_path / "key"))
    rows = [row("1", BEN, name="Benedikt Lang"), row("1", BENNI), row("2", w.CARLA), row("2", BLUE)]
    with lab.writing(w.NOW) as writer:
        writer.add(rows)
        writer.forget(account_key(BEN))
        writer.add(rows)
    assert told(lab) == [(sorted([w.CARLA, BLUE]), "", False)]
    lab.register.close()
    assert b"Benedikt" not in (tmp_path / "lab" / "lab.sqlite").read_bytes()


@settings(max_examples=40)
@given(
    st.lists(st.lists(st.sampled_from("abcdef"), min_size=2, max_size=3, unique=True), max_size=5),
    st.randoms(),
)
def test_the_order_of_links_is_nothing(tmp_path_factory: pytest.TempPathFactory, links: list[list[str]], random: object) -> None:  # fmt: skip
    shuffled = [*links]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    found = []
    for order in (links, shuffled):
        lab = Lab.create(tmp_path_factory.mktemp("lab"))
        for names in order:
            people.link(lab.register, [f"acct:{n}@example.social" for n in names], name="")
        found.append(told(lab))
        lab.register.close()
    assert found[0] == found[1]
    assert all(len(accounts) > 1 for accounts, _name, _owner in found[0])
