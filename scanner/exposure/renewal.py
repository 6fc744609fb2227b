"""Findings of some transactions of a run, made again after a change of the lists.

The rest of the run stays as it was stored. Only relations that hang on the lists are made, with
what they are made of (`list_bound`); what history carries from one transaction to others is
reckoned over all transfers of the run.
"""

from scanner.exposure.assess import read_signals
from scanner.exposure.list_bound import code_of, list_bound, needed_for
from scanner.schema import TABLES
from scanner.warehouse import Relation, Warehouse, load_relations

_PARTS = ("exposure/facts", "exposure/indicators")
_OF_TEXTS = ("goods_found", "signals_found")
# Not bound to the lists, but asked for by the factors of significance.
_OF_SIGNIFICANCE = ("payer_history", "goods_facts", "corridor_facts")
_KEPT_BY_RUN = ("joined_transfers", "bank_incident_facts")
_KEYS = """(
    SELECT k.party_key
    FROM (
        SELECT unnest([f.debtor_key, f.creditor_key]) AS party_key
        FROM transfer_facts AS f
        SEMI JOIN transactions AS t ON t.transaction_id = f.transaction_id
    ) AS k
    WHERE k.party_key IS NOT NULL
)"""


def list_bound_codes() -> list[str]:
    """Codes of the indicators that a change of the lists can alter."""
    return sorted({code_of(r) for r in list_bound(_relations()) if r.makes == "indicators"})


def facts_of_lists(warehouse: Warehouse) -> None:
    """Make `transfer_facts` and `listed_account_facts` of the transactions that the tables hold.

    Args:
        warehouse: Holds the canonical tables, `goods_found` and `hits` of these transactions, the
            lists, ownership, customers, reference tables and the one-row table `run`.
    """
    read_signals(warehouse)
    wanted = ("transfer_facts", "listed_account_facts")
    warehouse.build_all(needed_for(wanted, _relations(), given=_OF_TEXTS))


def reassess(warehouse: Warehouse) -> None:
    """Make the relations that hang on the lists; of `indicators` those of `list_bound_codes`.

    Args:
        warehouse: As for `facts_of_lists`; besides `transfer_facts` and `listed_account_facts` of
            the whole run, as the lists say now, and the history. Indicators on transactions that
            the tables do not hold are of no use.
    """
    read_signals(warehouse)
    made = (*_OF_TEXTS, "transfer_facts", "listed_account_facts")
    past = needed_for(("timeline",), _relations(), given=made)
    warehouse.build_all(past)
    # Only the parties of these transactions are asked for: all transfers of theirs stay.
    warehouse.execute(f"DELETE FROM run_parties WHERE party_key NOT IN {_KEYS}")  # noqa: S608
    warehouse.execute(
        """
        DELETE FROM timeline
        WHERE NOT coalesce(debtor_key IN (SELECT party_key FROM run_parties), FALSE)
            AND NOT coalesce(creditor_key IN (SELECT party_key FROM run_parties), FALSE)
        """
    )
    names = {r.name for r in list_bound(_relations())} | set(_OF_SIGNIFICANCE)
    given = (*made, *(r.makes for r in past))
    wanted = [name for name in sorted(names) if name not in given]
    if not warehouse.has("indicators"):
        warehouse.create(TABLES["indicators"])
    warehouse.build_all(needed_for(wanted, _relations(), given=given))


def remeasure_banks(warehouse: Warehouse) -> None:
    """As `measure_banks`, where the tables hold some transactions of a run.

    Args:
        warehouse: What `reassess` left and `scores` of these transactions; of the whole run
            `made_scores`, and `joined_transfers` and `bank_incident_facts`, which no list touches.
    """
    warehouse.execute(
        "UPDATE transfer_facts SET band = made.band FROM made_scores AS made"
        " WHERE made.transaction_id = transfer_facts.transaction_id"
    )
    warehouse.build_all(r for r in load_relations("exposure/banks") if r.makes not in _KEPT_BY_RUN)


def _relations() -> tuple[Relation, ...]:
    return tuple(relation for part in _PARTS for relation in load_relations(part))
