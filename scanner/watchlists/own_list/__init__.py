"""The bank's own list, in a plain CSV."""
