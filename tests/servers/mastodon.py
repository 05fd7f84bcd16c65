"""A server that speaks Mastodon's interface: `mastodon-mock`, with state, paging, limits, and faults on demand."""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from tests.servers.installation import PYTHON
from tests.servers.json_calls import RefusedError, call
from tests.servers.ledger import Ledger
from tests.servers.mastodon_people import Person
from tests.servers.processes import Running, free_port, running

Effect = Literal["status", "ratelimit", "latency", "malformed", "timeout"]
_STARTING = 60.0  # seconds at most; 2 to 3 as a rule


@dataclass(slots=True)
class Mastodon:
    """A running server. origin: where it is; domain: what it calls itself in the names of its accounts."""

    origin: str
    domain: str
    took: float
    process: Running
    _names: dict[str, int] = field(default_factory=dict)

    def join(self, ledger: Ledger, name: str) -> Person:
        """A new account, NAME or NAME2 and so on, with a key that may read and write."""
        self._names[name] = count = self._names.get(name, 0) + 1
        username = f"{name}{count if count > 1 else ''}"
        body = {"username": username, "display_name": name.capitalize()}
        made = call("POST", f"{self.origin}/api/v1/_mock/dev_user", body=body)
        account = f"acct:{username}@{self.domain}"
        ledger.note(what="join", who=account, text=username)
        return Person(made["id"], account, self.origin, ledger, made["access_token"])

    def fault(
        self,
        effect: Effect,
        path: str = "*",
        *,
        status: int | None = None,
        count: int | None = 1,
        delay: float = 0,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Answer the next `count` requests for `path` (* for any) wrongly; None: all of them until `heal`."""
        details = {"type": effect, "delay_ms": int(delay * 1000), "headers": dict(headers or {})}
        if status is not None:
            details["status"] = status
        body = {"match": {"path": path}, "effect": details, "count": count}
        call("POST", f"{self.origin}/api/v1/_mock/faults", body=body)

    def heal(self) -> None:
        """No faults any more."""
        call("DELETE", f"{self.origin}/api/v1/_mock/faults")


@contextlib.contextmanager
def mastodon_server(
    domain: str = "mastodon.test", *, requests: int = 3000, seconds: int = 300
) -> Iterator[Mastodon]:
    """Start a server, end it afterwards. requests: so many are allowed in so many seconds.

    Raises:
        NotStartedError: it did not come up; with what it said.
    """
    began = time.monotonic()
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="leumund-mastodon-") as made:
        folder = Path(made)
        settings = folder / "settings.toml"
        settings.write_text(_SETTINGS.format(domain=domain, requests=requests, seconds=seconds))
        serve = ["-m", "mastodon_mock", "serve", "--in-memory", "--config", str(settings), "--domain", domain]
        where = ["--host", "127.0.0.1", "--port", str(port), "--log-level", "warning"]
        origin = f"http://127.0.0.1:{port}"
        # Ended hard: asked politely, it waits for streams that were once open.
        with running("mastodon", [str(PYTHON), *serve, *where], folder) as process:
            process.wait(lambda: _is_up(origin), _STARTING)
            yield Mastodon(origin, domain, time.monotonic() - began, process)


_SETTINGS = """
domain = "{domain}"
url_scheme = "https"
[ratelimit]
enabled = true
limit = {requests}
window_seconds = {seconds}
[auth]
enforce_scopes = true
[seed]
accounts = []
"""


def _is_up(origin: str) -> bool:
    try:
        call("GET", f"{origin}/api/v1/instance", patience=2)
    except (OSError, RefusedError):
        return False
    return True
