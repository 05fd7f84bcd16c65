"""What is said of an account that the owner is asked about: figures that everybody can see."""

from __future__ import annotations

from leumund.locale import _
from leumund.measures.audience.triage import Seen
from leumund.views.cells import number


def counts(seen: Seen) -> str:
    """How many follow it, whom it follows, what it wrote; "" where nothing of that is known."""
    told = (
        (seen.followers, _("{n} followers")),
        (seen.following, _("follows {n}")),
        (seen.posts, _("{n} posts")),
    )
    return ", ".join(text.format(n=number(value)) for value, text in told if value is not None)
