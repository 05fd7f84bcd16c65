"""The docs are held to the program: whatever there is to know is described, and whatever is described is there."""

from __future__ import annotations

import importlib.util
import re
import shlex
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import typer

from leumund import cli, measures, sources
from leumund.cli import _take_language
from leumund.cli.app import app
from leumund.config import Config, read_config
from leumund.events import KINDS, Act, Post, Problem, Rows
from leumund.measures.conduct.limits import limits_said
from leumund.measures.follow_friday.votes import LEAST_ROTATION, RHO
from leumund.measures.influence.score import score
from leumund.measures.worth import BASE
from leumund.sources import FileSettings, all_sources
from leumund.sources.living import all_living
from leumund.sources.shapes import SHAPES

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "leumund"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
STARTS = [ROOT / "docs" / "start.md", ROOT / "docs" / "start.de.md"]
COMMANDS: Any = typer.main.get_command(app)

in_both_languages = pytest.mark.parametrize("start", STARTS, ids=lambda p: p.name)
on_every_page = pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)


def text(*names: str) -> str:
    return "\n".join((ROOT / name).read_text("utf-8") for name in names)


def rows_below(heading: str, page: str) -> list[list[str]]:
    """The cells of the tables between a heading and the next one, without the tables' heads."""
    lines = page.splitlines()
    assert heading in lines, f"no heading {heading!r}"
    rows = []
    for before, line in pairwise(lines[lines.index(heading) :]):
        if before != heading and before.startswith("#"):
            break
        if line.startswith("|") and before.startswith("|") and not line.startswith("| ---"):
            rows.append([c.strip().replace("\\|", "|") for c in re.split(r"(?<!\\)\|", line)[1:-1]])
    return rows


# -- what there is, is described


@in_both_languages
@pytest.mark.parametrize("verb", sorted(COMMANDS.commands))
def test_every_verb_and_each_of_its_options_is_described(verb: str, start: Path) -> None:
    page = start.read_text("utf-8")
    described = {line.split("`")[1]: line for line in page.splitlines() if line.startswith("| `leumund ")}
    row = next((line for head, line in described.items() if head.split()[1] == verb), None)
    assert row, f"{start.name} has no row for leumund {verb}"
    for parameter in COMMANDS.commands[verb].params:
        for option in parameter.opts if parameter.param_type_name == "option" else ():
            assert f"`{option}" in row or f"{option}`" in row or f"{option} " in row, f"{verb} {option}"


@in_both_languages
def test_every_environment_variable_is_described(start: Path) -> None:
    code = "\n".join(p.read_text("utf-8") for p in SRC.rglob("*.py"))
    names = set(re.findall(r"LEUMUND_[A-Z_]+", code))
    names |= set(re.findall(r"""environ(?:\.get\(|\[)["'](\w+)""", code))
    assert len(names) >= 5
    page = start.read_text("utf-8")
    assert {n for n in names if f"`{n}`" not in page} == set()


@in_both_languages
def test_every_setting_is_described(start: Path) -> None:
    page = start.read_text("utf-8")
    assert "config.toml" in page
    assert [f.name for f in fields(Config) if f"\n{f.name} = " not in page] == []


@in_both_languages
def test_every_exit_code_is_described(start: Path) -> None:
    code = "\n".join(p.read_text("utf-8") for p in SRC.rglob("*.py"))
    codes = set(re.findall(r"(?:sys\.exit\(|exit_code = |\bExit\(|_INTERRUPTED = )(\d+)", code))
    heading = "## Exit codes" if start.name == "start.md" else "## Rückgabewerte"
    assert {row[0].strip("`") for row in rows_below(heading, start.read_text("utf-8"))} == codes


@in_both_languages
@pytest.mark.parametrize("noun", SHAPES)
def test_every_column_of_every_shape_is_described(noun: str, start: Path) -> None:
    rows = rows_below(f"### `{noun}`", start.read_text("utf-8"))
    yes = "yes" if start.name == "start.md" else "ja"
    assert [(row[0], row[1] == yes) for row in rows] == [
        (f"`{name}`", field.needed) for name, field in SHAPES[noun].items()
    ]
    for (name, field), row in zip(SHAPES[noun].items(), rows, strict=True):
        assert len(row[2]) > 3, f"{noun}.{name} says nothing"
        assert {w for w in field.words if f"`{w}`" not in row[2]} == set()


@pytest.mark.parametrize("name", measures.all_measures())
def test_every_measure_is_described(name: str) -> None:
    page = text("docs/measures.md")
    rest = page.split(f"(`{name}`)\n", 1)
    assert len(rest) == 2, f"docs/measures.md has no section on {name}"
    section = rest[1].split("\n## ", 1)[0]
    assert measures.all_measures()[name].question in section
    for part in ("It counts", "Bounds", "It does not know"):
        assert f"**{part}" in section, f"{name}: {part}"


def test_a_measure_says_in_words_where_it_comes_from() -> None:
    """Whoever reads the pages has no folder with documents."""
    assert not [m.name for m in measures.all_measures().values() if "docs/" in m.reference]


@in_both_languages
@pytest.mark.parametrize("name", all_sources())
def test_every_source_is_described(name: str, start: Path) -> None:
    assert f"`{name}`" in start.read_text("utf-8")


def test_every_library_has_its_reason() -> None:
    project = tomllib.loads(text("pyproject.toml"))["project"]
    names = [re.split(r"[<>=~! ;\[]", line)[0] for line in project["dependencies"]]
    page = text("docs/design.md")
    assert [n for n in names if f"| {n} |" not in page] == []


def test_the_readme_names_the_two_commands() -> None:
    page = text("README.md")
    assert "make run" in page
    assert "make test" in page


def test_the_licence_is_the_one_that_is_promised() -> None:
    licence = text("LICENSE")
    assert licence.split("\n", 1)[0].strip() == "GNU AFFERO GENERAL PUBLIC LICENSE"
    assert "Version 3, 19 November 2007" in licence[:200]
    assert "How to Apply These Terms to Your New Programs" in licence
    assert "AGPL-3.0-or-later" in text("README.md")


# -- what is described, is there


def written_commands() -> Iterator[Any]:
    """Every `leumund ...` in a code block or between backticks, with the page it stands on."""
    for page in PAGES:
        inside, language = False, ""
        for line in page.read_text("utf-8").splitlines():
            if line.startswith("```"):
                inside, language = not inside, line.strip("`")
            elif inside and language in ("", "sh", "text", "powershell"):
                if found := re.match(r"(?:\$ )?(?:\S*[\\/]|uvx |pipx run )?leumund (.+)", line):
                    yield pytest.param(found[1], True, id=f"{page.name}: {found[1]}")
            elif not inside and not line.startswith("    "):
                for found in re.finditer(r"`(?:uvx |pipx run )?leumund ([^`]+)`", line):
                    yield pytest.param(found[1], False, id=f"{page.name}: {found[1]}")


@pytest.mark.parametrize(("command", "whole"), list(written_commands()))
def test_every_command_line_in_the_docs_can_be_given(command: str, whole: bool) -> None:
    arguments = shlex.split(command, comments=True)
    if ">" in arguments:  # into a file: the shell's business
        del arguments[arguments.index(">") :]
    _take_language(arguments)
    verb, *rest = arguments
    if verb.startswith("-"):
        assert verb in {o for p in COMMANDS.params for o in p.opts} | {"-h", "--help"}
        return
    assert verb in COMMANDS.commands
    try:
        COMMANDS.commands[verb].make_context(verb, list(rest))
    except Exception as error:
        if whole or type(error).__name__ != "MissingParameter":
            raise


def test_command_lines_are_found_at_all() -> None:
    assert len(list(written_commands())) > 50


@on_every_page
def test_every_link_leads_somewhere(page: Path) -> None:
    body = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    for target in re.findall(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)", body):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), f"{page.name} leads to {target}"
        if anchor:
            assert anchor in anchors(file.read_text("utf-8")), f"{page.name} leads to {target}"


def anchors(page: str) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in heads}


@on_every_page
def test_every_picture_is_there(page: Path) -> None:
    for target in re.findall(r"!\[[^\]]*\]\(([^)\s]+)\)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), f"{page.name} shows {target}"


def test_the_pictures_are_those_that_are_made_and_small() -> None:
    from tests.docs.screenshots import IMAGES, LARGEST, names

    assert {p.name for p in IMAGES.iterdir()} == set(names())
    assert [p.name for p in IMAGES.iterdir() if p.stat().st_size > LARGEST] == []
    pages = "\n".join(page.read_text("utf-8") for page in PAGES)
    assert [name for name in names() if f"images/{name})" not in pages] == []


@on_every_page
def test_every_picture_has_words_for_those_who_cannot_see_it(page: Path) -> None:
    for words in re.findall(r"!\[([^\]]*)\]", page.read_text("utf-8")):
        assert len(words) > 20


def test_the_figures_said_of_the_measures_are_those_of_the_formulas() -> None:
    page = " ".join(text("docs/measures.md").split())
    one, ten, hundred = (round(score(people)) for people in (1, 10, 100))
    assert f"brings at most {one} points; ten at most {ten}; a hundred at most {hundred}" in page
    counted = "a recommendation {endorse:g}, a reshare or a quote {reshare:g}, a reply {reply:g}, a mention"
    assert counted.format(**BASE) in page
    assert "{mention:g}, a new follower {follow:g}, a like {like:g}.".format(**BASE) in page
    assert BASE["reshare"] == BASE["quote"]
    assert f"never less than {LEAST_ROTATION:.0%}".replace("%", " %") in page
    assert f"never less than {1 - RHO:.0%}".replace("%", " %") in page
    assert f"never worth more than {1 / (1 - 2 ** (-1 / 4)):.1f}" in page


# -- the examples run


def toml_blocks(start: Path) -> list[dict[str, Any]]:
    blocks = re.findall(r"^```toml\n(.*?)^```$", start.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    return [tomllib.loads(block) for block in blocks]


@in_both_languages
def test_the_example_of_a_mapping_reads_the_table_it_speaks_of(start: Path, tmp_path: Path) -> None:
    mapping, words, _config = toml_blocks(start)
    table = tmp_path / "tweets.csv"
    table.write_text(
        "tweet_id,created_at,author_screen_name,text\n"
        '11,Fri Jan 09 08:15:00 +0100 2026,Carla,"#FF @dora, who asks good questions"\n',
        "utf-8",
    )
    source = all_sources()["csv"]
    settings = FileSettings(path=table, mapping=mapping)
    (rows,) = [e for page in source.fetch(settings, None) for e in source.parse(page)]
    assert isinstance(rows, Rows)
    assert rows.problems == ()
    (row,) = rows.table.to_pylist()
    assert row["account"] == "https://x.com/carla"
    assert row["post"] == "https://x.com/i/status/11"
    assert row["happened_at"] == datetime(2026, 1, 9, 7, 15, tzinfo=UTC)
    assert set(words["words"]["kind"].values()) <= set(KINDS)


@in_both_languages
def test_the_example_of_settings_can_be_read(
    start: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks = re.findall(r"^```toml\n(.*?)^```$", start.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    (tmp_path / "config.toml").write_text(blocks[-1], "utf-8")
    monkeypatch.setenv("LEUMUND_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.delenv("LEUMUND_LAB", raising=False)
    limits = read_config().limits
    assert limits is not None
    assert {limit.kind for limit in limits_said(limits)} == {"advert", "self"}
    assert read_config() == Config(
        lab="main", language="de", zone="Europe/Berlin", hourly_rate=60, minutes_a_day=15, words=True, limits=limits
    )  # fmt: skip


def example(name: str) -> str:
    found = re.search(
        rf"^<!-- file: {re.escape(name)} -->\n```\w+\n(.*?)^```$",
        text("CONTRIBUTING.md"),
        re.DOTALL | re.MULTILINE,
    )
    assert found, name
    return found[1]


@pytest.fixture
def guestbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The example's source, put where sources are found; gives the sample."""
    yield from put(sources, "guestbook", sources.all_sources, tmp_path, monkeypatch)


@pytest.fixture
def posts_per_week(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The example's measure, put where measures are found."""
    yield from put(measures, "posts_per_week", measures.all_measures, tmp_path, monkeypatch)


def put(package: Any, name: str, found: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    place = folder / package.__name__.rpartition(".")[2]
    place.mkdir()
    (place / f"{name}.py").write_text(example(f"{name}.py"), "utf-8")
    (folder / "sample.json").write_text(example("sample.json"), "utf-8")
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(place)])
    monkeypatch.setenv("LEUMUND_HOME", str(folder / "home"))
    monkeypatch.setenv("LEUMUND_CONFIG", str(folder / "config.toml"))
    monkeypatch.setenv("LEUMUND_LANG", "en")
    importlib.invalidate_caches()
    found.cache_clear()
    yield folder / "sample.json"
    found.cache_clear()
    sys.modules.pop(f"{package.__name__}.{name}", None)
    package.__dict__.pop(name, None)


def leumund(*arguments: object) -> int:
    with pytest.raises(SystemExit) as ended:
        cli.main([str(a) for a in arguments])
    return int(ended.value.code or 0)


def test_the_example_of_a_source_is_found_and_reads_its_sample(guestbook: Path) -> None:
    source, found = sources.recognise(guestbook)
    assert (source.name, found.what) == ("guestbook", "guestbook of a home page")
    (page,) = source.fetch(FileSettings(path=guestbook), None)
    events = list(source.parse(page))
    assert list(source.parse(page)) == events
    assert list(source.fetch(FileSettings(path=guestbook), page.position)) == []
    assert not any(isinstance(e, Rows) for e in events)
    assert [e.text for e in events if isinstance(e, Post)] == ["Your course helped me.", "Now with a date."]
    assert [e.where for e in events if isinstance(e, Problem)] == ["sample.json:2"]
    assert [(e.kind, e.actor, e.target) for e in events if isinstance(e, Act)] == [
        ("mention", "https://ben.example", "https://anna.example"),
        ("mention", "https://carla.example", "https://anna.example"),
    ]


def test_the_example_of_a_source_leaves_foreign_files_alone(guestbook: Path) -> None:
    other = guestbook.with_name("other.json")
    other.write_text("{}", "utf-8")
    for path in (other, guestbook.parent, guestbook.with_name("not there.json")):
        assert all_sources()["guestbook"].recognise(path) is None


def test_the_example_of_a_source_comes_into_a_lab(
    guestbook: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert leumund("init", "--me", "@anna@example.social") == 0
    assert leumund("import", guestbook) == 0
    told = capsys.readouterr().out
    assert "2 posts, 2 acts" in told
    assert "1 record could not be used" in told
    assert "Who read it and wrote nothing." in told


def test_the_example_of_a_measure_is_found_and_answers(
    posts_per_week: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = posts_per_week.with_name("posts.csv")
    table.write_text(
        "post,account,network,happened_at,text\n"
        "1,@anna@example.social,mastodon,2026-01-05T08:00:00Z,one\n"
        "2,@anna@example.social,mastodon,2026-01-09T08:00:00Z,two\n"
        "3,@anna@example.social,mastodon,2026-01-12T08:00:00Z,three\n",
        "utf-8",
    )
    assert leumund("init", "--me", "@anna@example.social") == 0
    assert leumund("import", table) == 0
    capsys.readouterr()
    assert leumund("show", "posts_per_week", "--as-of", "2026-01-15", "--csv") == 0
    assert [line.split(",")[1] for line in capsys.readouterr().out.split()] == ["posts", "2", "1"]
    assert leumund("measures") == 0
    assert "posts_per_week: How much do I write?" in capsys.readouterr().out


@pytest.mark.usefixtures("posts_per_week")
def test_the_example_of_a_measures_test_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT)  # it lies beside tests/measures/made.py and takes its world from there
    path = tmp_path / "test_posts_per_week.py"
    path.write_text(example("test_posts_per_week.py"), "utf-8")
    spec = importlib.util.spec_from_file_location("tests.measures.example", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    tests = [f for n, f in vars(module).items() if n.startswith("test_")]
    assert len(tests) == 3
    for run in tests:
        run()


def test_every_text_of_python_in_the_docs_is_one_of_the_examples_that_run() -> None:
    for page in PAGES:
        blocks = re.findall(r"^(.*)\n```(?:python|py)$", page.read_text("utf-8"), re.MULTILINE)
        assert all(before.startswith("<!-- file: ") for before in blocks), page.name


@pytest.mark.parametrize("page", ["connect.md", "connect.de.md"])
def test_every_network_one_can_connect_is_described(page: str) -> None:
    described = (ROOT / "docs" / page).read_text("utf-8")
    missing = [n for n in all_living() if f"leumund connect {n} " not in described and n != "bluesky_public"]
    assert missing == []
