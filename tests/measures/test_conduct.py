"""Evidence for a private no-go list: what posts are, who lies beyond a limit, and what the made-up world knows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from leumund.events import Account, Event, Post
from leumund.facts import all_facts
from leumund.ids import account_key
from leumund.lab import Lab
from leumund.measures import Reading, measure_named, read, why
from leumund.measures.conduct.evidence import FACTS, Evidence, Numbers, evidence
from leumund.measures.conduct.limits import Kind, limits_said
from leumund.simulate import World
from leumund.simulate.truth import HUMAN
from leumund.store.marks import marked
from leumund.store.nogo import added

from .conftest import Coach

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
PETRA, SELLER, TALKER, COPIER, ROBOT = (
    f"acct:{name}@example.social" for name in ("petra", "seller", "talker", "copier", "robot")
)
CONDUCT = measure_named("conduct")
SAID = (
    "Gestern sagte unsere Lehrerin wieder, dass niemand alleine rechnen lernen muss, wenn viele zusammen üben.",
    "Im Garten hinter dem alten Bahnhof wachsen heute Tomaten, Bohnen und drei ziemlich schiefe Apfelbäume.",
    "Wer morgens eine Stunde früher aufsteht, findet im ganzen Haus plötzlich Ruhe zum Schreiben und Denken.",
    "Unsere Nachbarin repariert seit vierzig Jahren Fahrräder und verschenkt jedes zweite an Kinder im Viertel.",
    "Auf der langen Fahrt durch den Regen haben wir endlich beschlossen, den Keller gemeinsam auszuräumen.",
    "Manche Bücher liest man besser zweimal, weil beim ersten Mal immer nur die eigene Neugier mitliest.",
)


def post(name: str, who: str, days: float, text: str, **more: Any) -> Post:
    return Post(
        post=name,
        account=who,
        network="mastodon",
        happened_at=NOW - timedelta(days=days),
        text=text,
        language="de",
        **more,
    )


def adverts(who: str, count: int = 12) -> list[Event]:
    return [
        post(
            f"{who} {n}",
            who,
            n + 1,
            f"Nur heute: Kurs {n} zum halben Preis! Jetzt sichern: https://shop.example/{n}",
        )
        for n in range(count)
    ]


def told() -> list[Event]:
    return [
        Account(account=PETRA, seen_at=NOW, network="mastodon", handle="petra@example.social", own=True),
        Account(account=ROBOT, seen_at=NOW, network="mastodon", handle="robot@example.social", automated=True),
        *adverts(SELLER),
        *adverts(ROBOT),
        *(post(f"t{n}", TALKER, 20 - n, text) for n, text in enumerate(SAID)),
        *(post(f"c{n}", COPIER, 10 - n, text + " #Alltag") for n, text in enumerate(SAID)),
        *(post(f"mine{n}", PETRA, 20 - n, "Nur heute: mein Kurs zum halben Preis! Jetzt sichern: https://a.example") for n in range(9)),
    ]  # fmt: skip


def lab_of(folder: Path, events: list[Event]) -> Lab:
    lab = Lab.create(folder)
    with lab.writing(NOW) as writer:
        writer.add(events, source="made up")
        writer.derive([all_facts()[name] for name in FACTS])
    return lab


def readings(
    folder: Path, events: list[Event], whose: str = SELLER, **options: Any
) -> tuple[Reading, Reading]:
    with lab_of(folder, events) as lab, lab.tables(as_of=NOW) as tables:
        shown = {k: v for k, v in options.items() if k != "limit"}
        return read(CONDUCT, tables, lab.names, **options), why(
            CONDUCT, tables, lab.names, account_key(whose), **shown
        )


def by_name(reading: Reading) -> dict[str, dict[str, Any]]:
    return {row["account"]: row for row in reading.dicts()}


def test_who_only_advertises_is_proposed_and_why_says_so_in_the_owners_words(tmp_path: Path) -> None:
    shown, explained = readings(tmp_path / "lab", told())
    rows = by_name(shown)
    assert [name for name, row in rows.items() if row["proposed"]] == [
        "@seller@example.social",
        "@copier@example.social",
    ]
    assert "more than half adverts" in rows["@seller@example.social"]["beyond"]
    assert rows["@seller@example.social"]["adverts"] == 1
    assert "@talker@example.social" not in rows, (
        "of whom there is no evidence is not listed, whatever the profile"
    )
    assert any("no evidence of any kind: 1" in str(note) for note in shown.notes)
    assert "@petra@example.social" not in rows, "the owner is not looked at"
    sentences = [str(note) for note in explained.notes]
    assert any("12 of 12 posts" in s for s in sentences)
    assert any("“more than half adverts”" in s for s in sentences)
    assert {row["post"] for row in explained.dicts()} == {f"{SELLER} {n}" for n in range(12)}


def test_a_declared_robot_the_trusted_and_the_listed_are_not_proposed(tmp_path: Path) -> None:
    rows = by_name(readings(tmp_path / "one", told())[0])
    assert rows["@robot@example.social"]["beyond"]
    assert not rows["@robot@example.social"]["proposed"]
    for name, said in (
        ("trusted", marked("trust", SELLER, "mastodon", at=NOW)),
        ("listed", added(SELLER, "mastodon", at=NOW, reason="adverts")),
    ):
        row = by_name(readings(tmp_path / name, [*told(), said])[0])["@seller@example.social"]
        assert row["beyond"]
        assert not row["proposed"]
        assert row["listed"] == (name == "listed")


def test_what_is_surely_not_beyond_a_limit_is_not_hinted_at(tmp_path: Path) -> None:
    """None of 60 posts: the limit is not passed. None of six: nobody can tell a quarter from it, and that is said."""
    many = [
        post(f"m{n}", "acct:many@example.social", n + 1, SAID[n % 6] + " " + "abcdefghij"[n // 6] * 9)
        for n in range(60)
    ]
    explained = readings(tmp_path / "many", [*told(), *many], whose="acct:many@example.social")[1]
    said = [str(note) for note in explained.notes]
    assert any("“more than half adverts” is not passed." in s for s in said)
    few = readings(tmp_path / "few", told(), whose=TALKER)[1]
    assert any(
        "“more than a quarter similar to others” is passed cannot be told" in str(n) for n in few.notes
    )


def test_the_bounds_of_all_are_reckoned_once_however_many_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    bounds = Evidence.bounds

    def counted(self: Evidence, kind: Kind) -> tuple[Numbers, Numbers]:
        asked.append(kind)
        return bounds(self, kind)

    monkeypatch.setattr(Evidence, "bounds", counted)
    shops = [e for n in range(40) for e in adverts(f"acct:shop{n}@example.social", 6)]
    assert len(readings(tmp_path / "lab", [*told(), *shops], limit=None)[0].dicts()) > 40
    assert len(asked) < 25, "once for each kind and limit, not for each account"


def test_limits_are_the_owners(tmp_path: Path) -> None:
    shown, explained = readings(tmp_path / "lab", told(), whose=TALKER, limits=("fewer than 2 of 3 thanks",))
    assert all(row["beyond"] == "fewer than 2 of 3 thanks" for row in shown.dicts())
    assert any("“fewer than 2 of 3 thanks”" in str(note) for note in explained.notes)
    nobody, _ = readings(tmp_path / "none", told(), limits=())
    assert not any(row["beyond"] or row["proposed"] for row in nobody.dicts())
    assert any("set no limits" in str(note) for note in nobody.notes)


def test_similar_to_an_earlier_post_and_never_the_other_way_round(tmp_path: Path) -> None:
    shown, explained = readings(tmp_path / "lab", told(), whose=COPIER)
    rows = by_name(shown)
    assert rows["@copier@example.social"]["similar_to_others"] == 1
    assert "@talker@example.social" not in rows
    assert {row["post"]: row["other"] for row in explained.dicts()} == {
        f"c{n}": f"t{n}" for n in range(len(SAID))
    }
    assert all(row["likeness"] >= 0.8 for row in explained.dicts())


@pytest.mark.parametrize(
    "changed",
    [
        {"text": SAID[0] + " (von @talker@example.social)", "mentions": (TALKER,)},
        {"text": SAID[0] + " via talker"},
        {"text": SAID[0] + " https://example.social/@talker/1"},
        {"quote_of": "t0"},
        {"reply_to": "t0", "reply_to_account": TALKER},
        {"exact": False},
        {"visibility": "followers"},
    ],
)
def test_what_says_where_it_comes_from_is_not_counted(tmp_path: Path, changed: dict[str, Any]) -> None:
    text = changed.pop("text", SAID[0])
    events = [e for e in told() if not isinstance(e, Post) or e.account not in (COPIER, TALKER)]
    events += [
        post("t0", TALKER, 20, SAID[0], url="https://example.social/@talker/1"), post("c0", COPIER, 10, text, **changed),
        *(post(f"own{n}", COPIER, 9 - n, f"{said} Und dann {n}.") for n, said in enumerate(SAID[1:])),
    ]  # fmt: skip
    explained = readings(tmp_path / "lab", events, whose=COPIER)[1]
    assert explained.figures["posts"] in (5, 6)  # a reshare is no original
    assert explained.figures["similar_to_others"] == 0


def test_what_three_said_before_is_a_saying(tmp_path: Path) -> None:
    others = [f"acct:o{n}@example.social" for n in range(3)]
    events = [
        post(f"{who} {n}", who, 30 - i - n / 10, text)
        for i, who in enumerate(others)
        for n, text in enumerate(SAID)
    ]
    shown, explained = readings(tmp_path / "lab", [*told(), *events], whose=COPIER)
    rows = by_name(shown)
    assert (explained.figures["posts"], explained.figures["similar_to_others"]) == (6, 0)
    assert rows["@o1@example.social"]["similar_to_others"] == 1


def test_with_few_posts_nothing_is_said(tmp_path: Path) -> None:
    events = [e for e in told() if getattr(e, "post", "") not in {f"t{n}" for n in range(2)}]
    shown, explained = readings(tmp_path / "lab", events, whose=TALKER)
    assert "@talker@example.social" not in by_name(shown)
    assert any("Left out" in str(note) for note in shown.notes)
    assert [str(note) for note in explained.notes] == [
        "Fewer than 5 posts of this account are known that everybody may see; nothing is said of it."
    ]


def test_no_word_accuses(tmp_path: Path) -> None:
    shown, explained = readings(tmp_path / "lab", told(), whose=COPIER)
    said = " ".join(
        [str(n) for r in (shown, explained) for n in r.notes]
        + [c.title for r in (shown, explained) for c in r.columns]
    )
    assert not [
        word
        for word in ("stolen", "thief", "plagiar", "liar", "fake", "copied", "robot", "spammer")
        if word in said.lower()
    ]
    assert "private" in said.lower() or "only you" in said.lower()
    assert CONDUCT.private


# -- the made-up world, whose truth is known


@pytest.fixture(scope="module")
def world(coach: Coach) -> World:
    return coach.world


@pytest.fixture(scope="module")
def found(coach: Coach) -> Iterator[Evidence]:
    with coach.tables() as tables:
        yield evidence(tables)


def proposed(found: Evidence) -> set[int]:
    passed = found.passed(limits_said(None))
    return {int(a) for a, p, may in zip(found.accounts, passed, found.proposable, strict=True) if p and may}


def test_four_fifths_of_the_advertisers_are_proposed_and_none_of_the_people(
    world: World, found: Evidence
) -> None:
    who = {account_key(uri): kind for uri, kind in world.truth.who.items()}
    named = proposed(found)
    sellers = {key for key, kind in who.items() if kind == "advertiser"}
    assert len(named & sellers) >= 0.8 * len(sellers)
    assert [who[key] for key in named if who[key] in HUMAN] == []


def test_advertisers_stand_before_people_in_the_list(world: World, found: Evidence) -> None:
    who = {account_key(uri): kind for uri, kind in world.truth.who.items()}
    points = dict(zip(found.accounts.tolist(), found.points.tolist(), strict=True))
    sellers = [p for key, p in points.items() if who.get(key) == "advertiser"]
    people = [p for key, p in points.items() if who.get(key) in HUMAN]
    ahead = sum(s > p for s in sellers for p in people) / (len(sellers) * len(people))
    assert ahead >= 0.88


def test_copies_are_found_with_what_they_are_similar_to(world: World, found: Evidence) -> None:
    copies = {copy: original for copy, original in world.truth.copies if copy not in world.truth.gone}
    right = sum(
        copy in found.similar and found.similar[copy].other == original for copy, original in copies.items()
    )
    assert right >= 0.8 * len(copies)
