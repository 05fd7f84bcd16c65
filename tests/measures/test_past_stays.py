"""A day in the history has the score that a reading as of that day has, whatever was deleted or told later."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import strategies as st

from leumund.events import Account, Act, Deletion, Event, Kind, Post
from leumund.facts import all_facts
from leumund.ids import account_key
from leumund.lab import Lab
from leumund.measures import Reading, measure_named, read, why
from leumund.store.marks import EVER, marked
from leumund.store.tables import COMMUNITY
from tests.draws import draws

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
PETRA, ANNA, BEN, CARLA, DORA = (
    f"acct:{name}@example.social" for name in ("petra", "anna", "ben", "carla", "dora")
)
INFLUENCE = measure_named("influence")
SLOW = draws(1, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def act(kind: Kind, actor: str, target: str, days: float, name: str, **more: object) -> Act:
    via = name if kind == "reply" else None
    return Act(kind=kind, actor=actor, target=target, network="mastodon", happened_at=ago(days), act=f"act:{name}",
               via=via, post=f"of:{name}", **more)  # type: ignore[arg-type]  # fmt: skip


def story() -> list[Event]:
    """Ben by exchange, Carla since Petra follows her, Dora through Anna's reply and recommendation; all act often."""
    both = [
        act("reply", *pair, 40 - 7 * week, f"x{week}{side}")
        for week in range(4)
        for side, pair in enumerate(((BEN, PETRA), (PETRA, BEN)))
    ]
    return [
        Account(account=PETRA, seen_at=ago(90), network="mastodon", handle="petra@example.social", own=True),
        Account(account=DORA, seen_at=ago(90), network="mastodon", handle="dora@example.social"),
        marked("trust", ANNA, "mastodon", at=ago(60), since=EVER),
        *both,
        act("follow", PETRA, CARLA, 35, "f1"),
        act("reply", ANNA, DORA, 33, "k1"),
        Post(post="v1", account=ANNA, network="mastodon", happened_at=ago(30.5), language="en",
             text="#FF @dora@example.social because she listens"),
        *(act("reshare", who, PETRA, 32 - 4 * n, f"s{n}{who[5]}") for n in range(8) for who in (BEN, CARLA, DORA)),
    ]  # fmt: skip


SUBJECTS = [("post", f"x{week}{side}") for week in range(4) for side in range(2)]
SUBJECTS += [("post", "k1"), ("post", "v1"), ("act", "act:f1"), ("act", "act:s2b"), ("act", "act:s3d")]


def made(folder: Path, events: list[Event], *, community: bool = False) -> Lab:
    with Lab.create(folder) as lab, lab.writing(NOW) as writer:
        if community:
            lab.register.put("kind", COMMUNITY)
        writer.add(events, source="made up")
        writer.derive(list(all_facts().values()))
    return Lab.open(folder)


def reading(lab: Lab, at: datetime) -> Reading:
    with lab.tables(as_of=at) as tables:
        return read(INFLUENCE, tables, lab.names, days=1)


def end_of(days: float) -> datetime:
    return ago(days).replace(hour=23, minute=59, second=59, microsecond=999_999)


def check_past(lab: Lab, near: float = 1e-9) -> None:
    with lab.tables(as_of=NOW) as tables:
        history = {row[0]: row[1] for row in read(INFLUENCE, tables, lab.names, days=30).rows}
        found = why(INFLUENCE, tables, lab.names, start=ago(20), end=NOW, limit=None)
    for days in (27, 13, 8, 3):
        at = end_of(days)
        assert history[at.date()] == pytest.approx(reading(lab, at).figures["score"], abs=near), days
    assert found.figures["from_score"] == pytest.approx(reading(lab, ago(20)).figures["score"], abs=near)
    assert sum(row["points"] for row in found.dicts()) == pytest.approx(found.figures["change"], abs=1e-9)


@pytest.mark.parametrize("community", [False, True])
@SLOW
@given(
    st.lists(
        st.tuples(st.sampled_from(SUBJECTS), st.floats(0.1, 25)), max_size=6, unique_by=lambda gone: gone[0]
    )
)
@example([(("post", "k1"), 10.0), (("post", "v1"), 4.0)])
@example([(("post", "x10"), 10.0), (("act", "act:f1"), 4.0)])
def test_what_is_deleted_later_was_there_before(
    tmp_path_factory: pytest.TempPathFactory, community: bool, deleted: list[tuple[tuple[str, str], float]]
) -> None:
    gone = [Deletion(of=of, subject=name, happened_at=ago(days)) for (of, name), days in deleted]  # type: ignore[arg-type]
    with made(tmp_path_factory.mktemp("lab") / "lab", [*story(), *gone], community=community) as lab:
        check_past(lab, 1e-6 if community else 1e-9)  # a graph is solved to 1e-8


def test_standing_goes_with_the_evidence_on_the_day_after_it_was_deleted(tmp_path: Path) -> None:
    gone = [Deletion(of="post", subject=name, happened_at=ago(10)) for name in ("k1", "v1")]
    with made(tmp_path / "lab", [*story(), *gone]) as lab:

        def tau(days: float) -> float:
            with lab.tables(as_of=ago(days)) as tables:
                rows = read(measure_named("standing"), tables, lab.names).dicts()
            return next((row["standing"] for row in rows if "dora" in row["account"]), 0.0)

        assert [tau(days) for days in (11, 9)] == pytest.approx([0.3, 0])
        with lab.tables(as_of=NOW) as tables:
            shown = why(measure_named("standing"), tables, lab.names, account=account_key(DORA))
        assert shown.rows == (), "what was deleted, and by whom, is shown to nobody"


def test_acts_deleted_later_were_too_many_on_their_day_all_the_same(tmp_path: Path) -> None:
    many = [act("like", BEN, PETRA, 15 + n / 1000, f"l{n}") for n in range(120)]
    gone = [Deletion(of="act", subject=f"act:l{n}", happened_at=ago(6)) for n in range(90)]
    with made(tmp_path / "lab", [*story(), *many, *gone]) as lab:
        check_past(lab)


def test_a_follow_without_a_time_after_an_unfollow_counts_from_when_it_was_told(tmp_path: Path) -> None:
    again = act("follow", PETRA, CARLA, 12, "f3", exact=False)
    with made(tmp_path / "lab", [*story(), act("unfollow", PETRA, CARLA, 20, "f2"), again]) as lab:
        check_past(lab)
        with lab.tables(as_of=NOW) as tables:
            rows = read(measure_named("standing"), tables, lab.names).dicts()
        assert [row["standing"] for row in rows if "carla" in row["account"]] == [0.5]


def test_a_follow_that_an_earlier_list_did_not_hold_does_not_rewrite_the_past(tmp_path: Path) -> None:
    first = act("follow", PETRA, ANNA, 60, "f4", exact=False)
    later = act("follow", PETRA, DORA, 12, "f5", exact=False)
    with made(tmp_path / "lab", [*story(), first, later]) as lab:
        check_past(lab)
