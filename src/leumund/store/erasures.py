"""Who asked to be forgotten: known only by an HMAC whose key lies outside the lab.

Without the key nobody can tell from a lab who was erased; with it an import can leave such an
account out again. The key is one file of 32 random bytes, readable by its owner alone. The lab keeps
a check by which another key is told from the right one.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import platformdirs
import pyarrow as pa
import pyarrow.compute as pc

from leumund.errors import LabError
from leumund.events import Statement, StatementKind
from leumund.ids import account_key
from leumund.locale import _
from leumund.refused import reason
from leumund.store.batch import Batch, content_number, statement_row
from leumund.store.names import GUESSED, Names, named
from leumund.store.register import Register, as_us

_BYTES = 32
_CHECK = "erasure_check"
_met: WeakKeyDictionary[Register, set[str]] = WeakKeyDictionary()  # erased URIs a source has shown again


def key_path() -> Path:
    """Where the key lies: LEUMUND_ERASURE_KEY, else beside the settings, never in a lab."""
    if place := os.environ.get("LEUMUND_ERASURE_KEY"):
        return Path(place)
    return Path(platformdirs.user_config_dir("leumund")) / "erasure.key"


def read_key(*, make: bool = False) -> bytes | None:
    """The key; None where there is none yet (unless it is to be made).

    Raises:
        LabError: what lies there is no key, or cannot be read or written.
    """
    path = key_path()
    hint = _("Put the right file back, or name another place with LEUMUND_ERASURE_KEY.")
    try:
        if not path.exists():
            if not make:
                return None
            _write_key(path)
        key = path.read_bytes()
    except OSError as error:
        why = reason(error)
        message = _("The key to recognise erased accounts cannot be used ({why}): {path}")
        raise LabError(message.format(why=why, path=path), hint=hint) from error
    if len(key) < _BYTES:
        message = _("This is no key to recognise erased accounts, it is too short: {path}")
        raise LabError(message.format(path=path), hint=hint)
    return key


def _write_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
            handle.write(secrets.token_bytes(_BYTES))
            handle.flush()
            os.fsync(handle.fileno())
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)


def fingerprint(uri: str, key: bytes) -> bytes:
    """What alone remains of an erased account."""
    return hmac.digest(key, uri.encode(), hashlib.sha256)


def key_fits(register: Register) -> bool:
    """Whether the key is there with which this lab's erased accounts can be recognised; True where none are."""
    if not register.db.execute("select count(*) from erasure").fetchone()[0]:
        return True
    try:
        key = read_key()
    except LabError:
        return False
    return key is not None and register.get(_CHECK, _check(key)) == _check(key)


def key_for(register: Register) -> bytes:
    """The key of this lab, made where nobody was ever erased.

    Raises:
        LabError: it is missing, or it is another one.
    """
    if not key_fits(register):
        read_key()  # says what is wrong with the file, if that is it
        raise LabError(
            _("The key to recognise erased accounts is missing or another one: {path}").format(
                path=key_path()
            ),
            hint=_("Put it back, or erased accounts can come in again with the next import."),
        )
    key = read_key(make=True)
    assert key is not None
    return key


def remember(register: Register, uris: Iterable[str], key: bytes, at_us: int) -> None:
    """Keep the fingerprints of these accounts. Inside a transaction."""
    wanted = set(uris)
    register.put(_CHECK, _check(key))
    register.db.executemany(
        "insert or ignore into erasure values (?, ?)", [(fingerprint(uri, key), at_us) for uri in wanted]
    )
    _met.setdefault(register, set()).update(wanted)


def renumbered(number: str, key: bytes) -> str:
    """The number of a statement whose first words named somebody erased: without the key no guess at them can be tried."""
    return hmac.digest(key, f"statement|{number}".encode(), hashlib.sha256)[:8].hex()


def _check(key: bytes) -> str:
    return fingerprint("check", key).hex()


def erased_among(register: Register, uris: Iterable[str]) -> set[str]:
    """Which of these accounts were erased.

    Raises:
        LabError: the key to tell is missing, or it is another one.
    """
    prints = {bytes(row[0]) for row in register.db.execute("select hmac from erasure")}
    if not prints:
        return set()
    key = key_for(register)
    return {uri for uri in uris if fingerprint(uri, key) in prints}


def leave_out(register: Register, batch: Batch) -> None:
    """Take every erased account out of a batch: its rows, its name, its handle in the texts of others.

    Raises:
        LabError: the key to recognise them is missing, or it is another one.
    """
    if not register.db.execute("select count(*) from erasure").fetchone()[0]:
        return
    uris = set(batch.named.values()) | {alias for pair in batch.aliases for alias in pair}
    uris |= {str(s.body["account"]) for s in batch.statements if s.kind == "person"}
    told = [v for s in batch.statements for v in s.body.values() if isinstance(v, str)]
    for text in told + [text for p in batch.problems for text in (p.where, p.message, p.excerpt)]:
        for network in GUESSED:
            uris |= named(text, network, None)
    authors: dict[int, str] = {}
    if posts := batch.tables.get("posts"):
        authors = register.uris(k for k in set(posts["account"].to_pylist()) if k is not None)
        authors |= batch.named
        uris |= _named_in(posts, authors)
    erased = erased_among(register, uris)
    # an alias of an erased account is that account; one met in an earlier batch is not named again in this one
    met = _met.setdefault(register, set())
    met |= erased | {u for pair in batch.aliases if erased & set(pair) for u in pair}
    if met:
        take_out(batch, Names(met, is_known=known_in(register)), authors, key_for(register))


def known_in(register: Register) -> Callable[[str], bool]:
    """Whether an account is in the lab by this URI."""

    def is_known(uri: str) -> bool:
        found = register.db.execute("select 1 from account where key = ?", (account_key(uri),)).fetchone()
        return found is not None

    return is_known


def take_out(batch: Batch, names: Names, authors: dict[int, str], key: bytes) -> None:
    """Remove these accounts from a batch. authors: the URIs of those who wrote its posts; key: of this lab's erasures."""
    erased = names.uris
    keys = pa.array(sorted(account_key(uri) for uri in erased), pa.int64())
    for account in keys.to_pylist():
        batch.named.pop(account, None)
        batch.accounts.pop(account, None)
    batch.aliases = [pair for pair in batch.aliases if not erased & set(pair)]
    for name, table in list(batch.tables.items()):
        keep = pa.array([True] * table.num_rows)
        for column in ("account", "actor", "target"):
            if column in table.column_names:
                outside = pc.invert(pc.is_in(table[column], value_set=keys))
                keep = pc.and_(keep, pc.fill_null(outside, True))
        kept = table.filter(keep)
        if name == "posts":
            kept = _silence(kept, set(keys.to_pylist()), names, authors)
        if kept.num_rows:
            batch.tables[name] = kept
        else:
            del batch.tables[name]
    batch.problems = [
        replace(p, where=names.mask(p.where), message=names.mask(p.message), excerpt=names.mask(p.excerpt))
        for p in batch.problems
    ]
    batch.statements = _restated(batch.statements, names, key)


ABOUT: tuple[StatementKind, ...] = ("nogo", "label", "trust", "thanks", "consent")
"""Statements about one account: of the erased they go whole, with every reason."""


def _restated(statements: list[Statement], names: Names, key: bytes) -> list[Statement]:
    """What the owner states, without the erased: nobody is linked with them, no text names them."""
    gone = {s.body["person"] for s in statements if s.kind == "person" and s.body["account"] in names.uris}
    kept = []
    other: dict[tuple[str, str], str] = {}
    for statement in statements:
        if statement.kind == "person":
            if statement.body["person"] not in gone:
                kept.append(statement)
            continue
        if statement.kind in ABOUT and statement.body.get(statement.kind) in names.uris:
            continue
        body = {k: names.mask(v) if isinstance(v, str) else v for k, v in statement.body.items()}
        if body != statement.body:  # it stays the one it is: its number comes from its first words
            number, kind, at_us, _known, words = statement_row(statement, 0, as_us(statement.happened_at))
            if number == content_number(kind, at_us, words):
                other[kind, number] = number = renumbered(number, key)
            statement = replace(statement, body=body, statement=number)  # noqa: PLW2901
        kept.append(statement)
    for place, statement in enumerate(kept):
        if (number := other.get((statement.kind, str(statement.body.get("entry"))))) is not None:
            kept[place] = replace(statement, body={**statement.body, "entry": number})
    return kept


def _silence(posts: pa.Table, keys: set[int], names: Names, authors: dict[int, str]) -> pa.Table:
    """Take the accounts out of posts of others: their handle in texts, their key in lists."""
    address = re.compile(names.address)
    rows: list[dict[str, Any]] = posts.to_pylist()
    for row in rows:
        row["text"] = names.mask(row["text"] or "", row["network"], authors.get(row["account"]))
        row["mentions"] = [m for m in row["mentions"] or [] if m not in keys]
        if row["reply_to_account"] in keys:
            row["reply_to_account"] = None
        for column in ("reply_to", "quote_of", "url"):
            if row[column] and address.search(row[column]):
                row[column] = None
    return pa.Table.from_pylist(rows, schema=posts.schema)


def _named_in(posts: pa.Table, authors: dict[int, str]) -> set[str]:
    """Every account that the texts of posts may name."""
    found: set[str] = set()
    columns = (posts[c].to_pylist() for c in ("text", "network", "account"))
    for text, network, account in zip(*columns, strict=True):
        found |= named(text or "", network, authors.get(account))
    return found
