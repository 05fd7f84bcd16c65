"""The owner's no-go list: who is on it when, and that nothing of it leaves."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leumund.asking import Question
from leumund.events import Account, Act, Event, Post, Statement
from leumund.ids import account_key
from leumund.intake import import_path, parts_of
from leumund.lab import Lab
from leumund.measures import measure_named
from leumund.measures.left_out import define_left_out
from leumund.measures.standing.kinds import standing_of
from leumund.measures.standing.personal import Indices
from leumund.report.overview import as_page, as_text, take
from leumund.store.backup import backup
from leumund.store.export import Format, export, kept_back
from leumund.store.nogo import REVIEW_AFTER, Entry, added, listed, removed, undone
from leumund.store.people import link
from leumund.store.register import as_us
from tests.draws import draws

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
ANNA, BEN, PETRA = (f"acct:{name}@example.social" for name in ("anna", "benedikta", "petra"))
REASON = "nur Werbung für Uhren"
EVERYTHING: tuple[Format, ...] = ("jsonl", "csv", "parquet")


def day(number: float) -> datetime:
    return NOW + timedelta(days=number)


def names(lab: Lab, at: datetime) -> list[str]:
    return [e.uri for e in listed(lab.register, at=at)]


def left_out(lab: Lab, at: datetime) -> set[tuple[int, str]]:
    with lab.tables(as_of=at) as tables:
        define_left_out(tables.person_by_person())
        return set(tables.sql("select account, why from left_out").fetchall())


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab.create(tmp_path / "lab")


def say(lab: Lab, *said: Event, at: datetime = NOW) -> None:
    with lab.writing(at) as writer:
        writer.add(list(said))


def test_an_entry_says_why_until_when_and_when_to_look_again(lab: Lab) -> None:
    say(lab, added(BEN, "mastodon", at=NOW, reason=REASON, until=day(30)))
    (entry,) = listed(lab.register, at=NOW)
    assert entry == Entry(
        account=account_key(BEN), uri=BEN, reason=REASON, since=NOW, until=day(30), review=NOW + REVIEW_AFTER
    )
    assert entry.is_due(NOW + REVIEW_AFTER)
    assert not entry.is_due(day(1))


def test_it_ends_by_itself_when_it_was_said_to(lab: Lab) -> None:
    say(lab, added(BEN, "mastodon", at=NOW, until=day(30)))
    assert names(lab, day(29)) == [BEN]
    assert names(lab, day(31)) == []
    assert left_out(lab, day(29)) == {(account_key(BEN), "nogo")}
    assert left_out(lab, day(31)) == set()
    say(lab, added(BEN, "mastodon", at=day(40)), at=day(40))
    assert [e.since for e in listed(lab.register, at=day(41))] == [day(40)]
    assert left_out(lab, day(35)) == set(), "between the two it did not hold"


def test_standing_knows_the_same_moments(lab: Lab) -> None:
    say(lab, Account(account=PETRA, seen_at=NOW, network="mastodon", own=True))
    say(lab, added(BEN, "mastodon", at=NOW, until=day(30)), added(BEN, "mastodon", at=day(40)))
    with lab.tables(as_of=day(60)) as tables:
        found = standing_of(tables.person_by_person())
        barred = [bool(found.barred(_keys(BEN), as_us(day(n)))[0]) for n in (-1, 1, 29, 31, 41)]
    assert barred == [False, True, True, False, True]


def _keys(*uris: str) -> Indices:
    return np.array([account_key(u) for u in uris], np.int64)


def test_taken_off_and_undone_and_undone_again(lab: Lab) -> None:
    assert undone(lab.register, at=NOW) == []
    say(lab, added(BEN, "mastodon", at=NOW, reason=REASON, until=day(90)))
    (entry,) = listed(lab.register, at=NOW)
    say(lab, removed(entry, at=day(1)))
    assert names(lab, day(1)) == []
    assert names(lab, day(0.5)) == [], "the list is what is known now"
    for at, there in ((2, True), (3, False), (4, True)):
        said = undone(lab.register, at=day(at))
        assert len(said) == 1
        say(lab, *said)
        assert (names(lab, day(at)) == [BEN]) is there
    (back,) = listed(lab.register, at=day(4))
    assert (back.reason, back.until) == (REASON, day(90)), "as it was before"


@draws(5)
@given(
    st.lists(st.tuples(st.booleans(), st.one_of(st.none(), st.integers(1, 9))), max_size=8),
    st.integers(0, 30),
)
def test_the_list_and_what_measures_leave_out_are_the_same(
    tmp_path_factory: pytest.TempPathFactory, told: list[tuple[bool, int | None]], at: int
) -> None:
    """Whatever was added and removed in whatever order: one answer."""
    with Lab.create(tmp_path_factory.mktemp("labs") / "lab") as lab:
        for number, (adds, ends) in enumerate(told):
            when = day(number * 3)
            if when > day(at):
                break
            entry = Entry(account=account_key(BEN), uri=BEN, reason="", since=NOW, until=None, review=NOW)
            until = None if ends is None else when + timedelta(days=ends)
            say(lab, added(BEN, "mastodon", at=when, until=until) if adds else removed(entry, at=when))
        assert bool(names(lab, day(at))) == bool(left_out(lab, day(at)))


def test_an_account_she_listed_and_then_called_her_own_leaves_nobody_out(lab: Lab) -> None:
    """Else she herself would vanish from every board, with all that others did for her."""
    say(lab, *world(), added(BEN, "mastodon", at=NOW, reason="wer ist das?"), added(ANNA, "mastodon", at=NOW))
    assert names(lab, day(1)) == [ANNA, BEN]
    with lab.writing(day(1)):
        link(lab.register, [PETRA, BEN], name="", owner=True)
    assert names(lab, day(2)) == [ANNA]
    assert left_out(lab, day(2)) == {(account_key(ANNA), "nogo")}
    with lab.tables(as_of=day(2)) as tables:
        standing = standing_of(tables.person_by_person())
        barred = standing.barred(np.array([account_key(PETRA)]), as_us(day(2)))
    assert not barred.any()


def test_an_owner_whose_account_calls_itself_automated_is_not_left_out(lab: Lab) -> None:
    robot = Account(
        account=PETRA,
        seen_at=NOW,
        network="mastodon",
        handle="petra@example.social",
        own=True,
        automated=True,
    )
    say(lab, *world(), robot)
    assert left_out(lab, day(1)) == set()


def everything_in(folder: Path) -> str:
    """All that stands in the files of a folder, unpacked and decoded."""
    import pyarrow.parquet as pq

    said = []
    for file in sorted(p for p in folder.rglob("*") if p.is_file()):
        said.append(file.name)
        if file.suffix == ".parquet":
            said.append(str(pq.read_table(file).to_pylist()))
        else:
            said.append(file.read_text("utf-8"))
    return "\n".join(said).lower()


def world() -> list[Event]:
    return [
        Account(account=PETRA, seen_at=NOW, network="mastodon", handle="petra@example.social", own=True),
        Post(post="p1", account=ANNA, network="mastodon", happened_at=NOW, text="Guten Morgen"),
    ]


@pytest.mark.parametrize("form", EVERYTHING)
def test_no_export_tells_of_it_but_the_private_one(lab: Lab, tmp_path: Path, form: Format) -> None:
    say(
        lab,
        *world(),
        added(BEN, "mastodon", at=NOW, reason=REASON),
        added(ANNA, "mastodon", at=NOW, reason="zu laut"),
    )
    assert kept_back(lab.register) == 2
    for private in (False, True):
        to = tmp_path / f"out {private}"
        with lab.tables(as_of=day(1)) as tables:
            export(tables, lab.register, to, form, private=private)
        said = everything_in(to)
        assert "anna@example.social" in said, "her posts are there"
        for word in ("benedikta", REASON.lower(), "zu laut", "nogo", "no-go", str(account_key(BEN))):
            expected = private and word not in ("no-go", str(account_key(BEN)))
            assert (word in said) is expected, word


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_what_left_with_private_comes_back(lab: Lab, tmp_path: Path, form: Format) -> None:
    say(lab, added(BEN, "mastodon", at=NOW, reason=REASON, until=day(90), review=day(30)))
    with lab.tables(as_of=day(1)) as tables:
        export(tables, lab.register, tmp_path / "out", form, private=True)
    with Lab.create(tmp_path / "other") as other:
        with other.writing(NOW) as writer:
            assert (
                sum(import_path(other, writer, path).problems for path, *_found in parts_of(tmp_path / "out"))
                == 0
            )
        assert listed(other.register, at=day(1)) == listed(lab.register, at=day(1))


def test_a_backup_holds_it_since_it_is_the_lab_itself(lab: Lab, tmp_path: Path) -> None:
    say(lab, added(BEN, "mastodon", at=NOW, reason=REASON))
    backup(lab.register, lab.folder, tmp_path / "copy.zip", at=NOW)
    with zipfile.ZipFile(tmp_path / "copy.zip") as packed:
        assert any(REASON.encode() in packed.read(name) for name in packed.namelist())


def test_who_is_forgotten_is_on_no_list_and_the_reason_is_gone_too(lab: Lab) -> None:
    say(lab, added(BEN, "mastodon", at=NOW, reason=REASON), added(ANNA, "mastodon", at=NOW, reason="zu laut"))
    with lab.writing(day(1)) as writer:
        writer.forget(account_key(BEN))
    assert names(lab, day(2)) == [ANNA]
    rows = " ".join(row[0] for row in lab.register.db.execute("select body from statement"))
    assert REASON not in rows
    say(lab, added(BEN, "mastodon", at=day(2), reason=REASON))
    assert names(lab, day(3)) == [ANNA], "the erased are not listed again"


def test_no_report_names_whom_the_owner_lists(lab: Lab) -> None:
    """Somebody whose acts made her score, then listed: the score falls, and the page says nothing of whose."""
    acts = [
        Act(
            kind="reply",
            actor=who,
            target=PETRA,
            network="mastodon",
            happened_at=day(-n),
            post=f"p{n}",
            via=f"{who} {n}",
        )
        for n in range(1, 60)
        for who in (ANNA, BEN)
    ]
    trust = [
        Statement(
            kind="trust", happened_at=day(-80), body={"trust": who, "network": "mastodon", "holds": True}
        )
        for who in (ANNA, BEN)
    ]
    say(lab, *world(), *acts, *trust)
    say(lab, added(BEN, "mastodon", at=day(0.5), reason=REASON))
    taken = take(lab, day(1), at=day(1))
    assert taken.fall is not None
    assert account_key(BEN) not in taken.fall.account_keys()
    for page in (as_page(taken), as_text(taken)):
        assert REASON not in page
        assert "benedikta" not in page.lower()
        assert "no-go" not in page.lower()
    assert taken.fall_span is not None
    start, end = taken.fall_span
    with Question(lab, day(1)).state() as state:
        hers = state.explanation(measure_named("influence"), start=start, end=end)
    assert account_key(BEN) in hers.account_keys(), "the owner herself is told"
