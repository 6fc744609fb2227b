"""Batches go from process to process whole, and leave no file behind."""

from pathlib import Path

from scanner.ingest.containers import cut
from scanner.ingest.handover import pick_up, put_down
from scanner.ingest.reading import Origin, Portion, read_portions
from tests.ingest.test_plain_fin import fin


def test_a_batch_is_the_same_behind_the_handover_and_its_file_is_gone(tmp_path: Path) -> None:
    content = f"{fin()}\r\n{{1:F01damaged}}\r\n{fin()}".encode()
    portion = Portion(Origin(Path("x"), "0" * 64, len(content)), tuple(cut(content)))
    batch, counts = read_portions([portion], excerpt_bytes=100)
    assert counts == [(2, 2, 1)]
    parcel = put_down(batch, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [parcel.path.name]
    taken = pick_up(parcel)
    assert list(tmp_path.iterdir()) == []
    for name in ("messages", "transactions", "parties", "texts", "rejected"):
        assert getattr(taken, name).equals(getattr(batch, name)), name
    assert taken.excerpts == batch.excerpts
    assert len(taken.excerpts) == 1
