"""Returns: what presence brought, by whom, at what cost."""
