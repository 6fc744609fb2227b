"""The shell of the room: reads texts in batches, then builds the relations in SQL."""

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import nullcontext

import pyarrow as pa

from scanner.exposure.goods import GOODS_READ_SCHEMA, find_goods
from scanner.exposure.signals import SIGNALS_READ_SCHEMA, find_signals
from scanner.exposure.trade import TRADE_SCHEMA
from scanner.schema import TABLES
from scanner.warehouse import Warehouse, load_relations, relations_by_name

_TEXTS_PER_BATCH = 20_000
# Fewer are read sooner than processes have started.
_TEXTS_FOR_PROCESSES = 40_000

_Reader = Callable[[pa.RecordBatch], pa.Table]


def assess(warehouse: Warehouse, *, workers: int = 1) -> None:
    """Find what each transaction shows, and what the order says of it.

    Makes `goods_found`, `transfer_facts`, `indicators`, `obligations`, `limbs`
    and `exceptions`, with the relations behind them.

    Args:
        warehouse: Holds the canonical tables, lists, ownership, hits, reference
            tables, history and the one-row table `run`; `trade_baselines` where
            trade statistics were given (`trade.read_trade_csv`).
        workers: Processes that read texts where there are many.
    """
    read_texts(warehouse, workers=workers)
    if not warehouse.has("trade_baselines"):
        warehouse.load("trade_baselines", TRADE_SCHEMA.empty_table())
    warehouse.create(TABLES["indicators"])
    warehouse.build_all((*load_relations("exposure/facts"), *load_relations("exposure/indicators")))


def read_texts(warehouse: Warehouse, *, workers: int = 1) -> None:
    """Fill `goods_found` and `signals_found` from `texts` and `parties`.

    Each distinct text is read once, a bounded batch of them at a time; SQL gives what was
    found to the transactions that carry it. The rows are the same whoever reads.
    """
    warehouse.build_all(load_relations("exposure/texts"))
    warehouse.load("goods_read", GOODS_READ_SCHEMA.empty_table())
    warehouse.load("signals_read", SIGNALS_READ_SCHEMA.empty_table())
    texts = sum(map(warehouse.count, ("goods_texts_to_read", "strings_to_read")))
    context = multiprocessing.get_context("spawn")
    with (
        ProcessPoolExecutor(workers, mp_context=context)
        if workers > 1 and texts >= _TEXTS_FOR_PROCESSES
        else nullcontext()
    ) as pool:
        for source, reader, target in (
            ("goods_texts_to_read", find_goods, "goods_read"),
            ("strings_to_read", find_signals, "signals_read"),
        ):
            batches = warehouse.batches(f"FROM {source}", rows_per_batch=_TEXTS_PER_BATCH)
            for found in _read(batches, reader, pool, ahead=workers + 1):
                with warehouse.view_of("__found", found):
                    warehouse.execute(f"INSERT INTO {target} SELECT * FROM __found")  # noqa: S608 - names above
    warehouse.build_all(load_relations("exposure/found"))
    for done in ("goods_texts_to_read", "strings_to_read", "goods_read", "signals_read"):
        warehouse.execute(f"DROP TABLE {done}")


def read_signals(warehouse: Warehouse) -> None:
    """Fill `signals_found` alone, as `read_texts` does."""
    relations = relations_by_name("exposure/texts")
    warehouse.build(relations["strings_to_read"])
    read = [
        find_signals(batch)
        for batch in warehouse.batches("FROM strings_to_read", rows_per_batch=_TEXTS_PER_BATCH)
    ]
    _fill_signals(warehouse, pa.concat_tables([SIGNALS_READ_SCHEMA.empty_table(), *read]))
    warehouse.execute("DROP TABLE strings_to_read")


def leave_signals(warehouse: Warehouse) -> None:
    """Make `signals_found` without any, where nothing that is asked for hangs on them."""
    _fill_signals(warehouse, SIGNALS_READ_SCHEMA.empty_table())


def _fill_signals(warehouse: Warehouse, read: pa.Table) -> None:
    relations = relations_by_name("exposure/found")
    with warehouse.view_of("signals_read", read):
        warehouse.build(relations["signals_found"])


def _read(
    batches: Iterator[pa.RecordBatch], reader: _Reader, pool: Executor | None, *, ahead: int
) -> Iterator[pa.Table]:
    """What the reader finds in each batch, in their order; in processes a few batches ahead."""
    if pool is None:
        yield from map(reader, batches)
        return
    waiting: deque[Future[pa.Table]] = deque()
    for batch in batches:
        waiting.append(pool.submit(reader, batch))
        if len(waiting) > ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def measure_banks(warehouse: Warehouse, *, kept: Sequence[str] = ()) -> None:
    """Measure each counterparty bank and month by the outcome of the scoring.

    Makes `bank_exposure`, and writes each transfer's band into `transfer_facts`,
    so that later runs can measure the same month again.

    Args:
        warehouse: What `assess` left, and `scores`.
        kept: Relations that it holds already.
    """
    warehouse.execute(
        "UPDATE transfer_facts SET band = scores.band FROM scores"
        " WHERE scores.transaction_id = transfer_facts.transaction_id"
    )
    warehouse.build_all(r for r in load_relations("exposure/banks") if r.makes not in kept)
