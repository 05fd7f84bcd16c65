"""Changing the settings: the one file, and nothing in it but what was meant."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as profile
from hypothesis import strategies as st

from leumund.config import read_config
from leumund.errors import LabFullError, UsageError
from leumund.settings import SETTINGS, change, in_force, said


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LEUMUND_CONFIG", str(tmp_path / "there" / "config.toml"))
    return tmp_path / "there" / "config.toml"


def test_comments_and_what_else_stands_there_stay(file: Path) -> None:
    file.parent.mkdir()
    file.write_text('# mine\nlab = "work"  # not "main"\nhourly_rate = 60 # since May\n\n[conduct]\nlimits = ["more than half adverts"]\n')  # fmt: skip
    change({"zone": "Europe/Berlin", "hourly_rate": 75.5})
    assert file.read_text() == (
        '# mine\nlab = "work"  # not "main"\nhourly_rate = 75.5 # since May\nzone = "Europe/Berlin"\n\n'
        '[conduct]\nlimits = ["more than half adverts"]\n'
    )
    change({"limits": None, "zone": None})
    assert file.read_text() == '# mine\nlab = "work"  # not "main"\nhourly_rate = 75.5 # since May\n'


def test_without_room_that_is_said_and_the_settings_stay(file: Path) -> None:
    resource = pytest.importorskip("resource")
    change({"zone": "Europe/Berlin"})
    before, limits = file.read_bytes(), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, limits[1]))
    try:
        with pytest.raises(LabFullError):
            change({"zone": "Europe/Rome"})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert [f.read_bytes() for f in file.parent.iterdir()] == [before]


@profile(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "language": st.sampled_from(["de", "en", None]),
            "zone": st.sampled_from(["Europe/Berlin", "UTC", None]),
            "hourly_rate": st.one_of(st.none(), st.floats(0, 1e6)),
            "minutes_a_day": st.one_of(st.none(), st.floats(0.1, 1440)),
            "words": st.booleans(),
            "limits": st.one_of(st.none(), st.lists(st.text(st.characters(codec="utf-8"), max_size=20), min_size=1, max_size=3).map(tuple)),
        },
    )
)  # fmt: skip
@example({"limits": ("half\x85adverts\u2028",), "language": "de"})
def test_what_was_put_in_is_what_holds(file: Path, values: dict[str, Any]) -> None:
    before = in_force()
    change(values)
    assert in_force() == {**before, **values} | {"words": bool({**before, **values}["words"])}


@pytest.mark.parametrize(
    ("name", "text"),
    [("zone", "Mars/Base"), ("language", "fr"), ("hourly_rate", "-1"), ("hourly_rate", "much"), ("minutes_a_day", "0"),
     ("minutes_a_day", "2000"), ("words", "perhaps"), ("nothing", "x")],
)  # fmt: skip
def test_what_cannot_be_is_said_to_be_so(name: str, text: str) -> None:
    with pytest.raises(UsageError):
        said(name, text)


def test_as_people_write_it() -> None:
    assert (said("hourly_rate", "60,50 €"), said("minutes_a_day", "12,5"), said("words", "ja")) == (
        60.5,
        12.5,
        True,
    )
    assert said("language", "Deutsch") == "de"
    assert all(said(name, " ") is None for name in SETTINGS)


@pytest.mark.parametrize("text", ["zone = [", 'zone = """\nUTC"""\n', '"zone" = "UTC"\n'])
def test_a_file_that_cannot_be_changed_safely_is_left_alone(file: Path, text: str) -> None:
    file.parent.mkdir()
    file.write_text(text)
    with pytest.raises(UsageError, match="cannot be changed"):
        change({"zone": "Europe/Berlin"})
    assert file.read_text() == text
    assert list(file.parent.iterdir()) == [file]


def test_minutes_a_day_and_the_zone_hold_for_readings(file: Path, tmp_path: Path) -> None:
    from leumund.asking import _settled
    from leumund.measures import measure_named

    change({"minutes_a_day": 20.0, "zone": "Europe/Berlin", "hourly_rate": 60.0})
    assert tomllib.loads(file.read_text())["minutes_a_day"] == 20
    assert _settled(measure_named("courtesy")) == {"minutes_a_day": 20.0}
    assert _settled(measure_named("resonance")) == {"zone": "Europe/Berlin"}
    assert _settled(measure_named("followers")) == {}
    assert read_config().hourly_rate == 60
