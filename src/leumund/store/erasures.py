"""Who asked to be forgotten: known only by an HMAC whose key lies outside the lab.

Without the key nobody can tell from a lab who was erased; with it an import can leave such an
account out again. The key is one file of 32 random bytes, readable by its owner alone.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from pathlib import Path
from typing import Any

import platformdirs
import pyarrow as pa
import pyarrow.compute as pc

from leumund.facts.handles import find_handles
from leumund.ids import account_key, display_handle, mentioned_account
from leumund.store.batch import Batch
from leumund.store.register import Register

MASK = "@…"
"""What stands in a text where the handle of an erased account stood."""


def key_path() -> Path:
    """Where the key lies: LEUMUND_ERASURE_KEY, else beside the settings, never in a lab."""
    if place := os.environ.get("LEUMUND_ERASURE_KEY"):
        return Path(place)
    return Path(platformdirs.user_config_dir("leumund")) / "erasure.key"


def read_key(*, make: bool = False) -> bytes | None:
    """The key; None where there is none yet (unless it is to be made)."""
    path = key_path()
    if not path.exists():
        if not make:
            return None
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(secrets.token_bytes(32))
    return path.read_bytes()


def fingerprint(uri: str, key: bytes) -> bytes:
    """What alone remains of an erased account."""
    return hmac.digest(key, uri.encode(), hashlib.sha256)


def leave_out(register: Register, batch: Batch) -> None:
    """Take every erased account out of a batch: its rows, its name, its handle in the texts of others."""
    erased_prints = {bytes(row[0]) for row in register.db.execute("select hmac from erasure")}
    key = read_key() if erased_prints else None
    if not erased_prints or key is None:
        return
    uris = {a["uri"] for a in batch.accounts.values()} | {alias for pair in batch.aliases for alias in pair}
    if posts := batch.tables.get("posts"):
        uris |= _named_in(posts)
    erased = {uri for uri in uris if fingerprint(uri, key) in erased_prints}
    if not erased:
        return
    # an alias of an erased account is that account
    erased |= {u for pair in batch.aliases if erased & set(pair) for u in pair}
    take_out(batch, erased)


def take_out(batch: Batch, erased: set[str]) -> None:
    """Remove these accounts from a batch."""
    keys = pa.array(sorted(account_key(uri) for uri in erased), pa.int64())
    for account in keys.to_pylist():
        batch.accounts.pop(account, None)
    batch.aliases = [pair for pair in batch.aliases if not erased & set(pair)]
    for name, table in list(batch.tables.items()):
        keep = pa.array([True] * table.num_rows)
        for column in ("account", "actor", "target"):
            if column in table.column_names:
                keep = pc.and_(keep, pc.invert(pc.is_in(table[column], value_set=keys)))
        kept = table.filter(keep)
        if name == "posts":
            kept = _silence(kept, set(keys.to_pylist()), masker(erased))
        if kept.num_rows:
            batch.tables[name] = kept
        else:
            del batch.tables[name]


def masker(erased: set[str]) -> re.Pattern[str]:
    """Finds any way of writing these accounts in a text."""
    ways = "|".join(sorted((re.escape(w) for w in ways_of_writing(erased)), key=len, reverse=True))
    return re.compile(rf"(?:{ways})(?![\w-])", re.IGNORECASE)


def ways_of_writing(uris: set[str]) -> set[str]:
    """How these accounts may stand in a text: address, handle, profile links."""
    written = set()
    for uri in uris:
        written |= {uri, display_handle(uri)}
        if uri.startswith("acct:"):
            user, _, host = uri[5:].partition("@")
            written |= {f"https://{host}/@{user}", f"https://{host}/users/{user}"}
        if uri.startswith("at://"):
            written.add("https://bsky.app/profile/" + uri[5:])
        if uri.startswith("https://x.com/") and "/i/user/" not in uri:
            written.add("https://twitter.com/" + uri[14:])
    return written


def mask_rows(rows: list[dict[str, Any]], keys: set[int], pattern: re.Pattern[str]) -> None:
    """Take the accounts out of posts of others, in place: their handle in texts, their key in lists."""
    for row in rows:
        row["text"] = pattern.sub(MASK, row["text"] or "")
        row["mentions"] = [m for m in row["mentions"] or [] if m not in keys]
        if row["reply_to_account"] in keys:
            row["reply_to_account"] = None
        for column in ("reply_to", "quote_of", "url"):
            if row[column] and pattern.search(row[column]):
                row[column] = None


def _silence(posts: pa.Table, keys: set[int], pattern: re.Pattern[str]) -> pa.Table:
    rows = posts.to_pylist()
    mask_rows(rows, keys, pattern)
    return pa.Table.from_pylist(rows, schema=posts.schema)


def _named_in(posts: pa.Table) -> set[str]:
    found = set()
    for text, network in zip(posts["text"].to_pylist(), posts["network"].to_pylist(), strict=True):
        for handle in find_handles(text or ""):
            uri = mentioned_account(handle.name, network)
            if uri:
                found.add(uri)
    return found
