"""The report as the file that is taken along; asked for by `downloads`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leumund.errors import UsageError
from leumund.locale import _
from leumund.report.periodic import as_page, file_name
from leumund.web.page import Asked, Page
from leumund.web.pages.report import period_asked, taken_for
from leumund.web.sight import Sight


def _take(sight: Sight, asked: Asked) -> Mapping[str, Any]:
    period = period_asked(sight, asked.query)
    if period is None:
        raise UsageError(_("Of which time shall the report speak?"), hint=_("Choose a month or a quarter."))
    taken = taken_for(sight, period, asked.query)
    return {"file": as_page(taken), "name": file_name(period, taken.readership)}


PAGE = Page(name="report_file", path="", title="", take=_take, remembered=False)
