"""Chains of messages that others wrote, and simulated twins: each is one payment."""

import random
import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest

from scanner import ingest, reference
from scanner.schema import TABLES
from scanner.simulate import Plan
from scanner.simulate.deals import DealMaker
from scanner.simulate.rendering_mt import render_mt
from scanner.simulate.rendering_mx import render_mx
from scanner.simulate.world import make_world
from scanner.warehouse import Warehouse, load_relations

_CHAIN = re.compile(r"__tests?__([A-Za-z]+_[0-9][0-9a-z_]*?)__")
_STATEMENTS = ("052", "053", "054", "060")


def linked(paths: Iterable[Path]) -> list[tuple[str, str, str]]:
    """File, kind and payment of each transaction."""
    with Warehouse() as warehouse:
        for name in ("messages", "transactions"):
            warehouse.create_like(f"read_{name}", TABLES[name])
            warehouse.create_like(f"history_{name}", TABLES[name])
        for batch in ingest.read_sources(sorted(paths)):
            warehouse.append("messages", batch.messages, into="read_messages")
            warehouse.append("transactions", batch.transactions, into="read_transactions")
        warehouse.load("ref_fx_rates", reference.table("fx_rates"))
        warehouse.build_all(load_relations("canonical"))
        found = warehouse.rows(
            "SELECT m.source_file, t.kind, t.payment_id"
            " FROM transactions AS t JOIN messages AS m USING (message_id)"
        )
    return [(Path(str(f)).name, str(kind), str(payment)) for f, kind, payment in found]


def chains(folder: Path) -> dict[str, list[Path]]:
    """Files by the use case in their names; statements of many entries are no chain."""
    found: dict[str, list[Path]] = defaultdict(list)
    for path in folder.glob("xml/*.xml"):
        case = _CHAIN.search(path.name)
        if case and not any(f"camt_{number}" in path.name for number in _STATEMENTS):
            found[case[1]].append(path)
    return found


# Three unlike transfers that only share the number of their use case.
_APART = {"chains-mx-mt": {}, "chains-mt-mx": {"pc_09_1_1": 2}}


@pytest.mark.parametrize("folder", ["chains-mx-mt", "chains-mt-mx"])
def test_each_chain_of_others_is_one_payment(corpus: Path, folder: str) -> None:
    found = {
        case: len({payment for *_, payment in linked(paths)})
        for case, paths in chains(corpus / folder).items()
    }
    assert len(found) > 20
    assert {case: count for case, count in found.items() if count != 1} == _APART[folder]


@pytest.mark.parametrize("folder", ["chains-mx-mt", "chains-mt-mx"])
def test_each_mt_of_a_chain_is_in_the_payment_of_its_mx(corpus: Path, folder: str) -> None:
    rows = linked([*(corpus / folder).glob("fin/*.fin"), *(corpus / folder).glob("xml/*.xml")])
    with_mx = {payment for name, _, payment in rows if name.endswith(".xml")}
    alone = {
        name
        for name, kind, payment in rows
        if name.endswith(".fin")
        and payment not in with_mx
        and kind not in ("statement_entry", "other")
    }
    assert sum(name.endswith(".fin") for name, *_ in rows) > 60
    assert alone == set()


@pytest.mark.parametrize("has_uetr", [True, False])
def test_all_messages_of_a_simulated_deal_are_one_payment(has_uetr: bool, tmp_path: Path) -> None:
    rng = random.Random(8)
    plan = Plan(seed=8, payments=150)
    world = make_world(rng, plan.start, plan.payments)
    maker = DealMaker(rng, world, plan)
    deals = [deal for _ in range(150) if (deal := maker.ordinary()).form not in ("bank", "credit")]
    several = 0
    for number, deal in enumerate(deals):
        messages = [*render_mt(deal, world), *render_mx(deal, world)]
        several += len(messages) > 2
        text = "\n".join(messages)
        if not has_uetr:  # archives from before 2018 have none
            text = text.replace(f"{{121:{deal.uetr}}}", "").replace(f"<UETR>{deal.uetr}</UETR>", "")
            text = text.replace(f"<OrgnlUETR>{deal.uetr}</OrgnlUETR>", "").replace(deal.uetr, "")
        (tmp_path / f"{number:03d}.fin").write_text(text)
    rows = linked(tmp_path.glob("*.fin"))
    payments = defaultdict(set)
    for name, _, payment in rows:
        payments[payment].add(name)
    assert several > 10
    assert len(deals) > 100
    assert len(payments) == len(deals)
    assert all(len(names) == 1 for names in payments.values())


def test_entries_of_unknown_currency_are_not_one_payment(tmp_path: Path) -> None:
    entry = (
        "{{1:F01QQBBTRISAXXX0000000001}}{{2:I942QQAADEFFXXXXN}}{{4:\r\n:20:REPORT01\r\n:25:1\r\n"
        ":28C:1/1\r\n{limit}:61:240815C{amount},NTRF{reference}\r\n-}}\r\n"
    )
    unlike = entry.format(limit="", amount=5, reference="REFERENCE1") + entry.format(
        limit="", amount=7, reference="REFERENCE2"
    )
    (tmp_path / "a.fin").write_text(unlike)
    assert len({payment for *_, payment in linked([tmp_path / "a.fin"])}) == 2
    alike = entry.format(limit=":34F:EUR0,\r\n", amount=5, reference="REFERENCE1")
    (tmp_path / "a.fin").write_text(alike + alike.replace(":28C:1/1", ":28C:2/1"))
    assert len({payment for *_, payment in linked([tmp_path / "a.fin"])}) == 1
