"""Day after day: what was kept and brought up to date is the very same as what is worked out from all acts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leumund.events import Account, Act, Deletion, Event, Post
from leumund.facts import all_facts
from leumund.ids import account_key
from leumund.lab import Lab
from leumund.labs import make_own
from leumund.measures import measure_named
from leumund.network.board import board
from leumund.network.changed import Catalogue
from leumund.network.daily import Daily, everybody
from leumund.network.kept import erased, keeping
from leumund.store.marks import EVER, marked
from leumund.store.people import link, unlink

SUNDAY = datetime(2025, 11, 30, 12, tzinfo=UTC)
NAMES = tuple(f"acct:n{n}@example.social" for n in range(6))
FACT = "recommendations"


def day(number: float) -> datetime:
    return SUNDAY + timedelta(days=number)


@contextmanager
def community(folder: Path) -> Iterator[Lab]:
    make_own(folder, [], community=True)
    with Lab.open(folder) as lab:
        yield lab


def told(lab: Lab, *events: Event, at: datetime) -> None:
    with lab.writing(at) as writer:
        writer.add(events)
        writer.derive([all_facts()[FACT]])


def daily(lab: Lab, as_of: datetime) -> Daily:
    tables = lab.tables(as_of=as_of, memory_mb=256)
    catalogue = Catalogue.now(lab.register, lab.folder, all_facts()[FACT].version)
    with tables.person_by_person(), keeping(lab.folder, erased(lab.register)) as kept:
        found = everybody(tables, catalogue, kept)
        kept.commit(erased(lab.register))
    return found


def check_board(lab: Lab, as_of: datetime) -> None:
    """Two boards: with what is remembered of everybody's standing in each week, and without."""
    boards = []
    catalogue = Catalogue.now(lab.register, lab.folder, all_facts()[FACT].version)
    for remembering in (True, True, False):
        with ExitStack() as held:
            tables = held.enter_context(lab.tables(as_of=as_of, memory_mb=256).person_by_person())
            if remembering:
                kept = held.enter_context(keeping(lab.folder, erased(lab.register)))
                everybody(tables, catalogue, kept)
            boards.append(measure_named("follow_friday").compute(tables, limit=None).rows)
            if remembering:
                kept.commit(erased(lab.register))
    first, again, plain = (b.sort_by("account") for b in boards)
    for one in (first, again):
        assert one["account"].to_pylist() == plain["account"].to_pylist()
        for name in ("score", "unknown"):
            assert one[name].to_pylist() == pytest.approx(plain[name].to_pylist(), abs=1e-9)


def check_kept_board(lab: Lab, as_of: datetime) -> None:
    """The board of what is kept and of today's votes, and the one made of all posts."""
    catalogue = Catalogue.now(lab.register, lab.folder, all_facts()[FACT].version)
    with lab.tables(as_of=as_of, memory_mb=256).person_by_person() as tables:
        with keeping(lab.folder, erased(lab.register)) as kept:
            found = everybody(tables, catalogue, kept)
            mine = board(tables, kept, found.changed, found.standing)
            kept.commit(erased(lab.register))
        plain = measure_named("follow_friday").compute(tables, limit=None)
    assert mine.figures == plain.figures
    assert mine.notes == plain.notes
    assert mine.rows.schema == plain.rows.schema
    ours, theirs = (r.rows.sort_by("account") for r in (mine, plain))
    for name in set(ours.column_names) - {"rank"}:  # equal ones may change places by a rounding
        one, other = ours[name].to_pylist(), theirs[name].to_pylist()
        if name in {"score", "unknown", "added", "net"}:
            other = pytest.approx(other, abs=1e-9)
        assert one == other, name


def from_scratch(lab: Lab, as_of: datetime) -> pa.Table:
    with lab.tables(as_of=as_of, memory_mb=256).person_by_person() as tables:
        return measure_named("scores").compute(tables, limit=None).rows


def check_same(ours: pa.Table, theirs: pa.Table) -> None:
    mine, others = (
        t.sort_by("account") for t in (ours, theirs)
    )  # equal ones may change places by a rounding
    assert mine["account"].to_pylist() == others["account"].to_pylist()
    for name in ("actors", "acts"):
        assert mine[name].to_pylist() == others[name].to_pylist(), name
    for name in ("score", "low", "high", "standing"):
        one, other = (np.array(t[name].to_pylist(), float) for t in (mine, others))
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-9, err_msg=name)


who = st.sampled_from(NAMES)
ago = st.floats(-800, 0).map(lambda d: round(d, 3)) | st.floats(-20, 0).map(lambda d: round(d, 3))
KINDS = ("reshare", "quote", "reply", "mention", "follow", "like", "endorse")


def acts() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"kind": st.sampled_from(KINDS), "actor": who, "target": who, "ago": ago,
         "post": st.none() | st.integers(0, 5), "count": st.sampled_from([1, 1, 1, 60]),
         "apart": st.sampled_from([0, 0, 0.4, -0.4])}
    )  # fmt: skip


happenings = st.one_of(
    st.tuples(st.just("acts"), st.lists(acts(), min_size=1, max_size=12)),
    st.tuples(st.just("friday"), st.tuples(who, who, who, ago, st.sampled_from(["public", "public", "followers"]))),
    st.tuples(st.just("gone"), st.tuples(st.sampled_from(["post", "account", "post back"]), st.integers(0, 5), who)),
    st.tuples(st.just("trust"), st.tuples(who, st.sampled_from(["trust", "nogo"]), st.booleans())),
    st.tuples(st.just("one"), st.tuples(who, who)),
    st.tuples(st.just("alias"), st.tuples(who, who)),
    st.tuples(st.just("apart"), who),
    st.tuples(st.just("robot"), st.tuples(who, st.booleans())),
    st.tuples(st.just("hidden"), st.tuples(st.integers(0, 5), who)),
    st.tuples(st.just("compact"), st.none()),
    st.tuples(st.just("forget"), who),
)  # fmt: skip


def happen(lab: Lab, kind: str, what: Any, now: datetime, number: int) -> None:
    if kind == "acts":
        made = []
        for n, a in enumerate(what):
            via = None if a["post"] is None else f"https://example.social/p{a['post']}"
            # a post has one time, whenever one hears of it, told by some a few hours off
            at = now + timedelta(days=a["ago"]) if via is None else day(-40 * a["post"] + a["apart"] - 0.3)
            made.append(
                Act(kind=a["kind"], actor=a["actor"], target=a["target"], network="mastodon", happened_at=at,
                    via=via, act=f"https://example.social/a{number}-{n}", count=a["count"])
            )  # fmt: skip
        told(lab, *made, at=now)
    elif kind == "friday":
        author, one, other, when, visibility = what
        text = "#FF " + " ".join(name.replace("acct:", "@") for name in (one, other))
        post = Post(post=f"https://example.social/f{number % 3}", account=author, network="mastodon",
                    happened_at=now + timedelta(days=when), text=text, mentions=(one, other), visibility=visibility)  # fmt: skip
        told(lab, post, at=now)
    elif kind == "gone":
        of, post, account = what
        subject = account if of == "account" else f"https://example.social/p{post}"
        told(lab, Deletion(of=of, subject=subject, happened_at=now), at=now)
    elif kind == "trust":
        account, mark, holds = what
        told(
            lab, marked(mark, account, "mastodon", at=now, since=EVER if holds else None, holds=holds), at=now
        )
    elif kind == "one" and what[0] != what[1]:
        link(lab.register, list(what), name="")
    elif kind == "alias" and what[0] != what[1]:
        told(lab, Account(account=what[0], seen_at=now, network="mastodon", aliases=(what[1],)), at=now)
    elif kind == "apart":
        unlink(lab.register, account_key(what))
    elif kind == "robot":
        told(lab, Account(account=what[0], seen_at=now, network="mastodon", automated=what[1]), at=now)
    elif kind == "hidden":
        post, account = what
        told(lab, Post(post=f"https://example.social/p{post}", account=account, network="mastodon",
                       happened_at=day(-40 * post), text="", visibility="followers"), at=now)  # fmt: skip
    elif kind == "compact":
        with lab.writing(now + timedelta(days=90)) as writer:
            writer.compact()
    elif kind == "forget" and lab.register.uris([account_key(what)]):
        with lab.writing(now) as writer:
            writer.forget(account_key(what))


FIRST = ("acts", [{"kind": k, "actor": a, "target": t, "ago": -d, "post": None, "count": 1, "apart": 0}
                  for k, a, t, d in (("reply", NAMES[0], NAMES[1], 8), ("reshare", NAMES[1], NAMES[2], 15),
                                     ("quote", NAMES[2], NAMES[3], 1))])  # fmt: skip
STEPS = st.lists(st.tuples(happenings, st.sampled_from([0, 1, 1, 3, 7, 30, -5])), min_size=2, max_size=6)


def walk(folder: Path, steps: list[Any]) -> None:
    """Whatever happens, in whatever order, late or not."""
    with community(folder) as lab:
        happen(lab, "trust", (NAMES[0], "trust", True), day(0), 0)
        happen(lab, *FIRST, day(0), 1000)
        now = day(0)
        newest = now
        for number, ((kind, what), later) in enumerate(steps):
            now += timedelta(days=later)
            newest = max(newest, now) + timedelta(seconds=1)
            happen(lab, kind, what, now, number)
            check_same(daily(lab, now).scores.rows, from_scratch(lab, now))
            if number % 2:  # what is kept of it is now and then two days old
                check_kept_board(lab, now)
        check_kept_board(lab, now)
        check_board(lab, now)


LATE = {
    "kind": "reply",
    "actor": NAMES[3],
    "target": NAMES[1],
    "ago": -20,
    "post": 1,
    "count": 60,
    "apart": 0,
}


def test_a_history_of_late_acts_deletions_links_and_trust(tmp_path: Path) -> None:
    walk(
        tmp_path / "lab",
        [
            (("friday", (NAMES[1], NAMES[2], NAMES[4], -8, "public")), 0),
            (("acts", [LATE, {**LATE, "kind": "mention", "apart": 0.4}]), 1),
            (("gone", ("post", 1, NAMES[0])), 1),
            (("one", (NAMES[2], NAMES[4])), 7),
            (("trust", (NAMES[1], "trust", True)), -5),
        ],
    )


def test_a_day_that_lies_many_years_from_the_last_one_is_the_same_as_from_scratch(tmp_path: Path) -> None:
    with community(tmp_path / "lab") as lab:
        assert not daily(lab, day(0)).scores.rows.num_rows  # nothing is known yet: there is a base of nothing
        happen(lab, "trust", (NAMES[0], "trust", True), day(0), 0)
        for number, days in enumerate((-6200, 0)):
            happen(lab, *FIRST, day(days), number)
            check_same(daily(lab, day(days)).scores.rows, from_scratch(lab, day(days)))
        check_same(daily(lab, day(-6200)).scores.rows, from_scratch(lab, day(-6200)))


@pytest.mark.long
@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_happens_the_day_is_the_same_as_from_scratch(
    tmp_path_factory: pytest.TempPathFactory, steps: list[Any]
) -> None:
    walk(tmp_path_factory.mktemp("days") / "lab", steps)
