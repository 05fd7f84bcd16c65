"""A lab of a few weeks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from leumund.asking import Question, derived
from leumund.events import Account, Act, Event, Post
from leumund.facts import all_facts
from leumund.lab import Lab
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


@pytest.fixture(scope="session")
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
