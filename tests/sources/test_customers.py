"""Tables of customers as German programs write them, brought in with a mapping file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from leumund.errors import UsageError

from .tables import told

HEAD = "Kundennummer;Erstkontakt;Umsatz (netto);Quelle;Empfohlen von;Status;Bemerkung\r\n"
MAPPING: dict[str, Any] = {
    "noun": "customer",
    "columns": {
        "customer": "Kundennummer",
        "happened_at": "Erstkontakt",
        "value": {"column": "Umsatz (netto)", "format": "1.234,56"},
        "found_us_by": "Quelle",
        "recommended_by": "Empfohlen von",
        "lead": "Status",
        "note": "Bemerkung",
    },
    "words": {"lead": {"Kunde": "false", "Interessent": "true", "verloren": "false"}},
}


def written(folder: Path, *rows: str) -> Path:
    path = folder / "kunden.csv"
    path.write_bytes((HEAD + "".join(row + "\r\n" for row in rows)).encode("cp1252"))
    return path


def test_a_table_of_a_german_spreadsheet_is_read(tmp_path: Path) -> None:
    row = 'K-1;02.02.2026;1.480,00 €;Mastodon;@ben@example.social;Kunde;"ruft zurück; gern abends"'
    found = told(written(tmp_path, row, "K-2;15.3.2026;;LinkedIn;;Interessent;"), MAPPING)
    assert not found.faults
    first, second = found.rows
    assert "'value': 1480.0" in first
    assert "ruft zurück; gern abends" in first
    assert "'lead': False" in first
    assert "2026, 3, 15" in second
    assert "value" not in second


@pytest.mark.parametrize(
    ("written_so", "value"),
    [
        ("1.480", 1480.0),
        ("1.480,5", 1480.5),
        ("99,5", 99.5),
        ("€ 12", 12.0),
        ("1.234.567,89 EUR", 1234567.89),
        ("-3,5", -3.5),
    ],
)
def test_a_thousand_is_a_thousand_where_the_mapping_says_how_numbers_are_written(
    tmp_path: Path, written_so: str, value: float
) -> None:
    assert f"'value': {value}" in told(written(tmp_path, f"K-1;02.02.2026;{written_so};;;;"), MAPPING).rows[0]


@pytest.mark.parametrize(
    ("number", "form"), [("1'480.50", "1'234.56"), ("1,480.50", "1,234.56"), ("1480.50", "1234.56")]
)
def test_other_countries_write_numbers_otherwise(tmp_path: Path, number: str, form: str) -> None:
    columns = MAPPING["columns"] | {"value": {"column": "Umsatz (netto)", "format": form}}
    found = told(written(tmp_path, f"K-1;02.02.2026;{number};;;;"), MAPPING | {"columns": columns})
    assert "'value': 1480.5" in found.rows[0]


@pytest.mark.parametrize("number", ["viel", "1,2,3", "€", "12 Euro 50"])
def test_what_is_no_number_is_a_problem(tmp_path: Path, number: str) -> None:
    assert list(told(written(tmp_path, f"K-1;02.02.2026;{number};;;;"), MAPPING).problems) == [2]


@pytest.mark.parametrize("form", ["%d.%m.%Y", "1.234", "", "#,##0.00"])
def test_a_way_of_writing_numbers_that_is_none_is_refused(tmp_path: Path, form: str) -> None:
    columns = MAPPING["columns"] | {"value": {"column": "Umsatz (netto)", "format": form}}
    with pytest.raises(UsageError, match=r"1\.234,56"):
        told(written(tmp_path, "K-1;02.02.2026;1;;;;"), MAPPING | {"columns": columns})
