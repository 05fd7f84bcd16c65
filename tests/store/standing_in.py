"""Something that takes Spark's part for a moment: it puts Spark's words back into DuckDB's and runs them there.

So what is written for Spark is read as Spark's words, by somebody who knows only those; a function that neither sqlglot nor
Spark knows is an error. Whether Spark gives the same numbers is asked of Spark itself (test_spark.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa
import sqlglot
from sqlglot import exp

from leumund.store.session import quoted

SPARKS = {
    "getvariable",
    "timestamp_micros",
    "unix_micros",
    "xxhash64",
    "endswith",
    "startswith",
    "any_value",
    "bool_or",
}
"""Functions that Spark has and sqlglot does not know as such."""
MACROS = """create macro timestamp_micros(x) as make_timestamp(x::BIGINT); create macro unix_micros(x) as epoch_us(x::TIMESTAMP); create macro xxhash64(x, y) as hash(x, y)"""


def _heard(words: str) -> exp.Expr:
    """What Spark would take these words for; a variable as DuckDB writes it."""

    def variable(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Column) and node.name.startswith("leumund_") and not node.table:
            return exp.Anonymous(this="getvariable", expressions=[exp.Literal.string(node.name)])
        return node

    return sqlglot.parse_one(words, read="spark").transform(variable)


@dataclass
class Frame:
    """Rows, as `store.spark_workers.Frame`."""

    con: duckdb.DuckDBPyConnection
    name: str

    def rows(self) -> pa.Table:
        return self.con.table(self.name).to_arrow_table()

    to_arrow_table = rows

    def fetchall(self) -> list[tuple[object, ...]]:
        return self.con.table(self.name).fetchall()

    def kept(self) -> int:
        return len(self.con.table(self.name))


@dataclass
class StandIn:
    """As `store.spark_workers.Workers`; said: every query it was given."""

    master: str
    folder: Path
    memory_mb: int
    small: int = 0
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.con = duckdb.connect()
        self.con.execute(MACROS)
        self._views: dict[str, list[str]] = {}
        self._files: set[str] = set()

    def number(self, setting: str, otherwise: int) -> int:
        return {"spark.leumund.small": self.small}[setting] + 0 * otherwise

    def sql(self, words: str) -> Frame:
        tree = _heard(words)
        unknown = {f.name.lower() for f in tree.find_all(exp.Anonymous)} - SPARKS
        assert not unknown, f"no function of Spark's: {unknown}"
        self.said.append(words)
        name = f"frame_{len(self.said)}"
        self.con.execute(f"create table {name} as {tree.sql('duckdb')}")
        return Frame(self.con, name)

    def columns(self, view: str) -> Sequence[str]:
        return self._views[view]

    def knows(self, view: str) -> bool:
        return view in self._views

    def is_files(self, name: str) -> bool:
        return name in self._files

    def show(self, view: str, frame: Frame) -> None:
        self.con.execute(f'create or replace view "{view}" as select * from {frame.name}')
        self._views[view] = self.con.table(view).columns

    def send(self, view: str, rows: pa.Table) -> None:
        name = f"sent_{len(self._views)}_{len(self.said)}"
        self.con.register("arrived", rows)
        self.con.execute(f"create table {name} as select * from arrived")
        self.show(view, Frame(self.con, name))

    def forget(self, view: str) -> None:
        if self._views.pop(view, None) is not None:
            self.con.execute(f'drop view "{view}"')

    def set_map(self, name: str, words: str) -> None:
        self.con.execute(f"set variable leumund_{name} = ({_heard(words.strip('()')).sql('duckdb')})")

    def files(self, read: exp.ReadParquet) -> str:
        name = f"files_{len(self._files)}"
        self._files.add(name)
        paths = ", ".join(quoted(p.name) for p in read.expressions[0].expressions)
        self.con.execute(
            f"create table {name} as select * from read_parquet([{paths}], union_by_name = true)"
        )
        self._views[name] = self.con.table(name).columns
        return name

    def close(self) -> None:
        self.con.close()
