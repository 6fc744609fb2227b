"""Watchlists: every list, every version of it, and who owns whom.

`update` takes files in, `load` gives the tables of `scanner/schema` to a run,
`compute_ownership` makes `effective_ownership` from them. `status`, `history`,
`diff` and `verify` answer questions about the store.
"""

from scanner.watchlists.changes import (
    Change,
    changed_entries,
    changes_between,
    changes_since,
    diff,
)
from scanner.watchlists.download import is_address, update_from_address
from scanner.watchlists.loading import ListTables, hash_of, load, names_of, versions_known_on
from scanner.watchlists.ownership import compute_ownership, unresolved_owners
from scanner.watchlists.side_files import read_customers_csv, read_ownership_csv
from scanner.watchlists.standing import Status, history, status, verify
from scanner.watchlists.update import Limits, update
from scanner.watchlists.versions import VersionFacts, activate, find_version, read_active

__all__ = [
    "Change",
    "Limits",
    "ListTables",
    "Status",
    "VersionFacts",
    "activate",
    "changed_entries",
    "changes_between",
    "changes_since",
    "compute_ownership",
    "diff",
    "find_version",
    "hash_of",
    "history",
    "is_address",
    "load",
    "names_of",
    "read_active",
    "read_customers_csv",
    "read_ownership_csv",
    "status",
    "unresolved_owners",
    "update",
    "update_from_address",
    "verify",
    "versions_known_on",
]
