"""OFAC's SDN_ADVANCED.XML and CONS_ADVANCED.XML: listing dates and relationships."""
