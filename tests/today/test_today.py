"""What changed and what is to be done, on a lab of a few weeks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from leumund.asking import Question, derived
from leumund.events import Account, Act, Event, Post
from leumund.facts import all_facts
from leumund.lab import Lab
from leumund.sources.living import Connection
from leumund.store import connections
from leumund.store.connections import Reach, put_reach
from leumund.store.entries import entered
from leumund.today import all_tasks
from leumund.today.changes import changes
from leumund.today.taken import Taken

NOW = datetime(2026, 3, 17, 12, tzinfo=UTC)  # a Tuesday
PETRA, ANNA, BEN = (f"acct:{name}@example.social" for name in ("petra", "anna", "ben"))


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def told() -> list[Event]:
    """Followers grow by two a day, and by forty yesterday; Anna reshared twice, Ben recommends for the first time."""
    return [
        Account(account=PETRA, seen_at=ago(200), network="mastodon", own=True),
        *(Account(account=PETRA, seen_at=ago(d), network="mastodon",
                  followers=1000 - 2 * d + (40 if d == 0 else 0)) for d in range(90, -1, -1)),
        *(Post(post=f"p{d}", account=PETRA, network="mastodon", happened_at=ago(d), text="Guten Tag", language="de")
          for d in (60, 30, 20, 2)),
        *(Act(kind="reshare", actor=ANNA, target=PETRA, network="mastodon", happened_at=ago(d), post=p, act=f"a{d}")
          for d, p in ((100, "p60"), (19, "p20"), (1.5, "p2"))),
        Post(post="ff", account=BEN, network="mastodon", happened_at=ago(4), text="#FF @petra weil sie zuhört"),
        Act(kind="follow", actor=PETRA, target=ANNA, network="mastodon", happened_at=ago(90)),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("today") / "lab"
    with Lab.create(folder) as made, made.writing(NOW) as writer:
        writer.add(told())
    return folder


@contextmanager
def taken(folder: Path, at: datetime = NOW) -> Iterator[Taken]:
    with Lab.open(folder, read_only=True) as lab:
        derived(lab, all_facts(), at=at)
        with Question(lab, at).state() as state:
            yield Taken(lab, state, at, at)


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
    assert (doing.page, doing.why) == ("/hours", "Nothing was entered for 5 weeks.")
