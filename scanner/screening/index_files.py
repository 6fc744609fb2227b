"""The files of a prepared index: its arrays and tables, written and mapped into memory.

What they hold is made by `index`; nothing is pickled.
"""

from pathlib import Path

import numpy as np
import pyarrow as pa
from scipy import sparse

from scanner.screening.arrow_files import read_arrow, write_arrow
from scanner.screening.basis import Basis
from scanner.screening.index_parts import MatrixPart, UnitsPart
from scanner.screening.units import Floats, Units, Words


def write_matrix(folder: Path, part: MatrixPart) -> None:
    """Write features by names."""
    for name in ("data", "indices", "indptr"):
        np.save(folder / f"{name}.npy", getattr(part.values, name))
    write_arrow(folder / "features.arrow", part.features)


def open_matrix(folder: Path, features: int, names: int) -> sparse.csr_matrix:
    """Open features by names, mapped into memory."""
    parts = [
        np.load(folder / f"{name}.npy", mmap_mode="r") for name in ("data", "indices", "indptr")
    ]
    return sparse.csr_matrix(tuple(parts), shape=(features, names))


def write_rarity(folder: Path, basis: Basis) -> dict[str, float]:
    """Write the words' rarity in the basis, and give it back."""
    rarity = basis.rarities()
    table = pa.table(
        {
            "word": pa.array(list(rarity), pa.string()),
            "rarity": pa.array(list(rarity.values()), pa.float64()),
        }
    )
    write_arrow(folder / "words.arrow", table)
    return rarity


def write_units(folder: Path, part: UnitsPart) -> None:
    """Write the units of names."""
    write_arrow(folder / "units.arrow", part.table)
    np.save(folder / "unit_starts.npy", part.starts)
    np.save(folder / "unit_ids.npy", part.ids)
    np.save(folder / "unit_masks.npy", part.masks)


def open_units(folder: Path) -> tuple[Units, Floats, Floats]:
    """Open the units of names; with each what it says where it meets, and where it does not."""
    table = read_arrow(folder / "units.arrow")
    words = Words(
        *(table[name].to_pylist() for name in ("text", "sound", "bones")),
    )
    starts, ids, masks = (
        # A plain view of what is mapped: it costs less to index.
        np.asarray(np.load(folder / f"unit_{name}.npy", mmap_mode="r"))
        for name in ("starts", "ids", "masks")
    )
    worth, missed = (table[name].to_numpy() for name in ("nats", "unmet_nats"))
    return Units(words, starts, ids, masks), worth, missed
