"""Who follows: shares of people, robots, sleepers and follow-back accounts, with bounds; of nobody in particular."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from leumund.locale import N_, _
from leumund.measures import Column, Measure, Note, Result
from leumund.measures.audience.features import SIGNS
from leumund.measures.audience.model import FEWEST, shipped
from leumund.measures.audience.prevalence import WANTED, Share, share_of
from leumund.measures.audience.who import Audience, audience_at, labels_of, signs_at
from leumund.measures.notes import NOBODY_IS_OWNER
from leumund.store.tables import Tables

LEAST_FOLLOWERS = 20
"""With fewer, nothing is estimated: a share of a handful of people is a word about each of them."""

_SHOWS = 0.3  # from which on a sign is there
_MARKED = (
    N_("declared automated"), N_("silent 90 days"), N_("silent 180 days"), N_("follow back pattern"),
    N_("suspected automated"), N_("people"), N_("nothing known"), N_("fact"), N_("pattern"), N_("labels"), N_("bounds"),
)  # fmt: skip
_SHAPE = pa.schema(
    {
        "place": pa.int64(), "group": pa.string(), "share": pa.float64(), "low": pa.float64(), "high": pa.float64(),
        "people": pa.int64(), "known": pa.int64(), "basis": pa.string(),
    }
)  # fmt: skip
_SIGNS_SHAPE = pa.schema(
    {
        "place": pa.int64(),
        "sign": pa.string(),
        "share": pa.float64(),
        "known": pa.int64(),
        "weight": pa.float64(),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """The followers who do not call themselves automated, and what is known of how many of them are. share: None without enough labels."""

    everybody: int
    declared: int
    others: int
    labels: int
    share: Share | None

    def of_all(self, value: float) -> float:
        """A share of the others as one of all followers."""
        return value * self.others / self.everybody


def audience(tables: Tables) -> Result:
    """Shares of those who follow the owner now, each person once, with bounds; never a word about a single one.

    declared automated, silent for 90 and for 180 days, follow-back pattern: facts. low = how many are known to be so,
        high = the same and all of whom it is not known, as shares of all followers; share: where it is known of all.
    follow-back pattern: follows more than 1000, .8 < followers / followed < 1.25, and few originals: fewer than
        reshares where ten of both are known, else fewer posts than accounts followed.
    suspected automated, people: those who do not call themselves automated, split by the owner's labels: prediction-
        powered inference over strata of a model, 90 % interval. With fewer than 20 labels nothing but bounds: 0 to all.

    Gives: group, share, low, high, people (how many are known to be so), known (of how many it is known), basis.
        Figures: followers; people, people_low, people_high (how many); labels; model.
    Edges: groups overlap: who sleeps may be a person. declared + suspected + people = 1. Below 20 followers nothing is
        estimated. Labels count as drawn by lot (`leumund triage` does that); who could not be told is left out.
    Source: Angelopoulos et al. 2023 (prediction-powered inference); Korn and Graubard 1998 (interval).
    """
    found = audience_at(tables, tables.as_of)
    if not len(found):
        return Result(rows=_SHAPE.empty_table(), notes=_nobody(tables), figures=_figures(None))
    rows = [_fact_row(found, name) for name in found.facts]
    signs = signs_at(tables, found)
    split = split_of(tables, found, signs)
    rows += _split_rows(split)
    unknown = int((np.isnan(signs).all(axis=1)).sum())
    rows.append(_row("nothing_known", unknown / len(found), None, unknown, len(found), "fact"))
    listed = [{"place": n, **row} for n, row in enumerate(rows, 1)]
    return Result(rows=pa.Table.from_pylist(listed, _SHAPE), notes=_notes(split), figures=_figures(split))


def split_of(tables: Tables, found: Audience, signs: np.ndarray) -> Split:
    """How many of those who do not call themselves automated are so all the same, by the owner's labels."""
    declared = found.facts["declared_automated"].is_so
    others = np.flatnonzero(~declared)
    told = labels_of(tables)
    keys = [found.keys[i] for i in others]
    labelled = np.array([n for n, key in enumerate(keys) if key in told], np.int64)
    automated = np.array([told[keys[n]] for n in labelled], bool)
    share = None
    if len(found) >= LEAST_FOLLOWERS and len(labelled):
        share = share_of(shipped(), signs[others], labelled, automated)
    return Split(
        everybody=len(found),
        declared=int(declared.sum()),
        others=len(others),
        labels=len(labelled),
        share=share,
    )


def _row(
    group: str, share: float | None, bounds: tuple[float | None, float | None] | None, people: int | None,
    known: int, basis: str,
) -> dict[str, object]:  # fmt: skip
    low, high = bounds or (share, share)
    return {
        "group": group, "share": share, "low": low, "high": high, "people": people, "known": known, "basis": basis,
    }  # fmt: skip


def _fact_row(found: Audience, name: str) -> dict[str, object]:
    fact, n = found.facts[name], len(found)
    low, high = fact.people / n, (fact.people + n - fact.known) / n
    share = low if fact.known == n else None
    basis = "pattern" if name == "follow_back_pattern" else "fact"
    return _row(name, share, (low, high), fact.people, fact.known, basis)


def _split_rows(split: Split) -> list[dict[str, object]]:
    """Suspected and people: by labels, or as bounds, or not at all."""
    most = split.others / split.everybody
    if split.share is not None:
        s = split.share
        suspected = _row(
            "suspected_automated", split.of_all(s.value), (split.of_all(s.low), split.of_all(s.high)), None, split.labels, "labels"
        )  # fmt: skip
        people = _row(
            "people", most - split.of_all(s.value), (most - split.of_all(s.high), most - split.of_all(s.low)), None, split.labels,
            "labels",
        )  # fmt: skip
        return [suspected, people]
    bounds = (0.0, most) if split.everybody >= LEAST_FOLLOWERS else (None, None)
    return [
        _row(name, None, bounds, None, split.labels, "bounds") for name in ("suspected_automated", "people")
    ]


def _figures(split: Split | None) -> dict[str, float | int | str | None]:
    figures: dict[str, float | int | str | None] = dict.fromkeys(
        ("followers", "people", "people_low", "people_high", "labels")
    )
    if split is not None:
        figures |= {"followers": split.everybody, "labels": split.labels}
    if split is not None and split.share is not None:
        s = split.share
        figures |= {
            "people": round(split.others * (1 - s.value)),
            "people_low": round(split.others * (1 - s.high)),
            "people_high": round(split.others * (1 - s.low)),
        }
    return {**figures, "model": shipped().version}


def _nobody(tables: Tables) -> tuple[Note, ...]:
    if tables.own is None:
        return (NOBODY_IS_OWNER,)
    return (Note(N_("No source has told who follows you.")),)


def _notes(split: Split) -> tuple[Note, ...]:
    notes = [
        Note(N_("Groups overlap: who sleeps may be a person. Nothing here is a word about a single account."))
    ]
    if split.everybody < LEAST_FOLLOWERS:
        text = N_(
            "With fewer than {least} followers nothing is estimated: it would be a word about each of them."
        )
        notes.append(Note(text, {"least": LEAST_FOLLOWERS}))
    elif split.share is None:
        text = N_(
            "How many are people cannot be told yet: {labels} of {fewest} labels at least. Ten minutes help: leumund triage"
        )
        notes.append(Note(text, {"labels": split.labels, "fewest": FEWEST}))
    elif split.labels < WANTED:
        text = N_("From {labels} of your labels; with {wanted} it gets surer: leumund triage")
        notes.append(Note(text, {"labels": split.labels, "wanted": WANTED}))
    else:
        notes.append(Note(N_("From {labels} of your labels."), {"labels": split.labels}))
    return tuple(notes)


def explain(tables: Tables, account: int | None = None) -> Result:
    """How common each sign is among all followers, and what it weighs; never of one account.

    Gives: sign, share (of those of whom it is known), known, weight (in log-odds, as shipped).
    Source: ours; weights from public collections, see docs/validity.md.
    """
    if account is not None and tables.person_of(account) != tables.own:
        text = N_("Nothing is said of a single account: these shares are of all followers together.")
        return Result(rows=_SIGNS_SHAPE.empty_table(), notes=(Note(text),))
    found = audience_at(tables, tables.as_of)
    if len(found) < LEAST_FOLLOWERS:
        text = N_(
            "With fewer than {least} followers nothing is estimated: it would be a word about each of them."
        )
        notes = _nobody(tables) if not len(found) else (Note(text, {"least": LEAST_FOLLOWERS}),)
        return Result(rows=_SIGNS_SHAPE.empty_table(), notes=notes)
    signs = signs_at(tables, found)
    rows = []
    for name, column, weight in zip(SIGNS, signs.T, shipped().weights, strict=True):
        known = int((~np.isnan(column)).sum())
        if known >= LEAST_FOLLOWERS:
            share = float((column > _SHOWS).sum()) / known
            rows.append({"sign": _(SIGNS[name]), "share": share, "known": known, "weight": float(weight)})
    rows.sort(key=lambda r: (-float(str(r["weight"])), str(r["sign"])))
    listed = [{"place": n, **row} for n, row in enumerate(rows, 1)]
    text = N_("Signs sort followers into strata for your labels; none of them makes anybody a robot.")
    return Result(rows=pa.Table.from_pylist(listed, _SIGNS_SHAPE), notes=(Note(text),))


MEASURE = Measure(
    name="audience",
    topic="followers",
    title=N_("Who follows me"),
    question=N_("Who are my followers: people, robots, follow-back farms, sleepers?"),
    shape="table",
    columns=(
        Column(name="place", kind="whole", title=N_("No.")),
        Column(name="group", kind="kind", title=N_("Group")),
        Column(name="share", kind="share", title=N_("Share"), optional=True),
        Column(name="low", kind="share", title=N_("At least"), optional=True),
        Column(name="high", kind="share", title=N_("At most"), optional=True),
        Column(name="people", kind="whole", title=N_("Known to be so"), optional=True),
        Column(name="known", kind="whole", title=N_("Known of")),
        Column(name="basis", kind="kind", title=N_("Known from")),
    ),
    order=("place",),
    compute=audience,
    explain=explain,
    explain_title=N_("How common each sign is among your followers"),
    explain_shape="table",
    explain_columns=(
        Column(name="place", kind="whole", title=N_("No.")),
        Column(name="sign", kind="text", title=N_("Sign")),
        Column(name="share", kind="share", title=N_("Share")),
        Column(name="known", kind="whole", title=N_("Known of")),
        Column(name="weight", kind="number", title=N_("Weight")),
    ),
    explain_order=("place",),
    figures={
        "followers": N_("Followers known by name"),
        "people": N_("People among them"),
        "people_low": N_("People, at least"),
        "people_high": N_("People, at most"),
        "labels": N_("Your labels"),
        "model": "",
    },
    private=True,
    reference=N_(
        "Facts are counted; shares from labels by prediction-powered inference (Angelopoulos et al. 2023) with weights learnt elsewhere."
    ),
)
