"""Every measure, held to the same promises, and each one checked by arithmetic."""
