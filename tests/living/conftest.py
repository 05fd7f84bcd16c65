"""Fixtures for all tests of living sources."""

from tests.living.labs import at_home, lab

__all__ = ["at_home", "lab"]
