"""Made-up repositories of Bluesky as CAR files, whole and damaged, and frames of a Jetstream, for the tests."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import libipld

NAME = b"\x01\x71\x12\x20"
LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
DID = "did:plc:annaannaannaannaannaanna"
NOON = 1_767_960_000_000_000  # 2026-01-09 12:00 UTC, in microseconds

Blocks = dict[bytes, bytes]
Records = Mapping[str, Any]


def did(name: str) -> str:
    """A DID that looks as one does.

    >>> did("ben")
    'did:plc:benbenbenbenbenbenbenben'
    """
    return "did:plc:" + (name * 24)[:24]


def tid(us: int, clock: int = 1) -> str:
    """The key a record made at that time would have."""
    value, signs = (us << 10) | clock, []
    for _place in range(13):
        signs.append(LETTERS[value & 31])
        value >>= 5
    return "".join(reversed(signs))


def cid(data: bytes) -> bytes:
    """The name of a block."""
    return NAME + hashlib.sha256(data).digest()


class Link:
    """A CID within a value to be encoded."""

    def __init__(self, name: bytes) -> None:
        self.name = name


def cbor(value: Any) -> bytes:
    """DAG-CBOR with links; `libipld` writes the rest."""
    if isinstance(value, Link):
        return b"\xd8\x2a\x58\x25\x00" + value.name
    if isinstance(value, dict):
        names = sorted(value, key=lambda k: (len(k.encode()), k.encode()))
        return _head(5, len(value)) + b"".join(cbor(n) + cbor(value[n]) for n in names)
    if isinstance(value, list):
        return _head(4, len(value)) + b"".join(map(cbor, value))
    return bytes(libipld.encode_dag_cbor(value))


def _head(kind: int, size: int) -> bytes:
    if size < 24:
        return bytes([kind << 5 | size])
    return bytes([kind << 5 | 25]) + size.to_bytes(2, "big")


def varint(value: int) -> bytes:
    """A length as CAR files write it."""
    signs = b""
    while value > 127:
        signs += bytes([value & 127 | 128])
        value >>= 7
    return signs + bytes([value])


def tree(records: Mapping[str, bytes], blocks: Blocks) -> bytes:
    """The search tree over names of records by path; gives the name of its top node."""
    paths = sorted(records)
    layers = {path: _layer(path) for path in paths}
    return _node(paths, layers, max(layers.values(), default=0), records, blocks)


def _layer(path: str) -> int:
    bits = "".join(f"{byte:08b}" for byte in hashlib.sha256(path.encode()).digest())
    return (len(bits) - len(bits.lstrip("0"))) // 2


def _node(
    paths: Sequence[str], layers: Mapping[str, int], layer: int, records: Mapping[str, bytes], blocks: Blocks
) -> bytes:
    spans: list[list[str]] = [[]]
    here: list[str] = []
    for path in paths:
        if layers[path] == layer:
            here.append(path)
            spans.append([])
        else:
            spans[-1].append(path)
    under = [Link(_node(span, layers, layer - 1, records, blocks)) if span else None for span in spans]
    entries, before = [], b""
    for path, after in zip(here, under[1:], strict=True):
        full = path.encode()
        shared = next(
            (n for n, (a, b) in enumerate(zip(full, before, strict=False)) if a != b),
            min(len(full), len(before)),
        )
        entries.append({"p": shared, "k": full[shared:], "v": Link(records[path]), "t": after})
        before = full
    return put({"l": under[0], "e": entries}, blocks)


def put(value: Any, blocks: Blocks) -> bytes:
    """Add a block; gives its name."""
    data = cbor(value)
    blocks[cid(data)] = data
    return cid(data)


def repo_blocks(records: Records, *, who: str = DID, rev: str | None = None) -> tuple[bytes, Blocks]:
    """The root and the blocks of a repository. records: by path (collection/key)."""
    blocks: Blocks = {}
    names = {path: put(record, blocks) for path, record in records.items()}
    top = tree(names, blocks)
    commit = {
        "did": who,
        "version": 3,
        "data": Link(top),
        "rev": rev or tid(NOON),
        "prev": None,
        "sig": b"\x00" * 64,
    }
    if rev == "":
        del commit["rev"]
        commit["version"] = 2
    return put(commit, blocks), blocks


def car(root: bytes, blocks: Mapping[bytes, bytes]) -> bytes:
    """A CAR file of these blocks, the root first."""
    order = [root, *(name for name in blocks if name != root)] if root in blocks else list(blocks)
    header = cbor({"roots": [Link(root)], "version": 1})
    body = b"".join(varint(len(name) + len(blocks[name])) + name + blocks[name] for name in order)
    return varint(len(header)) + header + body


def repo(records: Records, *, who: str = DID, rev: str | None = None) -> bytes:
    """A whole repository as a CAR file."""
    return car(*repo_blocks(records, who=who, rev=rev))


def ref(uri: str) -> dict[str, str]:
    """How a record points to another."""
    return {"uri": uri, "cid": "bafyrei" + "a" * 52}


def post_uri(name: str, us: int = NOON) -> str:
    """The address of somebody's post made at that time."""
    return f"at://{did(name)}/app.bsky.feed.post/{tid(us)}"


def frame(
    who: str,
    collection: str,
    key: str,
    record: Any = None,
    *,
    us: int = NOON,
    operation: str = "",
    **more: Any,
) -> dict[str, Any]:
    """A frame of version 1; without a record it is a deletion."""
    commit: dict[str, Any] = {
        "rev": tid(us),
        "operation": operation or ("delete" if record is None else "create"),
        "collection": f"app.bsky.{collection}",
        "rkey": key,
    }
    if record is not None:
        commit |= {"record": {"$type": commit["collection"], **record}, "cid": "bafyrei" + "b" * 52}
    return {"did": who, "time_us": us, "kind": "commit", "commit": commit, **more}


def frame_2(old: Mapping[str, Any], seq: int) -> dict[str, Any]:
    """The same in version 2."""
    from datetime import UTC, datetime, timedelta

    time = (
        (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=old["time_us"]))
        .isoformat()
        .replace("+00:00", "Z")
    )
    payload: dict[str, Any] = {
        "$type": f"network.bsky.jetstream.subscribeEvents#{old['kind']}",
        "seq": seq,
        "did": old["did"],
        "time": time,
    }
    payload |= old["commit"] if old["kind"] == "commit" else {old["kind"]: old[old["kind"]]}
    return {"$type": "message", "payload": payload}


def as_line(value: Mapping[str, Any]) -> bytes:
    """A frame as it is sent."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
