"""docs/validity.md: every check made anew, its figures written between the page's marks, all other text kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from leumund.errors import UnknownNameError, UnreadableFileError
from leumund.locale import _
from leumund.validate import (
    experiments,
    forecast,
    friday,
    growth,
    halves,
    intervals,
    pairs,
    reach,
    resonance,
    returns,
    thanks,
)
from leumund.validate.edges import edges_of
from leumund.validate.labs import tables_of

PAIRS = Path("influence/pairs_human_judgement.csv")
POSTS = Path("follow_friday/posts_2009_2013.csv")
GRAPHS = {
    "Advogato": Path("graphs/advogato/out.advogato"),
    "interactions of 2015": Path("graphs/edges_open_agg.csv.gz"),
}
AUDIENCE = Path("audience")
GROWTH = Path("growth")
"""Any tables of growth curves in that folder; these two have names of their own."""
CURVES = {
    "stars_unseen.csv.gz": "700 real curves of the other half",
    "small_unseen.csv.gz": "the same, thinned to small accounts",
}
LABELLED = Path("tests/facts/ff_posts.csv")
THANKS = Path("tests/facts/thanks_posts.csv")
POSTS_MAPPING = {
    "noun": "post", "network": "x",
    "columns": {
        "post": "tweet_id", "account": "author_screen_name", "text": "text", "visibility": {"value": "public"},
        "happened_at": {"column": "created_at", "format": "%a %b %d %H:%M:%S %z %Y"},
    },
}  # fmt: skip
"""The mapping file for that table, as `--mapping` takes it."""

RINGS = (10, 100, 1_000, 10_000)
OUTSIDE = (0, 5, 50)
_BLOCK = "<!-- measured: {name} -->"
_END = "<!-- /measured: {name} -->"


@dataclass(frozen=True, slots=True)
class Setting:
    """Where the collections lie (None: nobody said), where the program's own files lie, and what the clock says."""

    data: Path | None
    root: Path
    now: datetime

    def file(self, name: Path) -> Path:
        """A file of the collections.

        Raises:
            NotThereError: it cannot be had.
        """
        if self.data is None or not (self.data / name).is_file():
            raise NotThereError(name)
        return self.data / name


class NotThereError(Exception):
    """A collection that cannot be had here."""

    def __init__(self, name: Path) -> None:
        super().__init__(str(name))
        self.name = name


def write(
    page: Path, data: Path | None, *, on: date, only: Sequence[str] = (), tell: Callable[[str], None]
) -> Iterator[str]:
    """Make the checks one after the other and write each into the page when it is done; gives a line for each.

    What cannot be had is left out: figures measured earlier stay with their date, else a word says so.

    Raises:
        UnknownNameError: no such check. UnreadableFileError: the page cannot be read or written.
    """
    for name in only:
        if name not in CHECKS:
            raise UnknownNameError(_("Check"), name, CHECKS)
    if data is not None and not data.is_dir():
        raise UnreadableFileError(data, _("there is no such folder"))
    setting = Setting(data, page.absolute().parent.parent, datetime.combine(on, time(12), UTC))
    for name in only or CHECKS:
        tell(_("{check} ...").format(check=name))
        try:
            text = f"Measured on {on.isoformat()}.\n\n{CHECKS[name](setting)}"
        except NotThereError as error:
            yield _("{check}: left out, {file} cannot be had.").format(check=name, file=error.name)
            _put(page, name, f"*Not measured here: `{error.name}` could not be had.*", over=False)
        else:
            _put(page, name, text, over=True)
            yield _("{check}: measured.").format(check=name)


def _put(page: Path, name: str, text: str, *, over: bool) -> None:
    """Put a text between the marks of a check; without `over` only where nothing stands there yet."""
    try:
        whole = page.read_text("utf-8") if page.exists() else "# What has been checked\n"
    except UnicodeDecodeError as error:
        raise UnreadableFileError(page, _("this is no text")) from error
    begin, end = _BLOCK.format(name=name), _END.format(name=name)
    found = re.search(re.escape(begin) + r"\n(.*?)" + re.escape(end), whole, re.DOTALL)
    if found is None:
        whole = f"{whole.rstrip()}\n\n## {name}\n\n{begin}\n{text}\n{end}\n"
    elif over or not found[1].strip():
        whole = f"{whole[: found.start()]}{begin}\n{text}\n{end}{whole[found.end() :]}"
    else:
        return
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(whole, "utf-8")


def _pairs(setting: Setting) -> str:
    found = pairs.check(setting.file(PAIRS))
    return pairs.section(found.figures, f"leumund validate pairs {PAIRS.name}")


def _forecast(setting: Setting) -> str:
    rows = [("a made-up world", "leumund validate forecast", forecast.check().figures)]
    try:
        posts = setting.file(POSTS)
        with tables_of(posts, POSTS_MAPPING, at=setting.now) as tables:
            found = forecast.check(posts, edges=edges_of(tables))
        command = f"leumund validate forecast {POSTS.name} --mapping MAP.toml"
        rows.append(("real Follow-Friday posts", command, found.figures))
    except NotThereError:
        pass
    return forecast.section(rows)


def _experiments(_setting: Setting) -> str:
    return experiments.section(experiments.check().figures, "leumund validate experiments")


def _intervals(_setting: Setting) -> str:
    return intervals.section(intervals.check().figures, "leumund validate intervals")


def _returns(_setting: Setting) -> str:
    return returns.section(returns.check().figures, "leumund validate returns")


def _attack(setting: Setting) -> str:
    from leumund.validate import attack
    from leumund.validate.edges import read_edges

    graphs = {name: setting.file(path) for name, path in GRAPHS.items()}
    rows = []
    for name, path in graphs.items():
        edges = read_edges(path)
        runs: list[tuple[int, int, attack.Kind]] = [(k, m, "ring") for k in RINGS for m in OUTSIDE]
        runs += [(1_000, m, kind) for kind in attack.KINDS if kind != "ring" for m in (0, 50)]
        rows += [
            (name, attack.check(path, ring=k, outside=m, kind=kind, edges=edges).figures)
            for k, m, kind in runs
        ]
    return attack.section(rows, "leumund validate attack EDGES --ring K --outside M --kind KIND")


def _reach(_setting: Setting) -> str:
    return reach.section(reach.check().figures, "leumund validate reach")


def _halves(setting: Setting) -> str:
    posts = setting.file(POSTS)
    rows = []
    for weeks in (4.0, 26.0):
        with tables_of(posts, POSTS_MAPPING, at=setting.now, as_of=halves.busiest) as tables:
            rows.append(halves.check(tables, half_life_weeks=weeks).figures)
    command = f"leumund validate halves {POSTS.name} --mapping MAP.toml --half-life-weeks WEEKS"
    return halves.section(rows, command)


def _friday(setting: Setting) -> str:
    labelled = setting.root / LABELLED
    if not labelled.is_file():
        raise NotThereError(LABELLED)
    return friday.section(friday.check(labelled).figures, f"leumund validate friday {LABELLED}")


def _audience(setting: Setting) -> str:
    from leumund.validate import audience_unseen

    found = audience_unseen.check(setting.file(AUDIENCE / "accounts_2015.csv").parent)
    return audience_unseen.section(found, "leumund validate report --only audience")


def _thanks(setting: Setting) -> str:
    labelled = setting.root / THANKS
    if not labelled.is_file():
        raise NotThereError(THANKS)
    return thanks.section(thanks.check(labelled).figures, f"leumund validate thanks {THANKS}")


def _resonance(_setting: Setting) -> str:
    return resonance.section(resonance.check().figures, "leumund validate resonance")


def _growth(setting: Setting) -> str:
    folder = setting.data / GROWTH if setting.data is not None else None
    found = sorted(folder.iterdir()) if folder is not None and folder.is_dir() else []
    files = [path for path in found if path.name.endswith((".csv", ".csv.gz"))]
    if not files:
        raise NotThereError(GROWTH / "*.csv")
    order = sorted(
        files,
        key=lambda path: (list(CURVES).index(path.name) if path.name in CURVES else len(CURVES), path.name),
    )
    runs = [(CURVES.get(path.name, path.name), growth.check(path).figures) for path in order]
    return growth.section(runs, growth.NAMES, "leumund validate growth CURVES.csv")


def _conduct(setting: Setting) -> str:
    from leumund.validate import conduct_unseen as check

    posts = [setting.file(path) for path in check.POSTS]
    found = check.check(setting.file(check.ACCOUNTS), posts, setting.file(check.POLITICIANS))
    return check.section(found, "leumund validate report --only conduct")


CHECKS: dict[str, Callable[[Setting], str]] = {
    "pairs": _pairs,
    "forecast": _forecast,
    "intervals": _intervals,
    "experiments": _experiments,
    "returns": _returns,
    "attack": _attack,
    "reach": _reach,
    "halves": _halves,
    "friday": _friday,
    "thanks": _thanks,
    "resonance": _resonance,
    "audience": _audience,
    "growth": _growth,
    "conduct": _conduct,
}
