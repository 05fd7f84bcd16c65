"""`import leumund`: a lab's readings in Python, with the words of the command line.

open(lab)                       an Lab, to read only
lab.show(name, **options)       a Reading, as `leumund show`
lab.why(name, account, ...)     what it was made from, as `leumund why`
lab.measures()                  what can be asked
Reading                         rows as dicts, Arrow, pandas, Polars; figures, sentences; text and HTML for notebooks
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

from markupsafe import Markup, escape

from leumund import locale
from leumund.asking import Question, State, derived
from leumund.config import DEMO, lab_folder, labs_folder, read_config
from leumund.errors import NoLabError, UnknownNameError
from leumund.lab import Lab as Folder
from leumund.locale import _
from leumund.measures import Measure, all_measures, facts_needed, measure_named
from leumund.measures import Reading as Taken
from leumund.options import Option, options_for, settled
from leumund.spoken import zones
from leumund.spoken.moments import moment_said
from leumund.views import Frame, charts, written
from leumund.views.arrow import as_arrow, as_parquet
from leumund.views.csv_text import as_csv
from leumund.views.json_text import as_json
from leumund.views.terminal import as_terminal

if TYPE_CHECKING:
    import pyarrow as pa

T = TypeVar("T")
When = str | date | datetime
_ALL = 10**9
_SHOWN_ROWS = 20  # in a notebook


def open(  # noqa: A001  the word a person would look for
    lab: str | Path | None = None,
    *,
    as_of: When | None = None,
    known_by: When | None = None,
    language: str | None = None,
    read_only: bool = True,
) -> Lab:
    """A lab: the one of that name or in that folder; None: the usual one, and the demo where there is none of one's own.

    as_of: the moment its answers speak of, a day for its end; None: now, in the demo its last day. known_by: only what the
    lab had learned by then. language: "de" or "en", in which titles and sentences are; None: as the environment says.
    read_only: nothing is written; posts that were not read for a measure yet are then missing from it, which a warning says.

    Raises:
        NoLabError: there is none. UsageError: a date that means nothing, a language that is not spoken here.
    """
    if language is not None and language not in locale.LANGUAGES:
        raise UnknownNameError("language", language, locale.LANGUAGES)
    return Lab(_folder(lab), as_of=as_of, known_by=known_by, language=language, read_only=read_only)


class Lab:
    """One state of a lab at one moment; use it with `with`, or `close` it."""

    def __init__(
        self,
        folder: Path,
        *,
        as_of: When | None,
        known_by: When | None,
        language: str | None,
        read_only: bool,
    ) -> None:
        self.folder = folder
        self.language = locale.use() if language is None else language
        self.read_only = read_only
        zones.use(read_config().zone)
        clock = datetime.now(UTC)
        self._clock = clock
        self._kept = ExitStack()
        self._lab = self._kept.enter_context(Folder.open(folder, read_only=True))
        with locale.speaking(self.language):
            self.as_of = _moment(as_of, clock) or self._lab.last_moment(clock)
            self.known_by = _moment(known_by, clock)
        self._state: State | None = None

    def show(self, measure: str, *, limit: int | None = None, **options: Any) -> Reading:
        """A reading, as `leumund show` takes it. options: the measure's own, see `options`; limit: at most so many rows.

        Accounts are written as on the network or by one's own name for people, days as 2026-03-31, 31.3.2026 or a `date`.

        Raises:
            UsageError: there is no such measure or option, or a value means nothing.
        """
        with locale.speaking(self.language):
            found = measure_named(measure)
            if any(o.name == "limit" for o in options_for(found)):
                options["limit"] = _ALL if limit is None else limit  # a program gets all
            given = settled(self._lab, found, options, today=self.as_of.date())
            reading = self._with_facts(found, given).reading(found, **given)
        return Reading(_cut(reading, limit), self.language)

    def why(
        self, measure: str, account: str | int | None = None, *, limit: int | None = None, **options: Any
    ) -> Reading:
        """What a reading was made from, as `leumund why` has it. account: whose; None: the owner's.

        Raises:
            UsageError: as `show`; also where there is nothing to explain.
        """
        with locale.speaking(self.language):
            found = measure_named(measure)
            own = any(o.name == "limit" for o in options_for(found, explained=True))
            given = settled(
                self._lab, found, {**options, "account": account, "limit": limit if own else None},
                today=self.as_of.date(), explained=True,
            )  # fmt: skip
            whose = given.pop("account", None)
            reading = self._with_facts(found, given).explanation(found, whose, **given)
        return Reading(_cut(reading, limit), self.language)

    def measures(self) -> dict[str, str]:
        """What can be asked: each measure's name and its question."""
        with locale.speaking(self.language):
            return {m.name: str(_(m.question)) for m in all_measures().values()}

    def options(self, measure: str, *, explained: bool = False) -> list[Option]:
        """The options of a measure, or of its explanation.

        Raises:
            UnknownNameError: there is no such measure.
        """
        return options_for(measure_named(measure), explained=explained)

    def close(self) -> None:
        """The lab is not looked at any more."""
        self._kept.close()
        self._state = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Lab {self.folder.name}, {self.as_of:%Y-%m-%d}>"

    def _with_facts(self, measure: Measure, options: Mapping[str, Any]) -> State:
        """This state of the lab, with the posts read that the measure needs."""
        needed = facts_needed(measure, options)
        if missing := self._lab.facts_missing(needed):
            if self.read_only or not derived(self._lab, [f.name for f in missing], at=self._clock):
                warnings.warn(
                    _("The newest posts are not read yet and are missing from the answer. To read them: open(read_only=False)."),
                    stacklevel=3,
                )  # fmt: skip
            else:
                self._state = None  # what is open has not seen them
        if self._state is None:
            question = Question(self._lab, self.as_of, self.known_by)
            self._state = self._kept.enter_context(question.state())
        return self._state


@dataclass(frozen=True, slots=True, repr=False)
class Reading:
    """A reading: what was measured, and all that must be said with it. taken: as the program itself holds it."""

    taken: Taken
    language: str

    @property
    def title(self) -> str:
        return self._said(lambda: written.title(self.taken))

    @property
    def as_of(self) -> datetime:
        """The moment it speaks of."""
        return self.taken.as_of

    @property
    def columns(self) -> list[str]:
        return [c.name for c in self.taken.columns]

    @property
    def figures(self) -> dict[str, float | int | str | None]:
        """Single figures by name; None is unknown."""
        return dict(self.taken.figures)

    @property
    def notes(self) -> list[str]:
        """What must be said with it, in sentences."""
        return self._said(lambda: written.notes(self.taken))

    @property
    def coverage(self) -> str:
        """How far the lab can see, in a sentence."""
        return self._said(lambda: written.coverage(self.taken))

    def to_dicts(self) -> list[dict[str, Any]]:
        """The rows by column name; accounts as people write them, None for unknown."""
        return self.taken.dicts()

    def to_arrow(self) -> pa.Table:
        """The rows as an Arrow table; what else the reading says is in the schema's metadata, under `leumund`."""
        return as_arrow(self.taken)

    def to_pandas(self) -> Any:
        """The rows as a DataFrame of pandas, with Arrow's types: unknown is NA and a whole number stays whole.

        Raises:
            ModuleNotFoundError: pandas is not installed; Leumund does not need it.
        """
        import pandas as pd

        return self.to_arrow().to_pandas(types_mapper=pd.ArrowDtype)

    def to_polars(self) -> Any:
        """The rows as a DataFrame of Polars.

        Raises:
            ModuleNotFoundError: Polars is not installed; Leumund does not need it.
        """
        import polars as pl

        return pl.from_arrow(self.to_arrow())

    def to_json(self) -> str:
        return self._said(lambda: as_json(self.taken))

    def to_csv(self) -> str:
        return as_csv(self.taken)

    def to_parquet(self, path: str | Path) -> None:
        """Write the rows, and what the reading says besides, into a Parquet file."""
        Path(path).write_bytes(as_parquet(self.taken))

    def to_svg(self) -> str:
        """The drawing; "" where there is nothing to draw."""
        drawn = self._said(lambda: charts.draw(self.taken, Frame(width=720)))
        return drawn.svg if drawn else ""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """For whatever takes Arrow: `polars.DataFrame(reading)`, `duckdb.from_arrow(reading)`."""
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def __len__(self) -> int:
        return len(self.taken.rows)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.to_dicts())

    def __repr__(self) -> str:
        return self._said(lambda: as_terminal(self.taken))

    def _repr_html_(self) -> str:
        """The drawing and the first rows for a notebook; what strangers wrote is text in it."""
        return self._said(lambda: _as_html(self.taken, self.to_svg()))

    def _said(self, say: Callable[[], T]) -> T:
        with locale.speaking(self.language):
            return say()


def _as_html(reading: Taken, svg: str) -> str:
    table = written.table(replace(reading, rows=reading.rows[:_SHOWN_ROWS]))
    heads = Markup("").join(Markup("<th>{}</th>").format(h.title) for h in table.heads)
    rows = Markup("").join(
        Markup("<tr>{}</tr>").format(Markup("").join(Markup("<td>{}</td>").format(c.text) for c in row))
        for row in table.rows
    )
    left = len(reading.rows) - len(table.rows)
    more = locale.ngettext("And {n} more row.", "And {n} more rows.", left).format(n=left) if left > 0 else ""
    said = [written.as_of(reading), *written.notes(reading), written.coverage(reading), more]
    drawn = Markup('<div style="background:{}">{}</div>').format(charts.COLOURS["paper"], Markup(svg))  # noqa: S704  our own drawing
    return str(
        Markup("<h4>{}</h4>{}<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>{}").format(
            written.title(reading), drawn if svg else "", heads, rows,
            Markup("").join(Markup("<p>{}</p>").format(escape(s)) for s in said if s),
        )
    )  # fmt: skip


def _cut(reading: Taken, limit: int | None) -> Taken:
    """The first rows; of a series the newest."""
    if limit is None or len(reading.rows) <= limit:
        return reading
    return replace(reading, rows=reading.rows[-limit:] if reading.shape == "series" else reading.rows[:limit])


def _folder(lab: str | Path | None) -> Path:
    if isinstance(lab, Path):
        folder = lab
    else:
        folder = lab_folder(lab)
        own_is_named = read_config().lab != "main"
        if lab is None and not own_is_named and not Folder.exists(folder):
            folder = labs_folder() / DEMO
    if not Folder.exists(folder):
        raise NoLabError(folder)
    return folder


def _moment(when: When | None, clock: datetime) -> datetime | None:
    if when is None or isinstance(when, datetime):
        return when if when is None or when.tzinfo else when.replace(tzinfo=UTC)
    if isinstance(when, date):
        return datetime.combine(when, time.max, UTC)
    return moment_said(when, clock.date())
