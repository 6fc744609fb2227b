"""The analysts' macros: one file each under `scanner/sql/macros`.

The header's `makes:` is the macro's signature with its defaults, for example

    -- makes: exposure_by_bank(from_date := NULL, to_date := NULL, min_score := 0)

and its opening words become the macro's COMMENT.
"""

import re
from dataclasses import dataclass
from functools import cache

from scanner.errors import ScannerError
from scanner.warehouse.relations import Relation, load_relations

_SIGNATURE = re.compile(r"(?P<name>[a-z][a-z0-9_]*)\((?P<parameters>.*)\)")


@dataclass(frozen=True)
class Macro:
    """One table macro: its name, its parameters as written, and the file it comes from."""

    name: str
    parameters: str
    relation: Relation

    @property
    def signature(self) -> str:
        """Name and parameters, as an analyst calls it."""
        return f"{self.name}({self.parameters})"

    def ddl(self) -> str:
        """The CREATE MACRO statement."""
        return f"CREATE MACRO {self.signature} AS TABLE {self.relation.sql}"

    def comment(self) -> str:
        """The COMMENT statement; ON MACRO TABLE is the only spelling that DuckDB takes."""
        words = self.relation.purpose.replace("'", "''")
        return f"COMMENT ON MACRO TABLE {self.name} IS '{words}'"


@cache
def load_macros() -> tuple[Macro, ...]:
    """Read every macro, in an order in which each finds the macros that it calls.

    Raises:
        ScannerError: A header's signature cannot be read.
    """
    made = []
    for relation in load_relations("macros"):
        found = _SIGNATURE.fullmatch(relation.makes)
        if found is None or found["name"] != relation.name:
            raise ScannerError(
                "a macro's header must say `makes: file_name(parameters)`",
                where=str(relation.path),
            )
        made.append(Macro(found["name"], found["parameters"], relation))
    return tuple(made)
