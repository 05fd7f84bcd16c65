from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leumund.errors import LabBusyError, NoLabError
from leumund.events import Account, Checkpoint, Deletion, Problem, Statement
from leumund.lab import Lab
from leumund.store.register import as_us
from tests.draws import draws

from . import worlds as w


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab.create(tmp_path / "lab")


def test_what_is_added_is_there_once(lab: Lab) -> None:
    with lab.writing(w.NOW) as writer:
        added = writer.add(w.week())
    assert added.new == {"posts": 7, "acts": 14, "sightings": 1}
    assert (w.stored(lab), w.stored(lab, "acts"), w.stored(lab, "sightings")) == (7, 14, 1)


def test_adding_the_same_again_changes_no_file_and_no_row(lab: Lab) -> None:
    with lab.writing(w.NOW) as writer:
        writer.add(w.week())
    before = w.contents(lab.folder)
    with lab.writing(w.NOW + timedelta(days=1)) as writer:
        again = writer.add(w.week())
    assert again.new == {"posts": 0, "acts": 0, "sightings": 0}
    after = w.contents(lab.folder)
    assert {k: v for k, v in after.items() if k.endswith("parquet")} == {
        k: v for k, v in before.items() if k.endswith("parquet")
    }


def test_the_same_event_twice_in_one_batch_is_one(lab: Lab) -> None:
    with lab.writing(w.NOW) as writer:
        assert writer.add([w.post(1), w.post(1), w.like(1), w.like(1)]).new == {"posts": 1, "acts": 1}


def test_an_act_told_by_two_sources_is_one(lab: Lab) -> None:
    told = w.like(1, act="https://werkstatt.example/likes/77")
    with lab.writing(w.NOW) as writer:
        writer.add([w.like(1)])
        assert writer.add([told]).new == {"acts": 0}


def test_an_edited_post_shows_its_newest_text_and_its_old_one_to_old_readings(lab: Lab) -> None:
    with lab.writing(w.NOW) as writer:
        writer.add([w.post(1, text="Gutn Morgen", likes=3)])
    later = w.NOW + timedelta(days=2)
    with lab.writing(later) as writer:
        writer.add([w.post(1, text="Guten Morgen")])
    with lab.tables(as_of=later) as tables:
        assert tables.sql("select text, likes from posts").fetchall() == [("Guten Morgen", 3)]
    with lab.tables(as_of=later, known_by=w.NOW) as tables:
        assert tables.sql("select text from posts").fetchall() == [("Gutn Morgen",)]


def test_nothing_later_than_as_of_is_seen(lab: Lab) -> None:
    with lab.writing(w.NOW) as writer:
        writer.add(w.week())
    with lab.tables(as_of=w.NOW - timedelta(days=3)) as tables:
        assert tables.sql("select count(*) from posts").fetchall()[0] == (4,)
        assert tables.sql(
            "select count(*) from posts where happened_at > $t", t=tables.as_of.replace(tzinfo=None)
        ).fetchall()[0] == (0,)


def test_a_deleted_post_and_what_was_done_with_it_are_not_seen_from_then_on(lab: Lab) -> None:
    reply = replace(w.like(1), kind="reply", via="https://werkstatt.example/posts/2")
    with lab.writing(w.NOW) as writer:
        writer.add(
            [
                w.post(1, days_ago=3),
                w.post(2, who=w.BEN, days_ago=2),
                replace(reply, happened_at=w.NOW - timedelta(days=2)),
            ]
        )
        writer.add(
            [
                Deletion(
                    of="post",
                    subject="https://werkstatt.example/posts/2",
                    happened_at=w.NOW - timedelta(days=1),
                )
            ]
        )
    with lab.tables(as_of=w.NOW) as tables:
        assert tables.sql("select post from posts").fetchall() == [("https://werkstatt.example/posts/1",)]
        assert tables.sql("select count(*) from acts").fetchall()[0] == (0,)
    with lab.tables(as_of=w.NOW - timedelta(days=1, hours=1)) as tables:
        assert tables.sql("select count(*) from posts").fetchall()[0] == (2,)
        assert tables.sql("select count(*) from acts").fetchall()[0] == (1,)


def test_an_account_known_by_two_names_is_one(lab: Lab) -> None:
    number, name = "https://x.com/i/user/12", "https://x.com/anna"
    seen = Account(account=number, aliases=(name,), seen_at=w.NOW, network="x", handle="Anna")
    with lab.writing(w.NOW) as writer:
        writer.add([w.like(1, whom=name), w.like(2, whom=number)])
        writer.add([seen])
    with lab.tables(as_of=w.NOW) as tables:
        assert tables.sql("select count(distinct target) from acts").fetchall()[0] == (1,)


def test_aliases_give_the_same_account_in_any_order(tmp_path: Path) -> None:
    chain = [("a", "b"), ("c", "d"), ("b", "c")]
    heads = []
    for number, pairs in enumerate((chain, chain[::-1], [chain[1], chain[2], chain[0]])):
        lab = Lab.create(tmp_path / str(number))
        with lab.writing(w.NOW) as writer:
            for one, other in pairs:
                writer.add(
                    [
                        Account(
                            account=f"other:{one}",
                            aliases=(f"other:{other}",),
                            seen_at=w.NOW,
                            network="other",
                        )
                    ]
                )
        heads.append(lab.register.aliases())
    assert heads[0] == heads[1] == heads[2]
    assert len(set(heads[0].values())) == 1


def test_a_follow_without_a_time_is_one_however_often_it_is_seen(lab: Lab) -> None:
    follow = replace(w.like(1), kind="follow", post=None, exact=False)
    with lab.writing(w.NOW) as writer:
        assert writer.add([follow]).new == {"acts": 1}
        assert writer.add([replace(follow, happened_at=w.NOW + timedelta(days=200))]).new == {"acts": 0}
        assert writer.add([replace(follow, exact=True)]).new == {"acts": 1}


def test_a_sum_told_anew_replaces_the_old_sum(lab: Lab) -> None:
    total = w.like(1, exact=False, count=3)
    with lab.writing(w.NOW) as writer:
        writer.add([total])
    with lab.writing(w.NOW + timedelta(days=1)) as writer:
        writer.add([replace(total, count=5)])
    with lab.tables(as_of=w.NOW + timedelta(days=1)) as tables:
        assert tables.sql("select count from acts").fetchall() == [(5,)]


def test_cursor_statements_and_problems_come_with_the_rows(lab: Lab) -> None:
    with lab.register.transaction() as db:
        db.execute(
            "insert into import (id, source, place, fingerprint, started_at) values (1, 'x', 'y', 'z', 0)"
        )
    with lab.writing(w.NOW) as writer:
        writer.add(
            [w.post(1), Checkpoint(position={"line": 7}), Statement(kind="customer", happened_at=w.NOW, body={"customer": "K."}),
             Problem(where="f:3", message="empty")],
            source="csv", fingerprint="abc", import_id=1,
        )  # fmt: skip
    assert lab.register.cursor("csv", "abc") == {"line": 7}
    assert lab.register.db.execute("select kind, body from statement").fetchone()[:] == (
        "customer",
        '{"customer": "K."}',
    )
    assert lab.register.db.execute("select place, message from problem").fetchone()[:] == ("f:3", "empty")
    assert lab.register.db.execute("select new, problems from import").fetchone()[:] == (2, 1)


def test_only_one_may_write(lab: Lab) -> None:
    with lab.writing(w.NOW), pytest.raises(LabBusyError) as caught, lab.writing(w.NOW):
        pass
    assert "show" in caught.value.hint


def test_a_folder_without_a_lab_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoLabError) as caught:
        Lab.open(tmp_path)
    assert str(tmp_path) in caught.value.message
    assert "leumund init" in caught.value.hint


@draws(6)
@given(st.permutations(range(12)), st.lists(st.integers(1, 11), max_size=3))
def test_in_any_order_and_any_batches_the_lab_holds_the_same(order: list[int], cuts: list[int]) -> None:
    import tempfile

    events = [w.post(n, days_ago=n * 20) for n in range(6)] + [w.like(n, days_ago=n * 20) for n in range(6)]
    bounds = sorted({0, *cuts, 12})
    with tempfile.TemporaryDirectory() as folder:
        lab = Lab.create(Path(folder) / "lab")
        with lab.writing(w.NOW) as writer:
            for low, high in pairwise(bounds):
                writer.add([events[i] for i in order[low:high]] + [events[order[low]]])
        with lab.tables(as_of=w.NOW) as tables:
            rows = tables.sql("select post, account, epoch_us(happened_at) from posts order by 1").fetchall()
            acts = tables.sql("select post, actor, target from acts order by 1").fetchall()
        lab.register.close()
    assert [(r[0], r[2]) for r in rows] == sorted((e.post, as_us(e.happened_at)) for e in events[:6])
    assert len(acts) == len(set(acts)) == 6
