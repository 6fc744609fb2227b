"""A small invented published world for the tests of reports, SQL and decisions.

Six payments: one to a listed firm under an alias, with a cover message; one with
priority goods; a harmless one; one whose score is missing; hostile strings.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from scanner.schema import TABLES
from scanner.warehouse import Warehouse
from scanner.warehouse.snapshot import publish_snapshot
from scanner.warehouse.snapshot_rows import RunFiles
from tests.report.records import RUN_ID, UETR, alert, digest, message, party, score, transaction

Rows = Sequence[Mapping[str, Any]]


def model_of_world(transaction_id: str) -> dict[str, list[Mapping[str, Any]]]:
    """The model `test-1` as tables, and features with which one payment has its margin of 2.6."""
    steps = (
        ("party_score", 0, None, None, 0.0),
        ("party_score", 1, None, 0.8, 0.0),
        ("party_score", 2, 0.8, None, 4.2),
        ("goods_rank", 0, None, None, 0.0),
        ("goods_rank", 1, None, 2.5, 0.0),
        ("goods_rank", 2, 2.5, None, 2.3),
    )
    words = {
        "party_score": ("R01", "share", "Best score of a party"),
        "goods_rank": ("R05", "rank", "Tier of the best good"),
    }
    return {
        "features": [{"transaction_id": transaction_id, "party_score": 0.97, "goods_rank": 6.0}],
        "models": [
            {
                "model_version": "test-1",
                "model_sha256": digest("model"),
                "start_log_odds": -3.9,
                "review_at": 0.3,
                "escalate_at": 0.8,
            }
        ],
        "model_steps": [
            {
                "model_version": "test-1",
                "feature": feature,
                "step": step,
                "above": above,
                "up_to": up_to,
                "contribution": contribution,
                "reason": words[feature][0],
                "monotone": 1,
                "value_type": words[feature][1],
                "meaning": words[feature][2],
            }
            for feature, step, above, up_to, contribution in steps
        ],
    }


def small_world(**extra: Rows) -> dict[str, list[Mapping[str, Any]]]:
    """Tables of a run, by name; `extra` adds rows."""
    m = {
        "m1": message("m1", uetr=UETR),
        "m2": message(
            "m2",
            message_type="MT202COV",
            uetr=UETR,
            byte_offset=400,
            receiver_bic="TESTDEFFXXX",
            created_on=date(2024, 3, 2),
        ),
        "m3": message("m3", byte_offset=800),
        "m4": message("m4", byte_offset=1200),
        "m5": message("m5", byte_offset=1600),
    }
    raw = "/KZ0001\nVOLNA PRIBOR OOO\nALMATY"
    t1 = transaction(
        "m1",
        uetr=UETR,
        creditor_name="VOLNA PRIBOR OOO",
        creditor_country="KZ",
        creditor_account="KZ0001",
        amount=Decimal("250000.00000"),
        amount_usd=Decimal("275000.00"),
    )
    t2 = transaction(
        "m2",
        uetr=UETR,
        payment_id="PAY-m1",
        kind="cover",
        message_type="MT202COV",
        is_counted=False,
        receiver_bic="TESTDEFFXXX",
        amount=Decimal("250000.00000"),
        amount_usd=Decimal("275000.00"),
        creditor_name="VOLNA PRIBOR OOO",
        creditor_country="KZ",
    )
    t3 = transaction("m3", creditor_country="KG", value_date=date(2024, 4, 5))
    t4 = transaction("m4", creditor_country="DE", debtor_country="IT", value_date=date(2024, 4, 9))
    t5 = transaction("m5", amount=None, amount_usd=None, value_date=None, creditor_country=None)
    reasons_1 = [
        {"code": "listed_party", "contribution": 4.2, "words": "creditor matches a listed firm"},
        {"code": "corridor", "contribution": 0.6, "words": "Kazakhstan is a diversion country"},
    ]
    reasons_3 = [{"code": "goods", "contribution": 2.1, "words": "priority goods named in 70"}]
    s1 = score(
        t1,
        score=0.97,
        model_score=0.93,
        margin=2.6,
        band="escalate",
        obligation=True,
        obligation_codes=["listed_party"],
        limb_persons="possible",
        limb_items="certain",
        limb_basis="entry blocked under E.O. 14024",
        reasons=reasons_1,
    )
    s2 = score(t2, score=0.97, model_score=0.93, margin=2.6, band="escalate", reasons=reasons_1)
    s3 = score(
        t3,
        score=0.71,
        model_score=0.71,
        margin=0.9,
        band="review",
        limb_items="possible",
        exception="GL 6D (agricultural commodities, medicine), from 2024-01-01",
        reasons=reasons_3,
    )
    s4 = score(t4)
    s5 = score(t5, score=None, model_score=None, margin=None, band="cannot_score")
    text_3 = "INV 12 XC7K325T FPGA\n20 PCS"
    world: dict[str, list[Mapping[str, Any]]] = {
        "messages": list(m.values()),
        "transactions": [t1, t2, t3, t4, t5],
        "parties": [
            party("m1-1", "debtor", name="ORNEK DIS TICARET AS", raw="ORNEK DIS TICARET AS"),
            party("m1-1", "creditor", name="VOLNA PRIBOR OOO", country="KZ", raw=raw),
            party("m1-1", "creditor_agent", bic="CASPKZKAXXX", name=None, raw="CASPKZKAXXX"),
            party("m2-1", "creditor", name="VOLNA PRIBOR OOO", country="KZ", raw=raw),
        ],
        "texts": [
            {
                "transaction_id": "m3-1",
                "kind": "remittance_information",
                "ordinal": 1,
                "text": text_3,
                "field_path": "70",
            },
            {
                "transaction_id": "m5-1",
                "kind": "remittance_information",
                "ordinal": 1,
                "text": "2182 0500 1129",
                "field_path": "70",
                "unscreened": "Chinese commercial codes",
            },
        ],
        "rejected": [
            {
                "rejected_id": "r1",
                "source_file": "in/day1.fin",
                "source_sha256": "a" * 64,
                "byte_offset": 2000,
                "byte_length": 90,
                "reason_code": "no_block_4",
                "reason": "the message has no block 4",
            }
        ],
        "list_versions": [
            {
                "list": "OFAC-SDN",
                "version": "2024-06-12-abcd",
                "version_date": date(2024, 6, 12),
                "source": "sdn.csv",
                "sha256": "b" * 64,
                "entry_count": 1,
                "name_count": 2,
                "rejected_count": 0,
                "is_active": True,
            }
        ],
        "list_entries": [
            {
                "entry_id": "OFAC-SDN:900001",
                "list": "OFAC-SDN",
                "entry_name": "OOO VOLNA-PRIBOR",
                "entry_type": "entity",
                "programs": ["RUSSIA-EO14024"],
                "measure": "blocking",
                "eo14024_blocked": True,
                "section_11_remark": True,
                "listed_on": date(2023, 12, 12),
                "remarks": "Secondary sanctions risk: See Section 11",
            }
        ],
        "list_names": [
            {
                "entry_id": "OFAC-SDN:900001",
                "list": "OFAC-SDN",
                "name": "VOLNA PRIBOR LLC",
                "quality": "strong",
            },
            {
                "entry_id": "OFAC-SDN:900001",
                "list": "OFAC-SDN",
                "name": "OOO VOLNA-PRIBOR",
                "quality": "primary",
            },
        ],
        "ownership": [
            {
                "owner_name": "OOO VOLNA-PRIBOR",
                "owner_entry": "OFAC-SDN:900001",
                "owned_name": "SAMPLE TRADING FZE",
                "owned_country": "AE",
                "share_percent": 60.0,
                "source": "ownership.csv",
            }
        ],
        "hits": [
            {
                "hit_id": f"h-{number}",
                "transaction_id": f"m{number}-1",
                "role": "creditor",
                "field_path": "59",
                "matched_text": "VOLNA PRIBOR OOO",
                "span": [8, 24],
                "list": "OFAC-SDN",
                "list_version": "2024-06-12-abcd",
                "entry_id": "OFAC-SDN:900001",
                "entry_name": "OOO VOLNA-PRIBOR",
                "matched_name": "VOLNA PRIBOR LLC",
                "match_kind": "name",
                "score": 0.96,
                "because": "VOLNA and PRIBOR agree; legal forms are equivalent",
                "listed_on": date(2023, 12, 12),
                "known_on_payment_date": True,
                "is_suppressed": False,
            }
            for number in (1, 2)
        ],
        "goods_found": [
            {
                "transaction_id": "m3-1",
                "text_kind": "remittance_information",
                "field_path": "70",
                "matched_text": "XC7K325T FPGA",
                "span": [7, 20],
                "hs6": "854231",
                "chpl_tier": "1",
                "found_by": "part_number",
                "confidence": 0.95,
                "because": "part number of a programmable gate array",
            }
        ],
        "indicators": [
            {
                "transaction_id": "m1-1",
                "code": "listed_party",
                "level": "row",
                "limb": "both",
                "strength": 1.0,
                "outcome": "found",
                "evidence": '{"entry": "OFAC-SDN:900001"}',
                "source": "E.O. 14024 section 11",
            },
            {
                "transaction_id": "m3-1",
                "code": "first_payment_after_order",
                "level": "history",
                "limb": "evasion",
                "strength": 0.0,
                "outcome": "not_assessable",
                "evidence": '{"why": "no history before 2022-02-24"}',
                "source": "FinCEN and BIS alert",
            },
        ],
        "scores": [s1, s2, s3, s4, s5],
        **model_of_world(s1["transaction_id"]),
        "alerts": [alert(t1, s1), alert(t2, s2), alert(t3, s3), alert(t5, s5)],
        "payments": [
            {
                "payment_id": "PAY-m1",
                "transaction_count": 2,
                "message_types": ["MT103", "MT202COV"],
                "linked_by": ["uetr"],
                "lead_transaction_id": "m1-1",
                "uetr": UETR,
                "reference": "REFm1",
                "value_date": date(2024, 3, 1),
                "currency": "EUR",
                "amount": Decimal("250000.00000"),
                "amount_usd": Decimal("275000.00"),
                "debtor_name": "ORNEK DIS TICARET AS",
                "debtor_country": "TR",
                "creditor_name": "VOLNA PRIBOR OOO",
                "creditor_country": "KZ",
                "status": "settled",
            }
        ],
        "bank_exposure": [
            {
                "bank_bic8": "CASPKZKA",
                "month": date(2024, 3, 1),
                "payments": 1,
                "value_usd": Decimal("275000.00"),
                "exposed_count": 1,
                "exposed_value_usd": Decimal("275000.00"),
                "exposed_share": 1.0,
                "is_listed": False,
                "trend": "not_assessable",
                "significance": '{"size": {"value_usd": 275000}, "nexus": {"listed": 1}}',
            }
        ],
        "corridor_exposure": [
            {
                "debtor_country": debtor,
                "creditor_country": creditor,
                "month": month,
                "payments": 1,
                "value_usd": Decimal(usd),
                "exposed_count": exposed,
                "exposed_value_usd": exposed * Decimal(usd),
                "listed_count": listed,
                "items_count": 0,
            }
            for debtor, creditor, month, usd, exposed, listed in (
                ("TR", "KZ", date(2024, 3, 1), "275000.00", 1, 1),
                ("TR", "KG", date(2024, 4, 1), "1100.00", 1, 0),
                ("IT", "DE", date(2024, 4, 1), "1100.00", 0, 0),
            )
        ],
        "customers": [
            {
                "customer_id": "C1",
                "account": "TR000000000000000000000001",
                "name": "ORNEK DIS TICARET AS",
                "country": "TR",
            }
        ],
        "customer_exposure": [
            {
                "customer_id": "C1",
                "month": date(2024, 3, 1),
                "payments": 4,
                "value_usd": Decimal("277200.00"),
                "exposed_count": 2,
                "exposed_value_usd": Decimal("276100.00"),
                "listed_count": 1,
                "owned_count": 0,
                "items_count": 1,
            }
        ],
        "significance": [
            {
                "subject_kind": "payment",
                "subject": "m1-1",
                "factor": "a",
                "words": "size, number and frequency",
                "evidence": '{"amount_usd": 275000.0, "payments_of_the_pair_before": null}',
            }
        ],
        "runs": [
            {
                "run_id": RUN_ID,
                "run_key": "k" * 64,
                "source_files": 1,
                "messages": 5,
                "rejected": 1,
                "transactions": 5,
                "parties": 4,
                "hits": 2,
                "alerts": 4,
                "inputs_sha256": "c" * 64,
                "lists_sha256": "d" * 64,
                "model_version": "test-1",
                "model_sha256": "e" * 64,
                "config_sha256": "f" * 64,
                "program_version": "0.1.0",
                "home_bic8s": ["HOMEBANK"],
                "settings": '{"name_threshold": 0.5, "home_bic8s": ["HOMEBANK"]}',
            }
        ],
    }
    world["hits"].append(
        {
            "hit_id": "h-4",
            "transaction_id": "m4-1",
            "role": "creditor",
            "field_path": "59",
            "matched_text": "SAMPLE TRADING FZE",
            "span": [0, 18],
            "list": "OFAC-SDN",
            "list_version": "2024-06-12-abcd",
            "entry_id": "OFAC-SDN:900003",
            "entry_name": "SAMPLE TRADING",
            "matched_name": "SAMPLE TRADING",
            "match_kind": "name",
            "score": 0.62,
            "because": "SAMPLE and TRADING agree",
            "known_on_payment_date": False,
            "is_suppressed": True,
            "suppression": "rule 7 of aylin: another firm, until 2025-01-01",
        }
    )
    for name, rows in extra.items():
        world[name] = [*world.get(name, []), *rows]
    return world


def write_run(folder: Path, tables: Mapping[str, Rows]) -> Path:
    """Write tables as a run's Parquet files, as the pipeline does."""
    folder.mkdir(parents=True, exist_ok=True)
    with Warehouse(memory_limit_mb=512) as warehouse:
        for table in TABLES.values():
            warehouse.create(table)
            rows = [
                {c: row.get(c) for c in table.column_names} for row in tables.get(table.name, ())
            ]
            warehouse.append(table.name, pa.Table.from_pylist(rows, table.arrow_schema))
            warehouse.write_table(table, folder / f"{table.name}.parquet")
    return folder


def publish_world(
    folder: Path, tables: Mapping[str, Rows] | None = None, *, decisions: Path | None = None
) -> Path:
    """Write one run and publish it; gives the snapshot's path."""
    run = write_run(folder / "runs" / RUN_ID, small_world() if tables is None else tables)
    target = folder / "exposure.duckdb"
    publish_snapshot([RunFiles(run)], target, memory_limit_mb=512, decisions=decisions)
    return target
