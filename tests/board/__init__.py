"""The published board: only those who agreed, and nothing by which others could be found."""
