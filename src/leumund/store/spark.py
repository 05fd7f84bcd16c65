"""The query engine for what outgrows one machine: the same SQL over the same Parquet files, run by Apache Spark.

`SparkSession` does for `store.tables` what a DuckDB connection does, as far as measures need it. What is large is
Spark's work (`store.spark_workers`). A query of Spark's costs seconds however little there is to do, so what asks of
small tables alone is answered here, by DuckDB: of files with at most a million rows, of what the owner said (SQLite), and
of kept tables that turned out as small, which are fetched for it. Both engines are given the same words, so this makes no
difference to the numbers. Whatever is asked of beside something large, the workers read themselves, or are sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from leumund.errors import EngineError
from leumund.locale import _
from leumund.store.session import Rows, open_session

try:
    from sqlglot import exp

    from leumund.store.spark_sql import by_name, in_spark, parsed, read_by, variables_in, view_name
except ImportError as missing:
    raise EngineError(
        _("The engine for many machines is not installed."), hint='pip install "leumund[spark]"'
    ) from missing
from leumund.store.spark_workers import Frame, Workers, rows_of

SMALL = 1_000_000
"""Rows of a table that is still small, unless the setting spark.leumund.small says another; of numbers it takes some 50 MB."""


@dataclass(slots=True)
class _Far:
    """What the workers can know: a view (query, and path: where its names are looked for), or a kept table's rows."""

    query: exp.Expr
    path: tuple[str, ...]
    frame: Frame | None = None
    rows: int | None = None
    """How many, of a kept table; None for a view."""


@dataclass(frozen=True, slots=True)
class _Named:
    """A name as a query says it, found: its view's name, and whether it lies here."""

    view: str
    here: bool


class SparkSession:
    """Spark as a session of `store.tables`.

    master: where it runs ("local[2]" on this machine, "spark://host:7077", "yarn", "k8s://..."). Settings of Spark that
    the environment or its own files make are kept.

    Raises:
        EngineError: Spark or Java is missing, or nothing answers there.
    """

    def __init__(
        self, master: str, folder: Path, *, memory_mb: int = 2048, spill: Path | None = None
    ) -> None:
        self._workers = Workers(master, folder, memory_mb)
        self._con = open_session(memory_mb=memory_mb, spill=spill)
        self._small = self._workers.number("spark.leumund.small", SMALL)
        self._path: tuple[str, ...] = ("main",)
        self._here: dict[str, str] = {}  # view name -> how DuckDB calls it
        self._given: set[str] = set()  # of these, what is registered and not kept
        self._there: dict[str, _Far] = {}
        self._variables: dict[str, exp.Expr] = {}  # those that the workers do not have yet

    def execute(self, statement: str, /) -> None:
        """Run a statement: a query's rows kept under a name, a view, a schema, a variable, the search path."""
        tree = parsed(statement)
        if isinstance(tree, exp.Create) and str(tree.args["kind"]).upper() in ("TABLE", "VIEW"):
            self._keep(tree, statement)
            return
        if not isinstance(tree, exp.Create | exp.Set):
            raise EngineError(_("This cannot be done by the engine for many machines."))
        if isinstance(tree, exp.Set):
            (item,) = tree.expressions
            name, value = item.this.this.name.lower(), item.this.expression
            if name == "search_path":
                self._path = tuple(part.strip() for part in value.name.split(","))
            else:
                self._variables[name] = value
        self._con.execute(statement)

    def sql(self, query: str, /, *, params: Mapping[str, Any] | None = None) -> Rows:
        """The rows of a query."""
        tree = parsed(query)
        if self._is_small(tree, self._path):
            found: Rows = self._con.sql(query, params=params)
            return found
        return self._far(tree, self._path, params or {})

    def register(self, name: str, table: pa.Table, /) -> None:
        """Make an Arrow table known under a name."""
        self._forget(name)
        self._con.register(name, table)
        self._here[name] = f'temp."{name}"'
        self._given.add(name)

    def close(self) -> None:
        """Let all rows go, here and on the workers; Spark itself goes on for the next session."""
        for view in list(self._there):
            self._forget(view, here=False)
        self._workers.close()
        self._con.close()

    def _keep(self, tree: exp.Create, statement: str) -> None:
        schema, name = tree.this.db, tree.this.name
        view, is_table = view_name(schema, name), str(tree.args["kind"]).upper() == "TABLE"
        far = _Far(tree.expression, self._path)
        if here := self._is_small(tree.expression, self._path):
            self._forget(view, here=False)
            self._con.execute(statement)
            self._here[view] = (
                f'{schema or ("temp" if tree.find(exp.TemporaryProperty) else "main")}."{name}"'
            )
        elif is_table:  # worked out at once: what it is made of may be given another meaning
            far.frame = self._far(far.query, far.path, {})
            far.rows = far.frame.kept()
            self._forget(view)
        if not (here and is_table):
            self._there[view] = far

    def _forget(self, view: str, *, here: bool = True) -> None:
        """Something else is called so from now on."""
        self._workers.forget(view)
        self._there.pop(view, None)  # Spark lets rows go once nobody knows them
        if here and self._here.pop(view, "").startswith("temp.") and view not in self._given:
            self._con.execute(f'drop table temp."{view}"')

    def _is_small(self, query: exp.Expr, path: tuple[str, ...]) -> bool:
        """Whether it can be answered here; then all that it asks of lies here afterwards."""
        if sum(map(rows_of, query.find_all(exp.ReadParquet))) > self._small:
            return False
        found = [self._found(path, t.db, t.name) for t in read_by(query)]
        away = [n.view for n in found if not n.here]
        if not all((rows := self._there[view].rows) is not None and rows <= self._small for view in away):
            return False
        for view in away:
            self._fetch(view)
        return True

    def _fetch(self, view: str) -> None:
        """Bring a kept table here; it stays with the workers too."""
        frame = self._there[view].frame
        if view in self._here or frame is None:
            return
        rows = frame.rows()
        whole = ", ".join(
            f'"{f.name}"::HUGEINT as "{f.name}"' for f in rows.schema if pa.types.is_decimal(f.type)
        )
        self._con.register("leumund_fetched", rows)
        self._con.execute(
            f'create temp table "{view}" as select * {f"replace ({whole})" if whole else ""} from leumund_fetched'
        )
        self._con.unregister("leumund_fetched")
        self._here[view] = f'temp."{view}"'

    def _far(self, query: exp.Expr, path: tuple[str, ...], parameters: Mapping[str, Any]) -> Frame:
        """A query's rows, by the workers."""
        query = query.copy()
        for read in list(query.find_all(exp.ReadParquet)):
            read.replace(exp.to_identifier(self._workers.files(read), quoted=True))
        for union in [u for u in query.find_all(exp.Union) if u.args.get("by_name")]:
            columns = self._workers.columns(union.right.args["from_"].this.name)
            union.replace(by_name(union, columns))
        for name in sorted(variables_in(query) & self._variables.keys()):
            self._workers.set_map(name, self._words(self._variables.pop(name), path, {}))
        return self._workers.sql(self._words(query, path, parameters))

    def _words(self, query: exp.Expr, path: tuple[str, ...], parameters: Mapping[str, Any]) -> str:
        return in_spark(
            query,
            found=lambda schema, name: self._shown(path, schema, name),
            columns=self._workers.columns,
            parameters=parameters,
        )

    def _shown(self, path: tuple[str, ...], schema: str, name: str) -> str:
        """The name under which the workers know what is called so; whatever they lack of it is brought to them."""
        if not schema and self._workers.is_files(name):
            return name
        found = self._found(path, schema, name)
        if not self._workers.knows(found.view):
            far = self._there.get(found.view)
            if far is None:
                rows = self._con.sql(f"select * from {self._here[found.view]}").to_arrow_table()
                self._workers.send(found.view, rows)
            else:
                far.frame = far.frame or self._far(far.query, far.path, {})
                self._workers.show(found.view, far.frame)
        return found.view

    def _found(self, path: tuple[str, ...], schema: str, name: str) -> _Named:
        for place in [schema] if schema else path:
            view = view_name(place, name)
            if view in self._there or view in self._here:
                return _Named(view, here=view in self._here)
        raise EngineError(_("This cannot be done by the engine for many machines."), hint=name)
