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
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

import platformdirs
import pyarrow as pa
import pyarrow.compute as pc

from leumund.errors import LabError
from leumund.events import Network, Statement
from leumund.facts.handles import Handle, find_handles, without_invisible
from leumund.ids import account_key, mentioned_account
from leumund.locale import _
from leumund.store.batch import Batch, statement_row
from leumund.store.register import Register, as_us

MASK = "@…"
"""What stands in a text where the handle of an erased account stood."""

_BYTES = 32
_CHECK = "erasure_check"
_GUESSED: tuple[Network, ...] = ("x", "bluesky")
"""Where a text that is no post may name somebody by a handle alone."""
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
        why = error.strerror or str(error)
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
    uris = {a["uri"] for a in batch.accounts.values()} | {alias for pair in batch.aliases for alias in pair}
    uris |= {str(s.body["account"]) for s in batch.statements if s.kind == "person"}
    told = [v for s in batch.statements for v in s.body.values() if isinstance(v, str)]
    for text in told + [text for p in batch.problems for text in (p.where, p.message, p.excerpt)]:
        for network in _GUESSED:
            uris |= _named(text, network, None)
    authors: dict[int, str] = {}
    if posts := batch.tables.get("posts"):
        authors = register.uris(k for k in set(posts["account"].to_pylist()) if k is not None)
        authors |= {key: account["uri"] for key, account in batch.accounts.items()}
        uris |= _named_in(posts, authors)
    erased = erased_among(register, uris)
    # an alias of an erased account is that account; one met in an earlier batch is not named again in this one
    met = _met.setdefault(register, set())
    met |= erased | {u for pair in batch.aliases if erased & set(pair) for u in pair}
    if met:
        take_out(batch, Names(met, is_known=known_in(register)), authors)


def known_in(register: Register) -> Callable[[str], bool]:
    """Whether an account is in the lab by this URI."""

    def is_known(uri: str) -> bool:
        found = register.db.execute("select 1 from account where key = ?", (account_key(uri),)).fetchone()
        return found is not None

    return is_known


def take_out(batch: Batch, names: Names, authors: dict[int, str]) -> None:
    """Remove these accounts from a batch. authors: the URIs of those who wrote its posts."""
    erased = names.uris
    keys = pa.array(sorted(account_key(uri) for uri in erased), pa.int64())
    for account in keys.to_pylist():
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
    batch.statements = _restated(batch.statements, names)


def _restated(statements: list[Statement], names: Names) -> list[Statement]:
    """What the owner states, without the erased: nobody is linked with them, no text names them."""
    gone = {s.body["person"] for s in statements if s.kind == "person" and s.body["account"] in names.uris}
    kept = []
    for statement in statements:
        if statement.kind == "person":
            if statement.body["person"] not in gone:
                kept.append(statement)
            continue
        body = {k: names.mask(v) if isinstance(v, str) else v for k, v in statement.body.items()}
        if body != statement.body:  # it stays the one it is: its number comes from its first words
            number = statement_row(statement, 0, as_us(statement.happened_at))[0]
            statement = replace(statement, body=body, statement=number)  # noqa: PLW2901
        kept.append(statement)
    return kept


class Names:
    """Every way of writing some accounts, found in texts and addresses, and nobody else's.

    A handle is read as a reader reads it: `@ben` is the Ben of the post's own network and, in the
    Fediverse, of its author's server; `@ben@elsewhere.example` is another one. There `@ben.lang` is another one too
    where the lab knows that account (is_known); else it is taken for Ben and a next sentence.
    """

    def __init__(
        self,
        uris: Iterable[str],
        urls: Iterable[str] = (),
        *,
        is_known: Callable[[str], bool] = lambda _uri: False,
    ) -> None:
        self.uris = set(uris)
        self._is_known = is_known
        ways = {way for uri in self.uris for way in _ways(uri)}
        ways |= {_address(url) for url in urls if len(url) <= 300 and self._is_own(url)}
        written = "|".join(sorted(ways, key=lambda w: (-len(w), w)))
        self._ways = re.compile(rf"(?<![\w@＠.+-])(?i:{written})(?![\w@-]|\.[^\W_A-Z])")
        self.address = rf"(?i)(?:^|[^\w@.-])(?:{written})(?:$|[^\w.@-]|\.(?:$|\W))"
        """Finds them in addresses (RE2)."""
        cores = "|".join(sorted({re.escape(core) for uri in self.uris for core in _cores(uri)}))
        self.perhaps = rf"(?i){cores}|[\x{{200b}}-\x{{200f}}\x{{202a}}-\x{{202e}}\x{{2060}}-\x{{2069}}\x{{feff}}\x{{ad}}]"
        """Where it finds nothing in a text, nobody is named there (RE2)."""

    def mask(self, text: str, network: Network | None = None, author: str | None = None) -> str:
        """The text with MASK for each of them. network, author: where and by whom it was written, if known."""
        masked = self._mask(text, network, author)
        plain = without_invisible(masked)
        if plain != masked and (again := self._mask(plain, network, author)) != plain:
            return again
        return masked

    def _mask(self, text: str, network: Network | None, author: str | None) -> str:
        if local := self._locals(author):
            text = local.sub(MASK, text)
        for handle in reversed(find_handles(text)):
            if self._means(handle.name, network, author) and not self._is_longer(text, handle, author):
                before = text[: handle.start].rstrip("@＠")
                text = before + MASK + text[handle.end :]
        return self._ways.sub(MASK, text)

    def _locals(self, author: str | None) -> re.Pattern[str] | None:
        """Bare handles with a dot, which a reader elsewhere takes for a name and the next sentence."""
        host = author.rpartition("@")[2] if author and author.startswith("acct:") else ""
        users = [u[5:].rpartition("@")[0] for u in self.uris if host and u.endswith("@" + host)]
        dotted = "|".join(sorted(re.escape(user) for user in users if "." in user))
        return re.compile(rf"[@＠]+(?i:{dotted})(?![\w@＠-]|\.[^\W_A-Z])") if dotted else None

    def _means(self, handle: str, network: Network | None, author: str | None) -> bool:
        networks: tuple[Network, ...] = (network,) if network else ("x", "bluesky")
        meant = {mentioned_account(handle, n) or _local(handle, author) for n in networks}
        return bool(meant & self.uris)

    def _is_longer(self, text: str, handle: Handle, author: str | None) -> bool:
        """Whether a handle without its server goes on into that of somebody else whom the lab knows."""
        if not (rest := _GOES_ON.match(text, handle.end)):
            return False
        longer = _local(handle.name + rest[0], author)
        return longer is not None and longer not in self.uris and self._is_known(longer)

    def _is_own(self, url: str) -> bool:
        """An address a source gave is believed when it is on the account's server and ends in its name."""
        try:
            parts = urlsplit(url.lower())
            host = (parts.hostname or "").removeprefix("www.")
        except ValueError:
            return False
        name = parts.path.rstrip("/").rpartition("/")[2].lstrip("@")
        return bool(name) and url.isprintable() and f"acct:{name}@{host}" in self.uris


def _local(handle: str, author: str | None) -> str | None:
    """On Mastodon a handle without its server is one on the author's own server."""
    if "@" in handle or not author or not author.startswith("acct:"):
        return None
    return f"acct:{handle.lower()}@{author.rpartition('@')[2]}"


def _ways(uri: str) -> set[str]:
    """How an account may stand in a text (besides a bare handle), as regular expressions."""
    ways = {_address(uri)}
    if uri.startswith("acct:"):
        user, _at, host = (re.escape(part) for part in uri[5:].rpartition("@"))
        ways |= {rf"[@＠]*{user}[@＠]{host}", rf"(?:https?://)?(?:www\.)?{host}/(?:web/)?(?:@|users/){user}"}
    elif uri.startswith("at://"):
        name = re.escape(uri[5:])
        ways |= {rf"[@＠]+{name}", rf"(?:https?://)?(?:www\.)?bsky\.app/profile/{name}"}
    elif uri.startswith("https://x.com/"):
        ways.add(rf"(?:https?://)?(?:www\.|mobile\.)?(?:x|twitter)\.com/@?{re.escape(uri[14:])}")
    elif uri.startswith(("https://www.linkedin.com/in/", "https://www.facebook.com/")):
        ways.add(r"(?:https?://)?(?:[\w-]+\.)?" + re.escape(uri.removeprefix("https://www.")))
    return ways


def _address(uri: str) -> str:
    """A URI as it may be written: http or https, with www or without."""
    if uri.startswith(("https://", "http://")):
        return r"https?://(?:www\.)?" + re.escape(uri.partition("://")[2].removeprefix("www."))
    return re.escape(uri)


def _cores(uri: str) -> set[str]:
    """What stands in every way of writing an account."""
    if uri.startswith("acct:"):
        return {uri[5:].rpartition("@")[0]}
    if uri.startswith("at://"):
        return {uri[5:]}
    return {uri.removeprefix("other:").rstrip("/").rpartition("/")[2].removeprefix("www.")}


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


_ADDRESS = re.compile(r"([\w.~-]+)[@＠]([\w-]+(?:\.[\w-]+)+)")
_PROFILE = re.compile(r"([\w-]+(?:\.[\w-]+)+)/(?:web/)?(?:@|users/)([\w.~-]*\w)")
_X_PROFILE = re.compile(r"\b(?:x|twitter)\.com/@?(\w{1,20})", re.IGNORECASE)
_GOES_ON = re.compile(r"(?:[.-]+[A-Za-z0-9_]+)+")  # as Mastodon goes on reading a handle without a server
_DOTTED = re.compile(r"[@＠]([\w-]+(?:\.[\w-]+)+)")


def _named_in(posts: pa.Table, authors: dict[int, str]) -> set[str]:
    """Every account that a text may name; more than it does name, for they are only looked up."""
    found: set[str] = set()
    columns = (posts[c].to_pylist() for c in ("text", "network", "account"))
    for text, network, account in zip(*columns, strict=True):
        found |= _named(text or "", network, authors.get(account))
    return found


def _named(text: str, network: Network, author: str | None) -> set[str]:
    """Every account that one text may name."""
    found: set[str] = set()
    plain = without_invisible(text)
    for handle in find_handles(plain):
        if uri := mentioned_account(handle.name, network) or _local(handle.name, author):
            found.add(uri)
    if "@" in plain or "＠" in plain or "/" in plain:
        found.update(f"acct:{user}@{host}".lower() for user, host in _ADDRESS.findall(plain))
        profiles = _PROFILE.findall(plain)
        found.update(f"acct:{u}@{h.removeprefix('www.')}".lower() for h, u in profiles)
        found.update(f"https://x.com/{user.lower()}" for user in _X_PROFILE.findall(plain))
        found.update(uri for name in _DOTTED.findall(plain) if (uri := _local(name, author)))
    return found
