"""The next part of her story for the blog: her own figures, and nobody's name but hers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from leumund import locale
from leumund.events import Account, Act, Event, Post, Statement, StatementKind
from leumund.lab import Lab
from leumund.report import periodic
from leumund.report.part import as_page, as_post, take
from leumund.spoken.periods import month_said
from leumund.store.consents import agreed, withdrawn
from leumund.store.people import link

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
PETRA = "acct:petra@example.social"
STRANGERS = [f"acct:zwetschge{n}@example.social" for n in range(12)]


def said(kind: StatementKind, days: float, **body: Any) -> Statement:
    return Statement(kind=kind, happened_at=NOW - timedelta(days=days), body=body)


def told() -> list[Event]:
    begins = NOW - timedelta(days=25)
    return [
        *(Account(account=PETRA, seen_at=NOW - timedelta(days=d), network="mastodon", followers=60 - d, own=True,
                  handle="petra@example.social", name="Petra") for d in range(40)),
        *(Account(account=uri, seen_at=NOW, network="mastodon", handle=uri[5:], name="Zwetschge") for uri in STRANGERS),
        *(Post(post=f"p{d}", account=PETRA, network="mastodon", happened_at=NOW - timedelta(days=d),
               text="@zwetschge1@example.social sieh an", language="de") for d in (30, 20, 19, 9, 2)),
        *(Act(kind="reply", actor=uri, target=PETRA, network="mastodon", happened_at=NOW - timedelta(days=n),
              via=f"r{n}") for n, uri in enumerate(STRANGERS, 1)),
        said("customer", 9, customer="Zwetschgenbaum", found_us_by="mastodon", note="Zwetschge", value=48151),
        said("time", 8, time="mastodon", hours=6),
        said("time", 80, time="fair", hours=100),
        said("note", 7, note="Zwetschge getroffen", fun=4),
        said("goal", 60, goal="followers", target=90, until=(NOW + timedelta(days=60)).isoformat(),
             note="90 Follower wie zwetschge2.bsky.social bis Mai"),
        said("goal", 60, goal="customers", target=30, until=(NOW + timedelta(days=60)).isoformat(), note="30 Kunden"),
        said("experiment", 26, experiment="Früh schreiben", change="vor neun an @zwetschge1@example.social", outcome="responders", pairs=6,
             begins=begins.isoformat(), started_at=begins.isoformat()),
    ]  # fmt: skip


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    with Lab.create(tmp_path / "lab") as made, made.writing(NOW) as writer:
        writer.add(told())
    with Lab.open(tmp_path / "lab") as there:
        yield there


def test_it_tells_of_the_time_since_the_part_before(lab: Lab) -> None:
    part = take(lab, 3, NOW, since=NOW - timedelta(days=10))
    assert (part.days, part.posts, part.days_posted, part.hours, part.fun) == (10, 2, 2, 6.0, 4.0)
    assert part.responders == 9
    text, drawings = as_post(part, "part-3")
    assert text.startswith("# Part 3: what 10 days brought")
    assert "I wrote 2 posts on 2 days" in text
    assert "That took 6.0 hours, 4.2 a week. How much fun was it? 4.0 of 5." in text
    assert "60 follow me now, +10 since 10 Mar 2026." in text
    assert re.search(
        r"influence score went from .* \(most probably between|too little is known for an interval", text
    )
    assert set(re.findall(r"\]\((.*?)\)", text)) == set(drawings)
    assert {"part-3-followers.svg", "part-3-influence.svg"} <= set(drawings)
    assert take(lab, 1, NOW).days == 28


@pytest.mark.parametrize("language", ["en", "de"])
def test_nobody_else_is_named_in_it_and_no_customer(lab: Lab, language: str) -> None:
    locale.use(language)
    try:
        part = take(lab, 3, NOW)
        text, drawings = as_post(part, "x")
        for written in (text, as_page(part), *drawings.values()):
            assert "wetschge" not in written
            assert "30 Kunden" not in written
            assert "48151" not in written
        assert "Früh schreiben" in text
    finally:
        locale.use("en")


def test_what_is_not_known_is_not_told_as_0(tmp_path: Path) -> None:
    with Lab.create(tmp_path / "empty") as lab:
        text, drawings = as_post(take(lab, 1, NOW), "x")
    assert "I did not write down how many hours it took." in text
    assert "How many follow me is not known." in text
    assert "fun" not in text
    assert not drawings


def test_a_customers_name_in_her_own_words_stays_out(tmp_path: Path) -> None:
    begins = NOW - timedelta(days=25)
    with Lab.create(tmp_path / "lab") as made, made.writing(NOW) as writer:
        writer.add(
            [
                *told()[:40],
                said("customer", 9, customer="Frau Quitte", recommended_by="Herr Mispel > Mastodon"),
                said("time", 8, time="Beratung frau quitte", hours=6),
                said("time", 8, time="mastodon", hours=2),
                said("goal", 60, goal="followers", target=90, until=(NOW + timedelta(days=60)).isoformat(),
                     note="90 Follower, sagt Herr Mispel"),
                said("experiment", 26, experiment="Wie Frau Quitte", change="wie Herr Mispel", outcome="responders", pairs=6,
                     begins=begins.isoformat(), started_at=begins.isoformat()),
            ]
        )  # fmt: skip
    with Lab.open(tmp_path / "lab") as there:
        part = take(there, 3, NOW)
        text, drawings = as_post(part, "x")
        for written in (text, as_page(part), *drawings.values()):
            assert not re.search("quitte|mispel", written, re.IGNORECASE)
        assert "90 Follower, sagt …" in text
        whats = {row["what"] for row in part.diary.dicts()}
        assert "mastodon" in whats
        assert not any("quitte" in str(what) for what in whats)


def test_whoever_agreed_is_named_where_she_recommended_and_in_own_words_and_nobody_else(
    tmp_path: Path,
) -> None:
    with Lab.create(tmp_path / "lab") as made, made.writing(NOW) as writer:
        writer.add(told())
        seen = [
            Account(account=uri, seen_at=NOW, network="mastodon", handle=uri[5:], locked=False)
            for uri in STRANGERS[:4]
        ]
        praise = [
            Act(
                kind="endorse",
                actor=uri,
                target=PETRA,
                network="mastodon",
                happened_at=NOW - timedelta(days=2, minutes=n),
            )
            for n, uri in enumerate(STRANGERS[:3])
        ]
        later = (NOW + timedelta(days=60)).isoformat()
        note = "95 wie @zwetschge1@example.social und @zwetschge2@example.social"
        writer.add([*seen, *praise, said("goal", 50, goal="followers", target=95, until=later, note=note)])
        yes = agreed(made.register, STRANGERS[1:2], ["parts"], at=NOW)
        only_board = agreed(made.register, STRANGERS[2:3], ["board"], at=NOW)
        writer.add([s for group in (*yes.values(), *only_board.values()) for s in group])
    with Lab.open(tmp_path / "lab") as there:
        text, drawings = as_post(take(there, 3, NOW), "x")
        for written in (text, *drawings.values()):
            assert set(re.findall(r"zwetschge\d+", written)) <= {"zwetschge1"}
        assert "@zwetschge1@example.social and 2 others recommended me." in text.replace("\\", "")
        assert "95 wie @zwetschge1@example.social und @…" in text.replace("\\", "")
        with there.writing(NOW) as writer:
            gone = withdrawn(there.register, STRANGERS[1:2], ["parts"], at=NOW)
            writer.add([s for group in gone.values() for s in group])
        assert "wetschge" not in as_post(take(there, 3, NOW), "x")[0]


def test_a_client_finds_nobody_in_her_own_words_who_did_not_agree(tmp_path: Path) -> None:
    """Neither in goals and experiments nor on the marks of what happened; her words stand there only if asked for."""
    begins = (NOW - timedelta(days=25)).isoformat()
    until = (NOW + timedelta(days=60)).isoformat()
    ben, quitte = "acct:ben@example.social", "acct:quitte@example.social"
    words = [
        said("customer", 9, customer="Zwetschgenbaum", through="Mispel", value=1),
        said("goal", 60, goal="followers", target=90, until=until, note="wie Zwetschgenbaums und Petra Berg bis Mai"),
        said("goal", 60, goal="followers", target=95, until=until, note="mehr als @quitte@example.social und @ben@example.social"),
        said("goal", 60, goal="followers", target=96, until=until, note="mehr als Ida Quitte und https://x.com/quitte"),
        said("goal", 60, goal="customers", target=7, until=until, note="Kunden wie Brombeere"),
        said("experiment", 26, experiment="Brombeeres Rat", change="wie Brombeere", outcome="leads", pairs=6,
             begins=begins, started_at=begins),
        said("experiment", 400, experiment="Vorjahr", change="war", outcome="responders", pairs=6,
             begins=(NOW - timedelta(days=399)).isoformat(), started_at=(NOW - timedelta(days=399)).isoformat()),
        said("note", 7, note="krank wegen Quittchen", about="silence", until=(NOW - timedelta(days=6)).isoformat()),
        said("note", 7, note="Streit mit Quittchen"),
    ]  # fmt: skip
    people = [
        Account(account=ben, seen_at=NOW, network="mastodon", handle=ben[5:], name="Ben", locked=False),
        Account(account=quitte, seen_at=NOW, network="mastodon", handle=quitte[5:], name="Ida Quitte"),
        Account(
            account="at://did:plc:q", seen_at=NOW, network="bluesky", handle="quitte.example.com", name="Q"
        ),
        Account(
            account=PETRA, seen_at=NOW, network="mastodon", own=True, handle=PETRA[5:], name="Petra Berg"
        ),
    ]
    advice = said("experiment", 26, experiment="Mispels Rat", change="nach quitte.example.com und Quittchen", outcome="responders",
             pairs=6, begins=begins, started_at=begins, weeks="10 01 10 01 10 01")  # fmt: skip
    with Lab.create(tmp_path / "lab") as made:
        with made.writing(NOW - timedelta(days=26)) as writer:
            writer.add([advice])
        with made.writing(NOW) as writer:
            writer.add([*told(), *words, *people])
            writer.add(
                [s for group in agreed(made.register, [ben], ["parts"], at=NOW).values() for s in group]
            )
        link(made.register, [quitte], name="Quittchen")
    march = month_said("2026-03", NOW.date())
    with Lab.open(tmp_path / "lab") as there:
        there.register.import_row("jsonl", "x", place="für Frau Quitte.jsonl", at=NOW)
        bare, asked, every = (
            periodic.take(there, march, at=NOW, readership="client", also=frozenset(also))
            for also in ((), ("words",), ("words", "customers"))
        )
        team = periodic.take(there, march, at=NOW)
    page, worded, whole = (periodic.as_page(t).replace("<wbr>", "") for t in (bare, asked, every))
    for one in (page, worded, whole):
        assert not re.search("zwetschge|mispel|quitt|krank|streit|vorjahr", one, re.IGNORECASE)
    assert not re.search("brombeere|petra berg bis|@ben@|<h2[^>]*>Customers", page, re.IGNORECASE)
    assert "Experiment 1" in page
    assert "without the words" in page
    assert "@ben@example.social" in worded
    assert "Petra Berg bis Mai" in worded
    assert "rombeere" not in worded
    assert "Kunden wie Brombeere" in whole  # no name the lab knows: who asks for words reads them before
    assert [len(t.goals.rows) for t in (bare, asked, every, team)] == [4, 4, 6, 6]
    assert not bare.customers.rows
    assert every.customers.rows == team.customers.rows != ()
    assert "Vorjahr" not in {row["experiment"] for row in team.experiments.dicts()}
