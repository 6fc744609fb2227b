"""OpenSanctions data that a bank brings itself: targets.simple.csv and FtM JSON lines."""
