"""The risk model: features in SQL, a monotone score with exact reasons, obligations above it.

`features` builds and describes the model's view, `scoring` fills `scores` and
`alerts`, `registry` keeps versions and their champion, `training` fits a new
version and `evaluation` judges it honestly.
"""

from scanner.risk.features import build_features, build_hit_features
from scanner.risk.registry import Champion, load_champion
from scanner.risk.scoring import score

__all__ = ["Champion", "build_features", "build_hit_features", "load_champion", "score"]
