"""The main job: what must alert does so with its limb and reason, what must not stays quiet."""

import re
from pathlib import Path
from typing import Any

import pytest

from scanner import watchlists
from scanner.pipeline.plan import ScanRequest
from scanner.pipeline.scan import scan
from scanner.pipeline.workspace import Workspace
from scanner.settings import Settings
from scanner.warehouse.readonly import Snapshot
from tests.pipeline.conftest import TODAY, Scan, write_csv
from tests.pipeline.payments import Payment, rje

OWNERSHIP = (
    "owner_name",
    "owner_entry",
    "owned_name",
    "owned_country",
    "share_percent",
    "valid_from",
    "valid_to",
)


def scores(workspace: Workspace) -> dict[str, dict[str, Any]]:
    with Snapshot.open(workspace.snapshot) as snapshot:
        return {row["reference"]: row for row in snapshot.records("SELECT * FROM scores")}


def indicators(workspace: Workspace, reference: str) -> set[str]:
    with Snapshot.open(workspace.snapshot) as snapshot:
        return {
            row[0]
            for row in snapshot.rows(
                "SELECT i.code FROM indicators AS i JOIN scores AS s USING (transaction_id)"
                " WHERE s.reference = ? AND i.outcome = 'found'",
                [reference],
            )
        }


QUIET = [
    Payment(
        "FLOUR",
        text="INVOICE 9 WHEAT FLOUR 500 MT",
        creditor=("OOO ZERNOVIT", "UL LESNAYA 2", "ROSTOV RU"),
        creditor_bank="QQCCRUMMXXX",
    ),
    Payment(
        "BEARINGS",
        debtor=("VITALDO CUSCINETTI SRL", "VIA ROMA 1", "MILANO IT"),
        debtor_account="IT60X0542811101000000123456",
        text="BALL BEARINGS 6205 200 PCS",
    ),
    Payment("YARN"),
]


def test_what_must_alert_does_and_what_must_not_stays_quiet(
    workspace: Workspace, run_scan: Scan, tmp_path: Path
) -> None:
    source = tmp_path / "day.fin"
    source.write_bytes(
        rje(
            [
                *QUIET,
                Payment("ALIAS", creditor=("TARVEKSIM RADIOLOKATSIYA", "UL MIRA 1", "MOSCOW RU")),
                Payment("BANK", intermediary="KLBRRUMMXXX"),
                Payment("TEXT", text="PARTS END USER TARVEKSIM RADAR ZAVOD"),
                Payment(
                    "FPGA",
                    text="XC7K325T FPGA 40 PCS",
                    creditor=("OOO NOVILANTEK", "UL MIRA 9", "MOSCOW RU"),
                    creditor_bank="QQCCRUMMXXX",
                ),
                Payment("OWNED", creditor=("DELQUORA TRADING FZE", "BUSINESS BAY 4", "DUBAI AE")),
                Payment("NAMESAKE", creditor=("TARVEKSIM RESTAURANT", "VIA ROMA 3", "ROMA IT")),
            ]
        )
    )
    shares = write_csv(
        tmp_path / "ownership.csv",
        [
            OWNERSHIP,
            (
                "MIRDONEX HOLDING AO",
                "OFAC-SDN:91003",
                "DELQUORA TRADING FZE",
                "AE",
                60,
                "2020-01-01",
                "",
            ),
        ],
    )
    summary = run_scan(source, ownership=shares)
    assert (summary.messages, summary.rejected) == (9, 0)
    found = scores(workspace)
    bands = {reference: row["band"] for reference, row in found.items()}
    assert {r: bands[r] for r in ("ALIAS", "BANK", "OWNED")} == dict.fromkeys(
        ("ALIAS", "BANK", "OWNED"), "escalate"
    )
    assert bands["TEXT"] in ("review", "escalate")
    assert bands["FPGA"] in ("review", "escalate")
    assert {r: bands[r] for r in ("FLOUR", "BEARINGS", "YARN", "NAMESAKE")} == dict.fromkeys(
        ("FLOUR", "BEARINGS", "YARN", "NAMESAKE"), "clear"
    )
    assert found["ALIAS"]["limb_persons"] == "possible"
    assert found["ALIAS"]["limb_items"] == "certain"
    assert "RF-01" in found["ALIAS"]["obligation_codes"]
    assert "RF-03" in found["BANK"]["obligation_codes"]
    assert "RF-02" in found["OWNED"]["obligation_codes"]
    assert found["FPGA"]["limb_items"] in ("possible", "certain")
    assert found["FPGA"]["limb_persons"] == "none"
    assert "RF-12" in indicators(workspace, "FPGA")
    assert "60" in str(found["OWNED"]["reasons"][0]["words"])
    for reference in ("ALIAS", "BANK", "TEXT", "FPGA", "OWNED"):
        assert found[reference]["reasons"], reference


def test_a_payment_before_the_order_has_no_limb_but_keeps_its_finding(
    workspace: Workspace, run_scan: Scan, tmp_path: Path
) -> None:
    source = tmp_path / "old.fin"
    listed = ("OOO TARVEKSIM RADAR ZAVOD", "UL MIRA 1", "MOSCOW RU")
    source.write_bytes(
        rje(
            [
                Payment("OLD", creditor=listed, date="231221"),
                Payment("NEW", creditor=listed, date="231222"),
            ]
        )
    )
    run_scan(source)
    found = scores(workspace)
    assert (found["OLD"]["limb_persons"], found["OLD"]["limb_items"]) == ("none", "none")
    assert found["NEW"]["limb_persons"] == "possible"
    assert found["OLD"]["obligation"]
    assert found["OLD"]["band"] != "clear"


def test_the_account_of_a_listed_party_is_known_again_in_a_later_run(
    workspace: Workspace, run_scan: Scan, tmp_path: Path
) -> None:
    account = "DE02120300000000202051"
    listed = ("OOO TARVEKSIM RADAR ZAVOD", "UL MIRA 1", "MOSCOW RU")
    days = {
        "first": [Payment("LISTED", creditor=listed, creditor_account=account, date="240815")],
        "second": [
            Payment("AFTER", creditor_account=account, date="240816"),
            Payment("BEFORE", creditor_account=account, date="240814"),
        ],
    }
    for name, payments in days.items():
        source = tmp_path / f"{name}.fin"
        source.write_bytes(rje(payments))
        run_scan(source)
    assert "NX-01" in indicators(workspace, "AFTER")
    assert "NX-01" not in indicators(workspace, "BEFORE")


def test_every_file_of_a_mixed_folder_is_accounted_for(
    workspace: Workspace, run_scan: Scan, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "good.fin").write_bytes(rje([Payment("GOOD1"), Payment("GOOD2")]))
    (folder / "broken.fin").write_bytes(rje([Payment("BAD", amount="EUR12X,")]))
    (folder / "notes.txt").write_text("minutes of a meeting")
    (folder / "empty.fin").write_bytes(b"")
    (folder / "bomb.xml").write_text('<!DOCTYPE x [<!ENTITY a "aaa">]><x>&a;</x>')
    summary = run_scan(folder)
    assert (summary.files, summary.messages, summary.rejected) == (5, 2, 3)
    with Snapshot.open(workspace.snapshot) as snapshot:
        rejected = dict(snapshot.rows("SELECT source_file, reason_code FROM rejected"))
        place = snapshot.rows(
            "SELECT excerpt_location FROM rejected WHERE source_file LIKE '%broken%'"
        )
    assert {Path(name).name for name in rejected} == {"broken.fin", "notes.txt", "bomb.xml"}
    assert (workspace.root / place[0][0]).read_bytes() == (folder / "broken.fin").read_bytes()


def test_the_real_list_and_the_corpus_together(
    real_lists: Path, corpus: Path, tmp_path: Path
) -> None:
    workspace = Workspace(tmp_path / "w")
    workspace.create()
    watchlists.update(real_lists / "ofac", workspace.lists)
    request = ScanRequest((str(corpus),))
    summary = scan(request, Settings(workspace=str(workspace.root)), today=TODAY)
    with Snapshot.open(workspace.snapshot) as snapshot:
        told = {
            row[0].split("!")[0]
            for row in snapshot.rows(
                "SELECT source_file FROM messages UNION SELECT source_file FROM rejected"
            )
        }
    present = {str(path) for path in corpus.rglob("*") if path.is_file() and path.stat().st_size}
    assert told == present
    assert summary.messages + summary.rejected >= len(present)
    assert summary.messages > 450


@pytest.fixture
def real_workspace(real_lists: Path, tmp_path: Path) -> Workspace:
    made = Workspace(tmp_path / "real")
    made.create()
    watchlists.update(real_lists / "ofac", made.lists)
    return made


def test_the_must_shows_on_the_real_list(real_workspace: Workspace, tmp_path: Path) -> None:
    """Names are drawn from the list by rule, so that none stands in the project."""
    tables = watchlists.load(real_workspace.lists)
    entries = {e["entry_id"]: e for e in tables.list_entries.to_pylist() if e["eo14024_blocked"]}
    firms = {i: e for i, e in entries.items() if e["entry_type"] == "entity"}
    alias = next(
        n
        for n in tables.list_names.to_pylist()
        if n["entry_id"] in firms
        and n["quality"] == "strong"
        and 3 <= len(n["name"].split()) <= 4
        and len(n["name"]) <= 33
        and re.fullmatch(r"[A-Z ]+", n["name"])
    )
    bank = next(
        i
        for i in tables.list_identifiers.to_pylist()
        if i["kind"] == "bic" and i["entry_id"] in firms
    )
    owner = firms[alias["entry_id"]]
    named = next(
        e
        for e in firms.values()
        if len(e["entry_name"].split()) >= 3
        and len(e["entry_name"]) < 60
        and re.fullmatch(r"[A-Z ]+", e["entry_name"])
        and e["entry_id"] != owner["entry_id"]
    )
    shares = write_csv(
        tmp_path / "o.csv",
        [
            OWNERSHIP,
            (owner["entry_name"], owner["entry_id"], "DELQUORA TRADING FZE", "AE", 60, "", ""),
        ],
    )
    source = tmp_path / "day.fin"
    source.write_bytes(
        rje(
            [
                *QUIET,
                Payment("ALIAS", creditor=(alias["name"], "UL MIRA 1", "MOSCOW RU")),
                Payment("BANK", intermediary=bank["value"][:8]),
                Payment("TEXT", text=f"SPARE PARTS FOR {named['entry_name']}"),
                Payment(
                    "FPGA",
                    text="XC7K325T FPGA",
                    creditor=("OOO NOVILANTEK", "UL MIRA 9", "MOSCOW RU"),
                ),
                Payment("OWNED", creditor=("DELQUORA TRADING FZE", "BUSINESS BAY 4", "DUBAI AE")),
            ]
        )
    )
    request = ScanRequest((str(source),), ownership=shares)
    scan(request, Settings(workspace=str(real_workspace.root)), today=TODAY)
    bands = {reference: row["band"] for reference, row in scores(real_workspace).items()}
    assert {r for r, band in bands.items() if band == "clear"} == {"FLOUR", "BEARINGS", "YARN"}
    assert {bands[r] for r in ("ALIAS", "BANK", "OWNED")} == {"escalate"}
