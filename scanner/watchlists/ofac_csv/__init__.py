"""OFAC's CSV files: SDN, ALT, ADD, SDN_COMMENTS and the CONS_* files of the same layout."""
