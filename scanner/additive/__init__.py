"""Additive, monotone, calibrated models: fitted with scikit-learn, scored as step tables.

`step_tables` needs numpy alone and gives every contribution exactly, `pair_tables`
also knows pairs of features, `fitting` makes the tables from a gradient boosting,
`artifact` keeps a model as a folder and refuses one that is not what its card says.
"""

from scanner.additive.pair_tables import PairGrid, PairTables
from scanner.additive.step_tables import FeatureSteps, StepTables

__all__ = ["FeatureSteps", "PairGrid", "PairTables", "StepTables"]
