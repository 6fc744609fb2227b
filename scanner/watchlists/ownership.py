"""Who is blocked because of who owns them: builds `effective_ownership` in the warehouse.

The rule, its source and the arithmetic are in `scanner/sql/ownership/`; here
is only the order: resolve names, make shares comparable, then round after
round add the firms that the last round's firms block, until a round adds none.
"""

from collections.abc import Iterable

import pyarrow as pa

from scanner.names import parse_name
from scanner.warehouse import Warehouse
from scanner.warehouse.relations import Relation, relations_by_name

_STEPS = ("ownership_keys", "ownership_nodes", "ownership_edges", "blocked_spans")


def compute_ownership(warehouse: Warehouse) -> None:
    """Make `effective_ownership` from `ownership`, `list_entries` and `list_names`.

    The number of rounds is the longest way from a listed person to a firm, so
    there is no limit on layers.
    """
    relations = relations_by_name("ownership")
    warehouse.build(relations["ownership_names"])
    names = warehouse.arrow("FROM ownership_names ORDER BY name")["name"]
    warehouse.load("ownership_name_parts", name_parts(names.to_pylist()))
    for name in _STEPS:
        warehouse.build(relations[name])
    while _grow(warehouse, relations):
        pass
    warehouse.build(relations["ownership_chains"])
    warehouse.build(relations["effective_ownership"])


def name_parts(names: Iterable[str]) -> pa.Table:
    """Take names apart: their own words in one order, and the classes of their legal forms.

    A name without a letter or digit stays as it is.
    """
    rows = []
    for name in names:
        parsed = parse_name(name)
        words = " ".join(sorted(parsed.texts)) or name
        rows.append({"name": name, "words": words, "forms": " ".join(sorted(parsed.forms))})
    text = pa.string()
    return pa.Table.from_pylist(rows, pa.schema([(c, text) for c in ("name", "words", "forms")]))


def _grow(warehouse: Warehouse, relations: dict[str, Relation]) -> bool:
    warehouse.build(relations["next_spans"])
    if warehouse.count("next_spans") == 0:
        return False
    warehouse.build(relations["grown_spans"])
    return True


def unresolved_owners(warehouse: Warehouse) -> list[str]:
    """Owners' entries that no loaded list holds: a slip of the pen, or removed since.

    Their shares count as those of unlisted owners, so a person should know.
    """
    relations = relations_by_name("ownership")
    warehouse.build(relations["unresolved_owners"])
    return [str(row[0]) for row in warehouse.rows("SELECT owner_entry FROM unresolved_owners")]
