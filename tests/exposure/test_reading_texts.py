"""Each distinct text is read once, a bounded batch at a time, for all who carry it."""

import sys

import pyarrow as pa
import pytest

from scanner.exposure.assess import read_texts
from scanner.exposure.signals import find_signals
from tests.exposure.world import World

ASSESS = sys.modules["scanner.exposure.assess"]


def test_equal_texts_are_read_once_and_found_for_every_transaction(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[list[tuple[str, str]]] = []

    def recorded(strings: pa.RecordBatch) -> pa.Table:
        read.append([(row["place"], row["text"]) for row in strings.to_pylist()])
        return find_signals(strings)

    monkeypatch.setattr(ASSESS, "find_signals", recorded)
    monkeypatch.setattr(ASSESS, "_TEXTS_PER_BATCH", 3)
    world = World()
    for number in range(20):
        text = "FPGA VIA NOVOROSSIYSK" if number % 2 else f"INVOICE {number}"
        world.pay(f"t{number:02d}", text=text, debtor_address="MOSCOW")
    warehouse = world.assessed().warehouse
    strings = [string for batch in read for string in batch]
    assert len(strings) == len(set(strings))
    assert max(len(batch) for batch in read) <= 3
    odd = [f"t{number:02d}" for number in range(1, 20, 2)]
    assert warehouse.rows(
        "SELECT DISTINCT transaction_id FROM goods_found WHERE matched_text = 'FPGA' ORDER BY 1"
    ) == [(name,) for name in odd]
    assert warehouse.rows(
        "SELECT DISTINCT transaction_id FROM signals_found WHERE place = 'text'"
        " AND matched_text = 'NOVOROSSIYSK' ORDER BY 1"
    ) == [(name,) for name in odd]
    assert warehouse.rows(
        "SELECT count(DISTINCT transaction_id) FROM signals_found"
        " WHERE place = 'address' AND role = 'debtor'"
    ) == [(20,)]


def test_processes_find_what_one_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ASSESS, "_TEXTS_PER_BATCH", 3)
    monkeypatch.setattr(ASSESS, "_TEXTS_FOR_PROCESSES", 10)
    world = World()
    for number in range(20):
        world.pay(f"t{number:02d}", text=f"FPGA {number} PCS VIA NOVOROSSIYSK")
    found = []
    for workers in (1, 2):
        warehouse = world.warehouse()
        read_texts(warehouse, workers=workers)
        found.append(
            [
                warehouse.rows(f"FROM {name} ORDER BY ALL")
                for name in ("goods_found", "signals_found")
            ]
        )
    assert min(map(len, found[0])) == 20
    assert found[0] == found[1]
