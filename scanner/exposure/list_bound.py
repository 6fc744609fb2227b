"""Which relations hang on the lists: what a change of the lists can alter, and nothing else.

Derived from the headers: a relation hangs on the lists that reads them, their hits, or a relation
that does. `transfer_facts` and what is made of it for histories hang on them by a few columns
only, so that of their readers only those count that name such a column.
"""

import re
from collections.abc import Iterable, Sequence

from scanner.warehouse.relations import Relation

LIST_TABLES = frozenset(
    {
        "hits", "list_versions", "list_entries", "list_names", "list_identifiers",
        "list_addresses", "ownership", "effective_ownership", "history_listed_account_facts",
    }
)  # fmt: skip
BY_COLUMN = frozenset(
    {"transfer_facts", "timeline", "party_past", "party_history", "history_transfer_facts"}
)
"""Relations that hang on the lists by the columns below alone."""
COLUMNS = frozenset({"has_listed_party", "is_owned_by_blocked", "listed_before", "last_listed_on"})
ACROSS = frozenset(
    {
        "timeline", "party_past", "party_history", "nx_01_account_of_listed",
        "nx_03_two_steps_to_listed",
    }
)  # fmt: skip
"""Relations that carry what the lists say of one transaction to others of its party or account."""
_WORD = re.compile(r"\w+")


def list_bound(relations: Iterable[Relation]) -> list[Relation]:
    """Those of the relations that hang on the lists, in the order given."""
    every = list(relations)
    bound = {r.name for r in every if COLUMNS.intersection(_WORD.findall(r.sql))}
    while True:
        made = {r.makes for r in every if r.name in bound and r.makes != "indicators"}
        reach = (LIST_TABLES | made) - BY_COLUMN
        found = {r.name for r in every if reach.intersection(r.reads)}
        if found <= bound:
            return [r for r in every if r.name in bound]
        bound |= found


def code_of(relation: Relation) -> str:
    """The code of the indicator that a relation finds: `rf_01_blocked_party` finds RF-01."""
    letters, number, *_ = relation.name.split("_")
    return f"{letters.upper()}-{number}"


def needed_for(
    wanted: Iterable[str], relations: Sequence[Relation], *, given: Iterable[str] = ()
) -> list[Relation]:
    """The relations of these names and all that they are made of.

    Args:
        wanted: Names of relations.
        relations: All from which is chosen.
        given: What is made already.
    """
    makers: dict[str, list[Relation]] = {}
    for relation in relations:
        makers.setdefault(relation.makes, []).append(relation)
    known = set(given)
    found: dict[str, Relation] = {}
    waiting = [r for r in relations if r.name in set(wanted)]
    while waiting:
        relation = waiting.pop()
        if relation.name in found:
            continue
        found[relation.name] = relation
        for name in relation.reads:
            if name not in known and name != relation.makes:
                waiting += makers.get(name, [])
    return list(found.values())
