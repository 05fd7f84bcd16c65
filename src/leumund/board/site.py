"""A board as files: pages in German and English, feeds and data. The same board gives the same bytes."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date
from functools import cache
from importlib import resources
from typing import Any

from markupsafe import Markup

from leumund.board import feeds
from leumund.board.taken import Shown, Taken
from leumund.clean import clean
from leumund.locale import _, ngettext, speaking
from leumund.measures.follow_friday.boards import Board
from leumund.measures.follow_friday.published import FEWEST_TOLD, Place
from leumund.report.sections import version
from leumund.views import cells

_FOLDERS = {"de": "", "en": "en/"}  # German first
_PAST_SHOWN = 4


def files(taken: Taken) -> dict[str, bytes]:
    """Every file of the site by its path in the folder."""
    made: dict[str, str] = {}
    for language, folder in _FOLDERS.items():
        with speaking(language):
            made |= {folder + name: text for name, text in _pages(taken, language).items()}
            made |= {
                folder + name: text
                for name, text in feeds.both(taken, title(taken), language, folder).items()
            }
    made["board.json"] = json.dumps(data(taken), ensure_ascii=False, indent=1) + "\n"
    made["robots.txt"] = "User-agent: *\n" + ("Allow: /\n" if taken.options.index else "Disallow: /\n")
    return {name: text.encode() for name, text in sorted(made.items())}


def title(taken: Taken) -> str:
    """What the board is called, in the language in use."""
    return _("Follow Friday: {board}").format(board=_board(taken.published.board))


def _board(board: Board) -> str:
    match board.kind, board.value:
        case "language", "de":
            return _("German board")
        case "language", "en":
            return _("English board")
        case "all", _any:
            return _("board of all languages")
        case _kind, value:
            return _("board “{name}”").format(name=clean(value, 60))


def _pages(taken: Taken, language: str) -> dict[str, str]:
    names = {
        "index.html": _("Board"), "history.html": _("Past weeks"), "check.html": _("Check the numbers"),
        "why.html": _("Why am I here?"),
    }  # fmt: skip
    content = {
        "index.html": _index(taken), "history.html": _history(taken), "check.html": _check(taken), "why.html": _why(taken),
    }  # fmt: skip
    other = next(code for code in _FOLDERS if code != language)
    root = "../" if _FOLDERS[language] else ""
    css = _css()
    made = {}
    for file, context in content.items():
        page: str = (
            _templates()
            .get_template(file)
            .render(
                lang=language,
                other=other,
                root=root,
                elsewhere=f"{root}{_FOLDERS[other]}{file}",
                here=file,
                pages=list(names.items()),
                title=title(taken),
                heading=title(taken) if file == "index.html" else names[file],
                as_of=_("As of {day}").format(day=cells.day(taken.as_of)),
                index=taken.options.index,
                css=Markup(css),  # noqa: S704  our own file
                csp=_policy(css),
                version=version(),
                **context,
            )
        )
        made[file] = page + "\n"
    return made


def _index(taken: Taken) -> dict[str, Any]:
    said = _(
        "Places are counted among those who agreed to stand here: whoever did not has no place and leaves no gap."
    )
    shown = ngettext("At most {n} place is shown.", "At most {n} places are shown.", taken.options.places)
    return {
        "entries": [_entry(taken, p) for p in taken.published.places],
        "counted": f"{said} {shown.format(n=taken.options.places)}",
    }


def _entry(taken: Taken, place: Place) -> dict[str, Any]:
    return {
        "rank": place.rank,
        "person": taken.people[place.account],
        "score": cells.number(place.score, 2),
        "between": _between(place),
        "by": [taken.people[k] for k in place.by],
        "others": _others(place),
        "past": _past(place),
        "own": _(
            "Publishes this board. This place is rather too good: the voices of people the publisher knows count more."
        )
        if place.account == taken.own
        else "",
    }


def _between(place: Place) -> str:
    if place.best is None or place.score_low is None:
        return ""
    text = _("Probably place {best} to {worst}, score {low} to {high}")
    return text.format(
        best=place.best,
        worst=place.worst,
        low=cells.number(place.score_low, 2),
        high=cells.number(place.score_high or 0, 2),
    )


def _others(place: Place) -> str:
    """How many more recommend, roughly where they are few; after names, or alone."""
    if place.others == 0:
        return ""
    few = _("fewer than {n} others").format(n=FEWEST_TOLD)
    more = few if place.others is None else _("{n} others").format(n=place.others)
    return (
        " " + _("and {others}").format(others=more)
        if place.by
        else _("Recommended by {others}").format(others=more)
    )


def _past(place: Place) -> str:
    told = [p for _week, p, _score in place.past[-_PAST_SHOWN:]]
    if not any(told):
        return ""
    return _("Places in the weeks before: {places}").format(
        places=", ".join("–" if p is None else str(p) for p in told)
    )


def _history(taken: Taken) -> dict[str, Any]:
    places = taken.published.places
    weeks = [cells.day(week) for week, _rank, _score in places[0].past] if places else []
    rows = [
        {
            "person": taken.people[p.account],
            "places": ["–" if rank is None else str(rank) for _week, rank, _score in p.past] + [str(p.rank)],
        }
        for p in places
    ]
    return {"weeks": weeks, "rows": rows}


def _check(taken: Taken) -> dict[str, Any]:
    weeks = cells.number(taken.published.half_life_weeks)
    return {
        "formula": "score = Σ 2^(−age / half_life) · given\n"
        "given = Σ s · e · 1/n · max(0.4, (1 + m)^−½) · (1 − 0.7 · r / (1 + r))",
        "legend": [
            _("The first sum goes over the weeks, the second over everybody who recommended the person in that week; each counts once a week."),
            _("age: full weeks since then; half_life: {weeks} weeks.").format(weeks=weeks),
            _("s: what the recommender's voice counts at the end of the Sunday before: by how well the publisher of this board knows them; nobody's s is published."),
            _("e: 1 where a reason is given, else 0.5; n: how many people were recommended by the same voice in that week."),
            _("m: earlier recommendations of the same person by the same voice, faded likewise; r: recommendations in return."),
        ],
        "steps": [
            _("Open the data: each place has its weeks with what was given."),
            _("Multiply what was given in a week by 0.5 to the power of (weeks ago / {weeks}), and add up: that is the score.").format(weeks=weeks),
            _("Sort by score: that is the place. People without standing decide between equals."),
            _("For recommenders who agreed, each single recommendation is there: by whom, in which week, with a reason or not, among how many. Look for the post in their public profile."),
        ],
        "example": _example(taken),
        "limits": [
            _("What single voices count, and who the other recommenders are: they did not agree to be named."),
            _("Whether posts were missed: this board knows what its publisher's program has read."),
            _("Small numbers of others are told as “fewer than five”, so that nobody can be found by subtracting."),
        ],
    }  # fmt: skip


def _example(taken: Taken) -> dict[str, Any] | None:
    places = taken.published.places
    if not places:
        return None
    place, half_life = places[0], taken.published.half_life_weeks
    rows: list[tuple[Any, ...]] = []
    for week, given in place.weeks[-12:]:
        age = _age(taken, week)
        fade = 0.5 ** (age / half_life)
        rows.append(
            (
                cells.day(week),
                cells.number(given, 4),
                age,
                cells.number(fade, 4),
                cells.number(given * fade, 4),
            )
        )
    if len(place.weeks) > len(rows):
        before = sum(
            given * 0.5 ** (_age(taken, week) / half_life) for week, given in place.weeks[: -len(rows)]
        )
        rows.insert(0, (_("earlier weeks"), "", "", "", cells.number(before, 4)))
    return {"person": taken.people[place.account], "rows": rows, "score": cells.number(place.score, 4)}


def _age(taken: Taken, week: date) -> int:
    return (taken.published.week - week).days // 7


def _why(taken: Taken) -> dict[str, Any]:
    options = taken.options
    return {"contact": options.contact, "contact_link": options.contact_link, "contacts": taken.contacts}


def data(taken: Taken) -> dict[str, Any]:
    """The board for programs: only those who agreed, numbers to six decimals."""
    board = taken.published

    def who(key: int) -> Mapping[str, str]:
        person: Shown = taken.people[key]
        return {"account": person.handle, **({"profile": person.link} if person.link else {})}

    return {
        "format": "leumund board, version 1",
        "board": str(board.board),
        "as_of": taken.as_of.astimezone(UTC).isoformat(timespec="seconds"),
        "week": board.week.isoformat(),
        "half_life_weeks": board.half_life_weeks,
        "counted_among": "people who agreed to be named",
        "places": [
            {
                "place": p.rank, **who(p.account), "score": round(p.score, 6),
                "score_low": _rounded(p.score_low), "score_high": _rounded(p.score_high), "best": p.best, "worst": p.worst,
                "recommended_by": [taken.people[k].handle for k in p.by],
                "others": "1-4" if p.others is None else p.others,
                "weeks": [{"week": w.isoformat(), "given": round(given, 6)} for w, given in p.weeks],
                "votes": [
                    {"by": taken.people[v.by].handle, "week": v.week.isoformat(), "reason": v.reason, "named": v.named}
                    for v in p.votes
                ],
                "past": [{"until": w.isoformat(), "place": rank, "score": _rounded(s)} for w, rank, s in p.past],
            }
            for p in board.places
        ],
    }  # fmt: skip


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


def _policy(css: str) -> str:
    """Nothing may be loaded, run or sent; the one style sheet is known by its hash."""
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )


@cache
def _css() -> str:
    return (resources.files("leumund.board") / "board.css").read_text("utf-8")


@cache
def _templates() -> Any:
    import jinja2

    env = jinja2.Environment(
        loader=jinja2.PackageLoader("leumund.board", "templates"), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    env.globals["_"] = lambda text: str(_(text))
    return env
