"""Everything out again in open formats: JSON lines or CSV in the documented shapes, or Parquet."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa

from leumund.ids import network_of
from leumund.store.marks import PRIVATE
from leumund.store.people import persons
from leumund.store.register import Register, as_time
from leumund.store.segments import said_plainly
from leumund.store.session import quoted
from leumund.store.tables import Tables

Format = Literal["jsonl", "csv", "parquet"]

_TIME = "strftime({c}, '%Y-%m-%dT%H:%M:%S.%fZ') as {c}"
_WHO = "(select uri from who where key = {c}) as {c}"


def export(
    tables: Tables,
    register: Register,
    to: Path,
    form: Format,
    *,
    private: bool = False,
    progress: Callable[[str], None] | None = None,
) -> dict[str, int]:
    """Write posts, acts, accounts, persons and statements as files into a folder; gives rows by file name.

    private: also what the owner said of others for herself alone: the no-go list, labels, customers (see `marks.PRIVATE`).

    What was exported as JSON lines or CSV can be imported again and gives the same lab, which exports the same.
    """
    tables.account_by_account()
    heads = register.aliases()
    keys = sorted({heads.get(k, k) for (k,) in register.db.execute("select key from account")})
    known = register.known_as(keys)
    accounts = [{**_lasting(known[k]), "key": k} for k in keys if k in known]
    uris = [a["uri"] for a in accounts]
    keys = [a["key"] for a in accounts]
    tables.bring(
        "who_rows", pa.table({"key": pa.array(keys, pa.int64()), "uri": pa.array(uris, pa.string())})
    )
    tables.define("who", "select * from who_rows")
    queries = {"posts": _posts(form), "acts": _acts(), "accounts": _accounts(tables, accounts)}
    made = {}
    with said_plainly(to):
        to.mkdir(parents=True, exist_ok=True)
        for name, query in queries.items():
            if progress:
                progress(name)
            file = to / f"{name}.{form}"
            noun = name.removesuffix("s")
            body = f"select '{noun}' as noun, * from ({query})" if form == "jsonl" else query
            options = {
                "jsonl": "format json",
                "csv": "format csv, header",
                "parquet": "format parquet, compression zstd",
            }[form]
            ((made[file.name],),) = tables.sql(f"select count(*) from ({query})").fetchall()
            tables.run(f"copy ({body}) to {quoted(file)} ({options})")
        for name, rows in {**_persons(register), **_statements(register, private=private)}.items():
            file = to / f"{name}.{'csv' if form == 'csv' else 'jsonl'}"
            _write(file, name, rows)
            made[file.name] = len(rows)
    return made


def kept_back(register: Register) -> int:
    """How many statements an export without `private` leaves out."""
    marks = ", ".join("?" * len(PRIVATE))
    ((count,),) = register.db.execute(f"select count(*) from statement where kind in ({marks})", PRIVATE)
    return int(count)


def _lasting(account: dict[str, Any]) -> dict[str, Any]:
    """The same account under the name that stays: a DID goes before the handle, which may change hands."""
    names = {account["uri"], *account["aliases"]}
    uri = min((u for u in names if u.startswith("did:")), default=account["uri"])
    return {**account, "uri": uri, "aliases": sorted(names - {uri})}


def _posts(form: Format) -> str:
    mentions = "array_to_string(named.uris, ' ')" if form == "csv" else "coalesce(named.uris, [])"
    return f"""select post, {_WHO.format(c="account")}, network, {_TIME.format(c="happened_at")}, text, exact, language,
               reply_to, {_WHO.format(c="reply_to_account")}, quote_of, {mentions} as mentions, visibility, url,
               likes, reshares, replies, views from posts
               left join (select post, list(uri order by uri) as uris from
                          (select post, unnest(mentions) as account from posts) join who on key = account group by post) named
               using (post) order by happened_at, post"""


def _acts() -> str:
    return f"""select kind, {_WHO.format(c="actor")}, {_WHO.format(c="target")}, network,
               {_TIME.format(c="happened_at")}, exact, act, post, via, count
               from acts order by happened_at, kind, actor, target, post, via"""


def _accounts(tables: Tables, accounts: list[dict[str, Any]]) -> str:
    """One row per sighting; accounts never sighted need none: their name stands in every row about them."""
    told = ("handle", "name", "bio", "url", "place", "own")
    columns: dict[str, Any] = {"key": pa.array([a["key"] for a in accounts], pa.int64())}
    for name in told:
        kind = pa.int64() if name == "own" else pa.string()
        columns[name] = pa.array([a[name] if a[name] != "" else None for a in accounts], kind)
    columns["aliases"] = pa.array([" ".join(a["aliases"]) or None for a in accounts], pa.string())
    tables.bring("told_rows", pa.table(columns))
    tables.define("told", "select * from told_rows")
    return f"""select {_WHO.format(c="account")}, {_TIME.format(c="happened_at").removesuffix("happened_at")}seen_at, network, handle, name, bio, url,
               place, aliases, {_TIME.format(c="created_at")}, followers, following, posts, automated, locked, discoverable,
               indexable, limited, featurable, own = 1 as own from sightings left join told on key = account order by happened_at, account"""


def _persons(register: Register) -> dict[str, list[dict[str, Any]]]:
    """Which accounts are one person, and which are the owner's: one row per account."""
    rows = [
        {
            "person": str(number), "account": uri, "network": network_of(uri), "name": person.name or None,
            "owner": person.owner, "evidence": evidence,
        }
        for number, person in enumerate(persons(register), start=1)
        for uri, evidence in person.accounts.items()
    ]  # fmt: skip
    return {"person": rows} if rows else {}


def _statements(register: Register, *, private: bool) -> dict[str, list[dict[str, Any]]]:
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for row in register.db.execute("select * from statement order by happened_at, kind, id"):
        if row["kind"] in PRIVATE and not private:
            continue
        body = json.loads(row["body"])
        by_kind.setdefault(row["kind"], []).append(
            {"happened_at": as_time(row["happened_at"]).isoformat(), **body, "statement": row["id"]}
        )
    return by_kind


def _write(file: Path, noun: str, rows: list[dict[str, Any]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        if file.suffix == ".csv":
            names = list(dict.fromkeys(k for row in rows for k in row))
            writer = csv.DictWriter(out, names)
            writer.writeheader()
            writer.writerows(rows)
        else:
            out.writelines(json.dumps({"noun": noun, **row}, ensure_ascii=False) + "\n" for row in rows)
