"""Labs with connected accounts, and what is in them, for the tests of living sources."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from leumund import syncing, vault
from leumund.http import Client
from leumund.http.addresses import place
from leumund.lab import Lab
from leumund.sources.living import Asked, Connection, living_named
from leumund.store import connections
from leumund.store.people import link
from leumund.syncing import Outcome


def now() -> datetime:
    return datetime.now(UTC)


def unprompted(_text: str, _hidden: bool) -> str:
    raise AssertionError


def asked(where: str, *, prompt: Callable[[str, bool], str] = unprompted, **options: str) -> Asked:
    """A person who connects an account on a private server."""
    return Asked(
        where=where, options=options, tell=lambda _text: None, prompt=prompt, browse=lambda _url: False, at=now(),
        client=lambda origin: Client(origin=origin, allowed=frozenset({place(origin)})),
    )  # fmt: skip


def connect(lab: Lab, source: str, who: Asked) -> Connection:
    """Connect an account as the command does."""
    found = living_named(source).connect(who)
    made = connections.add(
        lab.register,
        Connection(
            id="",
            source=source,
            server=found.connection.server,
            account=found.connection.account,
            settings={**found.connection.settings, "private": "1"},
        ),
        at=now(),
    )
    if found.secret is not None:
        vault.keep(connections.secret_name(lab.register, made.id), found.secret)
    with lab.writing(now()) as writer:
        writer.add(list(found.events))
    link(lab.register, [made.account], name="", owner=True)
    return made


def sync(lab: Lab, **more: Any) -> list[Outcome]:
    """Bring a lab up to date with all it has."""
    return syncing.sync(lab, connections.all_connections(lab.register), clock=now, **more)


def acts(lab: Lab) -> list[tuple[str, str, str, str | None]]:
    """Every act the lab shows: kind, who, towards whom, by which post (the reply itself, else what it was done to)."""
    with lab.tables(as_of=now()) as tables:
        tables.account_by_account()
        rows = tables.arrow("select kind, actor, target, coalesce(via, post) as what from acts").to_pylist()
    known = lab.register.known_as({r[n] for r in rows for n in ("actor", "target")})
    uris = {key: _lasting([row["uri"], *row["aliases"]]) for key, row in known.items()}
    return sorted((r["kind"], uris[r["actor"]], uris[r["target"]], r["what"] or "") for r in rows)


def _lasting(uris: list[str]) -> str:
    """A DID where there is one: handles change."""
    return next((u for u in uris if u.startswith("did:")), uris[0])


def posts(lab: Lab) -> dict[str, str]:
    """Every post the lab shows, with its text."""
    with lab.tables(as_of=now()) as tables:
        rows = tables.arrow("select post, text from posts").to_pylist()
    assert len({r["post"] for r in rows}) == len(rows)
    return {r["post"]: r["text"] for r in rows}


def failures(outcomes: list[Outcome]) -> list[str]:
    return [f.message for o in outcomes for f in o.failures]


class Impatient(threading.Event):
    """A stop that makes every wait short."""

    def wait(self, timeout: float | None = None) -> bool:
        return super().wait(min(timeout or 0.0, 0.01))


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nothing of the person who runs the tests is touched."""
    monkeypatch.setenv("LEUMUND_SECRETS", str(tmp_path / "secrets.json"))
    monkeypatch.setenv("LEUMUND_SPENDING", str(tmp_path / "spending.json"))
    monkeypatch.setenv("LEUMUND_KEYRING", "off")
    monkeypatch.setenv("LEUMUND_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LEUMUND_CONFIG", str(tmp_path / "config.toml"))
    return tmp_path


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab.create(tmp_path / "lab")
