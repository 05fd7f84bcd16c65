"""What every measure promises, whichever there are: run over all that is found, in a real lab."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from leumund.events import Account, Act, Deletion, Event, Post, Statement, StatementKind
from leumund.facts import all_facts
from leumund.ids import account_key
from leumund.lab import Lab
from leumund.measures import Column, Measure, Reading, all_measures, facts_needed, read, why
from leumund.store.tables import Tables

MEASURES = list(all_measures().values())
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=300)
PETRA, ANNA, BEN, CARLA = (f"acct:{name}@example.social" for name in ("petra", "anna", "ben", "carla"))
EXPLAINED = [m for m in MEASURES if m.explain is not None]
KINDS: dict[str, type | tuple[type, ...]] = {
    "account": int, "whole": int, "number": (int, float), "points": (int, float), "share": (int, float),
    "text": str, "time": datetime, "flag": bool, "day": date, "week": date, "post": str, "kind": str,
}  # fmt: skip


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def post(name: str, account: str, days: float, text: str, **more: Any) -> Post:
    return Post(
        post=name,
        account=account,
        network="mastodon",
        happened_at=ago(days),
        text=text,
        language="de",
        **more,
    )


def act(kind: Any, actor: str, days: float, target: str = PETRA, **more: Any) -> Act:
    return Act(kind=kind, actor=actor, target=target, network="mastodon", happened_at=ago(days), **more)


def told() -> list[Event]:
    """A few weeks of a small world, with something in it for every measure."""
    return [
        Account(
            account=PETRA,
            seen_at=ago(30),
            network="mastodon",
            handle="petra@example.social",
            followers=800,
            own=True,
        ),
        Account(
            account=PETRA,
            seen_at=ago(2),
            network="mastodon",
            handle="petra@example.social",
            followers=812,
            own=True,
        ),
        Account(
            account=ANNA, seen_at=ago(30), network="mastodon", handle="anna@example.social", followers=5000
        ),
        post("p1", ANNA, 14, "#FF @petra @ben because they listen"),
        post("p2", BEN, 14, "#FF @petra @carla"),
        post("p3", CARLA, 7, "#FF @ben @anna"),
        post("p4", PETRA, 6, "Danke für das #FF @anna", mentions=(ANNA,)),
        post("p5", PETRA, 5, "Ein langer Tag im Büro, aber das Gespräch war gut"),
        post("p6", BEN, 4, "#FF @petra for followers only", visibility="followers"),
        act("reply", ANNA, 4, post="p5", via="r1"),
        act("like", BEN, 4, post="p5"),
        act("reshare", CARLA, 3, post="p5"),
        act("quote", ANNA, 2, post="p5", via="q1"),
        act("follow", CARLA, 20),
        act("unfollow", CARLA, 1),
        act("follow", BEN, 40, exact=False),
        act("mention", ANNA, 14, via="p1"),
        act("like", PETRA, 1, target=CARLA, post="p3"),
        *entered(),
    ]


def entered() -> list[Statement]:
    """What the owner said herself."""

    def of(kind: StatementKind, days: float, **body: Any) -> Statement:
        return Statement(kind=kind, happened_at=ago(days), body=body, statement=f"{kind}-{days}")

    return [
        of("goal", 20, goal="followers", target=900, until=ago(-60).isoformat()),
        of("customer", 6, customer="K.", found_us_by="mastodon", value=480, recommended_by="@anna@example.social > L."),
        of("customer", 5, customer="M.", found_us_by="fair", lead=True),
        of("time", 9, time="mastodon", hours=3),
        of("time", 2, time="mastodon", hours=2.5),
        of("cost", 8, cost="fair", amount=340),
        of("note", 3, note="Fair", fun=4),
        of("experiment", 120, experiment="Mornings", change="before nine", outcome="responders", pairs=6, seed="blue",
           begins="2025-11-24T00:00:00+00:00", started_at=ago(118).isoformat(), said_at=ago(120).isoformat()),
    ]  # fmt: skip


def later() -> list[Event]:
    """What happens after NOW."""
    moved: list[Event] = [
        replace(event, happened_at=LATER, post=f"later-{number}")
        for number, event in enumerate(told())
        if isinstance(event, Post | Act)
    ]
    moved += [replace(s, happened_at=LATER, statement=f"later-{s.statement}") for s in entered()]
    return [*moved, Account(account=PETRA, seen_at=LATER, network="mastodon", followers=9, own=True)]


def lab_of(folder: Path, *parts: Sequence[Event]) -> Path:
    with Lab.create(folder) as lab, lab.writing(NOW) as writer:
        for events in parts:
            writer.add(events, source="made up")
        writer.derive(list(all_facts().values()))
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lab_of(tmp_path_factory.mktemp("lab") / "lab", told())


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lab_of(tmp_path_factory.mktemp("empty") / "lab", [])


@pytest.fixture(scope="module")
def turned_round(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, told in another order and in two pieces."""
    events = told()[::-1]
    return lab_of(tmp_path_factory.mktemp("turned") / "lab", events[:7], events[7:])


@pytest.fixture(scope="module")
def gone_on(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with what happened after NOW."""
    return lab_of(tmp_path_factory.mktemp("later") / "lab", told(), later())


@pytest.fixture(scope="module")
def deleted_and_never(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """All posts deleted, and none ever written."""
    gone = [Deletion(of="post", subject=p.post, happened_at=ago(1)) for p in told() if isinstance(p, Post)]
    kept = [e for e in told() if not isinstance(e, Post) and getattr(e, "via", None) != "p1"]
    folder = tmp_path_factory.mktemp("deleted")
    return lab_of(folder / "deleted", told(), gone), lab_of(folder / "never", kept)


@pytest.fixture(scope="module", autouse=True)
def _closed() -> Iterator[None]:
    """Whatever was opened is closed in the end."""
    with OPEN:
        yield
    opened.cache_clear()
    taken.cache_clear()


OPEN = ExitStack()


@cache
def opened(folder: Path) -> tuple[Lab, Tables]:
    """A lab that nobody writes to, opened once: as on the pages, one measure after the other is taken from the same state."""
    lab = OPEN.enter_context(Lab.open(folder, read_only=True))
    return lab, OPEN.enter_context(lab.tables(as_of=NOW))


def readings(lab: Lab, tables: Tables, measure: Measure) -> Iterator[Reading]:
    """The reading, and if there is one its explanation: of the owner's accounts and of another."""
    yield read(measure, tables, lab.names)
    if measure.explain is not None:
        yield why(measure, tables, lab.names)
        yield why(measure, tables, lab.names, account_key(BEN))


@cache
def taken(folder: Path, measure: str) -> tuple[Reading, ...]:
    """The same, taken once."""
    return tuple(readings(*opened(folder), all_measures()[measure]))


def said(folder: Path, measure: Measure) -> list[Any]:
    """All that readings say, to be compared."""
    return [
        (r.rows, dict(r.figures), [str(n) for n in r.notes], r.names) for r in taken(folder, measure.name)
    ]


def check_value(column: Column, value: Any) -> None:
    if value is None:
        assert column.optional, f"{column.name} must be known"
        return
    kind: Any = KINDS[column.kind]
    assert isinstance(value, kind), f"{column.name}: {value!r} is no {column.kind}"
    if column.kind == "time":
        assert value.utcoffset() == timedelta(0), f"{column.name} must be aware"
    if column.kind == "week":
        assert value.isoweekday() == 1, f"{column.name} must be a Monday"
    if column.kind == "share":
        assert 0 <= value <= 1


def test_there_are_measures() -> None:
    assert {"follow_friday", "influence", "followers", "courtesy"} <= set(all_measures())


@pytest.mark.parametrize("measure", MEASURES, ids=lambda m: m.name)
def test_a_measure_says_what_it_is(measure: Measure) -> None:
    assert measure.title
    assert measure.topic
    assert measure.question.endswith("?")
    assert measure.reference
    assert measure.compute.__doc__
    assert all(part in measure.compute.__doc__ for part in ("Gives:", "Source:"))
    assert all(column.title for column in (*measure.columns, *measure.explain_columns))
    assert set(facts_needed(measure, {})) <= set(all_facts())


@pytest.mark.parametrize("measure", MEASURES, ids=lambda m: m.name)
def test_a_reading_holds_what_its_columns_declare(measure: Measure, folder: Path) -> None:
    for reading in taken(folder, measure.name):
        assert reading.rows or measure.explain is not None
        for row in reading.rows:
            for column, value in zip(reading.columns, row, strict=True):
                check_value(column, value)
        assert all(name.startswith("@") for name in reading.names.values())
        assert all(
            value is None or isinstance(value, int | float | str) for value in reading.figures.values()
        )


@pytest.mark.parametrize("measure", MEASURES, ids=lambda m: m.name)
def test_an_empty_world_is_no_error_and_is_said(measure: Measure, empty: Path) -> None:
    for reading in taken(empty, measure.name):
        assert [str(note) for note in reading.notes]
        for name in {"score", "now", "share"} & set(reading.figures):
            assert not reading.figures[name], "unknown is not a number"


@pytest.mark.parametrize("measure", MEASURES, ids=lambda m: m.name)
def test_the_order_leaves_no_ties(measure: Measure, folder: Path) -> None:
    for reading, order in zip(
        taken(folder, measure.name), (measure.order, *[measure.explain_order] * 2), strict=False
    ):
        assert order
        names = [column.name for column in reading.columns]
        keys = [tuple(row[names.index(name.lstrip("-±"))] for name in order) for row in reading.rows]
        assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("measure", MEASURES, ids=lambda m: m.name)
def test_the_order_of_arrival_is_nothing(measure: Measure, folder: Path, turned_round: Path) -> None:
    assert said(turned_round, measure) == said(folder, measure)


@pytest.mark.parametrize("measure", MEASURES, ids=lambda m: m.name)
def test_the_future_is_unknown(measure: Measure, folder: Path, gone_on: Path) -> None:
    assert said(gone_on, measure) == said(folder, measure)


@pytest.mark.parametrize("measure", MEASURES, ids=lambda m: m.name)
def test_nothing_is_written(measure: Measure, folder: Path) -> None:
    def state() -> dict[str, str]:
        files = (p for p in folder.rglob("*") if p.is_file() and not p.name.endswith(("-shm", "-wal")))
        return {str(p): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}

    before = state()
    with Lab.open(folder, read_only=True) as lab, lab.tables(as_of=NOW) as tables:
        assert list(readings(lab, tables, measure))
    assert state() == before


@pytest.mark.parametrize("measure", MEASURES, ids=lambda m: m.name)
def test_what_was_deleted_counts_no_more(measure: Measure, deleted_and_never: tuple[Path, Path]) -> None:
    deleted, never = ([now_said(r) for r in taken(lab, measure.name)] for lab in deleted_and_never)
    assert deleted == never


def now_said(reading: Reading) -> Any:
    """What a reading says of its moment. A series of the past keeps what counted then, and why it changed tells that
    it was deleted, so of these it is their last value, or the end of the change."""
    if reading.shape == "series":
        return reading.rows[-1:]
    return reading.figures["to_score"] if reading.shape == "breakdown" else reading.rows
