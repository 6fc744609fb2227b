"""Lists change: held back, its impact seen, then live; an earlier day's knowledge replayed."""

from datetime import date
from pathlib import Path

import pytest

from scanner.errors import UsageError
from scanner.pipeline.impact import impact
from scanner.pipeline.lists import activate_list, update_lists
from scanner.pipeline.workspace import Workspace
from scanner.settings import Settings
from tests.pipeline.conftest import LISTED, Scan, write_list
from tests.pipeline.payments import Payment, rje
from tests.pipeline.test_end_to_end import scores

ADDED = ("91009", "ZELMORANT OPTIKA AO", "RUSSIA-EO14024", "Registration ID 7")
NEW = Payment("NEW", creditor=("ZELMORANT OPTIKA", "UL MIRA 4", "MOSCOW RU"))
GONE = Payment("GONE", creditor=("MIRDONEX HOLDING", "UL MIRA 5", "MOSCOW RU"))


@pytest.fixture
def settings(workspace: Workspace) -> Settings:
    return Settings(workspace=str(workspace.root))


def test_a_held_back_version_shows_its_impact_before_it_goes_live(
    workspace: Workspace, run_scan: Scan, settings: Settings, tmp_path: Path
) -> None:
    source = tmp_path / "day.fin"
    source.write_bytes(rje([NEW, GONE, Payment("QUIET")]))
    run_scan(source)
    assert scores(workspace)["NEW"]["band"] != "escalate"
    changed = [row for row in LISTED if row[0] != "91003"] + [ADDED]
    lists = write_list(tmp_path / "new-lists", changed)
    (facts,) = update_lists(str(lists), settings, loaded_on=date(2026, 11, 1), go_live=False)
    found = impact(settings, instead={"OFAC-SDN": facts.version}).to_pylist()
    assert {(row["change"], row["identifier"], row["entry_id"]) for row in found} == {
        ("alerts", "NEW", "OFAC-SDN:91009"),
        ("clears", "GONE", "OFAC-SDN:91003"),
    }
    assert run_scan(source).already_done, "a version that is held back changes nothing"
    activate_list(settings, "OFAC-SDN", facts.version)
    assert not run_scan(source).already_done
    assert scores(workspace)["NEW"]["band"] == "escalate"
    assert not scores(workspace)["GONE"]["obligation"]


def test_a_payment_is_replayed_with_the_knowledge_of_an_earlier_day(
    tmp_path: Path,
) -> None:
    workspace = Workspace(tmp_path / "w")
    workspace.create()
    settings = Settings(workspace=str(workspace.root))
    update_lists(str(write_list(tmp_path / "old")), settings, loaded_on=date(2022, 2, 24))
    newer = write_list(tmp_path / "newer", [*LISTED, ADDED])
    update_lists(str(newer), settings, loaded_on=date(2024, 5, 3))
    source = tmp_path / "day.fin"
    source.write_bytes(rje([NEW]))
    from scanner.pipeline.plan import ScanRequest
    from scanner.pipeline.scan import scan

    for as_of, obliged in ((date(2023, 1, 1), False), (None, True)):
        scan(ScanRequest((str(source),), as_of=as_of), settings, today=date(2026, 11, 24))
        assert scores(workspace)["NEW"]["obligation"] == obliged, as_of


def test_a_folder_that_does_not_exist_is_a_usage_error(settings: Settings) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        update_lists("/no/such/folder", settings)
