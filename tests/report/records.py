"""Rows of an invented published world, each whole, with the values that a test gives."""

import hashlib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

UETR = "5a1b2c3d-0000-4000-8000-00000000a001"
RUN_ID = "000001-aaaa1111"


def digest(*parts: object) -> str:
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:16]


def message(message_id: str, **given: Any) -> dict[str, Any]:
    return {
        "message_id": message_id,
        "source_file": "in/day1.fin",
        "source_sha256": "a" * 64,
        "byte_offset": 0,
        "byte_length": 400,
        "format": "MT",
        "message_type": "MT103",
        "sender_bic": "TESTTRISXXX",
        "receiver_bic": "TESTAEADXXX",
        "created_on": date(2024, 3, 1),
        "is_test": False,
        "transaction_count": 1,
    } | given


def transaction(message_id: str, **given: Any) -> dict[str, Any]:
    return {
        "transaction_id": f"{message_id}-1",
        "message_id": message_id,
        "ordinal": 1,
        "payment_id": f"PAY-{message_id}",
        "reference": f"REF{message_id}",
        "message_type": "MT103",
        "kind": "customer_transfer",
        "value_date": date(2024, 3, 1),
        "currency": "EUR",
        "amount": Decimal("1000.00000"),
        "amount_usd": Decimal("1100.00"),
        "debtor_name": "ORNEK DIS TICARET AS",
        "debtor_country": "TR",
        "debtor_account": "TR000000000000000000000001",
        "creditor_name": "SAMPLE TRADING FZE",
        "creditor_country": "AE",
        "creditor_account": "AE000000000000000000001",
        "debtor_agent_bic": "TESTTRISXXX",
        "creditor_agent_bic": "TESTAEADXXX",
        "sender_bic": "TESTTRISXXX",
        "receiver_bic": "TESTAEADXXX",
        "is_counted": True,
    } | given


def party(transaction_id: str, role: str, **given: Any) -> dict[str, Any]:
    return {
        "transaction_id": transaction_id,
        "role": role,
        "ordinal": 1,
        "is_agent": role.endswith("agent"),
        "field_path": {"debtor": "50K", "creditor": "59", "creditor_agent": "57A"}.get(role, "70"),
    } | given


def score(made: Mapping[str, Any], **given: Any) -> dict[str, Any]:
    copied = (
        "transaction_id",
        "payment_id",
        "reference",
        "uetr",
        "message_type",
        "value_date",
        "currency",
        "amount",
        "amount_usd",
    )
    return (
        {name: made.get(name) for name in copied}
        | {
            "score": 0.02,
            "model_score": 0.02,
            "margin": -3.9,
            "band": "clear",
            "obligation": False,
            "obligation_codes": [],
            "limb_persons": "none",
            "limb_items": "none",
            "reasons": [],
            "model_version": "test-1",
            "run_id": RUN_ID,
        }
        | given
    )


def alert(paid: Mapping[str, Any], scored: Mapping[str, Any], **given: Any) -> dict[str, Any]:
    copied = (
        "transaction_id", "payment_id", "reference", "value_date", "amount_usd", "band", "margin",
        "limb_persons", "limb_items",
    )  # fmt: skip
    named = ("uetr", "debtor_country", "creditor_country", "debtor_name", "creditor_name")
    return (
        {name: scored[name] for name in copied}
        | {name: paid.get(name) for name in named}
        | {"exception": scored.get("exception")}
        | {
            "alert_id": f"ALT-{digest(scored['transaction_id'])[:8]}",
            "score": scored["score"],
            "obligation": scored["obligation"],
            "headline": scored["reasons"][0]["words"] if scored["reasons"] else "no reason",
            "status": "open",
            "run_id": RUN_ID,
        }
        | given
    )
