"""The figures of the checks as they stand in docs/validity.md: in English, each with the command that makes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from leumund.validate.experiments import WORLDS as EXPERIMENT_WORLDS
from leumund.validate.intervals import WORLDS
from leumund.validate.reach import GROUPS
from leumund.validate.resonance import WORLDS as RESONANT
from leumund.validate.returns import TITLES as BUSINESSES
from leumund.validate.returns import costs_of

Figures = Mapping[str, Any]


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def pairs(figures: Figures, command: str) -> str:
    """Who is more influential: the three scores."""
    names = {
        "received": "mentions and reshares received",
        "with_counts": "the same, followers and lists",
        "log_followers": "baseline: logarithm of followers",
    }
    rows = []
    for name, words in names.items():
        one = figures[name]
        ahead = one.get("difference")
        rows.append(
            (
                f"`{name}`", words, _auc(one["auc"], one["low"], one["high"]),
                "" if ahead is None else _signed(ahead), "" if ahead is None else _verdict(ahead),
            )
        )  # fmt: skip
    heads = ("score", "made from", "AUC (90 %)", "ahead of the baseline (90 %)", "")
    told = (
        f"`{command}`: {figures['pairs']:,} pairs of {figures['persons']:,} persons.\n\n{table(heads, rows)}"
    )
    share = figures["with_counts"]["difference"]["ahead_in_halves"]
    if share is not None:
        told += (
            f"\n\nIn {share:.0%} of 200 random halves of the persons `with_counts` is ahead of the baseline."
        )
    return told


def forecast(runs: Sequence[tuple[str, str, Figures]]) -> str:
    """The next fourteen days, one row for each data set."""
    rows = []
    for name, command, f in runs:
        rows.append(
            (
                name, f"{f['edges']:,}", f"{f['asked']:,} at {f['moments']}", *(_cut(f[w]) for w in ("score", "count", "responders")),
                _signed(f["ahead_of_count"]), _verdict(f["ahead_of_count"]), f"`{command}`",
            )
        )  # fmt: skip
    heads = (
        "data", "acts", "accounts asked about", "score", "baseline: acts of 28 days", "people of 28 days",
        "score against baseline (90 %)", "", "command",
    )  # fmt: skip
    return table(heads, rows)


def intervals(figures: Figures, command: str) -> str:
    """How often the interval held, one row for each kind of world."""
    heads = ["world", "“too little data”", "held in all"]
    bands: dict[str, None] = {}
    for one in figures["kinds"].values():
        bands |= dict.fromkeys(_band(b) for b in one["bands"])
    ordered = sorted(bands, key=lambda b: float(b.split()[-1].split("–")[0]))
    rows = []
    for kind, one in figures["kinds"].items():
        held = {_band(b): b for b in one["bands"]}
        cells = [
            f"{_cut(held[b]['held'], 2)} ({held[b]['cases']:,}; {held[b]['width']:.1f} wide)"
            if b in held
            else ""
            for b in ordered
        ]
        rows.append(
            [f"{kind}: {WORLDS[kind]}", f"{one['too_little_data']:.0%}", _cut(one["held"], 2), *cells]
        )
    told = f"`{command}`: share of intervals of 90 % that held the truth (cases; points wide), by n_eff."
    return f"{told}\n\n{table([*heads, *ordered], rows)}"


def experiments(figures: Figures, command: str) -> str:
    """False positives by kind of week, power, and how often the intervals of returns held."""
    nulls = figures["seen_without_effect"]
    pairs = list(next(iter(nulls.values())))
    rows = [
        (f"{kind}: {EXPERIMENT_WORLDS[kind]}", *(f"{share:.3f}" for share in by_pairs.values()))
        for kind, by_pairs in nulls.items()
    ]
    told = f"`{command}`: share of {figures['runs']:,} experiments without any effect that are seen (p <= .05).\n\n"
    rows.append(("the most that the coins allow", *(f"{share:.3f}" for share in figures["at_most"].values())))
    told += table(("weeks", *(f"{n} pairs" for n in pairs)), rows)
    told += f"\n\nIn all {figures['runs'] * len(rows[:-1]) * len(pairs):,}: {figures['seen_in_all']:.3f}."
    powers = [(str(one["pairs"]), f"{one['ratio']:g}", _cut(one["seen"], 2)) for one in figures["power"]]
    told += "\n\nPower at twenty responses a counted week, variance m + m²/30:\n\n"
    told += table(("pairs", "times as many", "seen"), powers)
    held = [("effect of an experiment", "95 %", _cut(figures["interval"], 3))]
    held += [
        (f"cost of one, {rate:g} customers to be expected", "90 %", _cut(share, 3))
        for rate, share in figures["cost"].items()
    ]
    held.append(("what weeks with more influence do", "90 %", _cut(figures["effect"], 3)))
    told += "\n\n" + table(("interval", "should hold", "held"), held)
    told += f"\n\nWeeks without any connection look alike by shifting (p <= .05) in {figures['shift']:.1%}."
    for ratio, one in figures["weeks"].items():
        told += f" {ratio:g} times as many at thirty customers a year: {one['weeks']:.0f} weeks, then seen in {one['seen']:.0%}."
    return told


def returns(figures: Figures, command: str) -> str:
    """How often the intervals of returns and fame held in made-up businesses, and what was claimed, by kind of business."""
    told = f"`{command}`: shares of {figures['worlds']:,} made-up businesses of each kind in which an interval of 90 % held the truth.\n\n"
    held, said = [], []
    for kind, one in figures["kinds"].items():
        costs = costs_of(one)
        between = f"{_cut(min(costs.values()), 2)} to {_cut(max(costs.values()), 2)}"
        rows = (between, *(_cut(one[n], 2) for n in ("ratio", "ratio_asked", "influence", "hours", "share")))
        held.append((BUSINESSES[kind], *rows))
        said.append((BUSINESSES[kind], *(f"{one[n]:.1%}" for n in ("silent", "sentence", "risen", "yes"))))
    told += table(
        (
            "business",
            "cost of one",
            "against adverts and fairs",
            "the same, all who came",
            "influence",
            "hours",
            "share of networks",
        ),
        held,
    )
    told += "\n\n" + table(
        (
            "business",
            "“the data say nothing”",
            "more influence, more came",
            "the same, and shifted weeks seldom do",
            "“yes” though nobody came by a network",
        ),
        said,
    )
    needed, apart, joined = figures["needed"], figures["ranks"]["unconnected"], figures["ranks"]["connected"]
    told += f"\n\nHow many weeks a doubling needs, from a year of thirty: interval held in {needed['held']:.1%}; after so many weeks seen in {needed['seen']:.1%}."
    told += f" Rank correlation of weeks with the next ones: held in {apart['held']:.1%} where there is none (claimed in {apart['claimed']:.1%}),"
    return told + f" in {joined['held']:.1%} where there is one (claimed in {joined['claimed']:.1%})."


def attack(runs: Sequence[tuple[str, Figures]], command: str) -> str:
    """One row for each attack on each graph, what is true of all of them before."""
    rows = []
    for name, f in runs:
        ours, degree, rank = f["standing"], f["in_degree"], f["pagerank"]
        rows.append(
            (
                name, f["kind"], f"{f['ring']:,}", str(f["outside"]), f"{ours['ring']:.3g} ≤ {ours['bound']:.3g}",
                f"{ours['best_rank']:,}" if ours["best"] > 0 else "none", f"{degree['best_rank']:,}", f"{rank['best_rank']:,}",
                f"{ours['share']:.2%}", f"{degree['share']:.1%}", f"{rank['share']:.1%}", f"{ours['above_median']:,}",
                f"{f['points']['boss_at_most']:.1f}",
            )
        )  # fmt: skip
    heads = (
        "graph", "attack", "accounts", "edges won", "standing ≤ bound", "best place: standing", "number of others",
        "PageRank", "share of all: standing", "number of others", "PageRank", "above the median", "points at most",
    )  # fmt: skip
    graphs = dict(runs)
    of = "; ".join(
        f"{name}: {f['accounts']:,} accounts, {f['edges']:,} edges, {f['seeds']} seeds, of which standing reaches"
        f" {f['standing']['reached']:,}, median of all {f['standing']['median_real']:.2g}"
        for name, f in graphs.items()
    )
    held = all(f["standing"]["within_bound"] for _name, f in runs)
    without = [f for _name, f in runs if f["outside"] == 0]
    above = sum(f["standing"]["above_median"] for f in without)
    told = (
        f"`{command}`. {of}.\n\nThe bound held in {'all' if held else 'NOT all'} {len(runs)} runs. Without edges from outside"
        f" {above} ring accounts were above the median of real accounts, in {len(without)} runs."
    )
    return f"{told}\n\n{table(heads, rows)}"


def reach(figures: Figures, command: str) -> str:
    """Whom standing reaches, by how many are marked."""
    rows = []
    for many, groups in figures["by_marks"].items():
        for name in GROUPS:
            one = groups[name]
            rests = ", ".join(f"{k} {v}" for k, v in one["rests_on"].items())
            rows.append(
                (
                    many, GROUPS[name], f"{one['acts']:,}", f"{one['accounts']:,}", _share(one["share"]),
                    _share(one["at_the_end"]), rests,
                )
            )  # fmt: skip
    heads = (
        "marked as trusted", "who", "acts", "accounts", "with standing that day", "by the standing at the end",
        "accounts with standing, by evidence",
    )  # fmt: skip
    told = f"`{command}`: {figures['days']} days of the career coach; share of acts towards her by accounts with a standing of .1 or more."
    return f"{told}\n\n{table(heads, rows)}"


def halves(runs: Sequence[Figures], command: str) -> str:
    """The board between halves of its recommenders, and the baseline once."""
    rows = []
    for f in runs:
        span = f"{f['half_life_weeks']:g}"
        for way, words in (("score", "the board"), ("count", "baseline: number of recommenders")):
            one = f[way]
            rows.append(
                (
                    span, f"{f['recommenders']:,}", f"{f['accounts']:,}", words, _auc(one["spearman"], one["low"], one["high"]),
                    f"{one['first_ten']:.0%}", f"{one['on_both']:.0%}",
                )
            )  # fmt: skip
    heads = (
        "half-life, weeks", "recommenders", "recommended", "ranked by", "Spearman of halves (90 % of splits)",
        "of the first ten, the other's first ten", "on the other's board",
    )  # fmt: skip
    told = f"`{command}`: as of {runs[0]['as_of']}, {runs[0]['splits']} splits."
    if all((f["count"]["spearman"] or 0) > (f["score"]["spearman"] or 0) for f in runs):
        told += " The baseline is the steadier one."
    return f"{told}\n\n{table(heads, rows)}"


def friday(figures: Figures, command: str) -> str:
    """The grammar against labels, with the confusion table."""
    rows = [
        [label, *(str(n) for n in row.values()), str(sum(row.values()))]
        for label, row in figures["table"].items()
    ]
    right = _auc(figures["right"], figures["low"], figures["high"])
    told = (
        f"`{command}`: {figures['posts']} made-up posts that the rules were written with; class right {right},"
        f" baseline {_cut(figures['baseline'])}; whom it recommends, F1 {_cut(figures['f1'])}, baseline"
        f" {_cut(figures['f1_baseline'])}. Rows as labelled, columns as read."
    )
    return f"{told}\n\n{table(['labelled', *figures['table'], 'all'], rows)}"


def audience(figures: Figures, command: str) -> str:
    """The audience's model on collections it never saw, one row each."""
    rows = []
    for name, one in figures.items():
        before, after = one["before"], one["after"]
        rows.append(
            (
                name, f"{one['accounts']:,}", f"{one['signs']}", _cut(before["auc"]), _cut(after["auc"]),
                f"{_cut(before['brier'])}, {_cut(after['brier'])}", f"{_cut(before['ece'])}, {_cut(after['ece'])}",
                f"{one['held']:.0%}", _cut(one["width"], 2),
            )
        )  # fmt: skip
    heads = (
        "collection", "accounts", "signs seen", "AUC, no label", "AUC, 100 labels", "Brier before, after",
        "calibration error before, after", "interval held", "its width",
    )  # fmt: skip
    mean = sum(one["before"]["auc"] for one in figures.values()) / max(1, len(figures))
    told = f"`{command}` learns the weights from the other collections each time. Mean AUC without a label: {_cut(mean)}."
    return f"{told}\n\n{_CHOSEN_WHILE_LOOKING}\n\n{table(heads, rows)}"


_CHOSEN_WHILE_LOOKING = (
    "**The weights never saw the collection of their row; the signs did.** What is looked at, and from which bounds on, was chosen"
    " while looking at all of these collections. So this is no test on accounts that nobody has seen: expect less of others."
)


def thanks(figures: Figures, command: str) -> str:
    """The grammar of thanks against labels: a confusion table for each language."""
    rows = [
        [name, *(str(one["table"][c]) for c in ("tp", "fn", "fp", "tn")), *(_cut(one[k]) for k in ("precision", "recall", "f1", "f1_baseline"))]
        for name, one in figures["languages"].items()
    ]  # fmt: skip
    heads = (
        "language", "found", "missed", "wrongly found", "rightly left alone", "precision", "recall", "F1", "baseline: the word alone",
    )  # fmt: skip
    told = f"`{command}`: {figures['posts']} made-up posts; the rules were mended on them, so this is no test of them."
    return f"{told}\n\n{table(heads, rows)}"


def resonance(figures: Figures, command: str) -> str:
    """What is claimed of groups of posts, one row for each kind of world."""
    rows = [
        [RESONANT[name], *(_share(one[k]) for k in ("claimed", "wrong", "found", "held"))]
        for name, one in figures["kinds"].items()
    ]  # fmt: skip
    heads = (
        "world", "worlds in which a group is called more or less", "of these calls wrong", "found of those half as high again",
        "held by intervals of 90 %",
    )  # fmt: skip
    told = f"`{command}`: {figures['worlds']} worlds of each kind, {figures['groups']} groups of {figures['posts']} posts."
    return f"{told}\n\n{table(heads, rows)}"


def growth(runs: Sequence[tuple[str, Figures]], names: Mapping[str, str], command: str) -> str:
    """Forecasts of growth curves: one row for each way on each collection."""
    rows = []
    for data, f in runs:
        for way in (n for n in names if n in f):
            one = f[way]
            held = _auc(one["coverage"], one["coverage_low"], one["coverage_high"])
            rows.append(
                (
                    f"{data}: {f['forecasts']:,} forecasts, {f['series_used']:,} curves", names[way], held, f"{one['width']:,.1f}",
                    f"{one['crps']:,.2f}", _cut(one["scaled_crps"]),
                )
            )  # fmt: skip
    heads = ("data", "way", "80 % intervals that held (90 %)", "mean width", "CRPS", "CRPS / usual change")
    weeks = runs[0][1]["weeks"]
    ratios = "; ".join(
        f"{data}: {_cut(f['crps_ratio'], 2)}, in relation to the usual change {_cut(f['scaled_crps_ratio'], 2)}"
        for data, f in runs
    )
    told = f"`{command}`: {weeks} weeks ahead, one forecast every {runs[0][1]['every']} weeks. CRPS against the best baseline: {ratios}."
    return f"{told}\n\n{table(heads, rows)}"


def conduct(figures: Figures, command: str) -> str:
    """The order of the evidence and the usual limits, on what is known elsewhere."""
    held, shipped, world, law = (figures[n] for n in ("held_out", "shipped", "world", "politicians"))
    rows = [
        (
            "posts alone",
            *_both(held["posts_alone"], shipped["posts_alone"]),
            _cut(shipped["brier_posts_alone"]),
        ),
        ("with the profile", *_both(held["with_profile"], shipped["with_profile"]), _cut(shipped["brier"])),
        ("baseline: share of posts with a link", "", _interval(shipped["baseline_linked"]), ""),
    ]
    heads = ("order by", "AUC on people held out (90 %)", "AUC of all, as shipped (90 %)", "Brier")
    flagged = shipped["flagged"]
    limits = [
        ("polluters of 2011", flagged["polluters"]["with_enough_posts"], flagged["polluters"]["flagged"]),
        ("legitimate accounts of 2011", flagged["others"]["with_enough_posts"], flagged["others"]["flagged"]),
        ("German politicians, last 100 posts", law["accounts"], law["flagged"]),
        *(
            (f"the same, {n} posts in a row", law[f"runs_of_{n}"], law[f"flagged_of_{n}"])
            for n in (5, 10, 20)
        ),
        ("made-up world: advertisers", world["advertisers"], world["proposed"]),
        ("made-up world: people", world["people"], world["people_proposed"]),
    ]
    told = (
        f"`{command}`: {shipped['accounts']:,} labelled accounts, {shipped['posts']:,} posts. Held out: a quarter of the accounts"
        f" ({held['held_out']:,}), by curves fitted on the others."
    )
    beyond = table(
        ("who", "how many", "beyond a usual limit"), [(w, f"{n:,}", f"{f:,}") for w, n, f in limits]
    )
    return f"{told}\n\n{table(heads, rows)}\n\n{beyond}"


def _both(one: Figures, other: Figures) -> tuple[str, str]:
    return _interval(one), _interval(other)


def _interval(one: Figures) -> str:
    return _auc(one["auc"], one["low"], one["high"])


def _band(band: Figures) -> str:
    upto = "" if band["n_eff_to"] is None else f"{band['n_eff_to']:g}"
    return f"n_eff {band['n_eff_from']:g}–{upto}"


def _auc(value: float | None, low: float | None, high: float | None) -> str:
    return _cut(value) if low is None or high is None else f"{_cut(value)} ({_cut(low)} to {_cut(high)})"


def _cut(value: float | None, decimals: int = 3) -> str:
    """A figure below 1 without its 0, as everywhere on the page."""
    if value is None:
        return "unknown"
    text = f"{value:.{decimals}f}"
    return text.replace("0.", ".", 1) if text.lstrip("-").startswith("0.") else text


def _signed(one: Figures) -> str:
    if one["value"] is None:
        return "unknown"
    told = f"{'+' if one['value'] > 0 else ''}{_cut(one['value'])}"
    return told if one["low"] is None else f"{told} ({_cut(one['low'])} to {_cut(one['high'])})"


def _verdict(one: Figures) -> str:
    if one["low"] is None or one["high"] is None:
        return "unknown"
    if one["low"] > 0:
        return "better"
    return "**the baseline wins**" if one["high"] < 0 else "cannot be told apart"


def _share(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.1%}"
