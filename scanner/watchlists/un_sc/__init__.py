"""The consolidated list of the UN Security Council (XML)."""
