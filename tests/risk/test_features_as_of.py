"""Features look at nothing that came later: what is taken away or changed later alters none."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scanner.pipeline.simulated_world import read_world
from scanner.simulate import Plan, simulate

PLAN = Plan(seed=31, payments=2500, guilty_share=0.3, days=120)
CUT = date(2024, 9, 2)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("as_of") / "world"
    simulate(PLAN, made)
    return made


def early_features(world: Path, place: Path) -> dict[str, dict[str, Any]]:
    data = read_world(world, place).data
    # A credit has no value date and stands on a day before all.
    early = np.flatnonzero((data.order >= PLAN.start.toordinal()) & (data.order < CUT.toordinal()))
    return {row["transaction_id"]: row for row in data.features.take(early).to_pylist()}


def test_no_feature_changes_with_what_comes_later(folder: Path, tmp_path: Path) -> None:
    before = early_features(folder, tmp_path / "one")
    later = [
        path for path in (folder / "payments").iterdir() if date.fromisoformat(path.stem) >= CUT
    ]
    assert len(later) > 10
    for number, path in enumerate(sorted(later)):
        if number % 2:
            path.unlink()
            continue
        # What is left of the later payments is worth a hundred times as much.
        text = path.read_bytes().decode()
        text = text.replace("USD1", "USD991").replace('"USD">1', '"USD">991')
        path.write_bytes(text.encode())
    after = early_features(folder, tmp_path / "two")
    assert len(before) > 1000
    assert set(after) == set(before)
    differ = {name for key, row in before.items() for name in row if row[name] != after[key][name]}
    assert differ == set()
