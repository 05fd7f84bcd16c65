"""The pages: one file, one page, found by being there."""
