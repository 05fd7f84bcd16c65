"""A real Bluesky network on this machine: directory (PLC), data server (PDS) and AppView, empty at the start."""

from __future__ import annotations

import contextlib
import json
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers.bluesky_people import Person, join
from tests.servers.installation import HERE, NODE_MODULES, node_folder
from tests.servers.json_calls import call
from tests.servers.ledger import Ledger
from tests.servers.postgres import postgres
from tests.servers.processes import Running, free_port, running

_STARTING = 90.0  # seconds at most; 5 to 10 as a rule


@dataclass(slots=True)
class Bluesky:
    """A running network. pds, appview, plc: origins; took: seconds it needed to start."""

    pds: str
    appview: str
    plc: str
    took: float
    processes: tuple[Running, ...]
    _door: str
    _names: dict[str, int] = field(default_factory=dict)

    @property
    def firehose(self) -> str:
        """Where the data server tells all that is written."""
        return self.pds.replace("http://", "ws://") + "/xrpc/com.atproto.sync.subscribeRepos"

    def settle(self) -> int:
        """Return when the AppView has seen all that was written so far: the number of the last event."""
        return int(call("POST", self._door, patience=30)["seq"])

    def join(self, ledger: Ledger, name: str) -> Person:
        """A new account. Its handle is NAME.test, or NAME2.test where there is one already, and so on."""
        self._names[name] = count = self._names.get(name, 0) + 1
        handle = f"{name}{count if count > 1 else ''}.test"
        return join(ledger, self.pds, handle, self.settle)

    def memory(self) -> int:
        """Bytes held by all its processes."""
        return sum(process.memory() or 0 for process in self.processes)


@contextlib.contextmanager
def bluesky_network() -> Iterator[Bluesky]:
    """Start a network, end it afterwards; nothing of it stays.

    Raises:
        NotStartedError: it did not come up; with what it said.
    """
    began = time.monotonic()
    ports = {name: free_port() for name in ("plc", "pds", "bsky", "ozone", "door")}
    with tempfile.TemporaryDirectory(prefix="leumund-bluesky-", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        folder.chmod(0o711)  # PostgreSQL runs as somebody else
        (folder / "data").mkdir()
        more = {
            "PORTS": json.dumps(ports),
            "DB_POSTGRES_SCHEMA": "net",
            "NODE_PATH": str(NODE_MODULES),
            "TMPDIR": str(folder / "data"),
            "LOG_ENABLED": "false",
            "NODE_NO_WARNINGS": "1",
        }
        node = [str(node_folder() / "bin" / "node"), "--dns-result-order=ipv4first"]
        command = [*node, "-r", str(HERE / "loopback.cjs"), str(HERE / "network.cjs")]
        with (
            postgres(folder) as (address, database),
            running("network", command, folder, more={**more, "DB_POSTGRES_URL": address}) as network,
        ):
            network.wait(lambda: "READY" in network.said(), _STARTING)
            yield Bluesky(
                pds=f"http://localhost:{ports['pds']}",
                appview=f"http://localhost:{ports['bsky']}",
                plc=f"http://localhost:{ports['plc']}",
                took=time.monotonic() - began,
                processes=(database, network),
                _door=f"http://127.0.0.1:{ports['door']}/",
            )
