"""How names arrive damaged: families of corruptions, to train and to examine the matcher.

Each takes a name as a list has it and returns how a bank, a person or a
message format may write it. All chance comes from the generator passed in.
"""

import random
from collections.abc import Callable

from scanner.names.folding import fold_text
from scanner.names.legal_forms import forms, split_forms
from scanner.screening.rarity import generic_words

_VOWELS = set("AEIOUY")
_LEFT_OUT = 0.7
_FIRST_KEPT = 0.7
_SPELLINGS = (
    ("SHCH", ("SCH", "SHH", "STSCH")), ("KH", ("H", "CH", "X")), ("YU", ("IU", "JU", "U")),
    ("YA", ("IA", "JA")), ("ZH", ("J", "Z")), ("TS", ("C", "TZ")), ("CH", ("TCH", "TSCH")),
    ("SH", ("S", "SCH")), ("IY", ("Y", "II", "I")), ("EV", ("EFF", "EW")), ("OV", ("OFF", "OW")),
    ("V", ("W",)), ("K", ("C", "Q")), ("Y", ("I", "J")), ("Q", ("K", "GH")), ("OU", ("U", "OO")),
    ("EE", ("I",)), ("AL ", ("EL ", "AL", "")), ("PH", ("F",)), ("X", ("KS",)),
)  # fmt: skip
_TAILS = (
    "BUSINESS BAY DUBAI UAE", "MOSCOW 101000 RUSSIA", "ISTANBUL TURKEY", "INN 7701234567",
    "ROOM 1203 WAN CHAI HONG KONG", "PO BOX 4412", "UL LENINA 5 OFIS 12", "C/O",
)  # fmt: skip


def typo(name: str, rng: random.Random) -> str:
    """One letter lost, doubled, changed or swapped."""
    places = [i for i, c in enumerate(name) if c.isalpha()]
    if len(places) < 4:
        return name
    i = rng.choice(places[1:])
    kind = rng.randrange(4)
    letter = chr(ord("A") + rng.randrange(26))
    if kind == 0:
        return name[:i] + name[i + 1 :]
    if kind == 1:
        return name[:i] + letter + name[i:]
    if kind == 2:
        return name[:i] + letter + name[i + 1 :]
    return name[: i - 1] + name[i] + name[i - 1] + name[i + 1 :]


def two_typos(name: str, rng: random.Random) -> str:
    """Two of them."""
    return typo(typo(name, rng), rng)


def spelling(name: str, rng: random.Random) -> str:
    """Another romanisation of up to three letter groups."""
    for _ in range(3):
        found = [(a, b) for a, options in _SPELLINGS for b in options if a in name]
        if found:
            a, b = rng.choice(found)
            name = name.replace(a, b, rng.choice((1, 9)))
    return name


def reorder(name: str, rng: random.Random) -> str:
    """Words in another order."""
    words = name.split()
    rng.shuffle(words)
    return " ".join(words)


def join_words(name: str, rng: random.Random) -> str:
    """Two words written as one."""
    words = name.split()
    if len(words) < 2:
        return name
    i = rng.randrange(len(words) - 1)
    return " ".join([*words[:i], words[i] + words[i + 1], *words[i + 2 :]])


def split_word(name: str, rng: random.Random) -> str:
    """A long word broken in two, as a line end does."""
    words = name.split()
    long_ones = [i for i, word in enumerate(words) if len(word) >= 6]
    if not long_ones:
        return name
    i = rng.choice(long_ones)
    cut = rng.randrange(2, len(words[i]) - 2)
    return " ".join([*words[:i], words[i][:cut], words[i][cut:], *words[i + 1 :]])


def move_blank(name: str, rng: random.Random) -> str:
    """A blank one letter off."""
    places = [i for i in range(1, len(name) - 1) if name[i] == " "]
    if not places:
        return name
    i = rng.choice(places)
    if rng.random() < 0.5:
        return f"{name[: i - 1]} {name[i - 1]}{name[i + 1 :]}"
    return f"{name[:i]}{name[i + 1]} {name[i + 2 :]}"


def drop_vowels(name: str, rng: random.Random) -> str:
    """Vowels left out of one or all words."""
    words = name.split()
    chosen = range(len(words)) if rng.random() < 0.5 else [rng.randrange(len(words))]
    for i in chosen:
        words[i] = words[i][:1] + "".join(c for c in words[i][1:] if c not in _VOWELS)
    return " ".join(words)


def initials(name: str, rng: random.Random) -> str:
    """All but the longest word as initials."""
    words = name.split()
    if len(words) < 2:
        return name
    longest = max(words, key=len)
    point = "." if rng.random() < 0.5 else ""
    return " ".join(word if word == longest else word[0] + point for word in words)


def truncate(name: str, rng: random.Random) -> str:
    """Cut at a width of the message formats."""
    widths = [width for width in (33, 35, 70) if width < len(name)]
    return name[: rng.choice(widths)] if widths else name[: max(6, len(name) * 2 // 3)]


def drop_word(name: str, rng: random.Random) -> str:
    """One word left out."""
    words = name.split()
    if len(words) < 3:
        return name
    del words[rng.randrange(len(words))]
    return " ".join(words)


def shorten(name: str, rng: random.Random) -> str:
    """What people leave out: of a firm's name the words that many firms bear."""
    words = name.split()
    kept, _ = split_forms(tuple(words))
    own = [words[i] for i in kept]
    telling = [word for word in own if word not in generic_words()]
    if not telling:
        return name
    left_out = {w for w in own if w in generic_words() and rng.random() < _LEFT_OUT}
    made = [word for word in own if word not in left_out]
    return " ".join(made) if rng.random() < 0.5 else " ".join(w for w in words if w not in left_out)


def change_form(name: str, rng: random.Random) -> str:
    """The legal form in another language, in another place, or gone."""
    words = tuple(name.split())
    kept, classes = split_forms(words)
    own = [words[i] for i in kept]
    if not classes or rng.random() < 0.3:
        return " ".join(own)
    same = [" ".join(form) for form, kind in forms().items() if kind in classes]
    form = rng.choice(same)
    return f"{form} {' '.join(own)}" if rng.random() < 0.5 else f"{' '.join(own)} {form}"


def add_tail(name: str, rng: random.Random) -> str:
    """An address or a number stuck to the name."""
    return f"{name} {rng.choice(_TAILS)}"


def clean(name: str, rng: random.Random) -> str:  # noqa: ARG001 - one of the families
    """As a SWIFT message writes it."""
    return name


def two_of_them(name: str, rng: random.Random) -> str:
    """Two corruptions, one after the other."""
    simple = [typo, spelling, reorder, join_words, change_form, drop_word]
    for corrupt in rng.sample(simple, 2):
        name = corrupt(name, rng)
    return name


FAMILIES: dict[str, Callable[[str, random.Random], str]] = {
    family.__name__: family
    for family in (
        clean, typo, two_typos, spelling, reorder, join_words, split_word, move_blank,
        drop_vowels, initials, truncate, drop_word, shorten, change_form, add_tail, two_of_them,
    )
}  # fmt: skip
"""The families by name."""
_SURNAME_UNKNOWN = 0.3
"""Share of initials written by one who does not know which of the names is the surname."""
_NEED_SURNAME = frozenset((initials.__name__, drop_word.__name__, shorten.__name__))


def corrupted(name: str, family: str, rng: random.Random, *, is_person: bool) -> str:
    """A listed name as the family writes it: folded first, as messages are.

    A person's surname, which stands before the comma, is not left out and mostly no initial:
    without it hardly anybody could say who is meant. It stands first or last. Firms are not
    written as initials.
    """
    surname, given = (fold_text(part) for part in [*name.split(",", 1), ""][:2])
    if family == initials.__name__ and not is_person:
        family = clean.__name__
    if not (is_person and surname and given):
        return FAMILIES[family](fold_text(name), rng)
    if family not in _NEED_SURNAME:
        return FAMILIES[family](_in_some_order(given, surname, rng), rng)
    if family == initials.__name__ and rng.random() < _SURNAME_UNKNOWN:
        return initials(_in_some_order(given, surname, rng), rng)
    if family == shorten.__name__:
        # Patronymics and further names are left out: mostly the first given name is kept.
        names = given.split()
        return _in_some_order(
            names[0] if rng.random() < _FIRST_KEPT else rng.choice(names), surname, rng
        )
    made = FAMILIES[family](given, rng)
    if family == initials.__name__:
        made = " ".join(word[0] for word in given.split())
    return _in_some_order(made, surname, rng)


def _in_some_order(given: str, surname: str, rng: random.Random) -> str:
    return f"{given} {surname}" if rng.random() < 0.5 else f"{surname} {given}"
