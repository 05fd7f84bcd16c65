"""A reading for programs, as JSON. One stable shape, in either language:

    measure, title, shape   which measure; its title in the language in use; the shape
    as_of                   the moment it speaks of
    figures                 single figures by name
    columns                 [{name, kind, title, unit, optional}]
    rows                    [{name: value}]  full precision; null is unknown; a share is 0 to 1
    notes                   [{sentence, text, values}]  as people read it; the English pattern and its values
    coverage                {first, last, rows, undated, sources, later}
    people                  [{name, accounts}]  whoever stands in the rows with several accounts
    options                 what was asked for
    happened                [{at, until, kind, text, network}]  what happened meanwhile (shape "series"); kind: note, silence,
                            outage, experiment; until null: that day alone

Times are ISO 8601 in UTC ("2026-11-23T14:05:00Z"), days are dates, weeks the date of their Monday, accounts as
people write them ("@anna@example.social"), or the name the owner gave to a person. Names are only ever added to this shape, never changed.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from leumund.clean import clean
from leumund.measures import ColumnKind, Reading
from leumund.views import cells, written

# Harmless inside JSON, harmful where it is printed: DEL and C1 controls, turned writing, half characters.
_RISKY = re.compile(
    "[\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff\ud800-\udfff]"
)


def as_json(reading: Reading, *, rows: bool = True, lists: bool = False) -> str:
    """The reading as one JSON object, ending in a newline. rows: False leaves them out; lists: each is a list of values."""
    c = reading.coverage
    whole = {
        "measure": reading.measure,
        "title": written.title(reading),
        "shape": reading.shape,
        "as_of": iso_time(reading.as_of),
        "figures": {k: plain(v) for k, v in reading.figures.items()},
        "columns": [
            {
                "name": c.name,
                "kind": c.kind,
                "title": _text(c.title),
                "unit": _text(c.unit),
                "optional": c.optional,
            }
            for c in reading.columns
        ],
        "rows": [list(row.values()) if lists else row for row in _rows(reading)] if rows else [],
        "notes": [
            {"sentence": cells.sentence(n), "text": n.text, "values": plain(n.values)} for n in reading.notes
        ],
        "coverage": {
            "first": None if c.first is None else iso_time(c.first),
            "last": None if c.last is None else iso_time(c.last),
            "rows": c.rows,
            "undated": c.undated,
            "sources": list(c.sources),
            "later": c.later,
        },
        "people": [
            {"name": reading.names[k], "accounts": list(h)} for k, h in sorted(reading.handles.items())
        ],
        "options": plain(reading.options),
        "happened": [
            {
                "at": iso_time(h.at),
                "until": plain(h.until),
                "kind": h.kind,
                "text": clean(h.text),
                "network": h.network,
            }
            for h in reading.happened
        ],
    }
    return _said(whole)


def rows_as_json(reading: Reading) -> str:
    """The rows alone: a list of objects."""
    return _said(_rows(reading))


def _rows(reading: Reading) -> list[dict[str, Any]]:
    kinds: dict[str, ColumnKind] = {c.name: c.kind for c in reading.columns}
    return [{name: value(kinds[name], v) for name, v in row.items()} for row in reading.dicts()]


def _said(whole: Any) -> str:
    import msgspec

    try:  # a board has millions of values: a tenth of the time. Texts of the catalogue are not of type str alone.
        said = msgspec.json.format(msgspec.json.encode(whole, enc_hook=str), indent=1).decode("utf-8")
    except (UnicodeEncodeError, OverflowError):  # half characters, numbers beyond 64 bits
        said = json.dumps(whole, ensure_ascii=False, allow_nan=False, indent=1)
    return _RISKY.sub(lambda m: f"\\u{ord(m[0]):04x}", said) + "\n"


def _text(english: str) -> str:
    from leumund.locale import _

    return clean(_(english))


def value(kind: ColumnKind, given: Any) -> Any:
    """A value of a column as JSON knows it, None for unknown."""
    if given is None:
        return None
    if kind == "time":
        return iso_time(given)
    if kind in ("day", "week"):
        return cells.as_day(given).isoformat()
    return plain(given)


def plain(given: Any) -> Any:
    """Any value as JSON knows it: no NaN, no infinity, times as text."""
    if given is None or isinstance(given, (bool, int, str)):  # a union would be made anew each time
        return given
    if isinstance(given, float):
        return given if math.isfinite(given) else None
    if isinstance(given, datetime):
        return iso_time(given)
    if isinstance(given, date):
        return given.isoformat()
    if isinstance(given, Mapping):
        return {str(k): plain(v) for k, v in given.items()}
    if isinstance(given, list | tuple | set | frozenset):
        return [plain(v) for v in (sorted(given, key=str) if isinstance(given, set | frozenset) else given)]
    return str(given)


def iso_time(given: Any) -> str:
    """A time in UTC as ISO 8601, microseconds only where there are some.

    >>> iso_time(datetime(2026, 11, 23, 14, 5, tzinfo=UTC)), iso_time(1)
    ('2026-11-23T14:05:00Z', '1970-01-01T00:00:00.000001Z')
    """
    return cells.as_moment(given).astimezone(UTC).isoformat().replace("+00:00", "Z")
