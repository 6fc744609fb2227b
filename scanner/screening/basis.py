"""What rarity is reckoned from: how many names of some list versions bear a word or a feature.

An index that reckons rarity from its own names changes every score a little with every change
of the lists. With a basis that stays, what a name in a payment has to do with a listed name
depends on the two alone, whoever else is listed: after a change of the lists only new and
changed names have to be compared.

```
folder/words.arrow     sounds of words and the names that bear them
       lookups.arrow   sounds by which free text is searched, and the names they lead to
       features.arrow  features and the names that have them
       basis.arrow     how many names there were
```
"""

import math
import os
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from scanner.screening.arrow_files import read_arrow, write_arrow
from scanner.screening.rarity import RAREST

_MOST_NAMES_SHARE = 0.12
_COMMON_SHARE = 1 / 30
_LEAST_NAMES_FOR_SHARE = 400
_MOST_NAMES_PER_LOOKUP = 40
_COUNTED = ("words", "lookups", "features")


@dataclass(frozen=True)
class Basis:
    """Counts over the names of some list versions.

    Attributes:
        names: How many names there are.
        words: By the sound of a word, the names that bear it.
        lookups: By a sound that free text is searched for, the words of names that have it.
        features: By feature, the names that have it.
    """

    names: int
    words: Mapping[str, int]
    lookups: Mapping[str, int]
    features: Mapping[str, int]

    @classmethod
    def of(
        cls,
        sounds: Sequence[Iterable[str]],
        lookups: Iterable[Iterable[str]],
        features: Iterable[Iterable[str]],
    ) -> "Basis":
        """Count over names: of each the sounds, the sounds to look up, and the features."""
        return cls(
            names=len(sounds),
            words=Counter(sound for found in sounds for sound in set(found)),
            lookups=Counter(sound for found in lookups for sound in found),
            features=Counter(feature for found in features for feature in set(found)),
        )

    def __add__(self, other: "Basis") -> "Basis":
        """The counts over the names of both."""
        return Basis(
            self.names + other.names,
            *(Counter(getattr(self, name)) + Counter(getattr(other, name)) for name in _COUNTED),
        )

    def weight_of(self, feature: str) -> float | None:
        """A feature's inverse frequency; None = too common to tell anything.

        What the basis does not know counts as borne by one name.
        """
        held_by = self.features.get(feature, 1)
        if held_by > max(_LEAST_NAMES_FOR_SHARE, int(self.names * _MOST_NAMES_SHARE)):
            return None
        return math.log1p(self.names / held_by)

    def is_common(self, feature: str) -> bool:
        """Whether so many names have a feature that it helps to find short names alone."""
        most = max(_LEAST_NAMES_FOR_SHARE, int(self.names * _COMMON_SHARE))
        return self.features.get(feature, 1) > most

    def rarities(self) -> dict[str, float]:
        """Nats of each known word; one that is not known is the rarest (`rarity.RAREST`)."""
        count = max(self.names, 1)
        # A small list must judge a word as a large one does: rarity is measured on one scale.
        scale = RAREST / math.log(1 + count)
        return {word: scale * math.log(1 + count / self.words[word]) for word in sorted(self.words)}

    def is_looked_up(self, sound: str) -> bool:
        """Whether free text is searched for the names with this sound; common ones name nobody."""
        return self.lookups.get(sound, 1) <= _MOST_NAMES_PER_LOOKUP


def write_basis(basis: Basis, folder: Path) -> None:
    """Write the counts; the folder appears whole."""
    aside = folder.with_name(f".{folder.name}.{os.getpid()}.tmp")
    aside.mkdir()
    for name in _COUNTED:
        held: Mapping[str, int] = getattr(basis, name)
        texts = sorted(held)
        counts = pa.array((held[text] for text in texts), pa.int64())
        write_arrow(aside / f"{name}.arrow", pa.table({"text": pa.array(texts), "names": counts}))
    write_arrow(aside / "basis.arrow", pa.table({"names": pa.array([basis.names], pa.int64())}))
    if folder.is_dir():  # another process was faster; both wrote the same
        shutil.rmtree(aside)
    else:
        aside.rename(folder)


def read_basis(folder: Path) -> Basis:
    """Read what `write_basis` wrote."""
    counted = {}
    for name in _COUNTED:
        table = read_arrow(folder / f"{name}.arrow")
        pairs = zip(table["text"].to_pylist(), table["names"].to_pylist(), strict=True)
        counted[name] = dict(pairs)
    return Basis(read_arrow(folder / "basis.arrow")["names"][0].as_py(), **counted)
