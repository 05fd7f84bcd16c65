"""Everything out again in open formats: JSON lines or CSV in the documented shapes, or Parquet.

In CSV an apostrophe stands before each text that a spreadsheet would calculate, and the column `escaped` names the columns of
its row where that is so: what strangers wrote does nothing in a spreadsheet, and read in again it is what it was.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa

from leumund.clean import ESCAPED, FORMULA
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
            if form == "csv":
                body = _for_spreadsheets(tables, query)
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


def _for_spreadsheets(tables: Tables, query: str) -> str:
    """The same rows, with nothing that a spreadsheet would calculate."""
    texts = [name for name, kind, *_rest in tables.sql(f"describe {query}").fetchall() if kind == "VARCHAR"]
    formula = "'" + FORMULA.replace("'", "''") + "'"
    tests = {name: f"regexp_matches({name}, {formula})" for name in texts}
    safe = ", ".join(
        f"case when {test} then '''' || {name} else {name} end as {name}" for name, test in tests.items()
    )
    named = ", ".join(f"case when {test} then '{name}' end" for name, test in tests.items())
    return f"select * replace ({safe}), nullif(concat_ws(' ', {named}), '') as {ESCAPED} from ({query})"


def _safe_row(row: dict[str, Any]) -> dict[str, Any]:
    """The same for one row."""
    found = [name for name, value in row.items() if isinstance(value, str) and re.match(FORMULA, value)]
    return {**row, **{name: "'" + row[name] for name in found}, ESCAPED: " ".join(found) or None}


def _write(file: Path, noun: str, rows: list[dict[str, Any]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        if file.suffix == ".csv":
            names = [*dict.fromkeys(k for row in rows for k in row), ESCAPED]
            writer = csv.DictWriter(out, names)
            writer.writeheader()
            writer.writerows(map(_safe_row, rows))
        else:
            out.writelines(json.dumps({"noun": noun, **row}, ensure_ascii=False) + "\n" for row in rows)
