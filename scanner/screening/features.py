"""By what a name is found: the features of its letters and words, and its telling words."""

from collections.abc import Sequence

from scanner.screening.rarity import generic_words

_LEAST_LOOKUP_LETTERS = 4
_LEAST_LETTERS_ALONE = 6
_MOST_WORDS_WITH_INITIALS = 5
_VOWEL_SHARE_OF_NONE = 0.12


def features_of(sounds: Sequence[str], skeletons: Sequence[str]) -> list[str]:
    """Features of a name: letter triples of its joined sound, and its words' skeletons."""
    joined = f"^{''.join(sounds)}$"
    found = [joined[i : i + 3] for i in range(len(joined) - 2)] or [joined]
    found += [f"={bone}" for bone in skeletons if len(bone) > 1]
    return found


def person_features(
    words: Sequence[str], sounds: tuple[str, ...], bones: Sequence[str], surname_words: int
) -> list[str]:
    """Features of a person's name under initials, and with the surname first."""
    if not surname_words:
        return []
    swapped = features_of(turned(sounds, surname_words), ())
    return (
        initial_features(words, bones)
        + swapped
        + consonant_features(turned(tuple(bones), surname_words))
    )


def initial_features(words: Sequence[str], bones: Sequence[str]) -> list[str]:
    """Each word's first letter with another word: finds a person whose names are initials."""
    if not 1 < len(words) <= _MOST_WORDS_WITH_INITIALS:
        return []
    return [
        f"{word[0]}.{other}"
        for i, word in enumerate(words)
        for j, other in enumerate(bones)
        if i != j and len(words[j]) > 1
    ]


def consonant_features(bones: Sequence[str]) -> list[str]:
    """Consonant triples of the joined words: finds a name whose vowels were left out."""
    joined = f"<{''.join(bones)}>"
    return [f"~{joined[i : i + 3]}" for i in range(len(joined) - 2)]


def few_vowels(words: Sequence[str]) -> bool:
    """Whether a name is written almost without vowels; those that begin a word are kept."""
    letters = "".join(word[1:] for word in words)
    return sum(map(letters.count, "AEIOU")) <= _VOWEL_SHARE_OF_NONE * len(letters)


def turned(words: tuple[str, ...], surname_words: int) -> tuple[str, ...]:
    """A natural name's words with the surname first."""
    return words[len(words) - surname_words :] + words[: len(words) - surname_words]


def lookups_of(words: Sequence[str], sounds: Sequence[str], quality: str) -> list[str]:
    """Sounds of a name's telling words; none of a name of one word that may be any word."""
    if len(words) == 1 and (len(words[0]) < _LEAST_LETTERS_ALONE or quality == "weak"):
        return []
    generic = generic_words()
    return [
        sound
        for word, sound in zip(words, sounds, strict=True)
        if len(word) >= _LEAST_LOOKUP_LETTERS and word not in generic
    ]
