"""How the posts will look on her homepage: a document of its own, shown in a frame."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leumund.config import own_zone
from leumund.locale import N_
from leumund.web.page import Asked, Page
from leumund.web.sight import Sight
from leumund.widget import chosen, pages
from leumund.widget.wanted import from_words


def _take(sight: Sight, asked: Asked) -> Mapping[str, Any]:
    wanted = from_words(asked.query, language=asked.language, zone=own_zone())
    found = chosen(sight.lab, sight.state.tables, wanted)
    return {"document": pages.page(found, wanted, style=f"/static/{pages.style_name()}?")}


PAGE = Page(name="widget_preview", path="/widget/preview", title=N_("Latest posts"), take=_take, framed=True)
