"""OFAC's 50 Percent Rule, example by example, and against an independent exact calculation."""

import json
import random
from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction

import pyarrow as pa
import pytest

from scanner.schema import TABLES
from scanner.watchlists.ownership import unresolved_owners
from tests.ownership.ownership_cases import entry, rows_of, share, warehouse_of

X, Y, Z = "OFAC-SDN:1", "OFAC-SDN:2", "OFAC-SDN:3"
LISTED = (entry(X), entry(Y), entry(Z))


def test_half_of_a_firm_is_enough() -> None:
    warehouse = warehouse_of(LISTED, [share("X", "Alpha", 50, entry_id=X)])
    assert rows_of(warehouse, "owned_name", "effective_percent", "is_blocked", "owners") == [
        ("Alpha", 50.0, True, [X])
    ]


def test_shares_of_several_blocked_owners_add_up_exactly() -> None:
    third = 100 / 6
    shares = [
        share("X", "Alpha", third, entry_id=X),
        share("Y", "Alpha", third, entry_id=Y),
        share("Z", "Alpha", 16.666666, entry_id=Z),
        share("X", "Beta", 16.66, entry_id=X),
        share("Y", "Beta", 16.67, entry_id=Y),
        share("Z", "Beta", 16.67, entry_id=Z),
    ]
    warehouse = warehouse_of(LISTED, shares)
    assert rows_of(warehouse, "owned_name", "effective_percent", "is_blocked") == [
        ("Alpha", 50.0, True),
        ("Beta", 50.0, True),
    ]


def test_a_firm_blocked_by_the_rule_counts_with_its_whole_share() -> None:
    """FAQ 401: 50 percent of a firm that owns 50 percent of another blocks both."""
    shares = [share("X", "Alpha", 50, entry_id=X), share("Alpha", "Beta", 50)]
    warehouse = warehouse_of(LISTED, shares)
    assert rows_of(warehouse, "owned_name", "direct_percent", "effective_percent", "layers") == [
        ("Alpha", 50.0, 50.0, 1),
        ("Beta", 0.0, 50.0, 2),
    ]


def test_a_firm_below_half_passes_nothing_on() -> None:
    """FAQ 401: 25 percent of each of two firms that own a third by halves blocks none of them."""
    shares = [
        share("X", "Alpha", 25, entry_id=X),
        share("X", "Beta", 25, entry_id=X),
        share("Alpha", "Gamma", 50),
        share("Beta", "Gamma", 50),
    ]
    assert rows_of(warehouse_of(LISTED, shares), "owned_name") == []


def test_firms_in_a_circle_do_not_block_each_other() -> None:
    shares = [share("Alpha", "Beta", 80), share("Beta", "Alpha", 80)]
    assert rows_of(warehouse_of(LISTED, shares), "owned_name") == []


def test_a_circle_that_a_listed_owner_tips_is_blocked_whole() -> None:
    shares = [
        share("X", "Alpha", 50, entry_id=X),
        share("Beta", "Alpha", 50),
        share("Alpha", "Beta", 60),
    ]
    warehouse = warehouse_of(LISTED, shares)
    assert rows_of(warehouse, "owned_name", "effective_percent", "layers") == [
        ("Alpha", 100.0, 1),
        ("Beta", 60.0, 2),
    ]


def test_a_share_in_itself_does_not_count() -> None:
    shares = [share("X", "Alpha", 30, entry_id=X), share("Alpha", "Alpha", 40)]
    assert rows_of(warehouse_of(LISTED, shares), "owned_name") == []


@pytest.mark.parametrize("measure", ["menu_based", "sectoral", "correspondent_account", "other"])
def test_an_owner_that_is_listed_but_not_blocked_does_not_count(measure: str) -> None:
    listed = [entry("OFAC-CONS:9", measure=measure)]
    shares = [share("M", "Alpha", 90, entry_id="OFAC-CONS:9")]
    assert rows_of(warehouse_of(listed, shares), "owned_name") == []


def test_the_path_is_evidence_from_the_listed_person_down() -> None:
    shares = [
        share("X", "Alpha", 70, entry_id=X, source="register"),
        share("Alpha", "Beta", 40),
        share("Y", "Beta", 20, entry_id=Y),
    ]
    warehouse = warehouse_of(LISTED, shares)
    [(path, owners)] = warehouse.rows(
        "SELECT path, owners FROM effective_ownership WHERE owned_name = 'Beta'"
    )
    told = json.loads(path)
    assert owners == [X, Y]
    assert [(h["owner"], h["share_percent"], h["blocked_by"]) for h in told["holders"]] == [
        ("Alpha", 40.0, "ownership"),
        ("Y", 20.0, "list"),
    ]
    assert [(s["holder"], s["entry"], s["firm"]) for s in told["chain"]] == [
        ("X", X, "Alpha"),
        ("Alpha", None, "Beta"),
    ]


def test_names_meet_without_case_accents_and_punctuation() -> None:
    shares = [share("X", "Şirket-Alfa A.Ş.", 60, entry_id=X), share("SIRKET ALFA AS", "Beta", 60)]
    found = rows_of(warehouse_of(LISTED, shares), "owned_name", "layers")
    assert found == [("Beta", 2), ("Şirket-Alfa A.Ş.", 1)]


def test_two_firms_of_one_name_in_two_countries_stay_apart() -> None:
    shares = [
        share("X", "Alpha", 30, entry_id=X, country="TR"),
        share("Y", "Alpha", 30, entry_id=Y, country="AE"),
    ]
    assert rows_of(warehouse_of(LISTED, shares), "owned_name") == []


def test_a_row_without_country_means_the_only_firm_of_the_name() -> None:
    shares = [
        share("X", "Alpha", 30, entry_id=X, country="TR"),
        share("Y", "Alpha", 30, entry_id=Y),
    ]
    assert rows_of(warehouse_of(LISTED, shares), "owned_country", "effective_percent") == [
        ("TR", 60.0)
    ]


def test_an_owner_without_entry_is_found_by_the_exact_name_of_a_listed_firm_only() -> None:
    names = [
        {"entry_id": X, "list": "OFAC-SDN", "name": "NORTHERN BEARING JSC", "quality": "primary"},
        {"entry_id": Y, "list": "OFAC-SDN", "name": "IVANOV, Ivan", "quality": "primary"},
    ]
    listed = [entry(X), entry(Y, entry_type="individual")]
    shares = [
        share("Northern Bearing, JSC", "Alpha", 60),
        share("Ivanov Ivan", "Beta", 60),
    ]
    warehouse = warehouse_of(listed, shares, names)
    assert rows_of(warehouse, "owned_name", "owners") == [("Alpha", [X])]


class TestDates:
    SOLD = date(2022, 3, 1)

    def sold(self, listed_on: date | None, after: float) -> list[tuple[object, ...]]:
        shares = [
            share("X", "Alpha", 60, entry_id=X, valid_to=self.SOLD),
            share("X", "Alpha", after, entry_id=X, valid_from=self.SOLD + timedelta(days=1)),
        ]
        return rows_of(
            warehouse_of([entry(X, listed_on=listed_on)], shares),
            "valid_from",
            "valid_to",
            "effective_percent",
            "is_blocked",
            "just_below_50",
            "changed_after_designation",
        )

    def test_the_share_counts_from_its_first_to_its_last_day(self) -> None:
        assert self.sold(date(2022, 2, 24), 10) == [
            (None, self.SOLD, 60.0, True, False, False),
            (date(2022, 3, 2), None, 10.0, False, False, True),
        ]

    def test_a_sale_to_just_below_half_says_both(self) -> None:
        assert self.sold(date(2022, 2, 24), 49.9)[1] == (
            date(2022, 3, 2),
            None,
            49.9,
            False,
            True,
            True,
        )

    def test_a_sale_before_the_listing_is_no_change_after_designation(self) -> None:
        assert self.sold(date(2023, 1, 1), 10) == [(None, self.SOLD, 60.0, True, False, False)]

    def test_a_sale_by_an_owner_whose_listing_day_nobody_knows_is_not_cleared(self) -> None:
        assert self.sold(None, 10)[1][-1] is None

    def test_a_firm_sold_whole_is_still_named(self) -> None:
        shares = [share("X", "Alpha", 60, entry_id=X, valid_to=self.SOLD)]
        warehouse = warehouse_of([entry(X, listed_on=date(2022, 2, 24))], shares)
        assert rows_of(warehouse, "valid_from", "effective_percent", "owners") == [
            (None, 60.0, [X]),
            (date(2022, 3, 2), 0.0, [X]),
        ]

    def test_layers_meet_only_on_the_days_that_both_hold(self) -> None:
        shares = [
            share("X", "Alpha", 60, entry_id=X, valid_from=date(2020, 1, 1)),
            share("Alpha", "Beta", 60, valid_to=date(2021, 6, 30)),
        ]
        warehouse = warehouse_of([entry(X, listed_on=date(2024, 1, 1))], shares)
        assert rows_of(warehouse, "owned_name", "valid_from", "valid_to") == [
            ("Alpha", date(2020, 1, 1), None),
            ("Beta", date(2020, 1, 1), date(2021, 6, 30)),
        ]


def test_rows_of_one_source_add_up_and_those_of_two_do_not() -> None:
    shares = [
        share("X", "Alpha", 30, entry_id=X, valid_from=date(2020, 1, 1)),
        share("X", "Alpha", 30, entry_id=X, valid_from=date(2021, 1, 1)),
        share("X", "Beta", 30, entry_id=X, source="one"),
        share("X", "Beta", 45, entry_id=X, source="two"),
    ]
    warehouse = warehouse_of(LISTED, shares)
    assert rows_of(warehouse, "owned_name", "valid_from", "effective_percent") == [
        ("Alpha", date(2021, 1, 1), 60.0),
        ("Beta", None, 45.0),
    ]


def test_a_share_that_no_source_gives_is_said_and_not_counted() -> None:
    warehouse = warehouse_of(LISTED, [share("X", "Alpha", None, entry_id=X)])
    assert rows_of(warehouse, "owned_name", "effective_percent", "has_unknown_share") == [
        ("Alpha", 0.0, True)
    ]


def test_an_owner_whose_entry_no_list_holds_is_named() -> None:
    warehouse = warehouse_of(LISTED, [share("Q", "Alpha", 60, entry_id="OFAC-SDN:404")])
    assert unresolved_owners(warehouse) == ["OFAC-SDN:404"]


def test_a_chain_of_two_hundred_layers_is_followed_to_its_end() -> None:
    shares = [share("X", "Firm 1", 51, entry_id=X)]
    shares += [share(f"Firm {i}", f"Firm {i + 1}", 51) for i in range(1, 200)]
    warehouse = warehouse_of(LISTED, shares)
    assert warehouse.row("SELECT count(*), max(layers) FROM effective_ownership") == (200, 200)


def _exact_blocked(
    edges: list[tuple[int, int, Fraction, int, int]], listed: set[int], day: int
) -> set[int]:
    """The rule by its words: add whole shares of blocked owners until nobody is added."""
    by_owned: dict[int, list[tuple[int, Fraction]]] = defaultdict(list)
    for owner, owned, percent, first, last in edges:
        if first <= day <= last and owner != owned:
            by_owned[owned].append((owner, percent))
    blocked = set(listed)
    while True:
        added = {
            owned
            for owned, holders in by_owned.items()
            if owned not in blocked
            and sum((p for owner, p in holders if owner in blocked), Fraction(0)) >= 50
        }
        if not added:
            return blocked
        blocked |= added


@pytest.mark.parametrize(("nodes", "edges_per_node", "seed"), [(10_000, 3, 1), (10_000, 2, 2)])
def test_random_graphs_with_circles_and_dates_agree_with_an_exact_calculation(
    nodes: int, edges_per_node: int, seed: int
) -> None:
    chance = random.Random(seed)
    listed = set(range(nodes // 8))
    start = date(2020, 1, 1)
    seen: set[tuple[int, int]] = set()
    edges = []
    for _ in range(nodes * edges_per_node):
        owner, owned = chance.randrange(nodes), chance.randrange(len(listed), nodes)
        if (owner, owned) in seen:
            continue
        seen.add((owner, owned))
        first = chance.choice([0, 0, 100, 250])
        last = chance.choice([1000, 1000, 300, 600])
        percent = Fraction(chance.choice([500, 1000, 1667, 2500, 3333, 4999, 5000, 6000]), 100)
        edges.append((owner, owned, percent, first, last))
    rows = [
        share(
            f"Node {owner}",
            f"Node {owned}",
            float(percent),
            entry_id=f"OFAC-SDN:{owner}" if owner in listed else None,
            valid_from=start + timedelta(days=first),
            valid_to=start + timedelta(days=last),
        )
        for owner, owned, percent, first, last in edges
    ]
    table = pa.Table.from_pylist(rows, schema=TABLES["ownership"].arrow_schema)
    warehouse = warehouse_of([entry(f"OFAC-SDN:{n}") for n in sorted(listed)], table)
    for day in (0, 99, 100, 275, 300, 301, 600, 601, 1000):
        expected = _exact_blocked(edges, listed, day) - listed
        found = warehouse.rows(
            "SELECT owned_name FROM effective_ownership WHERE is_blocked"
            " AND CAST(? AS DATE) BETWEEN valid_from AND valid_to",
            [start + timedelta(days=day)],
        )
        assert {int(name.split()[1]) for (name,) in found} == expected
        assert len(found) == len(expected)
    assert expected, "the graph must block somebody, or it proves nothing"


def test_the_part_that_leads_to_persons_blocked_under_eo_14024_is_told_apart() -> None:
    other = entry(Y) | {"eo14024_blocked": False, "programs": ["SDGT"]}
    shares = [
        share("X", "Alpha", 30, entry_id=X),
        share("Y", "Alpha", 30, entry_id=Y),
        share("Alpha", "Beta", 80),
    ]
    warehouse = warehouse_of([entry(X), other], shares)
    assert rows_of(warehouse, "owned_name", "effective_percent", "eo14024_percent") == [
        ("Alpha", 60.0, 30.0),
        ("Beta", 80.0, 80.0),
    ]


def test_a_listed_firm_with_a_link_but_no_share_is_left_to_its_own_listing() -> None:
    shares = [
        share("X", "Alpha", None, entry_id=X) | {"owned_entry": Y},
        share("X", "Beta", None, entry_id=X),
    ]
    assert rows_of(warehouse_of(LISTED, shares), "owned_name") == [("Beta",)]


def test_an_owner_known_by_two_lists_is_one_owner() -> None:
    eu = entry("EU-FSF:9") | {"subject_id": X, "eo14024_blocked": False}
    shares = [
        share("X", "Alpha", 30, entry_id=X, source="bank"),
        share("X Bank", "Alpha", 30, entry_id="EU-FSF:9", source="register"),
        share("X Bank", "Beta", 50, entry_id="EU-FSF:9"),
    ]
    warehouse = warehouse_of([entry(X) | {"subject_id": X}, eu], shares)
    assert rows_of(warehouse, "owned_name", "effective_percent", "owners") == [("Beta", 50.0, [X])]


def test_an_owner_on_a_foreign_list_only_does_not_block_under_us_law() -> None:
    shares = [share("E", "Alpha", 90, entry_id="EU-FSF:9")]
    listed = [entry("EU-FSF:9") | {"eo14024_blocked": False}]
    assert rows_of(warehouse_of(listed, shares), "owned_name") == []


def test_a_firm_that_is_listed_itself_stands_once_whatever_countries_its_rows_give() -> None:
    shares = [
        share("X", "Alpha", 30, entry_id=X, country="TR") | {"owned_entry": Y},
        share("Z", "Alpha", 30, entry_id=Z, country="AE") | {"owned_entry": Y},
    ]
    warehouse = warehouse_of(LISTED, shares)
    assert rows_of(warehouse, "owned_key", "owned_entry", "effective_percent") == [
        (f"entry:{Y}", Y, 60.0)
    ]


def test_the_grain_holds() -> None:
    chance = random.Random(11)
    shares = [
        share(
            f"N{chance.randrange(30)}",
            f"N{chance.randrange(30)}",
            chance.choice([20, 50, 70]),
            entry_id=chance.choice([None, None, X, Y]),
            country=chance.choice([None, "TR", "AE"]),
            valid_from=date(2020 + chance.randrange(4), 1, 1),
        )
        for _ in range(400)
    ]
    warehouse = warehouse_of(LISTED, shares)
    total, distinct = warehouse.row(
        "SELECT count(*), count(DISTINCT (owned_key, owned_name, valid_from))"
        " FROM effective_ownership"
    )
    assert total == distinct > 20


@pytest.mark.parametrize(
    "other",
    [
        "Romashka LLC",
        "OOO ROMASHKA",
        "Romashka Limited Liability Company",
        "Romashka",
        "ООО «Ромашка»",
    ],
)
def test_a_firm_is_met_under_other_forms_and_scripts_of_its_name(other: str) -> None:
    shares = [share("X", "OOO Romashka", 60, entry_id=X), share(other, "Beta", 60)]
    assert ("Beta", 2) in rows_of(warehouse_of(LISTED, shares), "owned_name", "layers")


def test_firms_of_one_name_and_two_legal_forms_stay_apart() -> None:
    shares = [
        share("X", "Romashka LLC", 60, entry_id=X),
        share("Y", "Romashka JSC", 10, entry_id=Y),
        share("Romashka JSC", "Beta", 60),
        share("Romashka", "Gamma", 60),
    ]
    assert rows_of(warehouse_of(LISTED, shares), "owned_name") == [("Romashka LLC",)]


def test_names_without_a_letter_are_not_one_firm() -> None:
    shares = [share("X", "!!!", 60, entry_id=X), share("???", "Beta", 60)]
    assert rows_of(warehouse_of(LISTED, shares), "owned_name") == [("!!!",)]
