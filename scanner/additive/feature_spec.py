"""What a feature of an additive model must keep; apart from fitting: scoring stays light."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FeatureSpec:
    """A feature's name and the sign its effect must keep: 1, -1, or 0 for free."""

    name: str
    monotone: int
