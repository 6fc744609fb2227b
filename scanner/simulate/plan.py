"""What to simulate."""

from dataclasses import dataclass
from datetime import date

GENERATOR_VERSION = 3


@dataclass(frozen=True)
class Plan:
    """The size and the temper of a simulated world.

    Attributes:
        seed: Everything follows from it.
        payments: Deals to make; a deal may need several messages.
        days: Length of the period.
        start: First day.
        guilty_share: Share of deals with guilty intent.
        typologies: Codes of guilty typologies; empty = all.
        mx_share: Share of deals sent as ISO 20022.
        dirty_share: Share of messages with transliteration, cut names or other dirt.
    """

    seed: int
    payments: int = 2000
    days: int = 180
    start: date = date(2024, 7, 1)
    guilty_share: float = 0.04
    typologies: tuple[str, ...] = ()
    mx_share: float = 0.5
    dirty_share: float = 0.2
