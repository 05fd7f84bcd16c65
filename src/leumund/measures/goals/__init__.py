"""Goals: shall I reach it, when, and what would it take?

curves     counts on days -> a curve by weeks, gaps marked
growth     how fast it grows, how unsteadily, at each of its weeks
courses    possible courses, drawn with a seed that is always the same
conformal  how far past forecasts missed: the width of the next ones
forecast   intervals, chances, when a number is reached
"""

from __future__ import annotations
