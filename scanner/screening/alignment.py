"""Which words of two names meet: all pairs of a batch at once, one word for one word.

Distinct pairs of words are compared once; then each pair of names takes its
best meeting first, and no word meets twice. Two neighbouring words may meet one
(a name joined or broken at a line's end). A single letter may stand for a word
that begins with it, a word without vowels for one with its consonants, and a
cut word for one that it begins.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa
from rapidfuzz import process
from rapidfuzz.distance import OSA

from scanner.screening.likely_meetings import likely_meetings
from scanner.screening.units import LEAST_BEGINNING, Flags, Floats, Integers, Units, Words

SAME = 1.0
SOUNDS_SAME = 0.98
MOVED_BLANK = 0.95
SAME_CONSONANTS = 0.88
FEW_CONSONANTS = 0.78
NO_VOWELS = 0.9
BEGINS = 0.75
INITIAL = 0.5
_LEAST_LIKENESS = 0.6
_LEAST_JOINED_LIKENESS = 0.88
_LIKENESS_BITS = 21
_LIKENESS_STEPS = 1 << (_LIKENESS_BITS - 1)
"""So many tell shares of up to 255 letters apart."""
_PLACE_BITS = 8


def likeness(one: Words, two: Words, a: Integers, b: Integers) -> Floats:
    """How alike pairs of words are, 0 to 1; below a floor they are nothing to each other.

    Args:
        one: Words of the payments.
        two: Words of the list.
        a: Which word of the first.
        b: Which word of the second, as many.
    """
    shorter = np.minimum(one.lengths[a], two.lengths[b])
    same_sound = one.sound_hashes[a] == two.sound_hashes[b]
    # Of others letters do not count: equal sounds are alike, and single letters anybody's.
    chosen = ~same_sound & (shorter > 1)
    made = _close(
        one.texts, two.texts, one.lengths, two.lengths, one.letters, two.letters, a, b, chosen
    )
    chosen &= (one.sound_hashes[a] != one.hashes[a]) | (two.sound_hashes[b] != two.hashes[b])
    close = _close(
        one.sounds, two.sounds, one.sound_lengths, two.sound_lengths,
        one.sound_letters, two.sound_letters, a, b, chosen,
    )  # fmt: skip
    made = np.maximum(made, close)
    least = np.where(
        shorter <= 2,
        1.0,
        np.where(shorter == 3, 2 / 3, np.where(shorter == 4, 0.75, _LEAST_LIKENESS)),
    )
    # Three consonants with another letter are anybody's.
    least[one.vowelless[a] & (shorter == 3)] = 1.0
    made[made < least] = 0.0
    bones = np.minimum(one.bone_lengths[a], two.bone_lengths[b])
    same_bones = one.bone_hashes[a] == two.bone_hashes[b]
    for least_bones, alike in ((3, FEW_CONSONANTS), (4, SAME_CONSONANTS)):
        chosen = same_bones & (bones >= least_bones)
        made[chosen] = np.maximum(made[chosen], alike)
    cut = same_bones & (bones >= 2) & one.vowelless[a] & (one.lengths[a] > 2)
    # Dropped vowels bring letters together that look like one sound: CACTUS, CCTS.
    cut |= (one.consonants[a] == two.consonants[b]) & one.vowelless[a]
    made[cut] = np.maximum(made[cut], NO_VOWELS)
    begins = (one.beginnings[a] == two.beginnings[b]) & (shorter >= LEAST_BEGINNING)
    for i in np.flatnonzero(begins & (made < BEGINS)).tolist():
        word, other = sorted((one.texts[a[i]], two.texts[b[i]]), key=len)
        if other.startswith(word):
            made[i] = BEGINS
    letter = (shorter == 1) & (one.initials[a] == two.initials[b])
    made[shorter == 1] = 0.0
    made[letter] = INITIAL
    other_sound = (one.other_sound_hashes[a] == two.sound_hashes[b]) | (
        one.sound_hashes[a] == two.other_sound_hashes[b]
    )
    made[same_sound | (other_sound & (shorter >= LEAST_BEGINNING))] = SOUNDS_SAME
    made[one.hashes[a] == two.hashes[b]] = SAME
    return made


def _close(
    one: Sequence[str], two: Sequence[str], lengths_a: Integers, lengths_b: Integers,
    letters_a: Integers, letters_b: Integers, a: Integers, b: Integers, chosen: Flags,
) -> Floats:  # fmt: skip
    """Likeness by edits of chosen pairs; computed only where lengths and letters leave room."""
    made = np.zeros(len(a))
    edits = (1 - _LEAST_LIKENESS) * np.maximum(lengths_a[a], lengths_b[b]) + 1e-9
    bits_a, bits_b = letters_a[a], letters_b[b]
    room = (
        chosen
        & (np.abs(lengths_a[a] - lengths_b[b]) <= edits)
        & (np.bitwise_count(bits_a & ~bits_b) <= edits)
        & (np.bitwise_count(bits_b & ~bits_a) <= edits)
    )
    places = np.flatnonzero(room)
    if len(places):
        made[places] = process.cpdist(
            [one[i] for i in a[places].tolist()],
            [two[i] for i in b[places].tolist()],
            scorer=OSA.normalized_similarity,
            dtype=np.float64,
        )
    return made


@dataclass(frozen=True)
class Meetings:
    """Accepted meetings: the pair of names, the units on both sides, how alike they are."""

    pair: Integers
    asked: Integers
    listed: Integers
    asked_mask: Integers
    listed_mask: Integers
    likeness: Floats


def align(
    asked: Units, listed: Units, query_of: Integers, name_of: Integers, ranks: Integers,
    persons: Flags,
) -> Meetings:  # fmt: skip
    """Meet the words of each pair of names.

    Args:
        asked: Units of the payments' names.
        listed: Units of the listed names.
        query_of: Position of each pair's name in a payment.
        name_of: Position of each pair's listed name.
        ranks: Place of each listed unit among all by what it says, the most telling first: of
            two meetings that exclude each other the likelier and then the more telling one counts.
        persons: Which listed names are persons': their names alone are written as initials.
    """
    pair, at_a, at_b = likely_meetings(asked, listed, query_of, name_of)
    several_a, several_b = _joins(asked, at_a), _joins(listed, at_b)
    sounds_a, sounds_b = asked.words.sound_hashes, listed.words.sound_hashes
    # Joined words on both sides can only mean a blank that moved: nothing else need be compared.
    possible = ~(several_a & several_b)
    both = np.flatnonzero(~possible)
    possible[both] = sounds_a[asked.ids[at_a[both]]] == sounds_b[listed.ids[at_b[both]]]
    kept = np.flatnonzero(possible)
    pair, at_a, at_b = pair[kept], at_a[kept], at_b[kept]
    several_a, several_b = several_a[kept], several_b[kept]
    a, b = asked.ids[at_a], listed.ids[at_b]
    keys = pa.array(a * len(listed.words.texts) + b).dictionary_encode()
    distinct = np.divmod(keys.dictionary.to_numpy(), len(listed.words.texts))
    like = likeness(asked.words, listed.words, *distinct)[keys.indices.to_numpy()]
    like[(like == INITIAL) & ~persons[name_of][pair]] = 0.0
    like[(several_a | several_b) & (like < _LEAST_JOINED_LIKENESS)] = 0.0
    # Words that meet one by one come first.
    like[several_a & several_b] = MOVED_BLANK
    kept = np.flatnonzero(like)
    like = like[kept]
    pair, at_a, at_b, a, b = (found[kept] for found in (pair, at_a, at_b, a, b))
    place_a = at_a - asked.starts[query_of[pair]]
    place_b = at_b - listed.starts[name_of[pair]]
    # Pair, then falling likeness, rank and places.
    like_first = pair << _LIKENESS_BITS | np.rint((1 - like) * _LIKENESS_STEPS).astype(np.int64)
    order = np.lexsort(((ranks[b] << _PLACE_BITS | place_a) << _PLACE_BITS | place_b, like_first))
    chosen = order[_first_come(pair[order], asked.masks[at_a[order]], listed.masks[at_b[order]])]
    return Meetings(
        pair[chosen], a[chosen], b[chosen],
        asked.masks[at_a[chosen]], listed.masks[at_b[chosen]], like[chosen],
    )  # fmt: skip


def _joins(units: Units, places: Integers) -> Flags:
    """Whether the units at some places join words."""
    masks = units.masks[places]
    joins: Flags = (masks & (masks - 1)) != 0
    return joins


def _first_come(pair: Integers, mask_a: Integers, mask_b: Integers) -> Integers:
    """Positions of the entries that are taken, pair by pair in their order, no word twice."""
    if not len(pair):
        return np.empty(0, np.int64)
    firsts = np.flatnonzero(np.diff(pair, prepend=-1))
    lengths = np.diff(firsts, append=len(pair))
    taken_a = np.zeros(len(firsts), np.int64)
    taken_b = np.zeros(len(firsts), np.int64)
    accepted = []
    for turn in range(int(lengths.max())):
        still = np.flatnonzero(lengths > turn)
        at = firsts[still] + turn
        free = ((taken_a[still] & mask_a[at]) | (taken_b[still] & mask_b[at])) == 0
        taken_a[still[free]] |= mask_a[at[free]]
        taken_b[still[free]] |= mask_b[at[free]]
        accepted.append(at[free])
    return np.concatenate(accepted)


@lru_cache(maxsize=1 << 16)
def word_likeness(one: str, two: str) -> float:
    """How alike two folded words are; for the few pairs that evidence shows."""
    first, second = Words.of([one]), Words.of([two])
    place = np.zeros(1, np.int64)
    return float(likeness(first, second, place, place)[0])
