"""An address taken apart: house numbers, rooms, floors, the words of its streets, its places.

Banks write an address on one line or on four, number first or last, with any
abbreviation. What a number belongs to is told by the word beside it: UNIT 803
is a room, 16/F a floor, KORP 2 a building, PO BOX 5 nothing that stands on a
street. Words come from `reference/address_classes.csv`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import pairwise

from scanner import reference
from scanner.names.folding import fold_text
from scanner.names.sound import sound_key

_WORD = re.compile(r"[^\W_]+(?:['\u2019`\u02bc\u02bb][^\W_]+)*")
_NUMBER = re.compile(r"(\d+)([A-Z]{0,3})$")
_GLIDE = re.compile(r"(?<=[AEIOU])J(?=[AEIOU])")
_LOST_DASH = re.compile(r"(?<=\d)(\s?)\?(\s?)(?=\d)")
_ORDINAL = frozenset({"ST", "ND", "RD", "TH", "YA", "AYA", "OI", "OY", "YI", "IY", "GO"})
_BINDING = ("house", "building", "room", "floor", "box", "code")
_JOINTS = frozenset({"-", "/", "–", "—", "&", "+"})  # noqa: RUF001 - dashes as lists write them
_BREAK = frozenset(",;:()\n")
_MOST_HOUSE_DIGITS = 4
"""A number of more digits is a post code, an account or a telephone."""
_MOST_STREET_WORDS = 4


@dataclass(frozen=True)
class Word:
    """One folded word of an address, with its place in the text that it was read from."""

    text: str
    span: tuple[int, int]
    segment: int
    is_joined: bool = False
    after_slash: bool = False
    after_hash: bool = False
    before_slash: bool = False


@dataclass(frozen=True)
class House:
    """A house or building number: its digits, and a letter where it has one."""

    digits: str
    letter: str


@dataclass(frozen=True)
class Street:
    """The telling words of a street by sound, what kind of street it is, and its direction."""

    words: tuple[str, ...]
    kinds: frozenset[str]
    direction: str | None


@dataclass(frozen=True)
class AddressParts:
    """What an address says.

    Attributes:
        houses: House numbers in their order; numbers of buildings where there is no other.
        rooms: Rooms, flats, offices: digits or a letter each.
        floors: Floors.
        streets: Its streets, as far as they can be told from the rest.
        words: All words that may tell a place apart, by sound.
        kinds: Kinds of street that it names.
        directions: Quarters of the compass that it names.
    """

    houses: tuple[House, ...] = ()
    rooms: frozenset[str] = frozenset()
    floors: frozenset[str] = frozenset()
    streets: tuple[Street, ...] = ()
    words: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    directions: frozenset[str] = frozenset()


@cache
def _classes() -> dict[str, dict[str, tuple[str, str]]]:
    """By word, its class and position in each kind that it may be of."""
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for row in reference.rows("address_classes"):
        found.setdefault(row["word"], {})[row["kind"]] = (row["class"], row["position"])
    return found


def is_kind(word: str, kind: str) -> bool:
    """Whether a word is of a kind: street, house, building, room, floor, box, region ..."""
    return kind in _classes().get(word, ())


@lru_cache(maxsize=1 << 16)
def place_key(word: str) -> str:
    """A word by sound, a town of two names by the one that the lists write."""
    known = _classes().get(word, {}).get("town")
    # SADOVAJA is SADOVAYA: between vowels a J is no letter of its own.
    return sound_key(_GLIDE.sub("Y", known[0] if known else word))


def digits_of(word: str) -> str | None:
    """The digits that a word begins with, without leading zeros; None where it is no number."""
    number = _NUMBER.match(word)
    return (number[1].lstrip("0") or "0") if number else None


def realm_of(country: str) -> str:
    """Countries under which one place is listed and written, such as HK and CN, as one."""
    known = _classes().get(country, {}).get("realm")
    return known[0] if known else country


@lru_cache(maxsize=1 << 16)
def is_telling(word: str) -> bool:
    """Whether a word can be a name: no number, no single letter, no word of every address."""
    if len(word) < 3 or any(character.isdigit() for character in word):
        return False
    return not set(_classes().get(word, ())) - {"town"}


def words_of(text: str) -> list[Word]:
    """The folded words of a text in their order, each with its place and its segment."""
    made: list[Word] = []
    segment, end = 0, 0
    shown = _LOST_DASH.sub(r"\1-\2", text)
    for found in _WORD.finditer(shown):
        between = shown[end : found.start()]
        segment += any(character in _BREAK for character in between)
        plain = found[0].upper() if found[0].isascii() else fold_text(found[0])
        if found[0].isascii() and not plain.isalnum():
            plain = fold_text(plain)
        end = found.end()
        slash = shown[end : end + 2].strip()[:1] == "/"
        made.extend(
            Word(
                part,
                found.span(),
                segment,
                is_joined=between.strip() in _JOINTS,
                after_slash=between.strip() == "/",
                after_hash="#" in between,
                before_slash=slash,
            )
            for part in plain.split()
        )
    return made


def wrapped_words(words: Sequence[Word]) -> list[Word]:
    """Words that the end of a line may have cut in two, put together again."""
    return [
        Word(before.text + behind.text, (before.span[0], behind.span[1]), before.segment)
        for before, behind in pairwise(words)
        if before.segment != behind.segment and (before.text + behind.text).isalpha()
    ]


@dataclass
class _Draft:
    houses: list[House] = field(default_factory=list)
    buildings: list[House] = field(default_factory=list)
    rooms: set[str] = field(default_factory=set)
    floors: set[str] = field(default_factory=set)

    def put(self, kind: str, number: House) -> None:
        """Keep a number by what it belongs to; those of boxes and codes are left out."""
        if kind == "room":
            self.rooms.add(number.digits + number.letter)
        elif kind == "floor":
            self.floors.add(number.digits)
        elif kind == "building":
            self.buildings.append(number)
        elif kind == "house":
            self.houses.append(number)


def parts_of(text: str, *, towns: Iterable[str] = ()) -> AddressParts:
    """Take an address apart.

    Args:
        text: Street and house, with or without the town.
        towns: Folded words that are no street's name: those of the town.
    """
    return parts_of_words(words_of(text), towns=towns)


def parts_of_words(words: Sequence[Word], *, towns: Iterable[str] = ()) -> AddressParts:
    """As `parts_of`, for words that `words_of` found."""
    draft = _Draft()
    roles = _roles(words, draft)
    known_towns = {place_key(word) for word in towns}
    classes = [_classes().get(word.text, {}) for word in words]
    kinds = frozenset(classes[at]["street"][0] for at, role in enumerate(roles) if role == "street")
    directions = {
        at: classes[at]["direction"][0]
        for at in range(len(words))
        if _is_direction(words, roles, at)
    }
    return AddressParts(
        houses=tuple(dict.fromkeys(draft.houses or draft.buildings)),
        rooms=frozenset(draft.rooms),
        floors=frozenset(draft.floors),
        streets=tuple(_streets(words, roles, directions, known_towns)),
        words=frozenset(place_key(word.text) for word in words if is_telling(word.text)),
        kinds=kinds,
        directions=frozenset(directions.values()),
    )


def _is_direction(words: Sequence[Word], roles: list[str], at: int) -> bool:
    known = _classes().get(words[at].text, {}).get("direction")
    if known is None or roles[at] != "word":
        return False
    return known[1] != "behind" or (at > 0 and roles[at - 1] == "street")


def _roles(words: Sequence[Word], draft: _Draft) -> list[str]:
    """What each word is: number, ordinal, street, house, building, room, floor, box or word."""
    roles: list[str] = []
    bound = ""  # what the next number belongs to
    for at, word in enumerate(words):
        if at and word.segment != words[at - 1].segment and bound != "box":
            bound = ""
        number = _NUMBER.match(word.text)
        if number:
            role, bound = _number(words, at, number, bound, draft)
            roles.append(role)
            continue
        role = _designator(words, roles, at)
        if role in ("word", "street"):
            if role == "word" and len(word.text) == 1 and bound == "room":
                draft.rooms.add(word.text)
            elif len(word.text) > 1:
                bound = ""
        elif _is_used(words, roles, at):
            bound = ""
        elif role == "floor" and word.text == "F":
            draft.floors.add(words[at - 1].text)
            bound = ""
        elif not (role == "house" and bound):
            # "Flat No. 204" is a flat; a building with a name ("Park House 5") binds no number.
            named = role == "building" and at > 0 and roles[-1] == "word"
            bound = "" if named and is_telling(words[at - 1].text) else role
        roles.append(role)
    return roles


def _designator(words: Sequence[Word], roles: list[str], at: int) -> str:
    """The role of a word that is no number."""
    text = words[at].text
    known = _classes().get(text, {})
    follows_number = bool(roles) and roles[-1] == "number"
    numbered = at + 1 < len(words) and words[at + 1].text[0].isdigit()
    if text == "B" and [word.text for word in words[max(0, at - 2) : at]] == ["P", "O"]:
        return "box"
    if text == "F":
        return "floor" if at and (words[at].after_slash or follows_number) else "word"
    if text == "STR" and numbered and (follows_number or not roles):
        return "building"  # stroenie, behind the number of the house
    if text == "D" and numbered and follows_number:
        return "room"  # daire, behind the number of the house
    if len(text) == 1 and not numbered:
        return "word"
    if "street" in known and not ("building" in known and numbered):
        return "street"
    return next((kind for kind in _BINDING if kind in known), "word")


def _is_used(words: Sequence[Word], roles: list[str], at: int) -> bool:
    """Whether the number before a word has taken it: 17TH FLOOR, 23/F, 7 BUILDING."""
    return roles[-1:] == ["number"] and _follows(words, at - 1) is not None


def _follows(words: Sequence[Word], at: int) -> str | None:
    """What a number belongs to by the word behind it; None where that says nothing."""
    number, behind = words[at], words[at + 1] if at + 1 < len(words) else None
    if behind is None or behind.segment != number.segment:
        return None
    is_ordinal = number.text.lstrip("0123456789") in _ORDINAL
    if number.before_slash and behind.text in ("F", "FL", "FLR", "FLOOR"):
        return "floor"
    # 41 BUILDING 2 is house 41: the word binds the number behind it.
    is_last = at + 2 >= len(words) or not words[at + 2].text[0].isdigit()
    if is_kind(behind.text, "floor") and (is_ordinal or is_last):
        return "floor"
    return "building" if behind.text in ("BUILDING", "BLDG") and is_last else None


def _number(
    words: Sequence[Word], at: int, number: re.Match[str], bound: str, draft: _Draft
) -> tuple[str, str]:
    """Put a number where it belongs; gives its role, and what a further number belongs to."""
    word, digits, letters = words[at], number[1].lstrip("0") or "0", number[2]
    if len(digits) > _MOST_HOUSE_DIGITS or bound in ("box", "code"):
        return "number", bound
    if letters in ("F", "FL", "FLR"):
        draft.floors.add(digits)
        return "number", ""
    behind = _follows(words, at)
    if behind and not bound:
        draft.put(behind, House(digits, ""))
        return "number", ""
    if letters in _ORDINAL:
        return "ordinal", ""
    if word.after_hash:
        bound = "room"
    draft.put(bound or "house", House(digits, letters if len(letters) == 1 else ""))
    # 208-212, 704-6, 1/3: what belongs to the first belongs to the second.
    goes_on = at + 1 < len(words) and words[at + 1].text[0].isdigit() and words[at + 1].is_joined
    return "number", bound if goes_on else ""


def _streets(
    words: Sequence[Word], roles: list[str], directions: dict[int, str], towns: set[str]
) -> list[Street]:
    """The words beside each word for a street; without one, those of the house's segment."""

    def names_it(at: int) -> bool:
        return (
            roles[at] == "word"
            and at not in directions
            and is_telling(words[at].text)
            and place_key(words[at].text) not in towns
        )

    def run(at: int, step: int) -> list[int]:
        found: list[int] = []
        place = at + step
        while 0 <= place < len(words) and words[place].segment == words[at].segment:
            if roles[place] != "word" or len(found) == _MOST_STREET_WORDS:
                break
            if names_it(place):
                found.append(place)
            elif is_kind(words[place].text, "region"):
                break
            place += step
        return found

    made: list[Street] = []
    for at, role in enumerate(roles):
        if role != "street":
            continue
        kind, position = _classes()[words[at].text]["street"]
        left, right = run(at, -1), run(at, 1)
        chosen = (right or left) if position == "before" else (left or right)
        if not chosen:
            continue
        nearby = [place for place in directions if abs(place - at) <= len(chosen) + 1]
        made.append(
            Street(
                tuple(sorted({place_key(words[place].text) for place in chosen})),
                frozenset({kind}),
                directions[nearby[0]] if nearby else None,
            )
        )
    if made:
        return made
    housed = {word.segment for word, role in zip(words, roles, strict=True) if role == "number"}
    names = [at for at in range(len(words)) if names_it(at)]
    chosen = [at for at in names if words[at].segment in housed] or names
    if not chosen:
        return []
    return [Street(tuple(sorted({place_key(words[at].text) for at in chosen})), frozenset(), None)]
