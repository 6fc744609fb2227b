"""Batches go from process to process whole, and a file is written over only once nobody has its."""

from pathlib import Path

from scanner.ingest.containers import cut
from scanner.ingest.handover import Shelf, put_down
from scanner.ingest.reading import Origin, Portion, read_portions
from scanner.ingest.rows import Batch
from tests.ingest.test_plain_fin import fin

TABLES = ("messages", "transactions", "parties", "texts", "rejected")


def batch_of(content: str) -> Batch:
    raw = content.encode()
    portion = Portion(Origin(Path("x"), "0" * 64, len(raw)), tuple(cut(raw)))
    return read_portions([portion], excerpt_bytes=100)[0]


def test_a_batch_is_the_same_behind_the_handover(tmp_path: Path) -> None:
    batch = batch_of(f"{fin()}\r\n{{1:F01damaged}}\r\n{fin()}")
    assert [len(getattr(batch, name)) for name in ("messages", "rejected")] == [2, 1]
    shelf = Shelf(tmp_path)
    taken = shelf.pick_up(put_down(batch, shelf.place()))
    for name in TABLES:
        assert getattr(taken, name).equals(getattr(batch, name)), name
    assert taken.excerpts == batch.excerpts
    assert len(taken.excerpts) == 1


def test_a_file_is_written_over_once_nothing_of_its_batch_is_used(tmp_path: Path) -> None:
    long, short = batch_of(f"{fin()}\r\n" * 5), batch_of(fin().replace("PAYER", "OTHER"))
    shelf = Shelf(tmp_path)
    first = shelf.place()
    taken = shelf.pick_up(put_down(long, first))
    column = taken.parties.column("raw").chunk(0).slice(2)
    values = column.to_numpy(zero_copy_only=False).tolist()
    del taken
    second = shelf.place()
    assert second != first  # a slice of one column still is in use
    other = shelf.pick_up(put_down(short, second))
    assert column.to_pylist() == values
    del column
    assert shelf.place() == first
    again = shelf.pick_up(put_down(short, first))
    for name in TABLES:
        assert getattr(again, name).equals(getattr(short, name)), name
        assert getattr(other, name).equals(getattr(short, name)), name
