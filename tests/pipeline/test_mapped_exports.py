"""Rows of a bank's own export through the whole program: screened, scored, mapped anew."""

from pathlib import Path

from tests.ingest.test_mapping import SMALL
from tests.pipeline.conftest import Scan


def test_mapped_rows_are_screened_like_messages(run_scan: Scan, tmp_path: Path) -> None:
    source = tmp_path / "day.csv"
    source.write_text(
        "ref,amount,day,payee,country\n"
        "LISTEDPAYEE,5,2024-08-15,TARVEKSIM RADIOLOKATSIYA,RU\n"
        "QUIETPAYEE,5,2024-08-15,VELNOR TEXTILES GMBH,DE\n"
    )
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(SMALL)
    summary = run_scan(source, mapping=mapping)
    assert (summary.messages, summary.rejected) == (2, 0)
    assert summary.bands == {"clear": 1, "escalate": 1}
    # Another mapping reads other things: it is another run, not one already done.
    assert run_scan(source, mapping=mapping).already_done
    mapping.write_text(SMALL.replace('country = "country"\n', ""))
    assert not run_scan(source, mapping=mapping).already_done
