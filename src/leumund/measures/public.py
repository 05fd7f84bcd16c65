"""What everybody could see: posts for followers only and direct messages are in no ranking."""

from __future__ import annotations


def seen_by_all(via: str) -> str:
    """SQL: true unless the post with which something was done (`via`, a column) is known to be for a few only."""
    return f"""not exists (select 1 from posts p where p.post = {via} and p.visibility in ('followers', 'direct'))"""
