"""Small made-up events for the store's tests."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from leumund.events import Account, Act, Event, Post
from leumund.lab import Lab

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
ANNA, BEN, CARLA = "acct:anna@werkstatt.example", "acct:ben@werkstatt.example", "acct:carla@garten.example"


def post(
    number: int, *, who: str = ANNA, text: str = "Guten Morgen", days_ago: float = 0, **more: object
) -> Post:
    fields = {
        "post": f"https://werkstatt.example/posts/{number}", "account": who, "network": "mastodon",
        "happened_at": NOW - timedelta(days=days_ago), "text": text, **more,
    }  # fmt: skip
    return Post(**fields)  # type: ignore[arg-type]


def like(number: int, *, who: str = BEN, whom: str = ANNA, days_ago: float = 0, **more: object) -> Act:
    fields = {
        "kind": "like", "actor": who, "target": whom, "network": "mastodon",
        "happened_at": NOW - timedelta(days=days_ago), "post": f"https://werkstatt.example/posts/{number}", **more,
    }  # fmt: skip
    return Act(**fields)  # type: ignore[arg-type]


def anna(**more: object) -> Account:
    fields = {"account": ANNA, "seen_at": NOW, "network": "mastodon", "handle": "anna@werkstatt.example",
              "name": "Anna Berg", "own": True, **more}  # fmt: skip
    return Account(**fields)  # type: ignore[arg-type]


def week() -> list[Event]:
    """Anna, seven posts of hers, two likes of each."""
    events: list[Event] = [anna(followers=10)]
    for n in range(7):
        events += [post(n, days_ago=n), like(n, days_ago=n), like(n, who=CARLA, days_ago=n)]
    return events


def stored(lab: Lab, table: str = "posts") -> int:
    with lab.tables(as_of=NOW + timedelta(days=3650)) as tables:
        return int((tables.sql(f"select count(*) from {table}").fetchall()[0] or (0,))[0])


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a lab but SQLite's own working files."""
    return {
        str(p.relative_to(folder)): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file()
        and p.suffix not in {".sqlite-wal", ".sqlite-shm", ".lock"}
        and "wal" not in p.name
        and "shm" not in p.name
    }


def write_lines(path: Path, posts: int) -> None:
    """JSON lines: so many posts of Anna's, each followed by a like of it."""
    with path.open("w", encoding="utf-8") as out:
        for n in range(posts):
            at = (NOW - timedelta(minutes=posts - n)).isoformat().replace("+00:00", "Z")
            uri = f"https://werkstatt.example/posts/{n}"
            said = {
                "noun": "post",
                "post": uri,
                "account": ANNA,
                "network": "mastodon",
                "happened_at": at,
                "text": f"Satz {n}",
            }
            liked = {
                "noun": "act",
                "kind": "like",
                "actor": BEN,
                "target": ANNA,
                "network": "mastodon",
                "happened_at": at,
                "post": uri,
            }
            out.write(json.dumps(said) + "\n" + json.dumps(liked) + "\n")
