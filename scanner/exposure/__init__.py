"""What E.O. 14114 asks of each payment and bank, answered with evidence.

`words`, `phrases`, `hs_codes`, `part_numbers`, `goods_words` and `goods` read
goods in free text, `signals` reads places, routes and instructions; all of them
are pure. The findings are SQL: `scanner/sql/exposure`. `assess` is the shell.
"""

from scanner.exposure.assess import assess, measure_banks
from scanner.exposure.goods import find_goods, goods_in
from scanner.exposure.renewal import (
    facts_of_lists,
    list_bound_codes,
    reassess,
    remeasure_banks,
    steps_to_listed,
)
from scanner.exposure.signals import find_signals, signals_in
from scanner.exposure.trade import read_trade_csv

__all__ = [
    "assess",
    "facts_of_lists",
    "find_goods",
    "find_signals",
    "goods_in",
    "list_bound_codes",
    "measure_banks",
    "read_trade_csv",
    "reassess",
    "remeasure_banks",
    "signals_in",
    "steps_to_listed",
]
