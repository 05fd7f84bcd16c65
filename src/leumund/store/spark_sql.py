"""From the SQL of measures, written for DuckDB, to the same words for Apache Spark.

sqlglot knows how the two dialects differ; here stands what it leaves alone and what would give other numbers:

- a number with a point is a DOUBLE in both (Spark would reckon in decimals and round);
- `hash` has 64 bits; times count in whole microseconds;
- a `* replace (...)`, which Spark does not know, becomes the list of columns;
- names go to the schema that the search path finds first: Spark's temporary views have none, so it is part of the name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.scope import traverse_scope

_FAR_AWAY = "9999-12-31 00:00:00"  # Spark's times have no infinity
Columns = Callable[[str], Sequence[str]]


def parsed(query: str) -> exp.Expr:
    """One statement of DuckDB's SQL.

    Raises:
        sqlglot.errors.ParseError: it is none.
    """
    return sqlglot.parse_one(query, read="duckdb")


def view_name(schema: str, name: str) -> str:
    """How a view of a schema is called where there are no schemas."""
    return f"{schema}__{name}" if schema and schema != "main" else name


def in_spark(
    query: exp.Expr,
    *,
    found: Callable[[str, str], str],
    columns: Columns,
    parameters: Mapping[str, Any],
) -> str:
    """A query in Spark's words.

    found: the view for a schema ("" for none) and a name. columns: those of a view. parameters: values for $name.
    """
    query = query.copy()
    for table in read_by(query):
        name = found(table.db, table.name)
        alias = table.alias or table.name
        table.set("db", None)
        table.set("this", exp.to_identifier(name, quoted=True))
        if alias != name:
            table.set("alias", exp.TableAlias(this=exp.to_identifier(alias)))
    for select in list(query.find_all(exp.Select)):
        _spell_out(select, columns)
    return query.transform(_word, parameters).sql("spark")


def read_by(query: exp.Expr) -> list[exp.Table]:
    """The tables that are read, without the names that the query itself gives."""
    own: set[int] = set()
    for scope in traverse_scope(query) if isinstance(query, exp.Query) else ():
        for source in scope.cte_sources:
            own.update(id(t) for t in scope.expression.find_all(exp.Table) if not t.db and t.name == source)
    return [t for t in query.find_all(exp.Table) if id(t) not in own and isinstance(t.this, exp.Identifier)]


def _spell_out(select: exp.Select, columns: Columns) -> None:
    """`* replace (x as c)`, or the same of one of several tables, as the list of columns."""
    for wanted in list(select.expressions):
        star = wanted.this if isinstance(wanted, exp.Column) else wanted
        if not (isinstance(star, exp.Star) and star.args.get("replace")):
            continue
        new = {r.alias: r for r in star.args["replace"]}
        gone = {e.name for e in star.args.get("except_") or ()}
        there = _columns_of(select.args["from_"].this, columns)
        table = wanted.args.get("table")
        listed = [new.get(c) or exp.column(c, table=table, quoted=True) for c in there if c not in gone]
        at = select.expressions.index(wanted)
        select.set("expressions", [*select.expressions[:at], *listed, *select.expressions[at + 1 :]])


def _columns_of(source: exp.Expr, columns: Columns) -> Sequence[str]:
    """The columns of a view, or of what a `with` around the query calls by that name."""
    around = source.parent
    while around is not None:
        named = around.args.get("with_")
        for table in named.expressions if named else ():
            if table.alias == source.name and source not in table.find_all(exp.Table):
                return list(table.this.named_selects)
        around = around.parent
    return columns(source.name)


def _word(node: exp.Expr, parameters: Mapping[str, Any]) -> exp.Expr:
    if isinstance(node, exp.Literal) and not node.is_string and "." in node.name:
        return exp.cast(exp.Literal.string(node.name), "double")
    if isinstance(node, exp.Parameter | exp.Placeholder) and node.name in parameters:
        return exp.convert(parameters[node.name])
    if isinstance(node, exp.Cast) and node.this.is_string and node.this.name == "infinity":
        return exp.cast(exp.Literal.string(_FAR_AWAY), "timestampntz")
    if isinstance(node, exp.DataType) and node.is_type("int128"):
        return exp.DataType.build("decimal(38, 0)")
    if isinstance(node, exp.Bracket) and (name := _variable(node.this)):
        return exp.func("element_at", exp.column(f"leumund_{name}"), *node.expressions)
    if isinstance(node, exp.Anonymous):
        name = node.name.lower()
        if name == "epoch_us":
            return exp.func("unix_micros", exp.cast(node.expressions[0], "timestampltz"))
        if name == "hash":
            return exp.func("xxhash64", *node.expressions)
    return node


def _variable(node: exp.Expr) -> str:
    """The name of a variable that is read there, else ""."""
    return (
        str(node.expressions[0].name)
        if isinstance(node, exp.Anonymous) and node.name.lower() == "getvariable"
        else ""
    )


def variables_in(query: exp.Expr) -> set[str]:
    """The names of all variables that are read."""
    return {_variable(node) for node in query.find_all(exp.Anonymous)} - {""}


def by_name(union: exp.Union, columns: Sequence[str]) -> exp.Expr:
    """`select null::T as c ... where false union all by name select * from files`, for files with those columns."""
    told = {e.alias: e.this for e in union.left.expressions}
    listed = [
        exp.column(c, quoted=True) if c in columns else exp.alias_(told[c].copy(), c, quoted=True)
        for c in told
    ]
    listed += [exp.column(c, quoted=True) for c in columns if c not in told]
    return exp.select(*listed).from_(union.right.args["from_"].this.copy())
