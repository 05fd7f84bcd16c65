"""How well goals are forecast: 12 weeks ahead on given growth curves, beside plain ways to do it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from leumund.errors import UsageError
from leumund.locale import N_, _
from leumund.measures.goals.conformal import LEVEL
from leumund.measures.goals.curves import WEEK, Curve, Days, Numbers, curve_of
from leumund.measures.goals.forecast import HIGH, LOW, crps, forecast
from leumund.validate import Finding, said
from leumund.validate.baselines import Baseline, known_baselines
from leumund.validate.cells import Figures, figure, ranged, table
from leumund.validate.curves import Counts, read_counts

WEEKS = 12
EVERY = 12
HISTORY = 16
MOST = 20_000
_DRAWS = 1_000
_USUAL_WEEKS = 26
_WIDEST_GAP = 31  # days between two counts with the truth on the line between them
_DRAWN = 1_000
NAMES = {
    "ours": N_("goals"),
    "last_8_weeks": N_("the last eight weeks go on (baseline)"),
    "log_linear": N_("straight line through the logarithm (baseline)"),
    "auto_ets": N_("AutoETS of statsforecast (baseline)"),
}


@dataclass(frozen=True, slots=True)
class Case:
    """One forecast to be made: of which series, from what was known, and what came of it."""

    series: str
    curve: Curve
    truth: float


def check(
    path: Path,
    *,
    weeks: int = WEEKS,
    every: int = EVERY,
    history: int = HISTORY,
    baselines: Mapping[str, Baseline] | None = None,
) -> Finding:
    """Forecast every curve from several of its days, from nothing but the counts until then.

    Args:
        weeks: so far ahead. every: a forecast from each so many weeks on. history: at least so many weeks before it.
        baselines: other ways to forecast; None: those of `baselines`.
    Gives: for each way the share of intervals of 80 % that held the truth, their mean width, the mean CRPS, and the
        same in relation to what is usual for the curve (its mean weekly change times the weeks, at least 1), so that
        large accounts do not drown small ones. coverage_low and coverage_high: 90 %, drawn by series.

    Raises:
        UsageError: no curve is long enough.
    """
    counts = read_counts(path)
    cases = list(cases_of(counts, weeks=weeks, every=every, history=history))
    if not cases:
        words = _("No curve is long enough: it takes {history} weeks before a forecast and {weeks} after it.")
        raise UsageError(words.format(history=history, weeks=weeks))
    if len(cases) > MOST:
        cases = [cases[i] for i in np.linspace(0, len(cases) - 1, MOST).astype(int)]
    series = np.unique([case.series for case in cases], return_inverse=True)[1].reshape(-1)
    others = known_baselines() if baselines is None else baselines
    ways = {"ours": _ours, **others}
    usual = np.array([_usual(case.curve, weeks) for case in cases])
    truth = np.array([case.truth for case in cases])
    figures: dict[str, Any] = {
        "series": len(counts.series), "series_used": int(series.max()) + 1, "forecasts": len(cases), "weeks": weeks,
        "every": every, "history": history, "level": LEVEL,
    }  # fmt: skip
    for name, way in ways.items():
        figures[name] = _summed(
            np.array([_judged(way(case.curve, weeks), case.truth) for case in cases]), truth, usual, series
        )
    for what in ("crps", "scaled_crps"):
        best = min(figures[name][what] for name in others)
        figures[f"{what}_ratio"] = figures["ours"][what] / best if best > 0 else None
    return Finding(figures=figures, told=(*counts.told, *_told(figures, list(ways))))


def cases_of(counts: Counts, *, weeks: int, every: int, history: int) -> Iterator[Case]:
    """The forecasts that can be made and judged; the last first, so that short curves have one too."""
    for name, (days, values) in counts.series.items():
        origin = int(days[-1]) - weeks * WEEK
        while len(days) and origin - int(days[0]) >= history * WEEK:
            many = int(np.searchsorted(days, origin, side="right"))
            day = int(days[many - 1])
            truth = _at(days, values, day + weeks * WEEK)
            curve = curve_of(days[:many], values[:many])
            if truth is not None and curve.weeks >= history and curve.counted >= history // 2:
                yield Case(name, curve, truth)
            origin = min(origin, day) - every * WEEK


def _at(days: Days, values: Numbers, day: int) -> float | None:
    """The count of a day, on the line between two counts that are not too far apart."""
    after = int(np.searchsorted(days, day))
    if after == len(days):
        return None
    if int(days[after]) == day:
        return float(values[after])
    if after == 0 or days[after] - days[after - 1] > _WIDEST_GAP:
        return None
    return float(np.interp(day, days[after - 1 : after + 1], values[after - 1 : after + 1]))


def _ours(curve: Curve, weeks: int) -> Numbers:
    found = forecast(curve, weeks, draws=_DRAWS)
    if found is None:  # the history asked for is shorter than a forecast needs
        raise UsageError(_("A forecast needs at least six weeks of history."))
    return found.courses[:, -1]


def _usual(curve: Curve, weeks: int) -> float:
    return max(1.0, weeks * float(np.abs(curve.gains[-_USUAL_WEEKS:]).mean()))


def _judged(drawn: Numbers, truth: float) -> tuple[float, float, float]:
    """The ends of the interval, and the CRPS."""
    low, high = np.quantile(drawn, [LOW, HIGH])
    return float(low), float(high), crps(drawn, truth)


def _summed(judged: Numbers, truth: Numbers, usual: Numbers, series: Days) -> dict[str, float]:
    low, high, missed = judged.T
    held = ((truth >= low) & (truth <= high)).astype(np.float64)
    between = _by_series(held, series)
    return {
        "coverage": float(held.mean()), "coverage_low": between[0], "coverage_high": between[1],
        "below": float((truth < low).mean()), "above": float((truth > high).mean()),
        "width": float((high - low).mean()), "scaled_width": float(((high - low) / usual).mean()),
        "crps": float(missed.mean()), "scaled_crps": float((missed / usual).mean()),
    }  # fmt: skip


def _by_series(held: Numbers, series: Days) -> tuple[float, float]:
    """Between what a share lies in 90 of 100 cases, were other series drawn; one alone tells nothing of others."""
    size = int(series.max()) + 1
    if size == 1:
        return 0.0, 1.0
    right, many = np.bincount(series, held, size), np.bincount(series, minlength=size)
    times = np.random.default_rng(1).multinomial(size, np.full(size, 1 / size), _DRAWN)
    low, high = np.quantile((times @ right) / (times @ many), [0.05, 0.95])
    return float(low), float(high)


def _told(figures: Mapping[str, Any], ways: list[str]) -> list[str]:
    text = N_(
        "{forecasts} forecasts of {series_used} curves, {weeks} weeks ahead, from nothing but what was known."
    )
    told = [said(text, **{name: figures[name] for name in ("forecasts", "series_used", "weeks")})]
    text = N_(
        "{what}: intervals of 80 per cent held the truth in {coverage:.1%} ({coverage_low:.1%} … {coverage_high:.1%}),"
        " mean width {width:.1f}; CRPS {crps:.2f}, in relation to the usual change {scaled_crps:.3f}."
    )
    told += [said(text, what=_(NAMES.get(way, way)), **figures[way]) for way in ways]
    if figures["crps_ratio"] is not None and figures["scaled_crps_ratio"] is not None:
        text = N_(
            "CRPS against the better baseline: {crps_ratio:.2f}; in relation to the usual change {scaled_crps_ratio:.2f}."
        )
        told.append(said(text, **{n: figures[n] for n in ("crps_ratio", "scaled_crps_ratio")}))
    return told


def section(runs: Sequence[tuple[str, Figures]], names: Mapping[str, str], command: str) -> str:
    """Forecasts of growth curves: one row for each way on each collection."""
    rows = []
    for data, f in runs:
        for way in (n for n in names if n in f):
            one = f[way]
            held = ranged(one["coverage"], one["coverage_low"], one["coverage_high"])
            rows.append(
                (
                    f"{data}: {f['forecasts']:,} forecasts, {f['series_used']:,} curves", names[way], held, f"{one['width']:,.1f}",
                    f"{one['crps']:,.2f}", figure(one["scaled_crps"]),
                )
            )  # fmt: skip
    heads = ("data", "way", "80 % intervals that held (90 %)", "mean width", "CRPS", "CRPS / usual change")
    weeks = runs[0][1]["weeks"]
    ratios = "; ".join(
        f"{data}: {figure(f['crps_ratio'], 2)}, in relation to the usual change {figure(f['scaled_crps_ratio'], 2)}"
        for data, f in runs
    )
    told = f"`{command}`: {weeks} weeks ahead, one forecast every {runs[0][1]['every']} weeks. CRPS against the best baseline: {ratios}."
    return f"{told}\n\n{table(heads, rows)}"
