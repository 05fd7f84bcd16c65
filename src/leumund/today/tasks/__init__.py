"""One kind of thing worth doing per file, found by being there."""
