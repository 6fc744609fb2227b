"""The shell of the room: reads texts in batches, then builds the relations in SQL."""

from collections.abc import Iterator

import pyarrow as pa

from scanner.exposure.goods import find_goods
from scanner.exposure.signals import SIGNALS_SCHEMA, find_signals
from scanner.exposure.trade import TRADE_SCHEMA
from scanner.schema import PARTIES, TABLES, TEXTS
from scanner.warehouse import Warehouse, load_relations

_ROWS_PER_PART = 100_000
_PARTY_COLUMNS = ("transaction_id", "role", "field_path", "name", "address", "identifier")
_TEXT_COLUMNS = ("transaction_id", "kind", "field_path", "text")
_NO_PARTIES = pa.table(
    {name: pa.array([], PARTIES.arrow_schema.field(name).type) for name in _PARTY_COLUMNS}
)
_NO_TEXTS = pa.table(
    {name: pa.array([], TEXTS.arrow_schema.field(name).type) for name in _TEXT_COLUMNS}
)


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

    The rows are read in parts of bounded size; equal texts lie in the same part,
    where they are read once.
    """
    warehouse.create(TABLES["goods_found"])
    warehouse.load("signals_found", SIGNALS_SCHEMA.empty_table())
    for found in _parts(warehouse, "texts", _TEXT_COLUMNS, "text"):
        warehouse.append("goods_found", find_goods(found))
        _append_signals(warehouse, find_signals(_NO_PARTIES, found))
    for found in _parts(warehouse, "parties", _PARTY_COLUMNS, "coalesce(name, '')"):
        _append_signals(warehouse, find_signals(found, _NO_TEXTS))


def _parts(
    warehouse: Warehouse, table: str, columns: tuple[str, ...], key: str
) -> Iterator[pa.Table]:
    parts = warehouse.count(table) // _ROWS_PER_PART + 1
    for part in range(parts):
        yield warehouse.arrow(
            f"SELECT {', '.join(columns)} FROM {table}"  # noqa: S608 - names of this module
            f" WHERE hash({key}) % {parts} = {part} ORDER BY transaction_id, field_path"
        )


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


def _append_signals(warehouse: Warehouse, signals: pa.Table) -> None:
    if signals.num_rows == 0:
        return
    with warehouse.view_of("__signals", signals):
        warehouse.execute("INSERT INTO signals_found SELECT * FROM __signals")
