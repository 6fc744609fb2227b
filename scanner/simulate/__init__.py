"""An invented world of firms, banks, goods and payments, with the truth about each deal.

`world` makes who exists, `deals` decides what they intend (guilty and innocent
with the same laws of amount, date and words), `rendering_mt` and `rendering_mx`
write the messages, `lists` the sanctions list of that world. Everything follows
from one seed; nothing in it is real.
"""

from scanner.simulate.plan import GENERATOR_VERSION, Plan
from scanner.simulate.simulation import simulate

__all__ = ["GENERATOR_VERSION", "Plan", "simulate"]
