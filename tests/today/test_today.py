"""What changed and what is to be done, on a lab of a few weeks."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from leumund.lab import Lab
from leumund.sources.living import Connection
from leumund.store import connections
from leumund.store.connections import Reach, put_reach
from leumund.store.entries import entered
from leumund.today import all_tasks
from leumund.today.changes import changes
from tests.today.conftest import NOW, PETRA, ago, taken, told


def test_what_changed_is_said_with_its_reason_or_that_it_is_nothing_unusual(lab: Path) -> None:
    with taken(lab) as readings:
        found = {c.name: c for c in changes(readings, date(2026, 3, 13))}
        before = {c.name: c for c in changes(readings, date(2026, 3, 17))}
    assert list(found) == ["influence", "followers", "thanks", "board", "goals"]
    followers = found["followers"]
    assert (followers.value, followers.change, followers.matters) == ("1,040", "+50", True)
    assert followers.why.startswith("More than usual: in as many days before it was +10 to +10.")
    assert found["thanks"].change == "+2"
    assert "2 things that merit thanks came, 0 of them answered." in found["thanks"].why
    assert before["thanks"].change == ""
    assert not before["thanks"].matters
    assert "@ben@example.social" in found["board"].why
    assert found["goals"].unknown
    assert found["influence"].course[-1] == pytest.approx(float(found["influence"].value), abs=0.05)


def test_who_did_it_for_the_first_time_waits_first(lab: Path) -> None:
    with taken(lab) as readings:
        doing = all_tasks()["thanks"].find(readings)
    assert doing is not None
    assert "ben" in doing.what or "anna" in doing.what
    assert doing.page == "/thanks"


def test_a_source_that_was_not_read_for_days_is_named_with_its_trouble(lab: Path, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(lab, tmp_path / "lab")
    with Lab.open(tmp_path / "lab") as there:
        made = connections.add(
            there.register,
            Connection(id="", source="mastodon", server="https://example.social", account=PETRA),
            at=ago(9),
        )
        with there.register.transaction() as db:
            put_reach(
                db, Reach(connection=made.id, stream="posts", ran_at=ago(9), since=None, whole=True, note="")
            )
    find = all_tasks()["sources"].find
    with taken(tmp_path / "lab", ago(8)) as readings:
        assert find(readings) is None
    with Lab.open(tmp_path / "lab") as there, there.register.transaction() as db:
        put_reach(
            db, Reach(connection=made.id, stream="posts", ran_at=None, since=None, whole=True, note="refused")
        )
    with taken(tmp_path / "lab") as readings:
        doing = find(readings)
    assert doing is not None
    assert "@petra@example.social" in doing.what
    assert doing.why == "It was not read for 9 days. refused"


def test_an_experiments_week_is_told_when_it_begins(tmp_path: Path) -> None:
    body = {"experiment": "Fragen", "change": "Am Ende eine Frage", "outcome": "responders", "pairs": 6,
            "washout_days": 1, "begins": "2026-03-16T00:00:00+00:00", "seed": "abc", "started_at": ago(2).isoformat()}  # fmt: skip
    from leumund.coins import as_written

    body["weeks"] = as_written("abc", 6)
    with Lab.create(tmp_path / "lab") as made, made.writing(ago(5)) as writer:
        writer.add([*told()[:1], entered("experiment", body, happened_at=ago(5), said_at=ago(5))])
    find = all_tasks()["experiments"].find
    said = []
    for days in (0, 3, 5):  # Tuesday, Friday, Sunday
        with taken(tmp_path / "lab", NOW + timedelta(days=days)) as readings:
            doing = find(readings)
            said.append("" if doing is None else doing.what + doing.why)
    assert "Fragen" in said[0]
    assert said[1] == ""
    assert "tomorrow" in said[2]


def test_hours_are_asked_for_only_where_they_were_entered_once(lab: Path, tmp_path: Path) -> None:
    find = all_tasks()["entries"].find
    with taken(lab) as readings:
        assert find(readings) is None
    with Lab.create(tmp_path / "lab") as made, made.writing(ago(40)) as writer:
        writer.add([*told()[:1], entered("time", {"hours": 1.5, "channel": "mastodon"}, happened_at=ago(40), said_at=ago(40))])  # fmt: skip
    with taken(tmp_path / "lab") as readings:
        doing = find(readings)
    assert doing is not None
    assert (doing.page, doing.why) == ("/spending", "Nothing was entered for 5 weeks.")


def test_who_knows_nobody_yet_is_asked_whom_she_trusts(lab: Path, tmp_path: Path) -> None:
    find = all_tasks()["trust"].find
    with taken(lab) as readings:
        assert find(readings) is None  # she follows Anna
    alone = [event for event in told() if getattr(event, "kind", "") != "follow"]
    with Lab.create(tmp_path / "alone") as made, made.writing(NOW) as writer:
        writer.add(alone)
    with taken(tmp_path / "alone") as readings:
        doing = find(readings)
        assert doing is not None
        assert doing.page == "/people"
        board = {c.name: c for c in changes(readings, date(2026, 3, 11))}["board"]
    assert board.why.startswith("From then no recommendation is known.")
    assert not board.matters
    with Lab.create(tmp_path / "empty") as made, made.writing(NOW) as writer:
        writer.add(alone[:1])
    with taken(tmp_path / "empty") as readings:
        assert find(readings) is None  # nobody did anything yet
