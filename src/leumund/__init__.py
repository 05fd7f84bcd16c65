"""Leumund: the laboratory for one's public presence. See docs/design.md for how the house is built."""
