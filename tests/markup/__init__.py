"""Pages are held to the HTML standard: see `validation`."""
