"""A made-up career coach and her readings: what the report is looked at and tested with."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from typing import Any

from leumund.measures import Column, Note, Reading, Shape
from leumund.report import Section
from leumund.store.tables import Coverage
from leumund.views import Mark

AS_OF = datetime(2026, 11, 23, tzinfo=UTC)
OWN = 1
NAMES = {
    1: "@petra@coaching.example",
    2: "@jobwechsel.example.social",
    3: "@bewerbungshilfe@arbeit.example",
    4: "@karriereblog@mastodon.example",
    5: "@dr_lena_hartmann@wissenschaft-und-beruf.example",
    6: "@anna.example.social",
    7: "@personaler@hr.example",
    8: "@mut_zum_neustart@leben.example",
    9: "@tobias@schreibt.example",
    10: "@coachingtag@netz.example",
    11: "@fraubergmann@berlin.example",
    12: "@studienwahl.example.social",
    13: "@rueckenwind@coaching.example",
    14: "@kollegin@kiel.example",
}
COVERAGE = Coverage(
    first=int(datetime(2019, 1, 12, tzinfo=UTC).timestamp() * 1e6),
    last=int(datetime(2026, 11, 22, 21, 14, tzinfo=UTC).timestamp() * 1e6),
    rows=48_120, undated=37, sources=("mastodon", "bluesky", "x"),
)  # fmt: skip


def reading(shape: Shape, columns: tuple[Column, ...], rows: list[tuple[Any, ...]], **given: Any) -> Reading:
    """A reading with what all of them share."""
    fixed = {"measure": shape, "title": "Reading", "as_of": AS_OF, "coverage": COVERAGE, "names": NAMES}
    return Reading(shape=shape, columns=columns, rows=tuple(rows), **(fixed | given))


def influence() -> Reading:
    """Falls from 53 to 46 in a week of silence; five days are unknown, as the server was down."""
    rows: list[tuple[Any, ...]] = []
    for i in range(91):
        at = AS_OF - timedelta(days=90 - i)
        level = 50.6 + 2.4 * math.sin(i / 9) + 0.7 * math.sin(i * 1.7)
        if i > 78:
            level = 53.2 - 7.1 * (1 - math.exp(-(i - 78) / 5.0)) / (1 - math.exp(-12 / 5.0))
        unknown = 36 <= i < 41
        spread = 3.1 + 0.6 * math.cos(i / 7)
        known = (None, None, None) if unknown else (level, level - spread, level + spread * 1.2)
        rows.append((at, *known, None if unknown else 3 + (i * 7) % 5))
    columns = (
        Column(name="day", kind="time", title="Day"),
        Column(name="score", kind="number", title="Influence", optional=True),
        Column(name="low", kind="number", title="At least", optional=True),
        Column(name="high", kind="number", title="At most", optional=True),
        Column(name="acts", kind="whole", title="New acts", optional=True),
    )
    notes = (
        Note(
            "{n} acts by accounts nobody you know trusts counted as {points} points.",
            {"n": 1412, "points": 1.9},
        ),
        Note("Who is trusted was last changed on {day}.", {"day": date(2026, 9, 4)}),
    )
    return reading("series", columns, rows, measure="influence", title="Influence", notes=notes)


def causes() -> Reading:
    """Why it fell."""
    parts = (
        ("new", 1.84), ("fading", -7.96), ("deleted", -0.31), ("learned_later", 0.42), ("dilution", -0.09),
        ("trust_changed", 0.0031), ("standing", -1.0031),
    )  # fmt: skip
    columns = (
        Column(name="cause", kind="kind", title="Cause"),
        Column(name="points", kind="points", title="Points"),
    )
    figures = {"start": 53.2, "end": 53.2 + sum(p for _, p in parts)}
    return reading(
        "breakdown", columns, list(parts), measure="influence", title="Why it changed", figures=figures
    )


def board() -> Reading:
    """The German Follow-Friday board; she is twelfth."""
    rows = [
        (
            i + 1,
            max(1, i),
            i + 2 + i // 4,
            key,
            worth,
            worth * 0.82 - 0.1,
            worth * 1.2 + 0.1,
            people,
            i % 3 != 1,
        )
        for i, (key, worth, people) in enumerate(
            zip(
                (2, 5, 3, 7, 4, 8, 6, 9, 13, 10, 11, 1, 12, 14),
                (14.2, 11.9, 9.7, 9.1, 7.4, 6.9, 5.2, 4.8, 4.1, 3.6, 3.3, 2.9, 1.2, 0.4),
                (38, 31, 29, 22, 24, 17, 15, 11, 12, 9, 9, 7, 4, 1),
                strict=True,
            )
        )
    ]
    columns = (
        Column(name="rank", kind="whole", title="Place"),
        Column(name="rank_low", kind="whole", title="Place at best"),
        Column(name="rank_high", kind="whole", title="Place at worst"),
        Column(name="account", kind="account", title="Account"),
        Column(name="score", kind="number", title="Score"),
        Column(name="low", kind="number", title="At least", optional=True),
        Column(name="high", kind="number", title="At most", optional=True),
        Column(name="recommenders", kind="whole", title="Recommended by", unit="people"),
        Column(name="consent", kind="flag", title="May be shown"),
    )
    notes = (Note("A recommendation in a list of ten counts a tenth."),)
    return reading(
        "ranking", columns, rows, measure="follow_friday", title="Follow Friday, German", notes=notes
    )


def followers() -> Reading:
    """Two networks; one of them was read from the middle on only."""
    rows: list[tuple[Any, ...]] = []
    for i in range(53):
        at = AS_OF - timedelta(days=7 * (52 - i))
        rows.append((at, "mastodon", 612 + 4 * i + (i % 5)))
        rows.append((at, "bluesky", None if i < 20 else 80 + 9 * (i - 20) + (i % 3)))
    columns = (
        Column(name="day", kind="week", title="Week"),
        Column(name="network", kind="kind", title="Network"),
        Column(name="followers", kind="whole", title="Followers", optional=True),
    )
    return reading("series", columns, rows, measure="followers", title="Followers")


def ledger() -> Reading:
    """Whom she owes thanks."""
    kinds = ("reshare", "endorse", "mention", "reply")
    rows = [
        (2 + i % 13, kinds[(i * i) % 4], AS_OF - timedelta(days=(i * i) % 47), None if i % 6 == 4 else f"https://social.example/@a/{i}", i % 7 != 3)
        for i in range(40)
    ]  # fmt: skip
    columns = (
        Column(name="account", kind="account", title="Account"),
        Column(name="kind", kind="kind", title="Kind"),
        Column(name="time", kind="time", title="Time"),
        Column(name="post", kind="post", title="Post", optional=True),
        Column(name="open", kind="flag", title="Open"),
    )
    notes = (
        Note("With {minutes} minutes a day you can thank up to {n} people a week.", {"minutes": 15, "n": 52}),
    )
    return reading("ledger", columns, rows, measure="courtesy", title="Thanks", notes=notes)


def audience() -> Reading:
    """What kind of followers: parts of a whole, with bounds, one of them unknown."""
    columns = (
        Column(name="group", kind="kind", title="Group"),
        Column(name="share", kind="share", title="Share", optional=True),
        Column(name="low", kind="share", title="At least", optional=True),
        Column(name="high", kind="share", title="At most", optional=True),
    )
    rows: list[tuple[Any, ...]] = [
        ("people", 0.71, 0.62, 0.79),
        ("dormant", 0.18, 0.16, 0.20),
        ("follow_back_pattern", 0.08, 0.05, 0.12),
        ("declared_automated", 0.034, 0.034, 0.034),
        ("suspected_automated", None, None, None),
    ]
    return reading("breakdown", columns, rows, measure="audience", title="Who follows")


def price() -> Reading:
    """One figure with its interval."""
    columns = (Column(name="cost", kind="number", title="Cost per customer", unit="euros", optional=True),)
    figures = {"cost": 412.5, "low": 206.0, "high": 1180.0, "customers": 3, "hours": 61.5}
    notes = (Note("Not distinguishable from an advert yet; about {n} more months.", {"n": 9}),)
    return reading(
        "number", columns, [], measure="returns", title="Cost per customer", figures=figures, notes=notes
    )


def friday() -> Reading:
    """Whom to recommend."""
    columns = (
        Column(name="account", kind="account", title="Account"),
        Column(name="gave", kind="whole", title="Gave you"),
        Column(name="got", kind="whole", title="Got from you"),
        Column(name="last", kind="week", title="Last recommended", optional=True),
        Column(name="reason", kind="text", title="Reason"),
    )
    rows: list[tuple[Any, ...]] = [
        (9, 7, 0, None, "Writes about changing jobs after forty; answered three of your readers."),
        (12, 5, 1, date(2026, 6, 1), "Honest about what a degree is worth."),
        (14, 4, 0, None, "Was the first to reshare your text on gaps in a CV."),
    ]
    return reading("table", columns, rows, measure="friday", title="Whom to recommend this Friday")


MARKS = (
    Mark(date(2026, 9, 4), "Talk in Hamburg"),
    Mark(date(2026, 11, 12), "Week of silence", until=date(2026, 11, 19)),
)


def sections() -> list[Section]:
    """The report of one month."""
    lead = (
        "Your influence fell by seven points after a quiet week. Most of it is older praise fading, as it does for "
        "everybody; one good conversation brings back about half."
    )
    own = frozenset({OWN})
    return [
        Section("What you set in motion", [lead], [influence(), causes()], marks=MARKS),
        Section(
            "Where you stand on Follow Friday",
            "Seven people recommended you.",
            [board(), friday()],
            highlight=own,
        ),
        Section(
            "Who follows", "Seven in ten are people who read.", [followers(), audience()], marks=MARKS[:1]
        ),
        Section("Whom you owe thanks", "", [ledger()]),
        Section("What it brought", "Three customers came through people who follow you.", [price()]),
    ]
