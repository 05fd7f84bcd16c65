"""What is worth knowing and doing today."""
