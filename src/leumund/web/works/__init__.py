"""The works: one file each, found by being there."""
