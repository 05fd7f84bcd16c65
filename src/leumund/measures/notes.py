"""Sentences that several measures say."""

from __future__ import annotations

from leumund.locale import N_
from leumund.measures import Note

NOBODY_IS_OWNER = Note(N_("No account of your own is known yet. Say which are yours: leumund me ACCOUNT"))
NO_RECOMMENDATION = Note(N_("No recommendation is known."))
