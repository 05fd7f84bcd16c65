"""A small lab of somebody who writes on two networks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from leumund import locale
from leumund.events import Account, Event, Post
from leumund.lab import Lab

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
MASTODON, BLUESKY = "acct:anna@example.social", "did:plc:anna"

Add = Callable[..., None]


@pytest.fixture(autouse=True)
def _english(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("LEUMUND_HOME", "LEUMUND_CONFIG", "LEUMUND_ERASURE_KEY"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    locale.use("en")
    yield
    locale.use("en")


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    """Anna's, without a post."""
    with Lab.create(tmp_path / "lab") as made:
        add(made)(
            Account(
                account=MASTODON, seen_at=NOW, network="mastodon", handle="anna@example.social", name="Anna Berg",
                url="https://example.social/@anna", own=True,
            ),
            Account(account=BLUESKY, seen_at=NOW, network="bluesky", handle="anna.example", own=True),
        )  # fmt: skip
        yield made


def add(lab: Lab) -> Add:
    """Adds events to it."""

    def adding(*events: Event) -> None:
        with lab.writing(NOW) as writer:
            writer.add(events)

    return adding


def post(number: int, text: str, *, hours: float = 1, **given: Any) -> Post:
    """One of Anna's, so many hours ago."""
    if given.setdefault("account", MASTODON) == BLUESKY:
        named: dict[str, Any] = {
            "post": f"at://{BLUESKY}/app.bsky.feed.post/3k{number}",
            "network": "bluesky",
        }
    else:
        named = {"post": f"https://example.social/users/anna/statuses/{number}", "network": "mastodon"}
        named["url"] = f"https://example.social/@anna/{number}"
    return Post(**{**named, "happened_at": NOW - timedelta(hours=hours), "text": text, **given})
