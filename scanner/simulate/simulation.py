"""Writes a whole simulated world into a folder.

```
folder/payments/*.fin, *.xml   the messages, one file a week and format
       lists/                  the sanctions list of that world, in OFAC's CSV layout;
                               earlier/ as it was on three days of the period
       customers.csv  ownership.csv  dispositions.csv
       scanner.toml            which bank the world's archive belongs to
       truth.csv               sealed: typology, guilt, and whose innocent twin a deal is
```
"""

import csv
import random
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

from scanner.errors import UsageError
from scanner.simulate.deal import Deal
from scanner.simulate.deals import DealMaker
from scanner.simulate.plan import Plan
from scanner.simulate.rendering_mt import render_mt
from scanner.simulate.rendering_mx import render_mx
from scanner.simulate.sanctions_list import write_lists
from scanner.simulate.typologies import GUILTY, INNOCENT
from scanner.simulate.world import World, coined_name, make_world

_ERROR_SHARE = 0.05
_LAG_DAYS = (5, 60)
_OTHER_NAME = 0.03


def simulate(plan: Plan, folder: Path) -> None:
    """Make the world of a plan and write it.

    Args:
        plan: What to simulate.
        folder: An empty or new folder.

    Raises:
        UsageError: The folder is not empty.
    """
    if folder.is_dir() and any(folder.iterdir()):
        raise UsageError("the folder is not empty", where=str(folder), hint="name another folder")
    rng = random.Random(plan.seed)  # noqa: S311 - reproducible, no secret
    world = make_world(rng, plan.start, plan.payments, plan.days)
    maker = DealMaker(rng, world, plan)
    deals = sorted(maker.deals(GUILTY, INNOCENT), key=lambda deal: (deal.on, deal.number))
    (folder / "payments").mkdir(parents=True)
    _write_messages(rng, world, plan, deals, folder / "payments")
    third = timedelta(days=max(1, plan.days // 3))
    write_lists(
        rng, world, folder / "lists", (plan.start, plan.start + third, plan.start + 2 * third)
    )
    (folder / "scanner.toml").write_text(
        f'home_bic8s = ["{world.home_bank.bic[:8]}"]\n'
        f'home_countries = ["{world.home_bank.country}"]\n',
        "utf-8",
    )
    _write_customers(world, folder / "customers.csv")
    _write_ownership(world, folder / "ownership.csv")
    _write_truth(deals, maker, folder / "truth.csv")
    _write_dispositions(rng, deals, folder / "dispositions.csv")


def _write_messages(
    rng: random.Random, world: World, plan: Plan, deals: Sequence[Deal], folder: Path
) -> None:
    fin: dict[date, list[str]] = {}
    xml: dict[date, list[str]] = {}
    for deal in deals:
        week = deal.on - timedelta(days=deal.on.weekday())
        as_mx = rng.random() < plan.mx_share and deal.form != "credit"
        dirty = deal if rng.random() >= plan.dirty_share else _dirtied(rng, deal)
        if as_mx:
            xml.setdefault(week, []).extend(render_mx(dirty, world))
        else:
            fin.setdefault(week, []).extend(render_mt(dirty, world))
    for week, messages in fin.items():
        (folder / f"{week.isoformat()}.fin").write_bytes(
            "\r\n$\r\n".join(messages).encode() + b"\r\n"
        )
    for week, messages in xml.items():
        text = "\n".join(
            f'<?xml version="1.0" encoding="UTF-8"?>\n{message}' for message in messages
        )
        (folder / f"{week.isoformat()}.xml").write_text(text + "\n", "utf-8")


def _dirtied(rng: random.Random, deal: Deal) -> Deal:
    """Data quality that has nothing to do with intent."""
    from dataclasses import replace  # noqa: PLC0415

    kind = rng.randrange(3)
    if deal.form == "covered" and deal.cover_payer is None and rng.random() < _OTHER_NAME:
        # A trading name, or a branch that typed another's: the cover differs without intent.
        other = f"{coined_name(rng)} {coined_name(rng)}"
        return replace(deal, cover_payer=replace(deal.debtor, name=other))
    if kind == 0:
        return replace(
            deal, text=deal.text.replace("I", "l", 1) if rng.random() < 0.3 else deal.text[:70]
        )
    if kind == 1:
        name = deal.creditor_name or deal.creditor.name
        return replace(deal, creditor_name=name[:33])
    return replace(deal, text=f"/RFB/{deal.reference}//{deal.text}")


def _write_customers(world: World, path: Path) -> None:
    rows = (
        (f"C{f.number:06d}", f.account, f.name, f.country, f.incorporated_on.isoformat(), f.line)
        for f in world.clients
    )
    header = ("customer_id", "account", "name", "country", "incorporated_on", "industry")
    _write_csv(path, header, rows)


def _write_ownership(world: World, path: Path) -> None:
    numbers = {firm.name: i for i, firm in enumerate(world.listed)}
    rows = (
        (
            owner.name,
            f"OFAC-SDN:{90000 + numbers[owner.name]}",
            firm.name,
            firm.country,
            f"{share:g}",
            "2020-01-01",
            "",
        )
        for owner, firm, share in world.owned
    )
    header = (
        "owner_name",
        "owner_entry",
        "owned_name",
        "owned_country",
        "share_percent",
        "valid_from",
        "valid_to",
    )
    _write_csv(path, header, rows)


def _write_truth(deals: Iterable[Deal], maker: DealMaker, path: Path) -> None:
    rows = (
        (
            d.reference,
            d.uetr,
            d.typology,
            int(d.guilty),
            maker.schemes.get(d.number, ""),
            maker.twins[d.number].reference if d.number in maker.twins else "",
        )
        for d in deals
    )
    _write_csv(path, ("reference", "uetr", "typology", "guilty", "scheme", "twin_of"), rows)


def _write_dispositions(rng: random.Random, deals: Iterable[Deal], path: Path) -> None:
    """An analyst's decisions: late, and wrong now and then."""
    rows = []
    for deal in deals:
        if not deal.guilty and rng.random() > 0.1:
            continue
        right = rng.random() >= _ERROR_SHARE
        label = int(deal.guilty if right else not deal.guilty)
        decided = deal.on + timedelta(days=rng.randrange(*_LAG_DAYS))
        rows.append((deal.reference, deal.uetr, label, decided.isoformat()))
    _write_csv(path, ("reference", "uetr", "label", "decided_on"), rows)


def _write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
