"""The widget for a homepage."""
