"""A small lab of Petra's in which strangers wrote whatever may do harm where it is shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from leumund.events import Account, Act, Event, Post, Statement
from leumund.lab import Lab

PETRA, BEN, MAL = "acct:petra@kiez.example", "acct:ben@werkstatt.example", "acct:mal@boese.example"
SCRIPT = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
TURNED = "\u202eevil\u202c \u200f"
LONG = "W" * 10_000
BY_SCRIPT = "javascript:document.title='owned'"


def hostile_lab(folder: Path) -> Path:
    """Ben, who is kind, and Mal, who is not."""
    now = datetime.now(UTC).replace(microsecond=0)
    Lab.create(folder).register.close()
    with Lab.open(folder) as lab, lab.writing(now) as writer:
        writer.add(events(now), source="csv")
    return folder


def events(now: datetime) -> Iterator[Event]:
    for who, handle, name, bio in (
        (PETRA, "petra@kiez.example", "Petra", ""),
        (BEN, "ben@werkstatt.example", "Ben", "Tischler"),
        (MAL, f"mal{TURNED}@boese.example", SCRIPT, SCRIPT + TURNED + LONG),
    ):
        yield Account(
            account=who, seen_at=now, network="mastodon", handle=handle, name=name, bio=bio, own=who == PETRA,
            url=BY_SCRIPT if who == MAL else None,
        )  # fmt: skip
    for n, text in enumerate(("Guten Morgen", SCRIPT, TURNED + "abc", LONG)):
        yield Post(
            post=f"https://kiez.example/@petra/{n}", account=PETRA, network="mastodon", text=text,
            happened_at=now - timedelta(days=9 - n), likes=2,
        )  # fmt: skip
    for n, text in enumerate(("mag ich", SCRIPT, TURNED + SCRIPT, LONG)):
        yield from _answers(now - timedelta(days=4, hours=n), n, text)
    yield Act(
        kind="reshare", actor=BEN, target=PETRA, network="mastodon", happened_at=now - timedelta(days=2),
        post="https://kiez.example/@petra/0",
    )  # fmt: skip
    for n in range(60):  # enough adverts that conduct speaks of Mal
        yield Post(
            post=f"https://boese.example/ad/{n}", account=MAL, network="mastodon", happened_at=now - timedelta(days=30, hours=n),
            text=f"{SCRIPT} Jetzt kaufen! Rabatt 50 % nur heute https://boese.example/shop/{n} #Werbung",
        )  # fmt: skip

    nasty = SCRIPT + TURNED + LONG
    entered: dict[str, dict[str, str | float]] = {
        "note": {"note": nasty},
        "customer": {"customer": nasty, "found_us_by": BY_SCRIPT, "recommended_by": nasty},
        "time": {"time": nasty, "hours": 1.0},
        "cost": {"cost": nasty, "amount": 5.0, "currency": SCRIPT},
        "goal": {"goal": nasty, "target": 5.0, "until": "2030-01-01T00:00:00+00:00", "note": nasty},
        "nogo": {"nogo": "acct:ned@boese.example", "network": "mastodon", "reason": nasty},
        "experiment": {
            "experiment": nasty, "change": nasty, "outcome": SCRIPT, "pairs": 8, "seed": nasty, "weeks": "10",
            "begins": "2030-01-07T00:00:00+00:00",
        },
    }  # fmt: skip
    for kind, body in entered.items():
        yield Statement(kind=kind, happened_at=now - timedelta(days=3), body=body)  # type: ignore[arg-type]


def _answers(at: datetime, n: int, text: str) -> Iterator[Event]:
    """Mal answers, quotes, mentions and shares, each in words that may do harm, one under an address that does."""
    for kind in ("reply", "quote", "mention"):
        uri = BY_SCRIPT + str(n) if kind == "quote" else f"https://boese.example/{kind}/{n}"
        about = f"https://kiez.example/@petra/{n}"
        yield Post(
            post=uri, account=MAL, network="mastodon", happened_at=at, text=f"@petra@kiez.example {text} so ist es wohl", url=BY_SCRIPT,
            reply_to=about if kind == "reply" else None, quote_of=about if kind == "quote" else None, mentions=(PETRA,),
        )  # fmt: skip
        yield Act(
            kind=kind, actor=MAL, target=PETRA, network="mastodon", happened_at=at, via=uri,
            post=None if kind == "mention" else about,
        )  # fmt: skip
    yield Act(
        kind="like", actor=MAL, target=PETRA, network="mastodon", happened_at=at, post=f"https://kiez.example/@petra/{n}"
    )  # fmt: skip
