"""The US Consolidated Screening List of trade.gov (CSV and JSON)."""
