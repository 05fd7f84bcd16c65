"""What was learned later is known later, whatever the clock says."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leumund.events import Statement
from leumund.lab import Lab
from tests.draws import draws

from . import worlds as w


def texts(lab: Lab) -> list[str]:
    with lab.tables(as_of=w.NOW + timedelta(days=1)) as tables:
        return [
            str(text) for text in tables.arrow("select text from posts order by known_at")["text"].to_pylist()
        ]


def test_a_clock_set_back_lets_the_newer_version_win(tmp_path: Path) -> None:
    lab = Lab.create(tmp_path / "lab")
    for hours, text in ((0, "Mit Feler"), (-48, "Ohne Fehler"), (-1, "Ganz ohne")):
        with lab.writing(w.NOW + timedelta(hours=hours)) as writer:
            writer.add([w.post(1, text=text)])
    assert texts(lab) == ["Ganz ohne"]


def test_what_the_owner_said_later_is_known_later_too(tmp_path: Path) -> None:
    lab = Lab.create(tmp_path / "lab")
    for hours in (0, -5):
        with lab.writing(w.NOW + timedelta(hours=hours)) as writer:
            writer.add([Statement(kind="note", happened_at=w.NOW, body={"text": f"{hours}"})])
    with lab.writing(w.NOW - timedelta(days=9)) as writer:
        writer.add([w.post(1)])
    known = [row[0] for row in lab.register.db.execute("select known_at from statement order by rowid")]
    assert known == sorted(set(known))
    with lab.tables(as_of=w.NOW, known_by=w.NOW) as tables:
        assert tables.arrow("select count(*) as n from posts")["n"][0].as_py() == 0


@draws(5)
@given(st.lists(st.integers(-3, 3), min_size=2, max_size=6))
def test_versions_are_known_in_the_order_in_which_they_came(
    tmp_path_factory: pytest.TempPathFactory, hours: list[int]
) -> None:
    lab = Lab.create(tmp_path_factory.mktemp("lab") / "lab")
    for number, hour in enumerate(hours):
        with lab.writing(w.NOW + timedelta(hours=hour)) as writer:
            writer.add([w.post(1, text=f"Fassung {number}"), w.post(number + 2, text=f"{number}")])
    assert [t for t in texts(lab) if t.isdigit()] == [str(n) for n in range(len(hours))]
    assert f"Fassung {len(hours) - 1}" in texts(lab)
