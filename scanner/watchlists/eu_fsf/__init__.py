"""The EU's consolidated financial sanctions files (XML 1.1 and CSV 1.1)."""
