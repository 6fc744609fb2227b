"""The shell of the room: reads texts in batches, then builds the relations in SQL."""

from collections.abc import Callable

import pyarrow as pa

from scanner.exposure.goods import GOODS_READ_SCHEMA, find_goods
from scanner.exposure.signals import SIGNALS_READ_SCHEMA, find_signals
from scanner.exposure.trade import TRADE_SCHEMA
from scanner.schema import TABLES
from scanner.warehouse import Warehouse, load_relations

_TEXTS_PER_BATCH = 20_000


def assess(warehouse: Warehouse) -> None:
    """Find what each transaction shows, and what the order says of it.

    Makes `goods_found`, `transfer_facts`, `indicators`, `obligations`, `limbs`
    and `exceptions`, with the relations behind them.

    Args:
        warehouse: Holds the canonical tables, lists, ownership, hits, reference
            tables, history and the one-row table `run`; `trade_baselines` where
            trade statistics were given (`trade.read_trade_csv`).
    """
    read_texts(warehouse)
    if not warehouse.has("trade_baselines"):
        warehouse.load("trade_baselines", TRADE_SCHEMA.empty_table())
    warehouse.create(TABLES["indicators"])
    warehouse.build_all((*load_relations("exposure/facts"), *load_relations("exposure/indicators")))


def read_texts(warehouse: Warehouse) -> None:
    """Fill `goods_found` and `signals_found` from `texts` and `parties`.

    Each distinct text is read once, a bounded batch of them at a time; SQL gives what was
    found to the transactions that carry it.
    """
    warehouse.build_all(load_relations("exposure/texts"))
    warehouse.load("goods_read", GOODS_READ_SCHEMA.empty_table())
    warehouse.load("signals_read", SIGNALS_READ_SCHEMA.empty_table())
    _read(warehouse, "goods_texts_to_read", find_goods, "goods_read")
    _read(warehouse, "strings_to_read", find_signals, "signals_read")
    warehouse.build_all(load_relations("exposure/found"))
    for done in ("goods_texts_to_read", "strings_to_read", "goods_read", "signals_read"):
        warehouse.execute(f"DROP TABLE {done}")


def _read(
    warehouse: Warehouse, source: str, reader: Callable[[pa.RecordBatch], pa.Table], target: str
) -> None:
    for batch in warehouse.batches(f"FROM {source}", rows_per_batch=_TEXTS_PER_BATCH):
        found = reader(batch)
        if found.num_rows:
            with warehouse.view_of("__found", found):
                warehouse.execute(f"INSERT INTO {target} SELECT * FROM __found")  # noqa: S608 - names above


def measure_banks(warehouse: Warehouse) -> None:
    """Measure each counterparty bank and month by the outcome of the scoring.

    Makes `bank_exposure`, and writes each transfer's band into `transfer_facts`,
    so that later runs can measure the same month again.

    Args:
        warehouse: What `assess` left, and `scores`.
    """
    warehouse.execute(
        "UPDATE transfer_facts SET band = scores.band FROM scores"
        " WHERE scores.transaction_id = transfer_facts.transaction_id"
    )
    warehouse.build_all(load_relations("exposure/banks"))
