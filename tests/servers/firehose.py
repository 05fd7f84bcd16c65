"""A real data server's firehose as events for the stand-in Jetstream: real records, real identifiers, real order."""

from __future__ import annotations

import base64
import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import libipld
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.servers.jetstream import Jetstream

_LINKS = (
    b"\x01\x71\x12\x20",
    b"\x01\x55\x12\x20",
)  # how identifiers of content begin: v1, dag-cbor or raw, SHA-256


@dataclass(slots=True)
class Feeding:
    """A firehose that flows into a stream. seen: the number of the last event that came."""

    seen: int = 0
    mistakes: list[BaseException] = field(default_factory=list)

    def wait_for(self, number: int, *, seconds: float = 60) -> None:
        """Return when the event of that number has come.

        Raises:
            TimeoutError: it did not.
        """
        until = time.monotonic() + seconds
        while self.seen < number:
            if self.mistakes:
                raise self.mistakes[0]
            if time.monotonic() > until:
                raise TimeoutError(f"event {self.seen} instead of {number}")
            time.sleep(0.02)


@contextlib.contextmanager
def feeding(jetstream: Jetstream, firehose: str, *, cursor: int = 0) -> Iterator[Feeding]:
    """Let a firehose flow into a stream. cursor: all events after this one; 0: from the beginning."""
    state = Feeding(cursor)
    with connect(f"{firehose}?cursor={cursor}", max_size=None, compression=None, proxy=None) as line:
        thread = threading.Thread(target=_feed, args=(state, jetstream, line), daemon=True)
        thread.start()
        try:
            yield state
        finally:
            line.close()
            thread.join()
    if state.mistakes:
        raise state.mistakes[0]


def _feed(state: Feeding, jetstream: Jetstream, line: ClientConnection) -> None:
    try:
        for data in line:
            assert isinstance(data, bytes)
            header, event = libipld.decode_dag_cbor_multi(data)
            assert header["op"] == 1, event
            jetstream.tell(*_events(header["t"], event))
            state.seen = max(state.seen, event.get("seq", 0))
    except ConnectionClosed:
        pass
    except Exception as error:  # noqa: BLE001  (told to the test by who waits)
        state.mistakes.append(error)


def _events(kind: str, event: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What one event of the firehose becomes: one for each record written or deleted."""
    if kind in ("#identity", "#account"):
        yield {"kind": kind[1:], "did": event["did"], "what": _plain(event)}
    elif kind == "#sync":
        yield {"kind": "sync", "did": event["did"], "what": _plain({**event, "blocks": b""})}
    elif kind == "#commit":
        _, blocks = libipld.decode_car(event["blocks"])
        for op in event["ops"]:
            collection, _, rkey = op["path"].partition("/")
            what = {"rev": event["rev"], "operation": op["action"], "collection": collection, "rkey": rkey}
            if op["action"] != "delete":
                what |= {"record": _plain(blocks[op["cid"]]), "cid": libipld.encode_cid(op["cid"])}
            yield {"kind": "commit", "did": event["repo"], "what": what}


def _plain(value: Any) -> Any:
    """A record in its JSON form. libipld gives links as bytes too; they are known by how they begin."""
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, bytes):
        if len(value) == 36 and value.startswith(_LINKS):
            return {"$link": libipld.encode_cid(value)}
        return {"$bytes": base64.b64encode(value).decode().rstrip("=")}
    return value
