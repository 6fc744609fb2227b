"""How the exam writes listed names: families made apart from those that train the matcher."""

import random
import re
import unicodedata
from collections.abc import Callable, Mapping

RUSSIAN = (
    ("SHCH", "SCH"), ("KH", "H"), ("ZH", "J"), ("YU", "IU"), ("YA", "IA"), ("TS", "C"),
    ("IY", "Y"), ("EV", "EFF"), ("OV", "OFF"), ("V", "W"), ("YE", "E"), ("KS", "X"),
    ("CH", "TCH"), ("Y", "J"), ("SH", "SCH"), ("I", "Y"),
)  # fmt: skip
ARABIC = (
    ("MUHAMMAD", "MOHAMED"), ("MOHAMMAD", "MUHAMMED"), ("AL-", "EL-"), ("AL ", "EL "),
    ("ABD AL", "ABDUL"), ("ABDUL", "ABD AL "), ("OU", "U"), ("EE", "I"), ("Q", "K"), ("DH", "Z"),
    ("GH", "G"), ("HUSSEIN", "HUSAYN"), ("AHMAD", "AHMED"), ("SS", "S"), ("IYY", "I"),
    ("U", "O"), ("H ", " "),
)  # fmt: skip
TURKISH = (
    ("SH", "S"), ("CH", "C"), ("J", "C"), ("U", "UE"), ("O", "OE"), ("I", "?"), ("S", "?"),
    ("G", "?"), ("C", "?"), ("V", "W"),
)  # fmt: skip
FORMS = {
    "LIMITED LIABILITY COMPANY": ("LLC", "OOO", "TOV"),
    "JOINT STOCK COMPANY": ("JSC", "AO", "OAO"),
    "S.A. DE C.V.": ("SA DE CV",),
    "LIMITED SIRKETI": ("LTD STI", "LTD. STI."),
    "CO., LTD.": ("COMPANY LIMITED", "LTD"),
    "LIMITED": ("LTD", "CO LTD"),
    "LLC": ("LIMITED LIABILITY COMPANY", "OBSHCHESTVO S OGRANICHENNOI OTVETSTVENNOSTYU", "L.L.C."),
    "OOO": ("LLC", "LTD"),
    "JSC": ("AKTSIONERNOE OBSHCHESTVO", "JOINT STOCK COMPANY"),
    "OAO": ("PAO", "OJSC"),
    "LTD": ("LIMITED", "LTD."),
    "AO": ("JSC", "JOINT STOCK COMPANY"),
    "GMBH": ("G.M.B.H",),
    "FZE": ("FREE ZONE ESTABLISHMENT",),
    "INC.": ("INCORPORATED", "CORP"),
}
TAILS = (
    "BUSINESS BAY DUBAI UAE", "MOSCOW 101000 RUSSIA", "INN 7701234567", "PO BOX 118 NICOSIA CY",
    "UL LENINA D 5 OF 12 MOSCOW", "FLAT A 12 F HONG KONG", "ISTANBUL TURKIYE", "ROOM 9 WAN CHAI",
    "NO 44 JEBEL ALI FREE ZONE", "TEL 0097145551212", "STR. 14 BERLIN DE",
)  # fmt: skip

Family = Callable[[str, bool, random.Random], str | None]


def as_message(name: str, is_person: bool, rng: random.Random) -> str:
    """A listed name in the characters of a message; a person's in either order."""
    plain = unicodedata.normalize("NFKD", name.replace("ı", "i"))
    text = "".join(c for c in plain if not unicodedata.combining(c)).upper()
    text = re.sub(r"[^A-Z0-9/\-?:().,'+ ]", "", text)
    surname, comma, given = text.partition(",")
    if not (is_person and comma):
        return text
    return f"{given.strip()} {surname.strip()}" if rng.random() < 0.5 else text.replace(",", "")


def spelled(pairs: tuple[tuple[str, str], ...]) -> Family:
    def write(name: str, is_person: bool, rng: random.Random) -> str | None:
        made = name
        for old, new in rng.sample(pairs, len(pairs)):
            if old in made and rng.random() < 0.4:
                made = made.replace(old, new, rng.choice((1, 3)))
        return made if made != name else None

    return write


def typo(name: str, is_person: bool, rng: random.Random) -> str | None:
    places = [i for i, c in enumerate(name) if c.isalpha()]
    i, letter = rng.choice(places), chr(65 + rng.randrange(26))
    swapped = name[:i] + name[i + 1 : i + 2] + name[i] + name[i + 2 :]
    made = (
        name[:i] + name[i + 1 :], name[:i] + letter + name[i:],
        name[:i] + letter + name[i + 1 :], swapped,
    )  # fmt: skip
    return rng.choice(made)


def two_typos(name: str, is_person: bool, rng: random.Random) -> str | None:
    return typo(typo(name, is_person, rng) or name, is_person, rng)


def cut_at(width: int) -> Family:
    def write(name: str, is_person: bool, rng: random.Random) -> str | None:
        return name[:width] if len(name) > width else None

    return write


def wrapped(name: str, is_person: bool, rng: random.Random) -> str | None:
    at = 35 if len(name) > 36 else 20
    return f"{name[:at]} {name[at:]}" if len(name) > at + 1 else None


def reordered(name: str, is_person: bool, rng: random.Random) -> str | None:
    words = name.split()
    return " ".join(rng.sample(words, len(words))) if len(words) > 1 else None


def joined(name: str, is_person: bool, rng: random.Random) -> str | None:
    words = name.split()
    if len(words) < 2:
        return None
    i = rng.randrange(len(words) - 1)
    return " ".join([*words[:i], words[i] + words[i + 1], *words[i + 2 :]])


def broken(name: str, is_person: bool, rng: random.Random) -> str | None:
    words = name.split()
    long = [i for i, word in enumerate(words) if len(word) > 5]
    if not long:
        return None
    i = rng.choice(long)
    cut = rng.randrange(2, len(words[i]) - 1)
    return " ".join([*words[:i], words[i][:cut], words[i][cut:], *words[i + 1 :]])


def no_vowels(name: str, is_person: bool, rng: random.Random) -> str | None:
    return re.sub(r"(?<=[A-Z])[AEIOU]", "", name)


def initials(name: str, is_person: bool, rng: random.Random) -> str | None:
    words = name.split()
    if not is_person or len(words) < 2:
        return None
    kept = max(range(len(words)), key=lambda i: len(words[i]))
    point = "." if rng.random() < 0.5 else ""
    return " ".join(word if i == kept else word[0] + point for i, word in enumerate(words))


def _form(name: str, replacement: Callable[[str], str]) -> str | None:
    for form in sorted(FORMS, key=len, reverse=True):
        found = re.search(rf"(?<!\w){re.escape(form)}(?!\w)", name)
        if found:
            rest = " ".join((name[: found.start()] + name[found.end() :]).strip(" ,.").split())
            return f"{rest} {replacement(form)}".strip()
    return None


def other_form(name: str, is_person: bool, rng: random.Random) -> str | None:
    return _form(name, lambda form: rng.choice(FORMS[form]))


def no_form(name: str, is_person: bool, rng: random.Random) -> str | None:
    return _form(name, lambda form: "")


def address_tail(name: str, is_person: bool, rng: random.Random) -> str | None:
    return f"{name} {rng.choice(TAILS)}"


def clean(name: str, is_person: bool, rng: random.Random) -> str | None:
    return name


def two_of_them(name: str, is_person: bool, rng: random.Random) -> str | None:
    for family in rng.sample((typo, spelled(RUSSIAN), spelled(ARABIC), reordered, joined,
                              other_form, cut_at(35), address_tail), 2):  # fmt: skip
        name = family(name, is_person, rng) or name
    return name


FAMILIES: Mapping[str, Family] = {
    "clean": clean, "wrapped": wrapped, "cut_33": cut_at(33), "cut_35": cut_at(35),
    "reordered": reordered, "russian_spelling": spelled(RUSSIAN),
    "arabic_spelling": spelled(ARABIC), "turkish_spelling": spelled(TURKISH),
    "other_form": other_form, "no_form": no_form, "typo": typo, "two_typos": two_typos,
    "joined": joined, "broken": broken, "no_vowels": no_vowels, "initials": initials,
    "address_tail": address_tail, "two_of_them": two_of_them,
}  # fmt: skip

PLAIN_TURKISH = (
    ("SH", "S"), ("CH", "C"), ("J", "C"), ("U", "UE"), ("O", "OE"), ("KH", "H"), ("V", "W"),
    ("GH", "G"), ("IY", "I"), ("Q", "K"),
)  # fmt: skip


def given_as_initials(name: str, is_person: bool, rng: random.Random) -> str | None:
    """D. M. CARLON: the last word of a person's name stands, the others are letters."""
    words = name.split()
    if not is_person or len(words) < 2:
        return None
    point = "." if rng.random() < 0.5 else ""
    return " ".join([*(word[0] + point for word in words[:-1]), words[-1]])


def two_described(name: str, is_person: bool, rng: random.Random) -> str | None:
    for family in rng.sample((typo, spelled(RUSSIAN), reordered, joined, no_form), 2):
        name = family(name, is_person, rng) or name
    return name


DESCRIBED: Mapping[str, tuple[Family, int]] = {
    "c00 clean": (clean, 200), "c01 wrapped": (wrapped, 200), "c02 cut at 35": (cut_at(35), 200),
    "c03 cut at 70": (cut_at(70), 100), "c04 reordered": (reordered, 200),
    "c05 Russian": (spelled(RUSSIAN), 200), "c06 Arabic": (spelled(ARABIC), 200),
    "c07 Turkish": (spelled(PLAIN_TURKISH), 100), "c08 other form": (other_form, 200),
    "c09 no form": (no_form, 200), "c10 typo": (typo, 200), "c11 two typos": (two_typos, 200),
    "c12 joined": (joined, 200), "c13 broken": (broken, 200), "c14 no vowels": (no_vowels, 200),
    "c15 initials": (given_as_initials, 200), "c16 address tail": (address_tail, 200),
    "c17 two of them": (two_described, 200),
}  # fmt: skip
"""The families of the exam that the peers were measured on, each with its questions."""

TRAINED_AS: Mapping[str, str] = {
    "wrapped": "split_word", "cut_33": "truncate", "cut_35": "truncate", "reordered": "reorder",
    "russian_spelling": "spelling", "arabic_spelling": "spelling", "turkish_spelling": "spelling",
    "other_form": "change_form", "no_form": "change_form", "typo": "typo",
    "two_typos": "two_typos", "joined": "join_words", "broken": "split_word",
    "no_vowels": "drop_vowels", "initials": "initials", "address_tail": "add_tail",
    "two_of_them": "two_of_them",
}  # fmt: skip
"""The family in training that damages names in the same way."""
