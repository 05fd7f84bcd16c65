"""What others delete is a cause of its own: the days before still know it, the days after no longer do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from leumund.events import Account, Act, Deletion, Event, Post
from leumund.facts import all_facts
from leumund.ids import account_key
from leumund.lab import Lab
from leumund.measures import Reading, measure_named, read, why
from leumund.measures.influence import sentences
from leumund.measures.influence.learned import as_known_then
from leumund.store.marks import EVER, marked
from leumund.views.cells import day, sentence
from tests.draws import draws

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
PETRA, ANNA, BEN, CARLA = (f"acct:{name}@example.social" for name in ("petra", "anna", "ben", "carla"))
INFLUENCE = measure_named("influence")
SLOW = draws(4, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def vote(name: str, author: str, days: float) -> Post:
    text = "#FF @petra@example.social because she listens"
    return Post(
        post=name, account=author, network="mastodon", happened_at=ago(days), text=text, language="en"
    )


def act(kind: str, actor: str, days: float, name: str) -> Act:
    via = name if kind == "reply" else None
    return Act(kind=kind, actor=actor, target=PETRA, network="mastodon", happened_at=ago(days), act=f"act:{name}",  # type: ignore[arg-type]
               via=via, post="p")  # fmt: skip


def story() -> list[Event]:
    return [
        Account(account=PETRA, seen_at=ago(30), network="mastodon", handle="petra@example.social", own=True),
        *(marked("trust", uri, "mastodon", at=ago(40), since=EVER) for uri in (ANNA, BEN, CARLA)),
        vote("v1", ANNA, 10.2),
        vote("v2", ANNA, 9.9),  # the same week: counts once, but counts on when the first one is deleted
        act("reply", BEN, 12, "r1"),
        act("like", BEN, 12, "l1"),
        act("reshare", CARLA, 11, "s1"),
    ]


def made(folder: Path, events: list[Event]) -> Lab:
    with Lab.create(folder) as lab, lab.writing(NOW) as writer:
        writer.add(events, source="made up")
        writer.derive(list(all_facts().values()))
    return Lab.open(folder)


def reading(lab: Lab, at: datetime) -> Reading:
    with lab.tables(as_of=at) as tables:
        return read(INFLUENCE, tables, lab.names, days=30)


def split(lab: Lab, since: datetime, until: datetime) -> Reading:
    with lab.tables(as_of=NOW) as tables:
        return why(INFLUENCE, tables, lab.names, start=since, end=until, limit=None)


def test_a_deleted_reply_takes_its_points_away_on_its_day(tmp_path: Path) -> None:
    gone = Deletion(of="post", subject="r1", happened_at=ago(5))
    with made(tmp_path / "lab", [*story(), gone]) as lab:
        found = split(lab, ago(6), ago(4))
        points = {(r["cause"], r["kind"], r["account"]): r["points"] for r in found.dicts()}
        assert points["deleted", "reply", None] < -1, "and nobody is told who it was"
        assert not any(cause == "new" for cause, _, _ in points)
        assert any(str(note).startswith("What others deleted took -") for note in found.notes)
        assert found.figures["from_score"] == pytest.approx(reading(lab, ago(6)).figures["score"])
        assert found.figures["to_score"] == pytest.approx(reading(lab, ago(4)).figures["score"])
        history = {row[0]: row[1] for row in reading(lab, NOW).rows}
        before = ago(6).replace(hour=23, minute=59, second=59, microsecond=999_999)
        assert history[before.date()] == pytest.approx(reading(lab, before).figures["score"])


def test_where_one_of_two_votes_of_a_week_is_deleted_the_other_counts_on(tmp_path: Path) -> None:
    gone = Deletion(of="post", subject="v1", happened_at=ago(5))
    with made(tmp_path / "lab", [*story(), gone]) as lab:
        found = split(lab, ago(6), ago(4))
        (left,) = [r["points"] for r in found.dicts() if r["cause"] == "deleted"]
        assert 0 < left < 0.5, "the second one is three tenths of a day younger"
        assert found.figures["to_score"] == pytest.approx(reading(lab, ago(4)).figures["score"])


@SLOW
@given(
    st.lists(st.sampled_from(["v1", "v2", "r1", "act:l1", "act:s1"]), max_size=4, unique=True),
    st.lists(st.floats(0.1, 9), min_size=4, max_size=4),
    st.floats(1, 12),
)
def test_whatever_is_deleted_the_causes_add_up(
    tmp_path_factory: pytest.TempPathFactory, subjects: list[str], when: list[float], since: float
) -> None:
    gone = [
        Deletion(of="act" if name.startswith("act:") else "post", subject=name, happened_at=ago(days))
        for name, days in zip(subjects, when, strict=False)
    ]
    with made(tmp_path_factory.mktemp("lab") / "lab", [*story(), *gone]) as lab:
        found = split(lab, ago(since), NOW)
        assert found.figures["from_score"] == pytest.approx(
            reading(lab, ago(since)).figures["score"], abs=1e-9
        )
        assert found.figures["to_score"] == pytest.approx(reading(lab, NOW).figures["score"], abs=1e-9)
        if found.figures["change"] is not None:
            assert abs(sum(r["points"] for r in found.dicts()) - float(found.figures["change"])) < 1e-9


def test_what_was_learned_later_is_a_part_of_its_own(tmp_path: Path) -> None:
    with made(tmp_path / "lab", story()) as lab, lab.writing(NOW + timedelta(days=5)) as writer:
        writer.add([act("reshare", BEN, 8, "late")], source="made up")
    with Lab.open(tmp_path / "lab") as lab:
        start, end = NOW + timedelta(days=1), NOW + timedelta(days=6)
        with lab.tables(as_of=start, known_by=start) as tables:
            then = read(INFLUENCE, tables, lab.names)
        with lab.tables(as_of=end) as tables:
            now = why(INFLUENCE, tables, lab.names, start=start, end=end, limit=None)
        found = as_known_then(now, then)
        points = [r["points"] for r in found.dicts() if r["cause"] == "learned"]
        assert points == [found.figures["learned"]]
        assert points[0] > 1
        assert found.figures["from_score"] == then.figures["score"]
        assert sum(r["points"] for r in found.dicts()) == pytest.approx(found.figures["change"], abs=1e-9)
        said = [sentence(n) for n in found.notes]
        assert f"({day(start)}), as it was known then, to " in said[0]
        assert any("quiet day" in s for s in said), "what else was said is still said"


def test_where_no_post_is_known_a_deleted_act_is_a_cause_too(tmp_path: Path) -> None:
    acts = [e for e in story() if not isinstance(e, Post)]
    gone = Deletion(of="act", subject="act:s1", happened_at=ago(3))
    with made(tmp_path / "lab", [*acts, gone]) as lab:
        found = split(lab, ago(4), ago(2))
        assert found.figures["deleted"] < -0.5  # type: ignore[operator]
        assert found.figures["from_score"] == pytest.approx(reading(lab, ago(4)).figures["score"])


def test_what_was_forgotten_long_ago_leaves_nothing_and_breaks_nothing(tmp_path: Path) -> None:
    old = Act(kind="like", actor=ANNA, target=PETRA, network="mastodon", happened_at=ago(900), post="p")
    with made(tmp_path / "lab", [story()[0], old]) as lab:
        assert reading(lab, NOW).figures["score"] == 0
        found = split(lab, ago(9), NOW)
        assert (found.figures["from_score"], found.figures["to_score"], found.rows) == (0, 0, ())


def test_who_did_and_took_back_in_one_span_is_named_by_no_row_and_no_sentence(tmp_path: Path) -> None:
    gone = [Deletion(of="post", subject="r1", happened_at=ago(5)), Deletion(of="act", subject="act:l1", happened_at=ago(4))]  # fmt: skip
    with made(tmp_path / "lab", [*story(), act("like", CARLA, 20, "l0"), *gone]) as lab:
        found = split(lab, ago(14), ago(3))
        assert found.figures["deleted"] < -1  # type: ignore[operator]
        told = str(found.rows) + str(found.names) + str(sentences(found))
        assert "ben" not in told
        assert str(account_key(BEN)) not in told
        assert str(account_key(CARLA)) in told, "who took nothing back is named as ever"
        assert sum(r["points"] for r in found.dicts()) == pytest.approx(found.figures["change"], abs=1e-9)
        before = split(lab, ago(14), ago(6))
        assert str(account_key(BEN)) in str(before.rows), "what was not deleted yet in that span is told"


def test_what_else_somebody_did_is_told_beside_what_she_took_back(tmp_path: Path) -> None:
    gone = Deletion(of="post", subject="r1", happened_at=ago(5))
    with made(tmp_path / "lab", [*story(), gone]) as lab:
        rows = split(lab, ago(14), ago(3)).dicts()
        named = {(r["cause"], r["kind"]) for r in rows if r["account"] == "@ben@example.social"}
        assert named == {("new", "like"), ("fading", "like")}


def test_the_first_act_known_stays_the_first_when_it_was_deleted(tmp_path: Path) -> None:
    gone = [Deletion(of="post", subject="r1", happened_at=ago(1)), Deletion(of="act", subject="act:l1", happened_at=ago(1))]  # fmt: skip
    with made(tmp_path / "lab", [*story(), *gone]) as lab:
        found = split(lab, ago(11.5), NOW)
        assert found.figures["from_score"] == pytest.approx(reading(lab, ago(11.5)).figures["score"])
        history = {row[0]: row[1] for row in reading(lab, NOW).rows}
        before = ago(12).replace(hour=23, minute=59, second=59, microsecond=999_999)
        assert history[before.date()] == pytest.approx(reading(lab, before).figures["score"])
