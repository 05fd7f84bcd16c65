"""Persons: the accounts of one human being or house on several networks, as the owner says.

The owner is one of them. Which accounts are hers is said by her, or by the first archive of a network: then
`own` of the account is 1. Where she took one back it is -1, so that the same archive does not give it to her again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from leumund.errors import UsageError
from leumund.events import Network, Problem, Statement
from leumund.ids import account_key, network_of
from leumund.locale import _
from leumund.store.register import Register

BY_OWNER, BY_ARCHIVE = "owner says", "archive"
"""The evidence of a link: the owner has stated it herself; the account is hers since her archive was read."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with her accounts: URIs as people would write them, each with why we think so."""

    accounts: Mapping[str, str]
    name: str = ""
    owner: bool = False


def link(
    register: Register, uris: list[str], *, name: str, owner: bool = False, evidence: str = BY_OWNER
) -> int:
    """These accounts are one person from now on; gives the person's id.

    Accounts of persons known already bring their persons together. evidence: why we think so.

    Raises:
        UsageError: an account of the owner's would become somebody else's, or the other way round.
    """
    with register.transaction():
        return join(register, Person(dict.fromkeys(uris, evidence), name, owner))


def join(register: Register, person: Person) -> int:
    """As `link`, inside a transaction that is there already.

    Raises:
        UsageError: as `link`; nothing was changed.
    """
    db = register.db
    heads = register.aliases()
    keys = {(k := account_key(uri)): heads.get(k, k) for uri in person.accounts}
    known = _persons_of(register, keys.values())
    mine = set(register.own_accounts()) & set(keys.values())
    if not person.owner and (mine or any(p["owner"] for p in known)):
        raise UsageError(
            _("One of these accounts is your own."),
            hint=_("To add an account of yours: leumund me ACCOUNT"),
        )
    if person.owner:
        if any(not p["owner"] for p in known):
            raise UsageError(
                _("One of these accounts is linked with somebody else."),
                hint=_("First take it out there: leumund link --remove ACCOUNT"),
            )
        known = db.execute("select * from person where owner = 1").fetchall()
    for uri in person.accounts:
        db.execute(
            "insert or ignore into account (key, uri, network) values (?, ?, ?)",
            (account_key(uri), uri, network_of(uri)),
        )
    number = _one_of(register, known, person)
    rows = [(account_key(uri), number, evidence) for uri, evidence in person.accounts.items()]
    db.executemany("insert or replace into person_account values (?, ?, ?)", rows)
    if person.owner:
        db.executemany("update account set own = 1 where key = ?", [(row[0],) for row in rows])
    return number


def _one_of(register: Register, known: list[Any], person: Person) -> int:
    """The id of a person who is all of these persons, or a new one."""
    db = register.db
    if not known:
        done = db.execute("insert into person (name, owner) values (?, ?)", (person.name, person.owner))
        return int(done.lastrowid or 0)
    number = int(min(p["id"] for p in known))
    name = person.name or next((p["name"] for p in known if p["name"]), "")
    ids = [(p["id"],) for p in known if p["id"] != number]
    db.executemany(f"update person_account set person = {number} where person = ?", ids)
    db.executemany("delete from person where id = ?", ids)
    db.execute("update person set owner = max(owner, ?), name = ? where id = ?", (person.owner, name, number))
    return number


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of the rows of persons in a batch: so many persons changed, so many known, these not used."""

    new: int = 0
    known: int = 0
    problems: tuple[Problem, ...] = ()


def take_in(register: Register, statements: Iterable[Statement]) -> Taken:
    """Link what the rows of a table of persons say; those with the same word under `person` belong together.

    A name that the owner has given since stays. To be called inside a transaction.
    """
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for statement in statements:
        groups.setdefault(str(statement.body["person"]), []).append(statement.body)
    new = known = 0
    problems = []
    for word, rows in groups.items():
        accounts = {str(row["account"]): str(row.get("evidence") or BY_OWNER) for row in rows}
        name = next((str(row["name"]) for row in rows if row.get("name")), "")
        person = Person(accounts, name, any(row.get("owner") for row in rows))
        before = _state(register, person)
        try:
            if len(accounts) > 1 or person.owner:
                join(register, replace(person, name=before[0] or name))
        except UsageError as error:
            where = _("person {name}").format(name=word)
            problems.append(
                Problem(where=where, message=error.message, excerpt=" ".join(accounts)[:80], hint=error.hint)
            )
            continue
        changed = _state(register, person) != before
        new, known = new + changed, known + (not changed)
    return Taken(new, known, tuple(problems))


def _state(register: Register, person: Person) -> tuple[str, frozenset[tuple[int, int, str]]]:
    """The name and the links of all whom these accounts belong to."""
    keys = [account_key(uri) for uri in person.accounts]
    found = _persons_of(register, keys)
    if person.owner:
        found = register.db.execute("select * from person where owner = 1").fetchall()
    marks = ", ".join(str(p["id"]) for p in found)
    links = register.db.execute(f"select * from person_account where person in ({marks})").fetchall()
    rows = frozenset((r["account"], r["person"], r["evidence"]) for r in links)
    return next((p["name"] for p in found if p["name"]), ""), rows


def persons(register: Register) -> list[Person]:
    """The owner with all accounts that are hers, then everybody else with linked ones, in the order of those."""
    rows = register.db.execute(
        """select person, account, evidence, name, owner from person_account join person on person.id = person
           union all select 0, key, ?, '', 1 from account where own = 1
             and key not in (select account from person_account join person on person.id = person where owner = 1)
           order by person desc""",
        (BY_ARCHIVE,),
    ).fetchall()
    hers = next((r["person"] for r in rows if r["owner"] and r["person"]), 0)
    uris = {key: known["uri"] for key, known in register.known_as(r["account"] for r in rows).items()}
    found: dict[int, dict[str, str]] = {}
    told: dict[int, Any] = {}
    for row in rows:
        if row["account"] in uris:
            number = row["person"] or hers
            accounts = found.setdefault(number, {})
            accounts.setdefault(uris[row["account"]], row["evidence"])
            told.setdefault(number, row)
    everybody = [
        Person(dict(sorted(a.items())), told[p]["name"], bool(told[p]["owner"])) for p, a in found.items()
    ]
    return sorted(everybody, key=lambda p: (not p.owner, list(p.accounts)))


def disown(register: Register, key: int) -> bool:
    """This account is not the owner's, whatever an archive says; False if it was not among hers."""
    if key not in register.own_accounts():
        return False
    with register.transaction() as db:
        same = spellings(register, key)
        marks = ", ".join("?" * len(same))
        hers = "select id from person where owner = 1"
        db.execute(f"delete from person_account where account in ({marks}) and person in ({hers})", same)
        db.execute(f"update account set own = -1 where key in ({marks})", same)
        db.execute("delete from person where id not in (select person from person_account)")
    return True


def unlink(register: Register, key: int) -> bool:
    """Take an account out of the person it was linked with; False if it was linked with nobody.

    Somebody of whom one account remains is no link any more. An own account stays: see `disown`.
    """
    same = spellings(register, key)
    people = [p["id"] for p in _persons_of(register, same) if not p["owner"]]
    with register.transaction() as db:
        marks = ", ".join("?" * len(same))
        for number in people:
            db.execute(
                f"delete from person_account where account in ({marks}) and person = ?", (*same, number)
            )
            (left,) = db.execute("select count(*) from person_account where person = ?", (number,)).fetchone()
            if left <= 1:
                db.execute("delete from person_account where person = ?", (number,))
        db.execute("delete from person where id not in (select person from person_account)")
    return bool(people)


def is_hers(register: Register, uris: Iterable[str], network: Network) -> bool | None:
    """Whether an archive's account, under any of its URIs, is the owner's; None where that may be taken for granted.

    It may where she has no account on that network yet and has not taken this one back.
    """
    keys = [account_key(uri) for uri in uris]
    heads = register.aliases()
    mine = register.own_accounts()
    if {heads.get(k, k) for k in keys} & set(mine):
        return True
    known = register.accounts(k for key in keys for k in spellings(register, key))
    if any(row["own"] < 0 for row in known.values()):
        return False
    hers = register.accounts(k for key in mine for k in spellings(register, key))
    return False if any(row["network"] == network for row in hers.values()) else None


def _persons_of(register: Register, keys: Iterable[int]) -> list[Any]:
    same = sorted({k for key in keys for k in spellings(register, key)})
    marks = ", ".join("?" * len(same))
    sql = f"select distinct person.* from person join person_account on person = person.id where account in ({marks})"
    return register.db.execute(sql, same).fetchall()


def spellings(register: Register, key: int) -> list[int]:
    """The keys under which an account stands: its own and those of its aliases."""
    db = register.db
    row = db.execute("select canonical from alias where key = ?", (key,)).fetchone()
    head = row[0] if row else key
    return [head, *(r[0] for r in db.execute("select key from alias where canonical = ?", (head,)))]
