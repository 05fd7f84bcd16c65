"""Goals: what is to be reached, and by when."""

from __future__ import annotations

from datetime import date

from leumund.entering.said import Said, day, midnight, network
from leumund.spoken.aims import aim_said


def said(*, today: date, text: str | None = None, on_network: str | None = None, since: str | None = None) -> Said:  # fmt: skip
    """A goal. text: "5000 followers by 2027-03-01"; on_network: else the one in the text, else all; since: a day.

    Raises:
        UsageError: what is doubtful is refused.
    """
    where = network(on_network)
    if text is None:
        return Said("goal", {"network": where}, day(since, today))
    aim = aim_said(text, today)
    body = {
        "goal": aim.what, "target": aim.target, "until": midnight(aim.by).isoformat(),
        "network": where or aim.network, "note": text.strip(),
    }  # fmt: skip
    return Said("goal", body, day(since, today))
