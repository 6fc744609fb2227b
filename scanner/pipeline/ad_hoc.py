"""Single questions to the active lists, outside any run."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv

from scanner import screening, watchlists
from scanner.errors import UsageError
from scanner.pipeline.screening_index import index_for
from scanner.pipeline.workspace import Workspace
from scanner.settings import Settings


def screen_names(
    names: Sequence[str],
    settings: Settings,
    *,
    min_score: float,
    limit: int,
    as_of: date | None = None,
) -> pa.Table:
    """Match names against the active lists.

    Args:
        names: Names as a person writes them.
        settings: The effective settings; names the workspace.
        min_score: Least score of a candidate, 0 to 1.
        limit: Most candidates for one name.
        as_of: Date of the knowledge; None = today's.

    Returns:
        Columns name, list, entry_id, entry_name, matched_name, score, rank, because.

    Raises:
        IntegrityError: The workspace holds no list that can be trusted.
    """
    return screening.screen_names(names, _index(settings, as_of), min_score=min_score, limit=limit)


def calibrate(names: Sequence[str], settings: Settings, *, as_of: date | None = None) -> pa.Table:
    """What each threshold costs on the bank's own names and misses of damaged listed ones.

    Args:
        names: Names of the bank's own customers and counterparties.
        settings: The effective settings; names the workspace.
        as_of: Date of the knowledge; None = today's.

    Raises:
        IntegrityError: The workspace holds no list that can be trusted.
    """
    return screening.calibration(names, _index(settings, as_of))


def _index(settings: Settings, as_of: date | None) -> screening.Index:
    workspace = Workspace(Path(settings.workspace))
    workspace.require()
    return index_for(workspace, watchlists.load(workspace.lists, as_of=as_of))


def names_in(path: Path) -> list[str]:
    """Read the column `name` of a CSV file.

    Raises:
        UsageError: The file cannot be read or has no such column.
    """
    options = pa_csv.ConvertOptions(
        include_columns=["name"], column_types={"name": pa.string()}, strings_can_be_null=False
    )
    parse = pa_csv.ParseOptions(newlines_in_values=True)
    try:
        column = pa_csv.read_csv(path, convert_options=options, parse_options=parse)["name"]
    except (OSError, pa.ArrowInvalid, KeyError) as error:
        raise UsageError(
            "the names cannot be read",
            where=f"{path}: {error}",
            hint="give a UTF-8 CSV file with a header and a column `name`",
        ) from error
    return [str(value) for value in column.to_pylist()]
