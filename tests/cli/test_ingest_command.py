"""`scanner ingest`: what files hold, without lists or workspace."""

from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from scanner.cli.app import cli
from scanner.errors import ExitCode, TooManyRejectedError, UsageError
from tests.ingest.test_mapping import COLUMNS_TOML, EXAMPLE_CSV


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["ingest", *arguments])


@pytest.fixture
def example(tmp_path: Path) -> list[str]:
    source, mapping = tmp_path / "transfers-1.csv", tmp_path / "mapping.toml"
    source.write_text(EXAMPLE_CSV, "cp1252")
    mapping.write_text(COLUMNS_TOML, "utf-8")
    return [str(source), "--mapping", str(mapping)]


def test_counts_and_tables(example: list[str], tmp_path: Path) -> None:
    into = tmp_path / "tables"
    done = run(*example, "--max-rejected", "1", "--into", str(into), "--format", "csv")
    assert done.exit_code == 0, done.output
    assert f"{example[0]},2,2,1" in done.stdout
    assert "rejected: " in done.stderr
    assert "column 'Value date'" in done.stderr
    counts = {p.stem: pl.read_parquet(p).height for p in into.iterdir()}
    assert counts == {"messages": 2, "transactions": 2, "parties": 6, "texts": 2, "rejected": 1}
    again = run(*example, "--into", str(into))
    assert isinstance(again.exception, UsageError)
    assert not list(tmp_path.glob(".*"))


def test_too_many_rejected(example: list[str]) -> None:
    done = run(*example, "--max-rejected", "0")
    assert isinstance(done.exception, TooManyRejectedError)
    assert done.exception.exit_code == ExitCode.TOO_MANY_REJECTED
