"""The same rows give the same bytes of a file, however their table was filled."""

from pathlib import Path

from scanner.warehouse import Warehouse

ROWS = "SELECT i, 'band ' || i % 3 AS band FROM range(3000) AS r(i)"


def test_the_bytes_of_a_file_hang_on_its_rows_alone(tmp_path: Path) -> None:
    seen = set()
    with Warehouse(tmp_path / "x.duckdb") as warehouse:
        warehouse.execute(f"CREATE TABLE made AS {ROWS}")
        warehouse.execute("CREATE TABLE updated AS SELECT i, NULL::VARCHAR AS band FROM made")
        warehouse.execute("UPDATE updated SET band = made.band FROM made WHERE made.i = updated.i")
        warehouse.execute("CREATE TABLE required (i BIGINT NOT NULL, band VARCHAR NOT NULL)")
        warehouse.execute(f"INSERT INTO required {ROWS}")
        for table in ("made", "updated", "required", f"({ROWS})"):
            path = tmp_path / "t.parquet"
            assert warehouse.write_parquet(f"SELECT * FROM {table} ORDER BY i", path) == 3000
            seen.add(path.read_bytes())
        assert warehouse.row("SELECT current_setting('disabled_optimizers')") == ("",)
    assert len(seen) == 1
