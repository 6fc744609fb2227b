"""Findings of some transactions of a run, made again after a change of the lists.

The rest of the run stays as it was stored. Only relations that hang on the lists are made, with
what they are made of (`list_bound`); what history carries from one transaction to others is
reckoned over all transfers of the run.
"""

from scanner.exposure.assess import leave_signals, measure_banks, read_signals
from scanner.exposure.list_bound import code_of, list_bound, needed_for
from scanner.warehouse import Relation, Warehouse, load_relations

_PARTS = ("exposure/facts", "exposure/indicators")
_OF_TEXTS = ("goods_found", "signals_found")
_OF_RUN = ("transfer_facts", "listed_account_facts")
_PAST = ("timeline", "run_parties", "known_payments")
# Not bound to the lists, but asked for by the factors of significance.
_OF_SIGNIFICANCE = ("payer_history", "goods_facts", "corridor_facts")
_STEPS = "nx_03_two_steps_to_listed"
_KEPT_BY_RUN = ("joined_transfers", "bank_incident_facts")


def list_bound_codes() -> list[str]:
    """Codes of the indicators that a change of the lists can alter."""
    return sorted({code_of(r) for r in list_bound(_relations()) if r.makes == "indicators"})


def facts_of_lists(warehouse: Warehouse) -> None:
    """Make `transfer_facts` and `listed_account_facts` of the transactions that the tables hold.

    Of the transfers only what the lists say of them is right: texts are not read for that.

    Args:
        warehouse: Holds the canonical tables, `goods_found` and `hits` of these transactions, the
            lists, ownership, customers, reference tables and the one-row table `run`.
    """
    leave_signals(warehouse)
    wanted = ("transfer_facts", "listed_account_facts")
    warehouse.build_all(needed_for(wanted, _relations(), given=_OF_TEXTS))


def steps_to_listed(warehouse: Warehouse) -> None:
    """Make the past of some parties, and in `indicators` which of their transfers follow it.

    Args:
        warehouse: Holds `transfer_facts` of the whole run, as the lists say now, the history and
            `asked_parties`. Indicators on transfers of another party as well are of no use.
    """
    warehouse.build_all(needed_for(("timeline",), _relations(), given=("transfer_facts",)))
    # All transfers of the parties that are asked for stay.
    warehouse.execute(
        "DELETE FROM run_parties WHERE party_key NOT IN (SELECT party_key FROM asked_parties)"
    )
    warehouse.execute(
        """
        DELETE FROM timeline
        WHERE NOT coalesce(debtor_key IN (SELECT party_key FROM run_parties), FALSE)
            AND NOT coalesce(creditor_key IN (SELECT party_key FROM run_parties), FALSE)
        """
    )
    given = ("transfer_facts", *_PAST)
    warehouse.build_all(needed_for(("party_history",), _relations(), given=given))
    warehouse.build_all(r for r in _relations() if r.name == _STEPS)


def reassess(warehouse: Warehouse) -> None:
    """Make the relations that hang on the lists; of `indicators` those of `list_bound_codes`.

    What `steps_to_listed` finds is not found again.

    Args:
        warehouse: As for `facts_of_lists`, what `steps_to_listed` made, and `listed_account_facts`
            of the whole run, as the lists say now. Indicators on transactions that the tables do
            not hold are of no use.
    """
    read_signals(warehouse)
    given = (*_OF_TEXTS, *_PAST, "party_past", "party_history", *_OF_RUN)
    names = {r.name for r in list_bound(_relations())} | set(_OF_SIGNIFICANCE)
    wanted = sorted(names - {*given, _STEPS})
    warehouse.build_all(needed_for(wanted, _relations(), given=given))


def remeasure_banks(warehouse: Warehouse) -> None:
    """As `measure_banks`, where the tables hold some transactions of a run.

    Args:
        warehouse: What `reassess` left and `scores` of these transactions; of the whole run
            `transfer_facts` with the bands of the others, and `joined_transfers` and
            `bank_incident_facts`, which no list touches.
    """
    measure_banks(warehouse, kept=_KEPT_BY_RUN)


def _relations() -> tuple[Relation, ...]:
    return tuple(relation for part in _PARTS for relation in load_relations(part))
