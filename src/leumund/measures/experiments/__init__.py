"""Experiments: whether a change made in some weeks and not in others brought anything."""
