"""Many invented alerts, so that pages are judged at the size of real work."""

import random
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.report.published import small_world
from tests.report.records import alert, message, party, score, transaction

_COUNTRIES = ("TR", "AE", "KZ", "KG", "AM", "GE", "UZ", "CN", "HK", "RS", "DE", "IT", "CY")


def large_world(*, alerts: int, seed: int = 7) -> dict[str, list[Mapping[str, Any]]]:
    """The small world with many alerts over three years, sixty banks and thirteen countries."""
    rng = random.Random(seed)
    world = small_world()
    letters = [f"{chr(65 + n // 26)}{chr(65 + n % 26)}" for n in range(60)]
    banks = [f"TB{pair}{rng.choice(_COUNTRIES)}XX" for pair in letters]
    months: dict[tuple[str, date], list[float]] = {}
    corridors: dict[tuple[str, str, date], list[float]] = {}
    for number in range(alerts):
        name = f"n{number}"
        on = date(2023, 1, 2) + timedelta(days=rng.randrange(1000))
        sender, receiver = rng.choice(banks), rng.choice(banks)
        usd = round(rng.lognormvariate(10, 1.4), 2)
        made = transaction(
            name,
            value_date=on,
            debtor_country=rng.choice(_COUNTRIES),
            creditor_country=rng.choice(_COUNTRIES),
            debtor_name=f"ORNEK {number % 700} LTD",
            debtor_account=f"TR{number % 700:022}",
            creditor_name=f"SAMPLE {number % 900} LLC",
            creditor_account=f"AE{number % 900:021}",
            amount=Decimal(f"{usd:.2f}"),
            amount_usd=Decimal(f"{usd:.2f}"),
            sender_bic=f"{sender}XXX",
            receiver_bic=f"{receiver}XXX",
        )
        value = rng.betavariate(2, 2)
        bound = rng.random() < 0.1
        words = rng.choice(
            ("priority goods named in 70", "corridor to a diversion country", "new trading firm")
        )
        scored = score(
            made,
            score=value,
            model_score=value,
            margin=8 * value - 4,
            band="escalate" if bound or value > 0.7 else "review",
            obligation=bound,
            obligation_codes=["listed_party"] if bound else [],
            limb_persons="possible" if bound else "none",
            limb_items="possible",
            reasons=[{"code": "goods", "contribution": 4 * value, "words": words}],
        )
        world["messages"].append(message(name, byte_offset=3000 + 400 * number))
        world["transactions"].append(made)
        world["parties"].append(party(f"{name}-1", "creditor_agent", bic=f"{receiver}XXX"))
        world["scores"].append(scored)
        world["alerts"].append(alert(made, scored))
        way = corridors.setdefault(
            (made["debtor_country"], made["creditor_country"], on.replace(day=1)), [0, 0.0]
        )
        way[0] += 1
        way[1] += usd
        for bic in {sender, receiver}:
            kept = months.setdefault((bic, on.replace(day=1)), [0, 0.0])
            kept[0] += 1
            kept[1] += usd
    for (debtor, creditor, month), (count, usd) in sorted(corridors.items()):
        world["corridor_exposure"].append(
            {
                "debtor_country": debtor,
                "creditor_country": creditor,
                "month": month,
                "payments": int(count * 3),
                "value_usd": Decimal(f"{usd * 4:.2f}"),
                "exposed_count": int(count),
                "exposed_value_usd": Decimal(f"{usd:.2f}"),
                "listed_count": 0,
                "items_count": int(count),
            }
        )
    for (bic, month), (count, usd) in sorted(months.items()):
        world["bank_exposure"].append(
            {
                "bank_bic8": bic,
                "month": month,
                "payments": int(count * 3),
                "value_usd": Decimal(f"{usd * 4:.2f}"),
                "exposed_count": int(count),
                "exposed_value_usd": Decimal(f"{usd:.2f}"),
                "exposed_share": 0.25,
                "is_listed": False,
                "trend": "steady",
                "russia_nexus_share": 0.1,
                "significance": (
                    '{"size_number_frequency": {"value_usd": 1000, "payments": 3},'
                    ' "nature": {"longest_chain": 3}, "nexus": {"listed": 1}}'
                ),
            }
        )
    return world
