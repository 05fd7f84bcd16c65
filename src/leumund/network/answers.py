"""What was found of everybody, to be looked up by account: a binary search and a few reads, however many there are.

Columns lie in files of their own, one value for each number of an account; nothing is read but the places asked for.
Of days before, score and place are kept: of each of the last fourteen days there was an answer for, then of the last one in
each week, for two years.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from leumund.measures.weeks import week_of_day
from leumund.network.accounts import Accounts
from leumund.network.kept import FOLDER, Kept, answers_of

_EACH_DAY = 14
_DAYS = 2 * 364
_KINDS: dict[str, type[np.generic]] = {
    "score": np.float64, "low": np.float64, "high": np.float64, "standing": np.float64, "place": np.int32,
    "actors": np.int32, "acts": np.int64,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is known of one account. of: how many have a place; low, high: None where too few stand behind it; history:
    (day, score, place), oldest first, None and None where it had none.
    """

    as_of: datetime
    of: int
    score: float
    low: float | None
    high: float | None
    standing: float
    place: int
    actors: int
    acts: int
    history: tuple[tuple[date, float | None, int | None], ...]


def answer(lab: Path, account: int) -> Answer | None:
    """What the last scoring of all said of this account (its key); None where it was not scored, or nothing is kept."""
    folder = lab / FOLDER
    told = answers_of(lab)
    if not told:
        return None
    key = _looked_up(folder, told["one_key"], account)
    number = _looked_up(folder, told["accounts"], account if key is None else key)
    if number is None or number >= told["size"]:
        return None
    values = {name: _at(folder / told["columns"][name], kind, number) for name, kind in _KINDS.items()}
    if not values["place"]:
        return None
    history = tuple(
        (date.fromisoformat(h["day"]), s, p) if p else (date.fromisoformat(h["day"]), None, None)
        for h in told["history"]
        for s, p in [_then(folder, h, number)]
    )
    low, high = (None if np.isnan(values[n]) else values[n] for n in ("low", "high"))
    return Answer(
        as_of=datetime.fromisoformat(told["as_of"]), of=told["places"], history=history,
        **{**values, "low": low, "high": high},
    )  # fmt: skip


def keep(
    kept: Kept,
    accounts: Accounts,
    one_key: dict[int, int],
    columns: dict[str, npt.NDArray[Any]],
    as_of: datetime,
) -> None:
    """Keep these columns (of each number: `score`, `low` ..., place 0 for none) for the commit."""
    before = kept.answers.get("history", [])
    day = as_of.date().isoformat()
    both = np.column_stack(
        [columns["score"].astype(np.float32).view(np.int32), columns["place"].astype(np.int32)]
    )
    past = {"day": day, "size": len(accounts), "file": kept.put("day", both)}
    pairs = sorted(one_key.items())
    kept.answers = {
        "as_of": as_of.isoformat(), "size": len(accounts), "places": int((columns["place"] > 0).sum()),
        "columns": {n: kept.put(f"answer-{n}", columns[n].astype(kind)) for n, kind in _KINDS.items()},
        "accounts": [kept.told["accounts"]["ordered"], kept.told["accounts"]["number"], len(accounts)],
        "one_key": [
            kept.put("key-of", np.array([a for a, _ in pairs], np.int64)),
            kept.put("key-is", np.array([k for _, k in pairs], np.int64)), len(pairs),
        ],
        "history": _thinned([*(h for h in before if h["day"] != day), past], as_of.date()),
    }  # fmt: skip


def _thinned(history: list[dict[str, Any]], today: date) -> list[dict[str, Any]]:
    """The days that are kept, oldest first."""
    kept: dict[tuple[str, int], dict[str, Any]] = {}
    for entry in sorted(history, key=lambda h: str(h["day"])):
        day = date.fromisoformat(entry["day"])
        if today - day > timedelta(days=_DAYS):
            continue
        recent = abs((today - day).days) < _EACH_DAY
        kept["day" if recent else "week", day.toordinal() if recent else week_of_day(day)] = entry
    return sorted(kept.values(), key=lambda h: str(h["day"]))


def _then(folder: Path, entry: dict[str, Any], number: int) -> tuple[float | None, int]:
    if number >= entry["size"]:
        return None, 0
    score, place = np.frombuffer(_bytes(folder / entry["file"], 8, number), np.int32)
    return float(score.view(np.float32)), int(place)


_HEAD = 128
"""Bytes before the values in a file of one column, as numpy writes it."""


def _at(file: Path, kind: type[np.generic], place: int) -> Any:
    return np.frombuffer(_bytes(file, np.dtype(kind).itemsize, place), kind)[0].item()


def _bytes(file: Path, width: int, place: int) -> bytes:
    with file.open("rb", buffering=0) as values:
        values.seek(_HEAD + place * width)
        return values.read(width)


def _looked_up(folder: Path, pair: tuple[str, str, int], wanted: int) -> int | None:
    """What stands beside a key in a sorted list; None where it is not in it."""
    ordered, beside, size = pair
    if not size:
        return None
    keys = np.load(folder / ordered, mmap_mode="r", allow_pickle=False)
    at = int(np.searchsorted(keys, wanted))
    if at >= size or keys[at] != wanted:
        return None
    return int(np.load(folder / beside, mmap_mode="r", allow_pickle=False)[at])
