"""Persons: the accounts of one human being or house on several networks, as the owner says."""

from __future__ import annotations

from leumund.errors import UsageError
from leumund.ids import account_key, network_of
from leumund.locale import _
from leumund.store.register import Register


def link(
    register: Register, uris: list[str], *, name: str, owner: bool = False, evidence: str = "owner says"
) -> int:
    """These accounts are one person from now on; gives the person's id.

    Accounts of persons known already bring their persons together. evidence: why we think so.

    Raises:
        UsageError: an account of the owner's would become somebody else's, or the other way round.
    """
    keys = []
    with register.transaction() as db:
        for uri in uris:
            key = account_key(uri)
            keys.append(key)
            db.execute(
                "insert or ignore into account (key, uri, network) values (?, ?, ?)",
                (key, uri, network_of(uri)),
            )
        marks = ", ".join("?" * len(keys))
        known = db.execute(
            f"select distinct person.* from person join person_account on person = person.id where account in ({marks})",
            keys,
        ).fetchall()
        if owner:
            known += db.execute("select * from person where owner = 1").fetchall()
        if not owner and any(p["owner"] for p in known):
            raise UsageError(
                _("One of these accounts is your own."),
                hint=_("To add an account of yours: leumund me ACCOUNT"),
            )
        if known:
            person = int(min(p["id"] for p in known))
            db.executemany(
                "update person_account set person = ? where person = ?", [(person, p["id"]) for p in known]
            )
            db.executemany(
                "delete from person where id = ?", [(p["id"],) for p in known if p["id"] != person]
            )
            db.execute(
                "update person set owner = max(owner, ?), name = ? where id = ?",
                (owner, name or known[0]["name"], person),
            )
        else:
            done = db.execute("insert into person (name, owner) values (?, ?)", (name, owner))
            person = int(done.lastrowid or 0)
        db.executemany(
            "insert or replace into person_account values (?, ?, ?)", [(k, person, evidence) for k in keys]
        )
        if owner:
            db.executemany("update account set own = 1 where key = ?", [(k,) for k in keys])
    return person
