"""What is measured: one file, one measure, found by being there.

A measure is a record (`MEASURE = Measure(...)` in `measures/NAME.py`). `compute` is a pure function of
`Tables`, which are already cut at `as_of`. `read` calls it, sorts, and gives a `Reading`: the rows and all
that is needed to say them again (when, from what, how sure, what is unknown). Packages may add measures
under the entry point group `leumund.measures`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from leumund.discovery import record_named, records
from leumund.errors import UnknownNameError, UsageError
from leumund.locale import N_, _
from leumund.measures.happenings import Happening, happenings
from leumund.store.tables import Coverage, Tables

Shape = Literal["number", "series", "ranking", "table", "breakdown", "ledger"]
"""How a reading may be drawn: one figure, figures over time, places, plain rows, parts of a whole, open items."""

Topic = Literal["influence", "followers", "recommendations", "people", "posts", "success", ""]
"""What a measure is about; "" for one of another package that says nothing."""

TOPICS: Mapping[Topic, str] = {
    "influence": N_("Influence"),
    "followers": N_("Followers"),
    "recommendations": N_("Recommendations"),
    "people": N_("Dealing with people"),
    "posts": N_("Posts"),
    "success": N_("Goals and customers"),
    "": N_("More"),
}
"""What the topics are called, in the order in which a person goes through them."""

ColumnKind = Literal[
    "account", "whole", "number", "points", "share", "text", "time", "flag", "day", "week", "post", "kind"
]
"""What a column holds. account: a key (int64) of a person, or of an account where accounts are meant; post: a URI;
share: 0 to 1; points: a signed change; kind: one of a few machine words, translated where it is shown; day: a
calendar day in UTC, at its end; week: the Monday of an ISO week."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a reading. title: English, marked for translation; unit: the same, "" for none.

    nothing: what None says in this column, where it is known what it means ("all others"); "" where None is unknown.
    apart: each row is another figure, written with as many decimals as it needs itself.
    """

    name: str
    kind: ColumnKind
    title: str
    unit: str = ""
    optional: bool = False  # None is allowed
    nothing: str = ""
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence that belongs to a reading: English with str.format fields, and their values."""

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return _(self.text).format(**self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What `compute` gives: an Arrow table with the declared columns, and what must be said with it. about: of an explanation,
    whom it is about, where the measure itself chose somebody.
    """

    rows: pa.Table
    notes: tuple[Note, ...] = ()
    figures: Mapping[str, float | int | str | None] = field(
        default_factory=dict
    )  # single figures: score, low, high
    about: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All that is needed to say a measurement again. rows: tuples in the order of `columns`.

    happened: what happened meanwhile, for what is told over time; the owner's own words, so nothing for the public.
    names: what the accounts in the rows are called; handles: of those who have several accounts, all of them.
    source_titles: what the sources of the coverage are called, where that is known. answers: its notes are the answer
    itself, so they stand before the table.
    """

    measure: str
    title: str
    shape: Shape
    as_of: datetime
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    coverage: Coverage
    notes: tuple[Note, ...] = ()
    figures: Mapping[str, float | int | str | None] = field(default_factory=dict)
    figure_titles: Mapping[str, str] = field(
        default_factory=dict
    )  # what the figures are called; "" is not shown
    options: Mapping[str, Any] = field(default_factory=dict)
    names: Mapping[int, str] = field(default_factory=dict)
    handles: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    source_titles: Mapping[str, str] = field(default_factory=dict)
    happened: tuple[Happening, ...] = ()
    answers: bool = False

    def dicts(self) -> list[dict[str, Any]]:
        """The rows by column name, accounts as people write them."""
        accounts = {c.name for c in self.columns if c.kind == "account"}
        return [
            {
                c.name: self.names.get(v, str(v)) if c.name in accounts and v is not None else v
                for c, v in zip(self.columns, row, strict=True)
            }
            for row in self.rows
        ]

    def account_keys(self) -> set[int]:
        """Every account that stands in the rows."""
        at = [i for i, c in enumerate(self.columns) if c.kind == "account"]
        return {row[i] for row in self.rows for i in at if row[i] is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """All there is to know about one measure.

    question: what it answers, in a person's words; topic: under which heading. columns, order: of its rows; order names columns, "-" first
    for falling, "±" for falling by size whatever the sign, and must leave no ties. facts: which facts derived from posts it needs; facts_for(options): the
    same where that depends on the options (see `facts_needed`). figures: titles of the single figures, also of the
    explanation's, "" for one that programs read and people are not shown. compute(tables, **options) -> Result;
    explain(tables, account_key | None, **options) -> Result with explain_columns.
    tell(explanation of the owner's own) -> what it says of single accounts, in sentences to her, most important first.
    private: never on a public page. answers: see Reading. reference: where the formula comes from.
    """

    name: str
    title: str
    question: str
    shape: Shape
    columns: tuple[Column, ...]
    order: tuple[str, ...]
    compute: Callable[..., Result]
    topic: Topic = ""
    figures: Mapping[str, str] = field(default_factory=dict)
    explain: Callable[..., Result] | None = None
    explain_title: str = ""
    explain_shape: Shape = "ledger"
    explain_columns: tuple[Column, ...] = ()
    explain_order: tuple[str, ...] = ()
    tell: Callable[[Reading], list[Note]] | None = None
    facts: tuple[str, ...] = ()
    facts_for: Callable[[Mapping[str, Any]], tuple[str, ...]] | None = None
    private: bool = False
    answers: bool = False
    reference: str = ""


_GROUP = "leumund.measures"


@cache
def all_measures() -> Mapping[str, Measure]:
    """Every measure there is, by name."""
    return {m.name: m for m in records(__name__, "MEASURE", Measure, group=_GROUP)}


def measure_named(name: str) -> Measure:
    """The measure of that name.

    Raises:
        UnknownNameError: with the names there are.
    """
    found = None if name.startswith("_") else record_named(__name__, name, "MEASURE", Measure, group=_GROUP)
    if found is not None and found.name == name:  # all others need not be read for it
        return found
    try:
        return all_measures()[name]
    except KeyError:
        raise UnknownNameError(_("Measure"), name, all_measures()) from None


def facts_needed(measure: Measure, options: Mapping[str, Any]) -> tuple[str, ...]:
    """The facts that must be up to date before this measure is taken with these options."""
    return measure.facts_for(options) if measure.facts_for else measure.facts


def read(
    measure: Measure, tables: Tables, names: Callable[[Iterable[int]], Mapping[int, str]], **options: Any
) -> Reading:
    """Take a measurement. names: gives how people write accounts (`Lab.names`)."""
    result = measure.compute(tables.person_by_person(), **options)
    reading = _reading(
        measure, measure.title, measure.shape, measure.columns, measure.order, result, tables, names, options
    )
    return replace(reading, answers=True) if measure.answers else reading


_CHOSEN = N_("This is about {account}, who comes first.")


def why(
    measure: Measure,
    tables: Tables,
    names: Callable[[Iterable[int]], Mapping[int, str]],
    account: int | None = None,
    **options: Any,
) -> Reading:
    """The facts a measurement was made from, down to the single post.

    Raises:
        UsageError: this measure has nothing to explain.
    """
    if measure.explain is None:
        hint = _("All that is known of it: leumund show {name}").format(name=measure.name)
        raise UsageError(_("{name} has no explanation of its own.").format(name=measure.name), hint=hint)
    result = measure.explain(tables.person_by_person(), account, **options)
    chosen = result.about if account is None else None
    about = () if chosen is None else (Note(_CHOSEN, {"account": names([chosen]).get(chosen, str(chosen))}),)
    together = _whose(tables, names, account if chosen is None else chosen)
    result = replace(result, notes=(*about, *result.notes, *together))
    reading = _reading(
        measure, measure.explain_title or measure.title, measure.explain_shape, measure.explain_columns,
        measure.explain_order, result, tables, names, options,
    )  # fmt: skip
    hers = account is None or tables.person_of(account) == tables.own
    if measure.tell is None or not hers:
        return reading
    return replace(reading, notes=(*reading.notes, *measure.tell(reading)))


def _whose(
    tables: Tables, names: Callable[[Iterable[int]], Mapping[int, str]], account: int | None
) -> tuple[Note, ...]:
    """Which accounts are explained together, where they are several."""
    key = tables.own if account is None else tables.person_of(account)
    person = tables.people.get(key) if key is not None else None
    if person is None or len(person.accounts) < 2:
        return ()
    text = N_("One person, all her accounts taken together: {accounts}.")
    if key == tables.own:
        text = N_("Your accounts, taken together: {accounts}.")
    known = names(person.accounts)
    return (Note(text, {"accounts": ", ".join(known.get(a, str(a)) for a in person.accounts)}),)


def called(
    tables: Tables, names: Callable[[Iterable[int]], Mapping[int, str]], keys: Iterable[int]
) -> tuple[dict[int, str], dict[int, tuple[str, ...]]]:
    """What people and accounts are called, and all handles of those with several accounts.

    A person is called what the owner calls her, else by the handle that people would write first. Two whom the
    owner calls the same have their handles beside the name.
    """
    wanted = set(keys)
    some = {k: tables.people[k] for k in wanted if k in tables.people}
    known = names(wanted.union(*(p.accounts for p in some.values())))
    shown = {k: known[k] for k in wanted if k in known}
    handles = {k: tuple(known.get(a, str(a)) for a in p.accounts) for k, p in some.items()}
    given = Counter(p.name for p in some.values())
    for key, person in some.items():
        best = handles[key][0]
        shown[key] = best if not person.name else person.name
        if person.name and given[person.name] > 1:
            shown[key] = f"{person.name} ({best})"
    return shown, {k: h for k, h in handles.items() if len(h) > 1}


def _reading(
    measure: Measure,
    title: str,
    shape: Shape,
    columns: tuple[Column, ...],
    order: tuple[str, ...],
    result: Result,
    tables: Tables,
    names: Callable[[Iterable[int]], Mapping[int, str]],
    options: Mapping[str, Any],
) -> Reading:
    table = result.rows.select([c.name for c in columns])
    if order and table.num_rows > 1:
        for name in (o for o in order if o.startswith("±")):
            table = table.append_column(name, pc.abs(table[name.lstrip("±")]))
        by = [(o.lstrip("-"), "descending" if o[0] in "-±" else "ascending") for o in order]
        table = table.sort_by(by)
    listed = [table[c.name].to_pylist() for c in columns]
    rows = tuple(zip(*listed, strict=True)) if table.num_rows else ()
    bare = Reading(
        measure=measure.name, title=title, shape=shape, as_of=tables.as_of, columns=columns, rows=rows,
        coverage=tables.coverage, notes=result.notes, figures=result.figures,
        figure_titles=measure.figures, options=dict(options),
    )  # fmt: skip
    shown, handles = called(tables, names, bare.account_keys())
    happened = happenings(tables, _first_moment(bare)) if shape == "series" else ()
    return replace(bare, names=shown, handles=handles, happened=happened)


def _first_moment(reading: Reading) -> datetime | None:
    """When the first row of a reading over time begins."""
    at = next((i for i, c in enumerate(reading.columns) if c.kind in ("time", "day", "week")), None)
    found = [row[at] for row in reading.rows if at is not None and row[at] is not None]
    if not found:
        return None
    first = min(found)
    whole = first if isinstance(first, datetime) else datetime(first.year, first.month, first.day, tzinfo=UTC)
    return whole if whole.tzinfo else whole.replace(tzinfo=UTC)
