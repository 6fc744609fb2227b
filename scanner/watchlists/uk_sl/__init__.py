"""The UK Sanctions List (CSV), and OFSI's legacy ConList.csv for older files."""
